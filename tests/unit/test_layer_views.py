"""What the layers of a model look like: finished results in, sentences, figures and tables out."""

import re
from dataclasses import replace

import numpy as np
import pytest

from embviz.analysis.layers import LayerComparison, LayerSimilarity
from embviz.analysis.word_in_context import LayerMean, Occurrence, WordInContext
from embviz.views.colours import GREEN, GREY
from embviz.views.layers import MOST_TOKEN_PAIRS, view_layers
from embviz.views.word_in_context import (
    PURPLE,
    note_contradiction,
    occurrences_figure,
    view_context_by_layer,
    view_word_in_context,
)

HOSTILE = "<img src=x onerror=alert(1)> bank &amp; more"


def comparison_of(means, tokens=("king",), kind="words"):
    layers = tuple(
        LayerSimilarity(n, mean + 0.05, mean, mean - 0.1, mean + 0.1, 80.0 + n)
        for n, mean in enumerate(means)
    )
    similarities = np.arange(len(tokens), dtype=float)[:, None] / 100
    return LayerComparison(
        "king", HOSTILE, kind, layers, tokens, ("queen",), 0 * similarities, similarities
    )


FALLING = comparison_of([0.5, 0.6, 0.2])


@pytest.mark.parametrize(
    ("means", "said"),
    [
        (
            [0.5, 0.6, 0.2],
            "Inside the model unrelated texts score higher than at its end: random pairs of words "
            "score up to 0.600 on average (after layer 1 of 2). Only the last layer pulls them "
            "apart: after the last layer they score 0.200. There “king” and",
        ),
        ([0.6, 0.2, 0.1], "(before the first layer). Layers 1 to 2 pull them apart"),
        (
            [0.5, 0.6, 0.5],
            "No layer pulls random pairs of words far apart: they score up to 0.600 on average "
            "(after layer 1 of 2), and 0.500 after the last layer. There “king” and",
        ),
    ],
)
def test_a_sentence_says_which_layers_pull_meaning_apart(means, said):
    summary = view_layers(comparison_of(means)).summary
    assert said in summary
    assert summary.endswith(
        f"score {means[-1] + 0.05:.3f}, higher than 82.0 % of these random pairs."
    )


def test_a_figure_of_layers_holds_the_pair_its_chance_and_the_band():
    low, high, mean, pair = view_layers(FALLING).figure.data
    assert list(low.x) == list(pair.x) == [0, 1, 2]
    assert list(pair.y) == [layer.similarity for layer in FALLING.layers]
    assert list(mean.y) == [layer.random_mean for layer in FALLING.layers]
    assert list(low.y) == [layer.random_low for layer in FALLING.layers]
    assert list(high.y) == [layer.random_high for layer in FALLING.layers]
    assert (low.fill, high.fill) == (None, "tonexty")
    assert (pair.line.color, mean.line.color) == (GREEN, GREY)
    assert list(pair.customdata) == ["80.0 %", "81.0 %", "82.0 %"]


def test_the_scale_of_similarities_holds_all_of_them():
    low, _ = view_layers(comparison_of([0.5, -0.2])).figure.layout.yaxis.range
    assert low <= -0.3


def test_of_many_layers_every_other_has_its_number():
    assert list(view_layers(comparison_of([0.5] * 25)).figure.layout.xaxis.tickvals) == list(
        range(0, 25, 2)
    )


def test_layers_and_tokens_are_listed():
    layers, tokens = view_layers(comparison_of([0.5, 0.2], tokens=("a", "b"))).tables
    assert layers.rows == ((0, 0.55, 0.5, "80.0 %"), (1, 0.25, 0.2, "81.0 %"))
    assert tokens.caption.startswith("Pairs of tokens that approach")
    assert tokens.rows == (("b", "queen", 0.0, 0.01), ("a", "queen", 0.0, 0.0))


def test_only_the_tokens_that_approach_most_are_listed():
    _, tokens = view_layers(comparison_of([0.5, 0.2], tokens=tuple("abcdefghijkl"))).tables
    assert len(tokens.rows) == MOST_TOKEN_PAIRS
    assert tokens.caption.startswith("The 10 pairs of tokens")
    assert tokens.rows[0][0] == "l"


