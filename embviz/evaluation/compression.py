"""How many numbers does a model need? → CompressionTest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA

from embviz.analysis.rank_correlation import rank_correlation
from embviz.analysis.vectors import Doubles, Floats, cosine_similarities, descending
from embviz.evaluation.datasets import read_ratings
from embviz.evaluation.retrieval import DEPTH, LabelledQuery, ndcg
from embviz.language import gettext_noop
from embviz.models.encoder import Encoder

FULL = gettext_noop("The model as it is")
FIRST = gettext_noop("First dimensions")
COMPONENTS = gettext_noop("Principal components")
RANDOM = gettext_noop("Random dimensions")
INT8 = gettext_noop("8-bit integers")
BINARY = gettext_noop("One bit each")
RESCORED = gettext_noop("One bit each, best hits rescored")

# How many dimensions are kept; half of all are always among these.
SIZES = (256, 192, 128, 64, 32)
DRAWS = 5
SEED = 0
# How many hits are rescored for each that is wanted: the default of sentence-transformers.
RESCORED_PER_HIT = 2
# What a smaller vector has to keep of the model's nDCG to be called good.
GOOD = 0.95
DOCUMENTS = 1_000_000

_FLOAT, _BYTE, _BIT = 32, 8, 1

_Compress = Callable[[Floats], Floats]


@dataclass(frozen=True)
class CompressedModel:
    """What a model reaches with smaller vectors.

    Attributes:
        id: A short name that never changes: "full", "first-192", "int8".
        method: How the vectors were made smaller, one of this module's names for it.
        dimensions: How many numbers of a vector are kept.
        bits: How many bits each of them takes.
        bytes: What the vectors of DOCUMENTS documents take.
        wordsim353: Spearman's rank correlation with what people rated, -1..1.
        ndcg: Mean nDCG of the labelled queries, 0..1.
    """

    id: str
    method: str
    dimensions: int
    bits: int
    bytes: int
    wordsim353: float
    ndcg: float


@dataclass(frozen=True)
class CompressionTest:
    """A model with vectors of several sizes.

    Attributes:
        rows: The model as it is, then with smaller vectors.
        queries: How many labelled queries `ndcg` is a mean of.
    """

    rows: tuple[CompressedModel, ...]
    queries: int

    @property
    def full(self) -> CompressedModel:
        """The model as it is."""
        return self.rows[0]

    @property
    def smallest_good(self) -> int | None:
        """The fewest dimensions with which any method keeps 95 % of nDCG; None if there is none.

        Only among vectors whose numbers are as precise as the model's.
        """
        if not self.full.ndcg:
            return None
        precise = (row for row in self.rows if row.bits == self.full.bits)
        return min(row.dimensions for row in precise if row.ndcg >= GOOD * self.full.ndcg)

    def find(self, id: str) -> CompressedModel | None:
        """The row of this id, if there is one."""
        return next((row for row in self.rows if row.id == id), None)


@dataclass(frozen=True)
class _Tasks:
    """Vectors of the texts that a model is tested with; each array has one a row.

    Attributes:
        texts_a: The first words of the rated pairs.
        texts_b: The second words.
        ratings: What people rated each pair.
        queries: The labelled queries.
        documents: The documents that are searched.
        relevant: Indices of the documents that answer each query.
    """

    texts_a: Floats
    texts_b: Floats
    ratings: Sequence[float]
    queries: Floats
    documents: Floats
    relevant: Sequence[frozenset[int]]


def take_compression_test(
    encoder: Encoder, common: Floats, queries: Sequence[LabelledQuery], documents: Sequence[str]
) -> CompressionTest:
    """Make a model's vectors smaller in several ways, and see what they can still do.

    All vectors are compared by cosine. *First dimensions* keeps the first numbers of each vector,
    *random dimensions* others, drawn a few times, of which the means are given. *Principal
    components* turns the vectors so that the common words differ most along the first numbers, and
    keeps these; nothing is subtracted, so all components together are the model as it is. *8-bit
    integers* and *one bit* are the quantisation of sentence-transformers: 256 equal steps between
    the lowest and the highest value that the common words have in a dimension, which are turned
    back into numbers for comparison, as faiss does; and the sign of each number, where the cosine
    has the order of the Hamming distance. *Rescored* compares the best hits found by one bit again,
    with all numbers of the query; words are compared in this way at once.

    Args:
        encoder: The model.
        common: Vectors of texts that have nothing to do with the test, such as the common words;
            at least as many as a vector has numbers. Those of the test itself would be too few, and
            would make components look better than they are for other texts. Shape (n, dimension).
        queries: At least one labelled query.
        documents: The documents that they are about.
    """
    texts_a, texts_b, ratings = zip(*read_ratings("wordsim353"), strict=True)
    texts = [*texts_a, *texts_b, *(q.query for q in queries), *documents]
    # One call to the model for all texts; many words stand in several pairs.
    vectors = np.split(
        encoder.encode(texts), np.cumsum([len(texts_a), len(texts_b), len(queries)]).tolist()
    )
    tasks = _Tasks(
        vectors[0], vectors[1], ratings, vectors[2], vectors[3], [q.relevant for q in queries]
    )
    return CompressionTest(tuple(_rows(tasks, np.asarray(common, np.float64))), len(queries))


def _rows(tasks: _Tasks, common: Doubles) -> Iterator[CompressedModel]:
    dimension = common.shape[1]
    # The directions along which the common words differ most, one a row.
    components: Doubles = PCA(svd_solver="covariance_eigh").fit(common).components_
    random = np.random.default_rng(SEED)

    yield _row("full", FULL, dimension, _FLOAT, *_measure(tasks, np.asarray))
    sizes = [size for size in sorted({*SIZES, dimension // 2})[::-1] if 0 < size < dimension]
    for size in sizes:
        scores = _measure(tasks, _pick(range(size)))
        yield _row(f"first-{size}", FIRST, size, _FLOAT, *scores)
    for size in sizes:
        scores = _measure(tasks, _turn(components[:size]))
        yield _row(f"components-{size}", COMPONENTS, size, _FLOAT, *scores)
    for size in sizes:
        draws = (random.choice(dimension, size, replace=False).tolist() for _ in range(DRAWS))
        wordsim353, mean_ndcg = np.mean([_measure(tasks, _pick(draw)) for draw in draws], axis=0)
        yield _row(f"random-{size}", RANDOM, size, _FLOAT, float(wordsim353), float(mean_ndcg))
    yield _row("int8", INT8, dimension, _BYTE, *_measure(tasks, _quantise(common)))
    yield _row("binary", BINARY, dimension, _BIT, *_measure(tasks, _signs))
    yield _row("binary-rescored", RESCORED, dimension, _BIT, *_measure_rescored(tasks))


def _row(
    id: str, method: str, dimensions: int, bits: int, wordsim353: float, ndcg: float
) -> CompressedModel:
    # A vector takes whole bytes.
    size = DOCUMENTS * -(-dimensions * bits // 8)
    return CompressedModel(id, method, dimensions, bits, size, wordsim353, ndcg)


def _pick(dimensions: Sequence[int]) -> _Compress:
    return lambda vectors: vectors[:, list(dimensions)]


def _turn(components: Doubles) -> _Compress:
    return lambda vectors: vectors @ components.T


def _quantise(common: Doubles) -> _Compress:
    """Round each number to the middle of one of 256 steps between the common words' extremes."""
    low, high = common.min(axis=0), common.max(axis=0)
    steps = (high - low) / 255
    steps[steps == 0] = 1
    return lambda vectors: low + steps * (np.clip((vectors - low) // steps, 0, 255) + 0.5)


def _signs(vectors: Floats) -> Doubles:
    return np.where(vectors > 0, 1.0, -1.0)


def _measure(tasks: _Tasks, compress: _Compress) -> tuple[float, float]:
    """Agreement with people, and nDCG, if all vectors are compressed."""
    agreement = _agreement(tasks, compress(tasks.texts_a), compress(tasks.texts_b))
    scores = _similarities(compress(tasks.queries), compress(tasks.documents))
    return agreement, _mean_ndcg(tasks, scores)


def _measure_rescored(tasks: _Tasks) -> tuple[float, float]:
    """The same, if a query keeps its numbers and is compared with the signs of the others."""
    agreement = _agreement(tasks, tasks.texts_a, _signs(tasks.texts_b))
    documents = _signs(tasks.documents)
    rough = _similarities(_signs(tasks.queries), documents)
    exact = _similarities(tasks.queries, documents)
    for scores, row in zip(exact, rough, strict=True):
        scores[descending(row)[DEPTH * RESCORED_PER_HIT :]] = -np.inf
    return agreement, _mean_ndcg(tasks, exact)


def _agreement(tasks: _Tasks, vectors_a: Floats, vectors_b: Floats) -> float:
    return rank_correlation(tasks.ratings, _similarities(vectors_a, vectors_b).diagonal())


def _mean_ndcg(tasks: _Tasks, scores: Doubles) -> float:
    pairs = zip(scores, tasks.relevant, strict=True)
    return float(np.mean([ndcg(descending(row)[:DEPTH], found, DEPTH) for row, found in pairs]))


def _similarities(vectors_a: Floats, vectors_b: Floats) -> Doubles:
    # A matrix product may round equal pairs differently; they shall tie.
    return np.round(cosine_similarities(vectors_a, vectors_b), 9)
