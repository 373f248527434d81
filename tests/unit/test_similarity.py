import itertools

import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embviz import InputError, compare, similarity_matrix
from embviz.analysis.baseline import sample_sentences, sample_words

REAL_TEXTS = st.sampled_from([*sample_sentences(), *sample_words(), "😀", "שלום", "word " * 300])

# On the unit circle, at these angles in degrees.
ANGLES = {"north": 90, "east": 0, "northeast": 45, "nearly east": 5, "west": 180}


@pytest.fixture
def compass():
    points = {name: np.radians(angle) for name, angle in ANGLES.items()}
    return FakeEncoder(**{name: (np.cos(a), np.sin(a)) for name, a in points.items()})


@pytest.mark.parametrize(("text_a", "text_b"), [*itertools.combinations(ANGLES, 2)])
def test_similarity_is_the_cosine_of_the_angle(compass, text_a, text_b):
    comparison = compare(text_a, text_b, compass)
    angle = abs(ANGLES[text_a] - ANGLES[text_b])
    assert comparison.angle_degrees == pytest.approx(angle, abs=1e-4)
    assert comparison.similarity == pytest.approx(np.cos(np.radians(angle)), abs=1e-6)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(REAL_TEXTS, REAL_TEXTS)
def test_angle_plane_and_products_are_those_of_the_similarity(encoder, text_a, text_b):
    comparison = compare(text_a, text_b, encoder)
    similarity = comparison.similarity
    angle = np.arccos(similarity)
    assert comparison.angle_degrees == pytest.approx(np.degrees(angle), abs=1e-6)
    assert comparison.products.sum() == pytest.approx(similarity, abs=1e-6)
    a, b = comparison.plane
    assert np.linalg.norm([a, b], axis=1) == pytest.approx(1, abs=1e-6)
    assert a @ b == pytest.approx(similarity, abs=1e-6)


def test_a_text_is_exactly_like_itself(encoder):
    comparison = compare("king", "king", encoder)
    assert comparison.similarity == pytest.approx(1, abs=1e-15)
    assert comparison.angle_degrees == pytest.approx(0, abs=1e-5)


def test_comparison_is_symmetric(encoder):
    forth, back = compare("king", "queen", encoder), compare("queen", "king", encoder)
    assert forth.similarity == back.similarity


def test_comparison_names_the_text_that_was_not_read_to_the_end():
    comparison = compare("ten chars.", "more than ten", FakeEncoder())
    assert comparison.truncated == ("more than ten",)


@pytest.mark.parametrize(("text_a", "text_b", "name"), [("", "b", "Text A"), ("a", " ", "Text B")])
def test_both_texts_are_needed(text_a, text_b, name):
    with pytest.raises(InputError, match=f"^{name} is empty"):
        compare(text_a, text_b, FakeEncoder())


def test_matrix_holds_every_comparison(compass):
    matrix = similarity_matrix(list(ANGLES), compass)
    for (i, a), (j, b) in itertools.product(enumerate(ANGLES), repeat=2):
        assert matrix.similarities[i, j] == pytest.approx(compare(a, b, compass).similarity)


def test_pairs_are_all_pairs_the_most_alike_first(compass):
    pairs = similarity_matrix(list(ANGLES), compass).pairs
    assert [pair.rank for pair in pairs] == list(range(1, 11))
    assert {frozenset((p.text_a, p.text_b)) for p in pairs} == {
        frozenset(pair) for pair in itertools.combinations(ANGLES, 2)
    }
    assert (pairs[0].text_a, pairs[0].text_b) == ("east", "nearly east")
    assert (pairs[-1].text_a, pairs[-1].text_b) == ("east", "west")
    assert [p.similarity for p in pairs] == sorted((p.similarity for p in pairs), reverse=True)


def test_order_puts_alike_texts_side_by_side(compass):
    matrix = similarity_matrix(list(ANGLES), compass)
    names = [matrix.texts[i] for i in matrix.order]
    around = ["west", "north", "northeast", "nearly east", "east"]
    assert names in (around, around[::-1])


def test_reordered_matrix_keeps_names_and_numbers_together(compass):
    matrix = similarity_matrix(list(ANGLES), compass)
    reordered = matrix.reordered()
    assert reordered.texts != matrix.texts
    for (i, a), (j, b) in itertools.product(enumerate(reordered.texts), repeat=2):
        assert reordered.similarities[i, j] == pytest.approx(compare(a, b, compass).similarity)


def test_the_same_text_may_stand_twice():
    matrix = similarity_matrix(["king", "king"], FakeEncoder())
    assert matrix.similarities == pytest.approx(np.ones((2, 2)))


def test_matrix_needs_two_texts():
    with pytest.raises(InputError, match="type at least two"):
        similarity_matrix(["king"], FakeEncoder())


def test_odd_one_out_is_that_of_gensim(encoder):
    from gensim.models import KeyedVectors

    texts = ["breakfast", "lunch", "dinner", "motorcycle"]
    vectors = KeyedVectors(encoder.dimension)
    vectors.add_vectors(texts, encoder.encode(texts))
    matrix = similarity_matrix(texts, encoder)
    assert texts[matrix.odd_one_out] == vectors.doesnt_match(texts) == "motorcycle"
    others = [matrix.similarities[3, j] for j in range(3)]
    assert matrix.belonging[3] == pytest.approx(sum(others) / 3)


def test_of_two_texts_neither_is_odd(encoder):
    assert similarity_matrix(["king", "queen"], encoder).odd_one_out is None
