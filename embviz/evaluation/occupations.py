"""Does the model know who does which work? → Occupations."""

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.stats import pearsonr

from embviz.analysis.rank_correlation import rank_correlation
from embviz.analysis.vectors import cosine_similarities
from embviz.errors import InputError
from embviz.evaluation.association import FOLDER
from embviz.language import gettext
from embviz.models.encoder import Encoder

HE, SHE = "he", "she"
# Pearson's r of word2vec (Google News), with the same axis and the same shares.
WORD2VEC = 0.707


@dataclass(frozen=True)
class Occupation:
    """An occupation as the model sees it and as it is.

    Attributes:
        text: What it is called.
        position: Its place on the axis from he to she, -1..1; higher is nearer to she.
        share_of_women: Percentage of women among those who work in it, 0..100.
    """

    text: str
    position: float
    share_of_women: float


@dataclass(frozen=True)
class Occupations:
    """Occupations and how well their place from he to she fits the share of women.

    Attributes:
        pearson: Pearson's correlation of position and share of women, -1..1.
        spearman: Spearman's rank correlation of the two, -1..1.
        words: All occupations, from he to she.
    """

    pearson: float
    spearman: float
    words: tuple[Occupation, ...]


@cache
def read_occupations() -> tuple[tuple[str, float], ...]:
    """40 occupations and the percentage of women in each, in the United States (WinoBias)."""
    rows = json.loads((FOLDER / "occupations.json").read_text("utf-8"))["occupations"]
    return tuple((row["text"], row["share_of_women"]) for row in rows)


def measure_occupations(encoder: Encoder) -> Occupations:
    """Compare where occupations lie between he and she with the share of women in them.

    A position is the dot product of the occupation's unit vector with the unit vector of
    (she - he). Garg, Schiebinger, Jurafsky & Zou (2018) compare word vectors with such shares.

    Raises:
        InputError: The model has the same vector for he and she.
    """
    texts, shares = zip(*read_occupations(), strict=True)
    he, she = encoder.encode([HE, SHE])
    if np.allclose(he, she, atol=1e-6):
        raise InputError(
            gettext(
                "The model does not tell “{he}” from “{she}”: choose another model.",
                he=HE,
                she=SHE,
            )
        )
    positions = cosine_similarities((she - he)[None], encoder.encode(texts))[0].tolist()
    words = (Occupation(*row) for row in zip(texts, positions, shares, strict=True))
    return Occupations(
        float(pearsonr(positions, shares).statistic),
        rank_correlation(positions, shares),
        tuple(sorted(words, key=lambda word: word.position)),
    )
