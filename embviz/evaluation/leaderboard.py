"""How do the models do in all the tests? → Leaderboard, ModelResults."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from statistics import median

from embviz.analysis.baseline import sample_sentences
from embviz.analysis.model_comparison import UnavailableModel
from embviz.evaluation.analogies import Section
from embviz.evaluation.datasets import RatingSetName
from embviz.models.encoder import Encoder
from embviz.models.progress import report

UNTRAINED = "untrained"

TIMED_TEXTS = 20

# Numbers that no text was timed with before.
_unused = count(1)


@dataclass(frozen=True)
class ModelResults:
    """What one model reaches in all the tests.

    Attributes:
        model: Its id.
        name: What people call it.
        family: Which kind of model it is; one without training is UNTRAINED.
        dimension: Length of its vectors.
        ratings: Spearman's rank correlation with each set of human ratings, -1..1.
        analogies: Shares of the Google analogy test answered right.
        ndcg: Mean nDCG of the labelled queries, searched by meaning, 0..1.
        milliseconds: What a short text takes; see `measure_milliseconds`.
    """

    model: str
    name: str
    family: str
    dimension: int
    ratings: Mapping[RatingSetName, float]
    analogies: Section
    ndcg: float
    milliseconds: float


@dataclass(frozen=True)
class Leaderboard:
    """All models and what they reach, in the order of the catalogue.

    Attributes:
        rows: One a model; those that could not be tested say why.
    """

    rows: tuple[ModelResults | UnavailableModel, ...]

    @property
    def tested(self) -> tuple[ModelResults, ...]:
        """The models that could be tested."""
        return tuple(row for row in self.rows if isinstance(row, ModelResults))

    @property
    def floor(self) -> ModelResults | None:
        """The model without training: what it reaches, no other has learnt. None if not tested."""
        return next((row for row in self.tested if row.family == UNTRAINED), None)


def measure_milliseconds(encoder: Encoder) -> float:
    """How long a model takes for one short text, in milliseconds, to compare models by.

    The median over 20 sentences of the news, 6 to 20 words long, always the same ones. They are
    encoded one after the other. Each begins with a number that was not used before, so that no
    cache knows it. What else the machine does counts, and so does the network of a remote model:
    models that are measured on one machine, one after the other, can be compared, and that is all.
    """
    first, *sentences = sample_sentences()[: TIMED_TEXTS + 1]
    # The first text after a pause takes longer than those that follow.
    encoder.encode([f"{next(_unused)}. {first}"])
    seconds = []
    for done, sentence in enumerate(sentences):
        report(done / len(sentences))
        start = time.perf_counter()
        encoder.encode([f"{next(_unused)}. {sentence}"])
        seconds.append(time.perf_counter() - start)
    return 1_000 * median(seconds)