@pytest.mark.parametrize(
    ("kind", "said"), [("words", "pairs of common words"), ("sentences", "pairs of sentences")]
)
def test_a_note_says_what_the_band_is_made_of(kind, said):
    assert said in view_layers(comparison_of([0.5, 0.2], kind=kind)).notes[0]


def context_of(groups=(0, 1, 0), layer=2, finds=(False, True, True), missing=()):
    texts = [f"at the {HOSTILE}", "No bank", "The Bank is closed"]
    starts = [text.lower().index("bank") for text in texts]
    similarities = np.array([[1, 0.1, 0.9], [0.1, 1, 0.3], [0.9, 0.3, 1]])
    count = len(groups) or 3
    return WordInContext(
        "bank",
        layer,
        tuple(
            Occurrence(n, text, ("bank",), start, start + 4)
            for n, (text, start) in enumerate(zip(texts, starts, strict=True))
        )[:count],
        missing,
        similarities[:count, :count],
        np.ones((count, count)),
        groups,
        tuple(
            LayerMean(n, 0.5 - n / 10, 0.6 if groups else None, 0.4 if groups else None, found)
            for n, found in enumerate(finds)
        ),
        np.eye(3)[:count],
    )


def test_the_heat_map_puts_those_of_a_group_together():
    figure = occurrences_figure(context_of())
    cells, without = figure.data
    assert np.array(cells.z) == pytest.approx(
        np.array([[1, 0.9, 0.1], [0.9, 1, 0.3], [0.1, 0.3, 1]])
    )
    assert np.array(without.z) == pytest.approx(np.ones((3, 3)))
    assert list(map(list, cells.text)) == [
        ["1", ".90", ".10"],
        [".90", "1", ".30"],
        [".10", ".30", "1"],
    ]
    assert list(figure.layout.xaxis.ticktext) == ["1", "3", "2"]
    assert figure.layout.yaxis.ticktext[1:] == ("3 The Bank is closed", "2 No bank")


@pytest.mark.parametrize(
    ("groups", "mean", "scale", "numbers"),
    [
        # The least alike pair, the mean of all pairs at the layer, and 1.
        ((0, 1, 0), 0.5, [0.1, 0.5, 1], [0.1, 0.5, 1]),
        # Their numbers have no room side by side.
        ((0, 1, 0), 0.3, [0.1, 0.3, 1], [0.3, 1]),
        # Where all are the same, there still is a colour for less.
        ((), 1, [0.94, 0.97, 1], [0.94, 0.97, 1]),
    ],
)
def test_the_heat_maps_are_white_at_the_mean_and_not_for_picking(groups, mean, scale, numbers):
    result = context_of(groups=groups)
    layers = [*result.by_layer[:2], replace(result.by_layer[2], mean=mean)]
    alike = np.ones((3, 3)) if mean == 1 else result.similarities
    figure = occurrences_figure(replace(result, by_layer=layers, similarities=alike))
    assert (figure.data[1].zmin, figure.data[1].zmax) == pytest.approx((scale[0], 1))
    assert list(figure.data[1].colorbar.tickvals) == pytest.approx(numbers)
    white = (scale[1] - scale[0]) / (1 - scale[0])
    places, colours = zip(*figure.data[0].colorscale, strict=True)
    assert places[colours.index("#f7f7f7")] == pytest.approx(white)
    assert (places[0], places[-1]) == (0, 1)
    assert figure.layout.meta is None


@pytest.mark.parametrize(
    "view", [view_layers(FALLING), view_word_in_context(context_of())], ids=["layers", "context"]
)
def test_what_was_typed_is_escaped_in_figures(view):
    assert not re.search("<(?!extra|/extra|br|span|b>|/b>)", str(view.figure.to_dict()))


def test_the_lines_by_layer_are_all_pairs_across_and_within():
    everything, across, within = view_context_by_layer(context_of()).figure.data
    assert list(everything.y) == pytest.approx([0.5, 0.4, 0.3])
    assert list(across.y) == [0.4] * 3
    assert list(within.y) == [0.6] * 3
    assert [line.line.color for line in (everything, across, within)] == [GREY, PURPLE, GREEN]


