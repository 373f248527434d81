"""What people see of several models: numbers beside the right names, failures in words."""

import json
from itertools import product

import numpy as np
import pytest
from fakes import FakeEncoder

from embviz.analysis.arithmetic import Match
from embviz.analysis.baseline import KINDS, Baseline
from embviz.analysis.model_comparison import (
    ModelAnswers,
    UnavailableModel,
    compare_by_model,
    measure_agreement,
)
from embviz.analysis.search import Hit
from embviz.evaluation.analogies import Section
from embviz.evaluation.leaderboard import UNTRAINED, Leaderboard, ModelResults
from embviz.views.colours import BLUE, GREEN, GREY, MODEL_COLOUR, ORANGE, PURPLE
from embviz.views.heatmap_pair import MOST_PRINTED_IN_PAIR
from embviz.views.leaderboard import leaderboard_figure, view_leaderboard
from embviz.views.model_agreement import model_agreement_figure, view_model_agreement
from embviz.views.model_answers import view_model_answers
from embviz.views.model_comparison import model_comparison_figure, view_model_comparison

HOSTILE = "<b>bold</b> & <img src=x onerror=alert(1)>"
LOW = Baseline({kind: np.linspace(-0.2, 0.6, 200, dtype=np.float32) for kind in KINDS})
HIGH = Baseline({kind: np.linspace(0.6, 0.99, 200, dtype=np.float32) for kind in KINDS})
# cos 45° and cos 30°.
COURT = FakeEncoder(king=(0, 1), queen=(1, 1))
OTHER = FakeEncoder(king=(0, 1), queen=(0.5, 0.75**0.5))
FAILED = UnavailableModel("remote", "Remote", "The model cannot be reached: try again later.")


def compared(encoder=COURT, baseline=LOW, name="MiniLM", texts=("king", "queen")):
    return compare_by_model(name.lower(), name, encoder, baseline, *texts)


BOTH = [compared(), FAILED, compared(OTHER, HIGH, "Untrained")]


def test_models_are_compared_by_percentiles_not_by_similarities():
    summary = view_model_comparison(BOTH).summary
    assert "between 0.707 (MiniLM) and 0.866 (Untrained)" in summary
    assert "cannot be compared" in summary
    assert "from 68.0 % (Untrained) to at least 99.9 % (MiniLM)" in summary
    assert "random pairs of words" in summary


def test_models_that_say_the_same_are_named_together():
    assert "at least 99.9 % with each." in view_model_comparison([compared()] * 2).summary


def test_one_model_is_not_compared_with_itself():
    summary = view_model_comparison([FAILED, compared()]).summary
    assert summary == (
        "To MiniLM the similarity of “king” and “queen” is 0.707, higher than that of at least "
        "99.9 % of random pairs of words."
    )


def test_table_of_a_pair_has_failures_in_words():
    (table,) = view_model_comparison(BOTH).tables
    assert table.headers == ("Model", "Similarity", "Random pairs below", "Remark")
    assert table.rows == (
        ("MiniLM", 0.707, "at least 99.9 %", None),
        ("Remote", None, None, FAILED.error),
        ("Untrained", 0.866, "68.0 %", None),
    )


def test_without_failures_there_is_no_column_for_them():
    (table,) = view_model_comparison([compared()]).tables
    assert table.headers == ("Model", "Similarity", "Random pairs below")
    assert table.rows == (("MiniLM", 0.707, "at least 99.9 %"),)


def test_texts_that_a_model_cannot_read_are_remarked():
    class Blind(FakeEncoder):
        def unknown(self, texts):
            return tuple(texts)

    (table,) = view_model_comparison([compared(Blind())]).tables
    assert table.rows[0][3].startswith("The model has no token for “king” and “queen”")


def test_who_does_not_read_to_the_end_is_named():
    rows = [compared(texts=("king", "a queen and more")), FAILED]
    assert "These models did not read the texts to the end: MiniLM." in (
        view_model_comparison(rows).notes
    )
    assert "" in view_model_comparison(BOTH).notes


