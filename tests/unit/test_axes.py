"""Where texts lie between two poles."""

import numpy as np
import pytest
from fakes import FakeEncoder
from scipy.stats import spearmanr

from embviz.analysis.axes import READY_AXES, AxisPlane, project
from embviz.analysis.vocabulary import CommonWords, Vocabulary, encode_vocabulary
from embviz.errors import InputError

# small and large lie 90 degrees apart, so the axis from one to the other is (-1, 1) / sqrt(2).
SIZES = FakeEncoder(
    small=(1, 0), large=(0, 1), mouse=(4, 3), dog=(1, 1), elephant=(3, 4), sand=(-1, -1)
)
WORDS = encode_vocabulary(("small", "mouse", "dog", "elephant", "large"), SIZES)


def project_sizes(texts, low=("small",), high=("large",)):
    return project(texts, low, high, SIZES, WORDS)


def test_texts_stand_from_low_to_high_by_the_dot_product_with_the_axis():
    positions = project_sizes(["elephant", "dog", "mouse"]).positions
    assert [(p.rank, p.index, p.text) for p in positions] == [
        (1, 2, "mouse"),
        (2, 1, "dog"),
        (3, 0, "elephant"),
    ]
    # mouse: (0.8, 0.6) · (-1, 1) / sqrt(2)
    assert [p.position for p in positions] == pytest.approx([-0.1414, 0, 0.1414], abs=1e-4)


def test_the_percentile_is_the_share_of_common_words_that_lie_lower():
    texts = ["large", "elephant", "dog", "small"]
    percentiles = {p.text: p.percentile for p in project_sizes(texts).positions}
    assert percentiles == {"small": 0, "dog": 40, "elephant": 60, "large": 80}


def test_half_of_the_common_words_lie_between_the_quartiles():
    # The common words lie at -0.707, -0.141, 0, 0.141 and 0.707.
    quartiles = project_sizes(["dog", "mouse"]).common_quartiles
    assert quartiles == pytest.approx((-0.1414, 0.1414), abs=1e-4)


def test_poles_turned_round_turn_the_order_round():
    texts = ["elephant", "dog", "mouse"]
    there, back = project_sizes(texts), project_sizes(texts, ["large"], ["small"])
    assert [p.text for p in back.positions] == [p.text for p in there.positions][::-1]
    assert back.kept == pytest.approx(there.kept)


def test_equal_texts_keep_their_order():
    positions = project_sizes(["dog", "mouse", "sand", "dog"]).positions
    assert [p.index for p in positions] == [1, 0, 2, 3]


def test_equal_texts_keep_their_order_with_the_real_model(encoder, common_words):
    texts = ["horse", "ant", "cat"] * 15
    projection = project(texts, ["tiny"], ["huge"], encoder, common_words)
    indices = [p.index for p in projection.positions]
    for start in (0, 15, 30):
        assert indices[start : start + 15] == sorted(indices[start : start + 15])


def test_an_axis_along_which_all_texts_differ_keeps_all_their_variance():
    projection = project_sizes(["mouse", "elephant"])
    assert projection.kept == pytest.approx(1)
    # These two differ only in the direction across the axis.
    assert project_sizes(["dog", "sand"]).kept == pytest.approx(0)
    # Steps between the few words of the vocabulary all go that way, more or less.
    assert 0.5 < projection.random_kept < 1


def test_texts_that_do_not_differ_have_no_variance_to_keep():
    projection = project_sizes(["dog", "dog"], ["small", "mouse"])
    assert (projection.kept, projection.random_kept) == (0, 0)
    assert [word.spearman for word in projection.without] == [0, 0]


def test_a_random_axis_keeps_what_pairs_of_common_words_keep(encoder, common_words):
    """All steps between some of the words, by themselves, in place of random pairs of all."""
    texts = ["ant", "dog", "horse", "house", "city"]
    projection = project(texts, ["tiny"], ["huge"], encoder, common_words)
    some = common_words.vectors[::60].astype(np.float64)
    steps = (some[:, None] - some[None])[np.triu_indices(len(some), k=1)]
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    vectors = encoder.encode(texts).astype(np.float64)
    shares = (steps @ vectors.T).var(axis=1) / vectors.var(axis=0).sum()
    assert projection.random_kept == pytest.approx(shares.mean(), rel=0.15)