def test_sentences_are_listed_by_group_with_the_word_marked():
    (table,) = view_word_in_context(context_of()).tables
    assert [(row[0], row[2]) for row in table.rows] == [(1, 1), (3, 1), (2, 2)]
    assert table.rows[2][1] == "No bank"
    assert table.marked == ("Bank", "bank")


def test_the_mean_of_a_single_pair_is_not_explained():
    three = context_of(groups=(), finds=(False,) * 3)
    assert view_word_in_context(three).notes[0].startswith("White is the mean of all pairs")
    two = replace(
        three,
        occurrences=three.occurrences[:2],
        similarities=three.similarities[:2, :2],
        without_context=three.without_context[:2, :2],
    )
    view = view_word_in_context(two)
    assert view.notes[0].startswith("“Alone” compares the words as they enter the model")
    assert view.summary == (
        "After the last layer “bank” in one sentence and “bank” in the other score 0.300; alone, "
        "without their sentences, 1.000."
    )


def test_without_groups_nothing_is_said_of_them():
    result = context_of(groups=(), finds=(False,) * 3)
    view, by_layer = view_word_in_context(result), view_context_by_layer(result)
    assert view.summary == (
        "After the last layer “bank” in one sentence and “bank” in another score 0.300 on average; "
        "alone, without their sentences, 1.000."
    )
    assert by_layer.summary == (
        "Before the first layer the occurrences of “bank” score 0.500 with each other, after the "
        "last 0.300."
    )
    assert view.tables[0].headers == ("Number", "Sentence")
    assert by_layer.tables[0].rows == ((0, 0.5), (1, 0.4), (2, 0.3))
    assert len(by_layer.figure.data) == 1
    assert "group" not in "".join([*view.notes, *by_layer.notes])


def test_each_group_has_a_box():
    # In the order of the groups: sentences 1 and 3, and then sentence 2.
    boxes = view_word_in_context(context_of()).figure.layout.shapes
    assert [(box.x0, box.x1, box.y0, box.y1) for box in boxes] == [
        (-0.5, 1.5, -0.5, 1.5),
        (1.5, 2.5, 1.5, 2.5),
    ]
    assert not view_word_in_context(context_of(groups=())).figure.layout.shapes


def test_a_pair_that_contradicts_the_groups_is_named():
    assert note_contradiction(context_of()) == ""
    similarities = np.array([[1, 0.7, 0.5], [0.7, 1, 0.2], [0.5, 0.2, 1]])
    assert note_contradiction(replace(context_of(), similarities=similarities)) == (
        "Not every pair fits: sentences 1 and 2 are of different groups and score 0.700, while "
        "sentences 1 and 3 are of one group and score 0.500."
    )


@pytest.mark.parametrize(
    ("layer", "finds", "said", "is_caveat"),
    [
        (2, (False, True, True), "The same groups appear after each of the layers 1 to 2.", False),
        (2, (True, True, True), "Layer 0 has the same groups, where no context has been", True),
        (2, (True, False, True), "Layer 1 still puts them into other groups.", True),
        (0, (True, False, False), "Layer 0 has the same groups", True),
        (1, (False, True, False), "Layer 0 still puts them into other groups.", True),
    ],
)
def test_the_verdict_says_from_which_layer_on(layer, finds, said, is_caveat):
    result = context_of(layer=layer, finds=finds)
    assert said in view_context_by_layer(result).summary
    view = view_word_in_context(result)
    assert any(said in note for note in view.notes) == is_caveat
    summary = view.summary
    place = ("Before the first layer", "After layer 1 of 2", "After the last layer")[layer]
    assert summary.startswith(f"{place} the occurrences")
    assert "fall into two groups: sentences 1 and 3, and sentence 2." in summary
    assert "On average they score 0.600 within a group and 0.400 across." in summary
    assert summary.endswith("Read the sentences: are these two meanings of the word?")


@pytest.mark.parametrize(
    ("missing", "note"),
    [
        ((), ""),
        ((4,), "“bank” was not found in sentence 5, as far as the model reads."),
        ((4, 6), "“bank” was not found in sentences 5 and 7, as far as the model reads."),
    ],
)
def test_sentences_without_the_word_are_named(missing, note):
    assert view_word_in_context(context_of(missing=missing)).notes[-1] == note