def test_each_model_has_a_row_with_its_own_random_pairs_and_this_pair():
    figure = model_comparison_figure(BOTH)
    bars, line, other_bars, other_line = figure.data
    assert (bars.base, other_bars.base) == (0, 1)
    assert (line.x, other_line.x) == (
        pytest.approx([0.5**0.5] * 2),
        pytest.approx([0.75**0.5] * 2),
    )
    assert (min(bars.x) < -0.15, min(other_bars.x) > 0.59) == (True, True)
    # Shares of all random pairs, in percent, whatever the height of the bars.
    assert (sum(bars.customdata), sum(other_bars.customdata)) == pytest.approx((100, 100))
    assert max(bars.customdata) * min(bars.y) == pytest.approx(-0.6 * max(bars.customdata))
    assert (bars.marker.color, line.line.color) == (GREY, GREEN)
    assert [annotation.text for annotation in figure.layout.annotations] == [
        "<b>MiniLM</b>  0.707, above 99.9 %",
        "<b>Untrained</b>  0.866, above 68.0 %",
    ]
    low, high = figure.layout.xaxis.range
    assert (low, high) == (pytest.approx(-0.25, abs=0.01), 1.05)


def test_the_scale_reaches_as_far_down_as_the_pair():
    far = FakeEncoder(king=(0, 1), queen=(0, -1))
    assert model_comparison_figure([compared(far)]).layout.xaxis.range[0] == -1.05


AGREEMENT_TEXTS = ["king", "queen", "lady"]
EVEN = Baseline({kind: np.arange(100) / 100 + 0.005 for kind in KINDS})
VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 1]])
SWAPPED = VECTORS[[1, 0, 2]]


def agreement(texts=AGREEMENT_TEXTS, vectors=(VECTORS, SWAPPED)):
    return measure_agreement(texts, *vectors, EVEN, EVEN)


def test_agreement_is_put_into_words():
    # The first: .6, 0, .8. The second: .6, .8, 0.
    view = view_model_agreement(agreement(), "MiniLM", "Other")
    assert view.summary == (
        "MiniLM and Other disagree most on the pair “king” and “lady”: it scores higher than 0.0 % "
        "of random pairs with MiniLM, and higher than 80.0 % with Other."
    )
    assert view.numbers == {"Spearman": "−1.00", "shared neighbours": "0.0 %", "CKA": "0.17"}
    spearman, overlap, cka, _ = view.notes
    assert spearman.startswith("Spearman −1.00: ")
    assert "all 3 pairs" in spearman
    assert "names the nearest neighbour of every text" in overlap
    assert "Chance alone would give 50.0 %" in overlap
    assert cka.startswith("CKA 0.17: ")


def test_models_that_agree_disagree_on_nothing():
    view = view_model_agreement(agreement(vectors=(VECTORS, VECTORS)), "MiniLM", "MiniLM")
    assert (
        view.summary == "MiniLM and MiniLM agree on every pair: as many random pairs score lower."
    )


def test_table_of_disputed_pairs_has_both_percentiles():
    (table,) = view_model_agreement(agreement(), "MiniLM", "Other").tables
    assert table.headers == ("Text A", "Text B", "MiniLM", "Other")
    assert table.rows[0] == ("king", "lady", "0.0 %", "80.0 %")
    assert {row[:2] for row in table.rows[1:]} == {("queen", "lady"), ("king", "queen")}


def test_heat_maps_show_both_models_on_one_scale():
    figure = model_agreement_figure(agreement(), "MiniLM", HOSTILE)
    one, other = figure.data
    assert one.z == ([100, 60, 0], [60, 100, 80], [0, 80, 100])
    assert other.z == ([100, 60, 80], [60, 100, 0], [80, 0, 100])
    assert one.text[0] == ["", "60", "0"]
    for heatmap in (one, other):
        assert (heatmap.zmin, heatmap.zmax) == (0, 100)
    assert [heatmap.showscale for heatmap in (one, other)] == [False, True]
    titles = [annotation.text for annotation in figure.layout.annotations]
    assert titles == ["<b>MiniLM</b>", "<b>&lt;b&gt;bold&lt;/b&gt; &amp; &lt;…</b>"]
    assert figure.layout.yaxis.ticktext == tuple(AGREEMENT_TEXTS)


