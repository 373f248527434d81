import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embviz import InputError, compare, explain
from embviz.analysis.baseline import sample_sentences, sample_words

TEXTS = st.sampled_from([*sample_sentences(), *sample_words(), "😀", "שלום", "a", "word " * 300])
ON_THE_MODEL = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@ON_THE_MODEL
@given(TEXTS, TEXTS)
def test_contributions_sum_to_the_similarity(encoder, text_a, text_b):
    explanation = explain(text_a, text_b, encoder)
    similarity = compare(text_a, text_b, encoder).similarity
    assert explanation.similarity == pytest.approx(similarity, abs=1e-12)
    assert explanation.contributions.sum() == pytest.approx(similarity, abs=1e-6)
    assert explanation.shares_a.sum() == pytest.approx(similarity, abs=1e-6)
    assert explanation.shares_b.sum() == pytest.approx(similarity, abs=1e-6)


def test_tokens_are_those_of_the_model_with_its_marks_at_both_ends(encoder):
    explanation = explain("king", "unbelievable film", encoder)
    assert explanation.tokens_a == ("[CLS]", "king", "[SEP]")
    assert explanation.tokens_b == ("[CLS]", "unbelievable", "film", "[SEP]")
    assert explanation.contributions.shape == (3, 4)


def test_no_more_tokens_are_explained_than_are_read(encoder):
    explanation = explain("word " * 300, "king", encoder)
    assert len(explanation.tokens_a) == 256


class TokenEncoder(FakeEncoder):
    """Reads two tokens of every text, (1, 0) and (0, 1)."""

    def read_tokens(self, text):
        return ("one", "two"), np.eye(2, dtype=np.float32)


def test_contributions_by_hand():
    # Both texts have the mean (.5, .5): like tokens add a half each, unlike ones nothing.
    diagonal = TokenEncoder(a=(1, 1), b=(1, 1))
    explanation = explain("a", "b", diagonal)
    assert explanation.contributions == pytest.approx(np.eye(2) / 2)
    assert explanation.similarity == pytest.approx(1)
    assert explanation.shares_a == pytest.approx([0.5, 0.5])


def test_a_model_that_does_not_average_its_tokens_is_refused():
    with pytest.raises(InputError, match="does not average its tokens"):
        explain("a", "b", TokenEncoder(a=(1, 0), b=(0, 1)))


def test_both_texts_are_needed(encoder):
    with pytest.raises(InputError, match=r"^Text B is empty"):
        explain("king", "", encoder)
