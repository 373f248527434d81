"""What do several models say? → ModelComparison, ModelAgreement, ModelAnswers.

Each model has a scale of its own, so the similarities of two models cannot be compared. Percentiles
can: each says how a similarity stands among those of random pairs with the same model.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from embviz.analysis.arithmetic import Match
from embviz.analysis.baseline import Baseline, BaselinePosition, find_position, kind_of
from embviz.analysis.rank_correlation import rank_correlation
from embviz.analysis.search import Hit
from embviz.analysis.similarity import Comparison, compare
from embviz.analysis.vectors import (
    ROUNDING,
    Doubles,
    Floats,
    Matrix,
    cosine_similarities,
    descending,
)
from embviz.errors import InputError
from embviz.language import gettext
from embviz.models.encoder import Encoder

MOST_NEIGHBOURS = 5


@dataclass(frozen=True)
class UnavailableModel:
    """A model that cannot be asked; it stands where its result would.

    Attributes:
        model: Its id.
        name: What people call it.
        error: Why, in one sentence.
    """

    model: str
    name: str
    error: str


@dataclass(frozen=True)
class ModelComparison:
    """Two texts compared by one model.

    Attributes:
        model: Its id.
        name: What people call it.
        comparison: The two texts and their similarity.
        position: Where that stands among the similarities of random pairs with the same model.
        unknown: Those of the texts of which the model knows no token.
    """

    model: str
    name: str
    comparison: Comparison
    position: BaselinePosition
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelAnswers:
    """What one model finds nearest to an equation or to a query.

    Attributes:
        model: Its id.
        name: What people call it.
        matches: The nearest texts, the nearest first.
        ndcg: How well it ranks the documents of labelled queries, 0..1; None if nobody asked.
    """

    model: str
    name: str
    matches: tuple[Match | Hit, ...]
    ndcg: float | None = None


@dataclass(frozen=True)
class DisputedPair:
    """Two texts and where their similarity stands with each of two models.

    Attributes:
        text_a: The first text.
        text_b: The second text.
        percentile_a: Share of random pairs that score lower with the first model, 0..100.
        percentile_b: The same with the second model.
    """

    text_a: str
    text_b: str
    percentile_a: float
    percentile_b: float

    @property
    def difference(self) -> float:
        """How much higher the pair stands with the first model, -100..100."""
        return self.percentile_a - self.percentile_b


@dataclass(frozen=True)
class ModelAgreement:
    """How far two models agree on a list of texts.

    Attributes:
        texts: n texts.
        spearman: Spearman's rank correlation of the similarities of all pairs, -1..1; 0 where a
            model gives all pairs the same similarity, and so puts them in no order.
        neighbours: How many neighbours of each text are looked at: 5, or for a short list as many
            as are at most half of the other texts, at least 1.
        neighbour_overlap: Of each text, the neighbours that both models name, as a share of those
            that either names (the Jaccard index); the mean over all texts, 0..1.
        cka: Linear centred kernel alignment of the vectors, 0..1; 0 where a model gives all texts
            the same vector.
        chance_cka: What `cka` is on average if the vectors of one model are shuffled among texts.
        percentiles_a: Share of random pairs of the same kind that score lower with the first model,
            0..100; shape (n, n), symmetric, 100 on the diagonal.
        percentiles_b: The same with the second model.
    """

    texts: tuple[str, ...]
    spearman: float
    neighbours: int
    neighbour_overlap: float
    cka: float
    chance_cka: float
    percentiles_a: Matrix
    percentiles_b: Matrix

    @property
    def chance_overlap(self) -> float:
        """What `neighbour_overlap` is on average if neighbours are drawn at random."""
        k, others = self.neighbours, len(self.texts) - 1
        shared = range(k + 1)
        ways = [comb(k, i) * comb(others - k, k - i) for i in shared]
        return sum(w * i / (2 * k - i) for w, i in zip(ways, shared, strict=True)) / sum(ways)

    @property
    def disputed(self) -> tuple[DisputedPair, ...]:
        """All n(n-1)/2 pairs, those first whose percentiles differ most."""
        pairs = (
            DisputedPair(
                self.texts[i],
                self.texts[j],
                float(self.percentiles_a[i, j]),
                float(self.percentiles_b[i, j]),
            )
            for i, j in combinations(range(len(self.texts)), 2)
        )
        return tuple(sorted(pairs, key=lambda pair: -abs(pair.difference)))


def compare_by_model(
    model: str, name: str, encoder: Encoder, baseline: Baseline, text_a: str, text_b: str
) -> ModelComparison:
    """Compare two texts by one of several models.

    Args:
        model: The id of the model.
        name: What people call it.
        encoder: The model.
        baseline: What random pairs score with this model.
        text_a: The first text.
        text_b: The second text.

    Raises:
        InputError: The model cannot be asked.
    """
    comparison = compare(text_a, text_b, encoder)
    position = find_position(text_a, text_b, comparison.similarity, baseline)
    return ModelComparison(model, name, comparison, position, encoder.unknown([text_a, text_b]))


def count_first_answers(
    answers: Sequence[ModelAnswers | UnavailableModel],
) -> tuple[tuple[str, int], ...]:
    """The texts that models put first, each with the number of these models, most of them first."""
    first = (row.matches[0].text for row in answers if isinstance(row, ModelAnswers) if row.matches)
    return tuple(Counter(first).most_common())


def measure_agreement(
    texts: Sequence[str],
    vectors_a: Floats,
    vectors_b: Floats,
    baseline_a: Baseline,
    baseline_b: Baseline,
) -> ModelAgreement:
    """Measure how far two models agree on a list of texts.

    Three measures, from the order of all pairs, over the nearest texts, to the vectors themselves.
    None of them needs both models to have the same scale, or vectors of the same length.

    Args:
        texts: n texts, at least three.
        vectors_a: The vectors of the first model, shape (n, dimension).
        vectors_b: Those of the second model, shape (n, another dimension).
        baseline_a: What random pairs score with the first model.
        baseline_b: What they score with the second.

    Raises:
        InputError: There are fewer than three texts, so not more than one pair to rank.
    """
    if len(texts) < 3:
        raise InputError(
            gettext("Words: type at least three texts, so that there are pairs to rank.")
        )
    similarities_a, similarities_b = _all_similarities(vectors_a), _all_similarities(vectors_b)
    pairs = np.triu_indices(len(texts), k=1)
    neighbours = min(MOST_NEIGHBOURS, (len(texts) - 1) // 2)
    cka, chance_cka = _cka(vectors_a, vectors_b)
    return ModelAgreement(
        tuple(texts),
        rank_correlation(similarities_a[pairs], similarities_b[pairs]),
        neighbours,
        _neighbour_overlap(similarities_a, similarities_b, neighbours),
        cka,
        chance_cka,
        _percentiles(texts, similarities_a, baseline_a),
        _percentiles(texts, similarities_b, baseline_b),
    )


def _all_similarities(vectors: Floats) -> Doubles:
    # A matrix product may round equal pairs differently; they shall tie.
    return np.round(cosine_similarities(vectors, vectors), 9)


def _neighbour_overlap(similarities_a: Doubles, similarities_b: Doubles, count: int) -> float:
    """Mean Jaccard index of each text's nearest others; of equal ones the first are taken."""
    overlaps = []
    for i, rows in enumerate(zip(similarities_a, similarities_b, strict=True)):
        nearest_a, nearest_b = ({*_nearest(row, i, count)} for row in rows)
        overlaps.append(len(nearest_a & nearest_b) / len(nearest_a | nearest_b))
    return float(np.mean(overlaps))


