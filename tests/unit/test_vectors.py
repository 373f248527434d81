import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity

from embviz.analysis.vectors import (
    angle_degrees,
    cosine_similarities,
    descending,
    nearest_rows,
    weighted_sum,
)


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 5), m=st.integers(1, 5))
def test_cosine_similarities_are_those_of_scikit_learn(seed, n, m):
    random = np.random.default_rng(seed)
    a, b = random.normal(size=(n, 7)), random.normal(size=(m, 7))
    assert cosine_similarities(a, b) == pytest.approx(cosine_similarity(a, b), abs=1e-12)


@given(seed=st.integers(0, 2**32 - 1))
def test_a_vector_in_single_precision_is_exactly_like_itself(seed):
    vector = np.random.default_rng(seed).normal(size=(1, 384)).astype(np.float32)
    similarity = cosine_similarities(vector, vector)[0, 0]
    assert similarity <= 1
    assert similarity == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(("similarity", "angle"), [(1, 0), (0.5, 60), (0, 90), (-1, 180)])
def test_angle(similarity, angle):
    assert angle_degrees(similarity) == pytest.approx(angle)


def test_weighted_sum():
    assert weighted_sum([2, -1], np.array([[1, 2], [3, 4]])).tolist() == [-1, 0]


def test_descending_keeps_the_order_of_equals():
    assert descending(np.array([0.5, 0.7, 0.5, 0.9])) == [3, 1, 0, 2]
    # Numpy sorts short arrays in another way than long ones.
    assert descending(np.array([0.5, 0.7] * 99)) == [*range(1, 198, 2), *range(0, 198, 2)]


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 60),
    spread=st.sampled_from([1, 1e-4, 1e-7, 0]),
    dimension=st.sampled_from([2, 384]),
)
def test_nearest_rows_are_exact_however_close_they_are(seed, count, spread, dimension):
    random = np.random.default_rng(seed)
    rows = random.normal(size=dimension) + spread * random.normal(size=(50, dimension))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    vector = random.normal(size=dimension).astype(np.float32)

    found, similarities = nearest_rows(rows, vector, count)

    expected = cosine_similarities(rows, vector[None])[:, 0]
    best = sorted(expected, reverse=True)[:count]
    assert similarities == pytest.approx(best, abs=1e-15)
    assert expected[found] == pytest.approx(best, abs=1e-15)
    if spread == 0:
        assert found == list(range(50))[:count]


def test_no_row_is_nearer_to_itself_than_one():
    rows = np.random.default_rng(0).normal(size=(100, 384))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    for n, row in enumerate(rows):
        found, similarities = nearest_rows(rows, row, 1)
        assert found == [n]
        assert similarities <= 1


def test_nearest_rows_are_those_of_faiss():
    random = np.random.default_rng(0)
    rows = random.normal(size=(20_000, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index = faiss.IndexFlatIP(384)
    index.add(rows)
    for vector in rows[:5] + 0.1 * rows[5:10]:
        similarities, indices = index.search(vector[None] / np.linalg.norm(vector), 10)
        found, exact = nearest_rows(rows, vector, 10)
        assert found == indices[0].tolist()
        assert exact == pytest.approx(similarities[0], abs=1e-6)