def test_each_word_of_a_pole_is_left_out_in_turn_and_the_worst_stands_first(encoder, common_words):
    texts = ["ant", "mouse", "dog", "horse", "elephant", "whale", "house"]
    low, high = ["tiny", "small"], ["huge", "large", "giant"]
    whole = project(texts, low, high, encoder, common_words)
    assert {(w.pole, w.text) for w in whole.without} == {
        *(("low", word) for word in low),
        *(("high", word) for word in high),
    }
    correlations = [word.spearman for word in whole.without]
    assert correlations == sorted(correlations)

    def places(projection):
        return [p.position for p in sorted(projection.positions, key=lambda p: p.index)]

    for word in whole.without:
        rest = project(
            texts,
            [text for text in low if text != word.text],
            [text for text in high if text != word.text],
            encoder,
            common_words,
        )
        expected = spearmanr(places(whole), places(rest)).statistic
        assert word.spearman == pytest.approx(expected)


def test_a_pole_of_one_word_has_none_to_leave_out():
    assert project_sizes(["dog", "mouse"]).without == ()


def test_an_axis_that_hangs_on_one_word_has_no_order_without_it():
    projection = project_sizes(["mouse", "elephant"], ["small"], ["small", "large"])
    assert [word.text for word in projection.without] == ["large", "small"]
    assert [word.spearman for word in projection.without] == pytest.approx([0, 1])


@pytest.mark.parametrize(
    ("texts", "low", "high", "message"),
    [
        (["dog"], ["small"], ["large"], "at least two texts"),
        ([], ["small"], ["large"], "at least two texts"),
        (["dog", "mouse"], [], ["large"], "low end of the axis is empty"),
        (["dog", "mouse"], ["small"], [], "high end of the axis is empty"),
        (["dog", "mouse"], ["small"], ["small"], "the same to the model"),
        (["dog", "mouse"], ["small", "large"], ["large", "small"], "the same to the model"),
    ],
)
def test_what_makes_no_axis_is_refused_in_a_sentence(texts, low, high, message):
    with pytest.raises(InputError, match=message):
        project_sizes(texts, low, high)


def test_two_axes_make_a_plane_that_says_how_independent_they_are():
    sizes = project_sizes(["mouse", "elephant"])
    plane = AxisPlane(sizes, sizes)
    assert plane.cosine == pytest.approx(1)
    across = AxisPlane(sizes, project_sizes(["mouse", "elephant"], ["sand"], ["dog"]))
    assert across.cosine == pytest.approx(0)
    back = AxisPlane(sizes, project_sizes(["mouse", "elephant"], ["large"], ["small"]))
    assert back.cosine == pytest.approx(-1)
    assert [(x.text, y.text) for x, y in back.points] == [("mouse",) * 2, ("elephant",) * 2]
    assert [x.position for x, _ in back.points] == pytest.approx(
        [-y.position for _, y in back.points]
    )


def test_texts_that_are_not_read_to_the_end_are_named():
    projection = project_sizes(["dog", "a very long text"], ["small", "smaller than that"])
    assert projection.truncated == ("a very long text", "smaller than that")


@pytest.fixture(scope="module")
def common_words(encoder) -> Vocabulary:
    return CommonWords(encoder).load()


# Words that a person would put in this order.
ORDERS = {
    "size": ["mouse", "dog", "elephant", "mountain"],
    "danger": ["pillow", "kitten", "shark", "volcano"],
    "temperature": ["snow", "autumn", "summer", "fire"],
    "wealth": ["beggar", "teacher", "banker", "millionaire"],
    "gender": ["boy", "king", "queen", "actress"],
    "age": ["toddler", "adult", "pensioner"],
    "formality": ["dude", "buy", "purchase", "therefore"],
}


@pytest.mark.parametrize("axis", READY_AXES, ids=lambda axis: axis.id)
def test_a_ready_axis_puts_words_in_the_order_that_people_would(axis, encoder, common_words):
    texts = sorted(ORDERS[axis.id])
    projection = project(texts, axis.low, axis.high, encoder, common_words)
    assert [p.text for p in projection.positions] == ORDERS[axis.id]
    assert projection.kept > projection.random_kept


def test_ready_axes_are_not_made_of_the_words_that_they_are_tested_with():
    assert [axis.id for axis in READY_AXES] == list(ORDERS)
    for axis in READY_AXES:
        assert not {*axis.low, *axis.high} & {*ORDERS[axis.id]}
