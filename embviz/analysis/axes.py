"""small ↔ large: where do texts lie on an axis between two poles? → Projection, AxisPlane."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from embviz.analysis.rank_correlation import rank_correlation
from embviz.analysis.vectors import Doubles, Floats, cosine_similarities
from embviz.analysis.vocabulary import Vocabulary
from embviz.errors import InputError
from embviz.language import gettext, gettext_noop
from embviz.models.encoder import Encoder

RANDOM_AXES = 1_000
SEED = 0

# Poles nearer to each other than this are the same up to rounding.
_SAME = 1e-5


@dataclass(frozen=True)
class ReadyAxis:
    """An axis that need not be typed.

    Attributes:
        id: What links call it.
        name: What people call it.
        low: The words of one pole.
        high: The words of the other.
        texts: Words to place on it.
    """

    id: str
    name: str
    low: tuple[str, ...]
    high: tuple[str, ...]
    texts: tuple[str, ...]


# Chosen so that the default model puts plain words in an order that people would give.
READY_AXES = (
    ReadyAxis(
        "size",
        gettext_noop("Size"),
        (
            "tiny",
            "microscopic",
            "miniature",
        ),
        (
            "gigantic",
            "colossal",
            "immense",
        ),
        (
            "ant",
            "mouse",
            "cat",
            "dog",
            "horse",
            "elephant",
            "whale",
            "house",
            "mountain",
            "planet",
        ),
    ),
    ReadyAxis(
        "danger",
        gettext_noop("Danger"),
        (
            "safe",
            "comfortable",
            "peaceful",
        ),
        (
            "danger",
            "deadly",
            "threat",
        ),
        (
            "picnic",
            "garden",
            "kitten",
            "walk",
            "aeroplane",
            "storm",
            "knife",
            "poison",
            "bomb",
            "war",
        ),
    ),
    ReadyAxis(
        "temperature",
        gettext_noop("Temperature"),
        (
            "cold",
            "freezing",
            "icy",
        ),
        (
            "hot",
            "burning",
            "boiling",
        ),
        (
            "Antarctica",
            "snow",
            "winter",
            "autumn",
            "spring",
            "summer",
            "desert",
            "fire",
            "sun",
            "volcano",
        ),
    ),
    ReadyAxis(
        "wealth",
        gettext_noop("Wealth"),
        (
            "poor",
            "poverty",
            "needy",
        ),
        (
            "rich",
            "wealthy",
            "luxury",
        ),
        (
            "beggar",
            "student",
            "farmer",
            "nurse",
            "teacher",
            "lawyer",
            "banker",
            "millionaire",
            "king",
        ),
    ),
    ReadyAxis(
        "gender",
        gettext_noop("Gender"),
        (
            "he",
            "man",
            "male",
            "his",
        ),
        (
            "she",
            "woman",
            "female",
            "her",
        ),
        (
            "king",
            "queen",
            "actor",
            "actress",
            "uncle",
            "aunt",
            "poet",
            "doctor",
            "nurse",
            "engineer",
            "teacher",
        ),
    ),
    ReadyAxis(
        "age",
        gettext_noop("Age"),
        (
            "young",
            "youth",
            "newborn",
        ),
        (
            "old",
            "elderly",
            "senior",
        ),
        (
            "baby",
            "toddler",
            "teenager",
            "student",
            "adult",
            "parent",
            "grandmother",
            "pensioner",
            "veteran",
        ),
    ),
    ReadyAxis(
        "formality",
        gettext_noop("Formality"),
        (
            "hey",
            "yeah",
            "gonna",
            "kids",
            "guys",
        ),
        (
            "greetings",
            "indeed",
            "shall",
            "children",
            "gentlemen",
        ),
        (
            "hi",
            "hello",
            "dear sir",
            "bye",
            "farewell",
            "dad",
            "father",
            "buy",
            "purchase",
            "stuff",
        ),
    ),
)


@dataclass(frozen=True)
class Position:
    """A text and its place on an axis.

    Attributes:
        rank: 1 for the text that is nearest to the low end.
        index: Its place in the list as it was given, from 0.
        text: The text.
        position: Dot product of its unit vector with the axis, -1..1.
        percentile: Share of the common words that lie lower, 0..100.
    """

    rank: int
    index: int
    text: str
    position: float
    percentile: float


@dataclass(frozen=True)
class LeftOutWord:
    """What becomes of an axis without one of the words of its poles.

    Attributes:
        text: The word.
        pole: "low" or "high".
        spearman: Spearman's rank correlation of the texts' order without the word and with it,
            -1..1; 0 where no order is left.
    """

    text: str
    pole: str
    spearman: float


@dataclass(frozen=True)
class Projection:
    """Texts in their order along an axis.

    Attributes:
        low: The texts of the pole where the axis starts.
        high: The texts of the pole where it ends.
        positions: All texts, from low to high; equal ones keep their order.
        kept: Share of the texts' variance that lies along the axis, 0..1; 0 if they do not differ.
        random_kept: What an axis from one random common word to another keeps on average, 0..1.
        common_quartiles: Half of the common words lie between these two positions.
        without: For poles of more than one word, the axis without each, the least like it first.
        truncated: Those of all texts that the model did not read to the end.
        direction: The axis itself, a unit vector of shape (dimension,).
    """

    low: tuple[str, ...]
    high: tuple[str, ...]
    positions: tuple[Position, ...]
    kept: float
    random_kept: float
    common_quartiles: tuple[float, float]
    without: tuple[LeftOutWord, ...]
    truncated: tuple[str, ...]
    direction: Doubles = field(repr=False, compare=False)


@dataclass(frozen=True)
class AxisPlane:
    """The same texts on two axes.

    Attributes:
        horizontal: Where they lie on the first axis.
        vertical: Where they lie on the second.
    """

    horizontal: Projection
    vertical: Projection

    @property
    def cosine(self) -> float:
        """Cosine of the two axes: 0 if they are independent, 1 or -1 if they are the same."""
        return float(np.clip(self.horizontal.direction @ self.vertical.direction, -1, 1))

    @property
    def points(self) -> tuple[tuple[Position, Position], ...]:
        """The two places of each text, in the order in which the texts were given."""
        horizontal, vertical = (
            sorted(axis.positions, key=lambda position: position.index)
            for axis in (self.horizontal, self.vertical)
        )
        return tuple(zip(horizontal, vertical, strict=True))


def project(
    texts: Sequence[str],
    low: Sequence[str],
    high: Sequence[str],
    encoder: Encoder,
    vocabulary: Vocabulary,
) -> Projection:
    """Place texts on an axis between two poles.

    The axis is the unit vector of (mean of high's unit vectors - mean of low's). A text lies where
    the dot product of its unit vector with the axis says (Bolukbasi et al. 2016; Grand et al. 2022,
    who compare such orders with those that people give).

    Args:
        texts: At least two; one may stand there twice.
        low: The texts of the pole where the axis starts, at least one.
        high: The texts of the pole where it ends, at least one.
        encoder: The model.
        vocabulary: The common words.

    Raises:
        InputError: There are fewer than two texts, a pole is empty, or the poles are the same.
    """
    if len(texts) < 2:
        raise InputError(gettext("Type at least two texts, so that there is an order to see."))
    if not low:
        raise InputError(gettext("The low end of the axis is empty: type at least one word."))
    if not high:
        raise InputError(gettext("The high end of the axis is empty: type at least one word."))
    vectors = encoder.encode(texts).astype(np.float64)
    low_vectors, high_vectors = encoder.encode(low), encoder.encode(high)
    axis = _direction(low_vectors, high_vectors)
    if axis is None:
        raise InputError(
            gettext(
                "The two ends of the axis are the same to the model: give them different words."
            )
        )
    places = _places(vectors, axis)
    common = np.sort(_places(vocabulary.vectors, axis))
    percentiles = 100 * np.searchsorted(common, places) / len(common)
    order = np.argsort(places, kind="stable")
    return Projection(
        tuple(low),
        tuple(high),
        tuple(
            Position(rank, int(i), texts[i], float(places[i]), float(percentiles[i]))
            for rank, i in enumerate(order, 1)
        ),
        _share_of_variance(axis[None], vectors),
        _share_of_variance(_random_axes(vocabulary), vectors),
        (float(np.quantile(common, 0.25)), float(np.quantile(common, 0.75))),
        _leave_out(low, high, low_vectors, high_vectors, vectors, places),
        encoder.truncated([*texts, *low, *high]),
        axis,
    )


def _direction(low: Floats, high: Floats) -> Doubles | None:
    """The unit vector from the mean of some rows to that of others; None if these are the same."""
    step: Doubles = high.mean(axis=0, dtype=np.float64) - low.mean(axis=0, dtype=np.float64)
    length = np.linalg.norm(step)
    if length < _SAME:
        return None
    direction: Doubles = step / length
    return direction


def _places(vectors: Floats, axis: Doubles) -> Doubles:
    # A matrix product may round equal rows differently; row by row, equal texts stay equal.
    places: Doubles = np.einsum("ij,j->i", vectors, axis)
    return places


def _random_axes(vocabulary: Vocabulary) -> Doubles:
    """Steps from one random common word to another, always the same ones; one a row."""
    pairs = np.random.default_rng(SEED).integers(len(vocabulary.texts), size=(2, RANDOM_AXES))
    low, high = vocabulary.vectors[pairs].astype(np.float64)
    step: Doubles = high - low
    different: Doubles = step[np.linalg.norm(step, axis=1) > _SAME]
    return different


def _share_of_variance(axes: Doubles, vectors: Doubles) -> float:
    """Variance of the texts along an axis, as a share of their variance; the mean over all axes."""
    total = vectors.var(axis=0).sum()
    if not len(axes) or total < _SAME**2:
        return 0.0
    along = cosine_similarities(axes, vectors).var(axis=1)
    return float(along.mean() / total)


def _leave_out(
    low: Sequence[str],
    high: Sequence[str],
    low_vectors: Floats,
    high_vectors: Floats,
    vectors: Doubles,
    places: Doubles,
) -> tuple[LeftOutWord, ...]:
    found = []
    for pole, words in (("low", low), ("high", high)):
        for i, word in enumerate(words if len(words) > 1 else ()):
            if pole == "low":
                axis = _direction(np.delete(low_vectors, i, axis=0), high_vectors)
            else:
                axis = _direction(low_vectors, np.delete(high_vectors, i, axis=0))
            agreement = 0.0 if axis is None else rank_correlation(places, _places(vectors, axis))
            found.append(LeftOutWord(word, pole, agreement))
    return tuple(sorted(found, key=lambda word: word.spearman))