@pytest.mark.parametrize("more", [0, 1])
def test_numbers_are_printed_where_there_is_room(more):
    count = MOST_PRINTED_IN_PAIR + more
    vectors = np.random.default_rng(0).normal(size=(count, 4))
    figure = model_agreement_figure(
        agreement([f"w{n}" for n in range(count)], (vectors, vectors)), "A", "B"
    )
    assert [bool(heatmap.text) for heatmap in figure.data] == [not more] * 2
    assert figure.layout.xaxis.showticklabels == (not more)


def answered(name, *texts, ndcg=None):
    matches = tuple(Match(n, text, 0.5, 0.5) for n, text in enumerate(texts, 1))
    return ModelAnswers(name.lower(), name, matches, ndcg)


@pytest.mark.parametrize(
    ("first", "summary"),
    [
        ([], "No model gave an answer. The table says why."),
        (["queen"], "One model could be asked. It puts “queen” first."),
        (["queen", "lady"], "The 2 models do not agree: each puts another text first."),
        (
            ["queen", "queen"],
            "All 2 models put “queen” first. That they agree does not make it right: most models "
            "learnt from similar texts.",
        ),
        (
            ["lady", "queen", "queen"],
            "2 of 3 models put “queen” first. The others name another text.",
        ),
        (
            ["queen", "queen", "lady", "man"],
            "2 of 4 models put “queen” first. The others name 2 other texts.",
        ),
    ],
)
def test_sentence_says_how_many_models_give_the_same_answer(first, summary):
    rows = [answered(f"M{n}", text) for n, text in enumerate(first)]
    assert view_model_answers([FAILED, *rows]).summary == summary


def test_table_of_answers_has_the_first_three_of_each_model():
    rows = [answered("MiniLM", "queen", "lady", "man", "boy"), answered("Untrained", "kind")]
    (table,) = view_model_answers(rows).tables
    assert table.headers == ("Model", "1st", "2nd", "3rd")
    assert table.rows == (
        ("MiniLM", "queen", "lady", "man"),
        ("Untrained", "kind", None, None),
    )


def test_table_of_answers_to_a_query_has_ndcg_and_failures():
    hits = (Hit(1, 3, "BERT", 0.5), Hit(2, 0, "Deep Learning", 0.4))
    view = view_model_answers([ModelAnswers("a", "MiniLM", hits, 0.91234), FAILED])
    (table,) = view.tables
    assert table.headers == ("Model", "1st", "2nd", "3rd", "nDCG@10", "Remark")
    assert table.rows == (
        ("MiniLM", "BERT", "Deep Learning", None, 0.912, None),
        ("Remote", None, None, None, None, FAILED.error),
    )
    assert view.notes[0].endswith("MiniLM has the highest: 0.912.")
    assert view_model_answers([FAILED]).notes == ("",)


def results(name, family, wordsim, simlex, right, ndcg):
    section = Section("overall", 100, 0.1, right, 0.5)
    ratings = {"wordsim353": wordsim, "simlex999": simlex}
    return ModelResults(name.lower(), name, family, 384, ratings, section, ndcg, 2.34)


TRAINED = results("MiniLM", "transformer", 0.729, 0.446, 0.656, 0.91)
STATIC = results("WordLlama", "static", 0.6, 0.5, 0.4, 0.8)
FLOOR = results("Untrained", UNTRAINED, -0.01, 0.02, 0.03, 0.4)


def test_leaderboard_names_the_best_and_the_floor():
    summary = view_leaderboard(Leaderboard((TRAINED, FAILED, STATIC, FLOOR))).summary
    assert summary == (
        "The best in each test: MiniLM (WordSim-353, 0.73), WordLlama (SimLex-999, 0.50), MiniLM "
        "(Analogies, 0.66) and MiniLM (Search, 0.91). Untrained has random weights and has learnt "
        "nothing. It reaches −0.01 (WordSim-353), 0.02 (SimLex-999), 0.03 (Analogies) and 0.40 "
        "(Search): texts that share words, or pieces of words, get similar vectors even from it. "
        "This is the floor: only what another model reaches above it comes from training."
    )


