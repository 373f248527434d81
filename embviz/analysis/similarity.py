"""How alike are texts? → Comparison, SimilarityMatrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage

from embviz.analysis.vectors import Doubles, Floats, Matrix, angle_degrees, cosine_similarities
from embviz.errors import InputError
from embviz.language import gettext
from embviz.models.encoder import Encoder


@dataclass(frozen=True)
class Comparison:
    """Two texts and how alike they are.

    Attributes:
        text_a: The first text.
        text_b: The second text.
        vector_a: Unit vector of the first text, shape (dimension,).
        vector_b: Unit vector of the second text, shape (dimension,).
        similarity: Cosine of the angle between the vectors, -1..1.
        truncated: Those of the two texts that the model did not read to the end.
    """

    text_a: str
    text_b: str
    vector_a: Floats
    vector_b: Floats
    similarity: float
    truncated: tuple[str, ...]

    @property
    def angle_degrees(self) -> float:
        """Angle between the two vectors, 0..180."""
        return angle_degrees(self.similarity)

    @property
    def plane(self) -> Doubles:
        """Both vectors in the plane that they span, exactly; shape (2, 2), the first along x."""
        sine = np.sqrt(1.0 - self.similarity**2)
        return np.array([[1.0, 0.0], [self.similarity, sine]])

    @property
    def products(self) -> Doubles:
        """Products of the two vectors' values, which sum to the similarity; shape (dimension,)."""
        return np.multiply(self.vector_a, self.vector_b, dtype=np.float64)


@dataclass(frozen=True)
class Pair:
    """Two texts of a list, ranked among all its pairs by similarity."""

    rank: int
    text_a: str
    text_b: str
    similarity: float


@dataclass(frozen=True)
class SimilarityMatrix:
    """A list of texts and how alike any two of them are.

    Attributes:
        texts: n texts.
        similarities: Shape (n, n), symmetric, ones on the diagonal.
        order: The indices 0..n-1 in an order that puts alike texts side by side.
        truncated: Those of the texts that the model did not read to the end.
    """

    texts: tuple[str, ...]
    similarities: Matrix
    order: tuple[int, ...]
    truncated: tuple[str, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All n(n-1)/2 pairs, the most alike first."""
        pairs = combinations(range(len(self.texts)), 2)
        ranked = sorted(pairs, key=lambda pair: -self.similarities[pair])
        return tuple(
            Pair(rank, self.texts[i], self.texts[j], float(self.similarities[i, j]))
            for rank, (i, j) in enumerate(ranked, 1)
        )

    @property
    def belonging(self) -> Doubles:
        """Mean similarity of each text to the others; shape (n,)."""
        count = len(self.texts)
        sums: Doubles = self.similarities.sum(axis=1)
        return (sums - np.diagonal(self.similarities)) / (count - 1)

    @property
    def odd_one_out(self) -> int | None:
        """Index of the text that is least like the others; None of two texts."""
        return int(self.belonging.argmin()) if len(self.texts) > 2 else None

    def reordered(self) -> "SimilarityMatrix":
        """The same matrix with alike texts side by side."""
        order = list(self.order)
        return SimilarityMatrix(
            tuple(self.texts[i] for i in order),
            self.similarities[np.ix_(order, order)],
            tuple(range(len(order))),
            self.truncated,
        )


def compare(text_a: str, text_b: str, encoder: Encoder) -> Comparison:
    """Compare two texts."""
    vector_a, vector_b = encoder.encode([text_a, text_b])
    similarity = float(cosine_similarities(vector_a[None], vector_b[None])[0, 0])
    truncated = encoder.truncated([text_a, text_b])
    return Comparison(text_a, text_b, vector_a, vector_b, similarity, truncated)


def similarity_matrix(texts: Sequence[str], encoder: Encoder) -> SimilarityMatrix:
    """Compare every text of a list with every other.

    Raises:
        InputError: There are fewer than two texts.
    """
    if len(texts) < 2:
        raise InputError(
            gettext("Words: type at least two, so that there is something to compare.")
        )
    vectors = encoder.encode(texts)
    similarities = cosine_similarities(vectors, vectors)
    return SimilarityMatrix(
        tuple(texts), similarities, _alike_order(similarities), encoder.truncated(texts)
    )


def _alike_order(similarities: Doubles) -> tuple[int, ...]:
    """Leaves of a tree that joins the most alike groups first, turned so that neighbours fit.

    Average linkage with optimal leaf ordering (Bar-Joseph, Gifford & Jaakkola 2001), on 1 - cosine.
    """
    above_diagonal = np.triu_indices(len(similarities), k=1)
    tree = linkage(1.0 - similarities[above_diagonal], method="average", optimal_ordering=True)
    return tuple(leaves_list(tree).tolist())
