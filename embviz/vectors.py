"""Arithmetic on vectors. Everything is computed in double precision, whatever comes in."""

import numpy as np


def cosine_similarities(vectors_a: np.ndarray, vectors_b: np.ndarray) -> np.ndarray:
    """Cosine of the angle between every row of one array and every row of the other.

    cos(a, b) = a·b / (‖a‖ ‖b‖)

    Args:
        vectors_a: Shape (n, dimension), no row zero.
        vectors_b: Shape (m, dimension), no row zero.

    Returns:
        Shape (n, m), float64, each value in -1..1.

    >>> cosine_similarities(np.array([[2, 0]]), np.array([[3, 0], [0, 1], [-1, 0]])).tolist()
    [[1.0, 0.0, -1.0]]
    """
    return np.clip(_unit_rows(vectors_a) @ _unit_rows(vectors_b).T, -1.0, 1.0)


def angle_degrees(similarity: float) -> float:
    """Angle in degrees, 0..180, whose cosine is this similarity.

    >>> angle_degrees(0.0)
    90.0
    """
    return float(np.degrees(np.arccos(similarity)))


def weighted_sum(weights: list[float], vectors: np.ndarray) -> np.ndarray:
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


def descending(similarities: np.ndarray) -> list[int]:
    """Indices from the highest to the lowest; equal ones keep their order.

    >>> descending(np.array([0.2, 0.9, 0.2]))
    [1, 0, 2]
    """
    return np.argsort(-similarities, kind="stable").tolist()


def _unit_rows(vectors: np.ndarray) -> np.ndarray:
    vectors = np.asarray(vectors, dtype=np.float64)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