def test_leaderboard_of_any_models_has_its_words():
    rows = (TRAINED, FAILED, STATIC, FLOOR)
    for chosen in product([False, True], repeat=4):
        leaderboard = Leaderboard(
            tuple(row for row, wanted in zip(rows, chosen, strict=True) if wanted)
        )
        view = view_leaderboard(leaderboard)
        assert ("No model could be tested" in view.summary) == (not leaderboard.tested)
        assert ("This is the floor" in view.summary) == (FLOOR in leaderboard.rows)
        assert ("The best in each test" in view.summary) == (len(leaderboard.tested) > 1)
        assert (view.figure is None) == (not leaderboard.tested)
        (table,) = view.tables
        assert ("Remark" in table.headers) == (FAILED in leaderboard.rows)
        assert all(len(row) == len(table.headers) for row in table.rows)


def test_leaderboard_table():
    (table,) = view_leaderboard(Leaderboard((TRAINED, FAILED))).tables
    assert table.headers == (
        "Model", "WordSim-353", "SimLex-999", "Analogies, inputs left out", "Inputs kept in",
        "No arithmetic", "Search, nDCG@10", "Dimension", "ms per text", "Remark",
    )  # fmt: skip
    assert table.rows == (
        ("MiniLM", 0.729, 0.446, "65.6 %", "10.0 %", "50.0 %", 0.91, 384, "2.3", None),
        ("Remote", *[None] * 8, FAILED.error),
    )


def test_leaderboard_figure_has_a_row_a_model_and_the_floor_under_each_bar():
    figure = leaderboard_figure(Leaderboard((TRAINED, FAILED, FLOOR)))
    bars, numbers, floors = figure.data[::3], figure.data[1::3], figure.data[2::3]
    reached = [(0.729, -0.01), (0.446, 0.02), (0.656, 0.03), (0.91, 0.4)]
    assert [bar.x for bar in bars] == reached
    assert [floor.x for floor in floors] == [(of_floor,) * 2 for _, of_floor in reached]
    assert (numbers[0].text, numbers[0].x) == ((" 0.73", " −0.01"), (0.729, 0))
    for bar in bars:
        assert bar.marker.color == (MODEL_COLOUR, GREY)
    assert len(leaderboard_figure(Leaderboard((TRAINED,))).data) == 2 * len(reached)


def test_models_have_a_colour_of_their_own():
    assert MODEL_COLOUR not in {BLUE, ORANGE, GREEN, GREY, PURPLE}


def figures_of(text, name):
    yield model_comparison_figure([compared(name=name, texts=(text, "king"))])
    yield model_agreement_figure(agreement([text, "king", "queen"]), name, name)
    yield leaderboard_figure(Leaderboard((results(name, UNTRAINED, 0.1, 0.2, 0.3, 0.4),)))


def test_no_figure_passes_on_markup_that_plotly_would_read():
    for figure in figures_of(HOSTILE, HOSTILE):
        # Not as Plotly's own JSON, which has no < at all.
        drawn = json.dumps(figure.to_plotly_json())
        assert "<b>bold" not in drawn
        assert "<img" not in drawn
        assert "&lt;b&gt;bold" in drawn


def test_every_figure_is_plain_json():
    for figure in figures_of("king", "MiniLM"):
        plain = json.dumps(figure.to_plotly_json(), allow_nan=False)
        assert "bdata" not in plain


@pytest.mark.parametrize("draw", ["pair", "leaderboard"])
def test_figures_grow_with_the_models(draw):
    def height(count):
        if draw == "pair":
            return model_comparison_figure([compared()] * count).layout.height
        return leaderboard_figure(Leaderboard((TRAINED,) * count)).layout.height

    assert height(20) - height(10) == 10 * (height(2) - height(1)) >= 400


def test_a_model_that_cannot_be_asked_is_no_figure():
    assert view_model_comparison([FAILED]).figure is None
    assert view_model_comparison([FAILED]).summary == "No model could be asked. The table says why."
    assert view_model_comparison([]).figure is None
