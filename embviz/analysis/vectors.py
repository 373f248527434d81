"""Arithmetic on vectors. Everything is computed in double precision, whatever comes in."""

from typing import Annotated

import numpy as np
import numpy.typing as npt

# Of any precision, as models give them.
Floats = npt.NDArray[np.floating]
# As they are computed here.
Doubles = npt.NDArray[np.float64]
# Vectors of single precision differ by less than this through rounding alone.
ROUNDING = 1e-6
# One of two dimensions, where that must be known from the type alone.
Matrix = Annotated[Floats, 2]


def cosine_similarities(vectors_a: Floats, vectors_b: Floats) -> Doubles:
    """Cosine of the angle between every row of one array and every row of the other.

    cos(a, b) = a·b / (‖a‖ ‖b‖), and 0 where either is zero: what a static model makes of a text of
    which it knows no token.

    Args:
        vectors_a: Shape (n, dimension).
        vectors_b: Shape (m, dimension).

    Returns:
        Shape (n, m), float64, each value in -1..1.

    >>> cosine_similarities(np.array([[2, 0]]), np.array([[3, 0], [0, 1], [-1, 0]])).tolist()
    [[1.0, 0.0, -1.0]]
    """
    return np.clip(_unit_rows(vectors_a) @ _unit_rows(vectors_b).T, -1.0, 1.0)


def nearest_rows(unit_vectors: Floats, vector: Floats, count: int) -> tuple[list[int], Doubles]:
    """Those rows that have the highest cosine with a vector, out of any number of rows.

    All rows are compared in the precision they have, which is quick and leaves a few that may be
    among the nearest; these are compared again in double precision, so that the answer is exact.

    Args:
        unit_vectors: Shape (n, dimension), each row of norm 1, or zero.
        vector: Shape (dimension,).
        count: How many rows to find.

    Returns:
        Indices of the rows, the nearest first and equal ones in their order, at most n; and their
        cosines, float64, each in -1..1.

    >>> nearest_rows(np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]]), np.array([0, 2]), 2)
    ([1, 2], array([1. , 0.8]))
    """
    unit_vector = _unit_rows(vector[None])[0].astype(unit_vectors.dtype)
    rough = unit_vectors @ unit_vector
    candidates = np.arange(len(rough))
    if count < len(rough):
        threshold = np.partition(rough, -count)[-count]
        # No rounding error is larger, of the product (Higham 2002, section 3.1) and of its terms.
        error = (unit_vectors.shape[1] + 8) * np.finfo(unit_vectors.dtype).eps
        candidates = np.flatnonzero(rough >= threshold - 2 * error)
    # A matrix product may round equal rows differently; row by row, equals stay equal.
    products = np.einsum(
        "ij,j->i", _unit_rows(unit_vectors[candidates]), _unit_rows(vector[None])[0]
    )
    similarities = np.clip(products, -1.0, 1.0)
    order = descending(similarities)[:count]
    return candidates[order].tolist(), similarities[order]


def angle_degrees(similarity: float) -> float:
    """Angle in degrees, 0..180, whose cosine is this similarity.

    >>> angle_degrees(0.0)
    90.0
    """
    return float(np.degrees(np.arccos(similarity)))


def weighted_sum(weights: list[float], vectors: Floats) -> Doubles:
    """Sum of rows, each times its weight.

    Args:
        weights: One number a row.
        vectors: Shape (n, dimension).

    Returns:
        Shape (dimension,), float64.

    >>> weighted_sum([1, -0.5], np.array([[1, 0], [0, 1]])).tolist()
    [1.0, -0.5]
    """
    return np.asarray(weights, dtype=np.float64) @ np.asarray(vectors, dtype=np.float64)


def descending(similarities: npt.NDArray[np.number]) -> list[int]:
    """Indices from the highest to the lowest; equal ones keep their order.

    >>> descending(np.array([0.2, 0.9, 0.2]))
    [1, 0, 2]
    """
    order: list[int] = np.argsort(-similarities, kind="stable").tolist()
    return order


def _unit_rows(vectors: Floats) -> Doubles:
    doubles = np.asarray(vectors, dtype=np.float64)
    norms: Doubles = np.linalg.norm(doubles, axis=1, keepdims=True)
    return np.divide(doubles, norms, out=np.zeros_like(doubles), where=norms > 0)