def _nearest(similarities: Doubles, text: int, count: int) -> list[int]:
    return [other for other in descending(similarities) if other != text][:count]


def _cka(vectors_a: Floats, vectors_b: Floats) -> tuple[float, float]:
    """Linear centred kernel alignment (Kornblith et al. 2019), and what it is by chance.

    With the columns of X and Y centred, CKA = ‖XᵀY‖² / (‖XᵀX‖ ‖YᵀY‖) in Frobenius norms. It does
    not change if either is rotated or made longer. Where a vector has more values than there are
    texts, it is high for any two models: the mean over all ways to shuffle the rows of Y is
    ‖X‖² ‖Y‖² / ((n - 1) ‖XᵀX‖ ‖YᵀY‖).
    """
    x, y = _centred(vectors_a), _centred(vectors_b)
    if any(np.abs(centred).max() < ROUNDING for centred in (x, y)):
        return 0.0, 0.0
    scale = float(np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))
    cka = float(np.linalg.norm(x.T @ y) ** 2) / scale
    chance = float((x**2).sum() * (y**2).sum()) / (len(x) - 1) / scale
    # Rounding may leave a little more than 1.
    return min(1.0, cka), min(1.0, chance)


def _centred(vectors: Floats) -> Doubles:
    doubles = np.asarray(vectors, dtype=np.float64)
    centred: Doubles = doubles - doubles.mean(axis=0)
    return centred


def _percentiles(texts: Sequence[str], similarities: Doubles, baseline: Baseline) -> Doubles:
    percentiles = np.full(similarities.shape, 100.0)
    for i, j in combinations(range(len(texts)), 2):
        kind = kind_of(texts[i], texts[j])
        percentile = baseline.percentile(float(similarities[i, j]), kind)
        percentiles[i, j] = percentiles[j, i] = percentile
    return percentiles
