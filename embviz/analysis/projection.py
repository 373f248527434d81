"""Vectors → the plane: exactly where a plane holds them, and with their faithfulness where not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA
from sklearn.manifold import MDS, TSNE
from threadpoolctl import threadpool_limits

from embviz.analysis.arithmetic import Solution
from embviz.analysis.vectors import Doubles, Floats, cosine_similarities, descending, weighted_sum
from embviz.errors import InputError
from embviz.language import gettext
from embviz.models.encoder import Encoder

Method = Literal["PCA", "MDS", "t-SNE", "random layout"]
METHODS: tuple[Method, ...] = get_args(Method)
FEWEST_TEXTS = 6
MOST_NEIGHBOURS = 5
# Up to this many texts, MDS is tried from so many random starts, and the best one counts.
FEW_TEXTS = 100
STARTS = 4
SEED = 0

# Vectors nearer to each other than this are the same up to rounding.
_SAME = 1e-5

_Integers = npt.NDArray[np.intp]


@dataclass(frozen=True)
class PlacedPoint:
    """A point of a plane and what it stands for.

    Attributes:
        text: The term, the candidate, or the whole expression.
        role: "term", "result" or "candidate".
        x: Along the plane.
        y: Along the plane.
        distance: How far the vector itself is from the plane; 0 if it lies in it.
    """

    text: str
    role: str
    x: float
    y: float
    distance: float


@dataclass(frozen=True)
class SolutionPlane:
    """The plane of an expression.

    Attributes:
        points: Its terms, its result and the matches.
        kept: Share of the variance of terms and result that the plane keeps; 1 if it is exact.
        arrows: Pairs of indices into the points: the same step from one to the other. For a - b + c
            these are b → a and c → result; for other expressions there are none.
    """

    points: tuple[PlacedPoint, ...]
    kept: float
    arrows: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class TextMap:
    """Texts in two dimensions, and how far to trust them.

    Trustworthiness asks whether neighbours in the map are neighbours in truth, continuity whether
    neighbours in truth are neighbours in the map (Venna & Kaski 2001); a perfect map has 1 of both.

    Attributes:
        texts: n texts.
        method: How they were placed, one of METHODS.
        positions: Shape (n, 2).
        neighbours: How many neighbours both measures look at.
        trustworthiness: Of the map, 0..1.
        continuity: Of the map, 0..1.
        random_trustworthiness: What a random layout of as many texts can be expected to score; its
            expected continuity is the same.
        nearest: For each text the indices of its true neighbours, the nearest first.
        worst: Indices of the texts whose neighbours in the map are the least true.
    """

    texts: tuple[str, ...]
    method: Method
    positions: Floats
    neighbours: int
    trustworthiness: float
    continuity: float
    random_trustworthiness: float
    nearest: tuple[tuple[int, ...], ...]
    worst: tuple[int, ...]


def project_solution(solution: Solution, encoder: Encoder) -> SolutionPlane:
    """Place an expression, its result and its matches in the plane that fits the expression best.

    The result of a - b + c lies in the plane of a, b and c, where they form a parallelogram: that
    plane holds them without any distortion. Of more terms the plane keeps as much of the variance
    as a plane can (principal components).

    Raises:
        InputError: There is only one term.
    """
    texts = [term.text for term in solution.terms]
    weights = [term.weight for term in solution.terms]
    terms = encoder.encode(texts).astype(np.float64)
    result = weighted_sum(weights, terms)
    spanning = np.vstack([terms, result])
    centre, lengths, axes = _principal_axes(spanning)
    if lengths[1] < _SAME:
        # All on one line, as a, b and 2a - b are: the plane through the origin holds them too.
        centre, lengths, axes = _principal_axes(np.vstack([spanning, np.zeros_like(result)]))
    if lengths[1] < _SAME:
        raise InputError(
            gettext(
                "A plane needs at least two different terms: write the expression like a - b + c."
            )
        )
    plane = axes[:2]

    matches = [match.text for match in solution.matches]
    vectors = np.vstack([spanning, encoder.encode(matches)])
    places = (vectors - centre) @ plane.T
    distances = np.linalg.norm(vectors - centre - places @ plane, axis=1)
    roles = ["term"] * len(texts) + ["result"] + ["candidate"] * len(matches)
    points = tuple(
        PlacedPoint(text, role, float(x), float(y), float(distance))
        for text, role, (x, y), distance in zip(
            [*texts, solution.expression, *matches], roles, places, distances, strict=True
        )
    )
    kept = float((lengths[:2] ** 2).sum() / (lengths**2).sum())
    return SolutionPlane(points, kept, _parallel_steps(weights))


def map_texts(texts: Sequence[str], encoder: Encoder, *, method: Method = "PCA") -> TextMap:
    """Place texts in two dimensions, see `map_vectors`."""
    return map_vectors(texts, encoder.encode(texts), method=method)


def map_vectors(texts: Sequence[str], vectors: Floats, *, method: Method = "PCA") -> TextMap:
    """Place texts in two dimensions so that alike texts come to stand near each other.

    Args:
        texts: At least six texts.
        vectors: A row a text, at least six of them different.
        method: "PCA", "MDS" and "t-SNE" as in scikit-learn, or "random layout", which shows what a
            map without meaning looks like. All give the same map every time. Of more than 100
            texts, MDS starts from their principal components, once; of fewer from 4 random
            layouts. With 500 texts, t-SNE takes 1.5 s, the others less.

    Raises:
        InputError: There are fewer than six texts, or all are alike.
    """
    doubles = vectors.astype(np.float64)
    if len(np.unique(doubles.round(5), axis=0)) < FEWEST_TEXTS:
        raise InputError(
            gettext("A map needs at least {least} different texts: add some.", least=FEWEST_TEXTS)
        )

    positions = _place(doubles, method)
    neighbours = min(MOST_NEIGHBOURS, (len(texts) - 1) // 2)
    true_ranks, shown_ranks = _ranks(doubles), _ranks(positions)
    intrusions = _intrusions(true_ranks, shown_ranks, neighbours)
    most = _most_intrusions(len(texts), neighbours)
    return TextMap(
        tuple(texts),
        method,
        positions,
        neighbours,
        trustworthiness=1 - intrusions.sum() / most,
        continuity=1 - _intrusions(shown_ranks, true_ranks, neighbours).sum() / most,
        random_trustworthiness=1 - _expected_intrusions(len(texts), neighbours) / most,
        nearest=_true_neighbours(doubles, neighbours),
        worst=tuple(i for i in descending(intrusions)[:3] if intrusions[i] > 0),
    )


def _principal_axes(points: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    centre = points.mean(axis=0)
    _, lengths, axes = np.linalg.svd(points - centre, full_matrices=False)
    return centre, lengths, axes


def _parallel_steps(weights: Sequence[float]) -> tuple[tuple[int, int], ...]:
    if sorted(weights) != [-1, 1, 1]:
        return ()
    b = weights.index(-1)
    a, c = (i for i in range(3) if i != b)
    return ((b, a), (c, 3))


def _place(vectors: Doubles, method: Method) -> Floats:
    positions: Floats
    if method == "PCA":
        positions = PCA(2, random_state=SEED).fit_transform(vectors)
    elif method == "MDS":
        positions = _scale(vectors)
    elif method == "t-SNE":
        # A perplexity near the number of texts makes all of them neighbours of each other.
        tsne = TSNE(2, perplexity=min(30, (len(vectors) - 1) / 3), init="pca", random_state=SEED)
        # Its threads wait for each other at every step: no faster on an idle machine, and on a busy
        # one 500 texts take three times as long.
        with threadpool_limits(1, user_api="openmp"):
            positions = tsne.fit_transform(vectors)
    else:
        positions = np.random.default_rng(SEED).normal(size=(len(vectors), 2))
    return positions


def _scale(vectors: Doubles) -> Floats:
    """Multidimensional scaling."""
    positions: Floats
    if len(vectors) <= FEW_TEXTS:
        mds = MDS(2, n_init=STARTS, init="random", random_state=SEED)
        positions = mds.fit_transform(vectors)
    else:
        start = PCA(2, random_state=SEED).fit_transform(vectors)
        mds = MDS(2, n_init=1, init="random", random_state=SEED)
        positions = mds.fit_transform(vectors, init=start)
    return positions


def _ranks(points: Floats) -> _Integers:
    """For each row the rank of every other row by distance, from 1; its own rank is 0."""
    # Row by row: all differences at once would take 770 MB for 500 vectors.
    squares = np.stack([((points - point) ** 2).sum(axis=1) for point in points])
    np.fill_diagonal(squares, -1)
    return squares.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")


def _intrusions(true_ranks: _Integers, shown_ranks: _Integers, neighbours: int) -> _Integers:
    """For each point, by how many ranks its shown neighbours miss being its true neighbours."""
    is_shown_neighbour = (shown_ranks > 0) & (shown_ranks <= neighbours)
    missed = np.where(is_shown_neighbour, np.maximum(true_ranks - neighbours, 0), 0)
    total: _Integers = missed.sum(axis=1)
    return total


def _expected_intrusions(count: int, neighbours: int) -> float:
    """What the intrusions of a random layout can be expected to sum to.

    There, each neighbour of a point is any of the other points, with equal probability.
    """
    others = count - 1
    of_one = (others - neighbours) * (others - neighbours + 1) / 2 / others
    return count * neighbours * of_one


def _most_intrusions(count: int, neighbours: int) -> float:
    # Venna & Kaski's normalisation, for neighbours < count / 2.
    return count * neighbours * (2 * count - 3 * neighbours - 1) / 2


def _true_neighbours(vectors: Doubles, neighbours: int) -> tuple[tuple[int, ...], ...]:
    similarities = cosine_similarities(vectors, vectors)
    np.fill_diagonal(similarities, -np.inf)
    return tuple(tuple(descending(row)[:neighbours]) for row in similarities)
