import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity

from embviz.vectors import angle_degrees, cosine_similarities, descending, weighted_sum


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
