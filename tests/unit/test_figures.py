"""A figure shows the numbers of its result, each beside the right name, and nothing else."""

import json
import re

import numpy as np
import pytest
from fakes import FakeEncoder
from typed import compare_rankings

from embviz import compare, explain, search, similarity_matrix, solve
from embviz.analysis.baseline import KINDS, Baseline, Chance, find_position
from embviz.analysis.projection import map_texts, project_solution
from embviz.capabilities import plot_similarity_matrix
from embviz.evaluation.analogies import AnalogyTest, Section
from embviz.evaluation.datasets import RATING_SETS
from embviz.evaluation.human_ratings import HumanRatings, RatedPair
from embviz.evaluation.retrieval import JudgedQuery, RetrievalTest
from embviz.views.analogies import analogy_test_figure
from embviz.views.angle import angle_figure
from embviz.views.arithmetic import solve_figure
from embviz.views.attribution import explanation_figure
from embviz.views.baseline import position_figure
from embviz.views.canvas import LONGEST_LABEL, MOST_PRINTED_VALUES, wrapped
from embviz.views.colours import BLUE, COLOURS, GREEN, GREY, ORANGE, contrast
from embviz.views.human_ratings import human_ratings_figure
from embviz.views.odd_one_out import belonging_figure
from embviz.views.projection import map_figure
from embviz.views.rankings import rankings_figure
from embviz.views.retrieval import retrieval_test_figure
from embviz.views.search import search_figure
from embviz.views.similarity import compare_figure
from embviz.views.similarity_matrix import similarity_matrix_figure
from embviz.views.solution_plane import plane_figure

PURPLE_TO_GREEN, RED_TO_GREEN = COLOURS
COURT = FakeEncoder(king=(0, 1), male=(1, 0), female=(-1, 0), queen=(-1, 1), lady=(-1, 0.5))
HOSTILE = "<b>bold</b> & <img src=x onerror=alert(1)>"


def matrix_figure(texts, encoder=COURT, colours=PURPLE_TO_GREEN):
    return similarity_matrix_figure(similarity_matrix(texts, encoder), colours=colours)


def test_strips_hold_both_vectors(encoder):
    comparison = compare("king", "queen", encoder)
    figure = compare_figure(comparison)
    (strips,) = figure.data
    assert np.array(strips.z) == pytest.approx(np.array([comparison.vector_a, comparison.vector_b]))
    for name, tick in zip(("king", "queen"), figure.layout.yaxis.ticktext, strict=True):
        assert tick.endswith(f"</span> {name}")
    assert figure.layout.yaxis.autorange == "reversed"


def test_the_neutral_colour_of_the_strips_stands_for_zero(encoder):
    (strips,) = compare_figure(compare("king", "queen", encoder)).data
    assert strips.zmin == -strips.zmax
    assert strips.zmax == max(abs(value) for row in strips.z for value in row)


def test_map_holds_the_similarities_and_names_both_sides():
    texts = ["king", "queen", "male"]
    figure = matrix_figure(texts)
    cells, _ = figure.data
    assert np.array(cells.z) == pytest.approx(similarity_matrix(texts, COURT).similarities)
    assert figure.layout.xaxis.ticktext == figure.layout.yaxis.ticktext == tuple(texts)
    assert figure.layout.yaxis.autorange == "reversed"
    assert (cells.zmin, cells.zmax) == (-1, 1)
    assert list(cells.customdata[0][2]) == ["king", "male"]
    assert "%{customdata[0]}" in cells.hovertemplate
    assert "%{customdata[1]}" in cells.hovertemplate


def printed(figure, count):
    """The number in each cell and its colour, whichever of the two traces prints it."""
    numbers = {}
    for cells in figure.data:
        for row in range(count):
            for column in range(count):
                if cells.text[row][column]:
                    assert (row, column) not in numbers
                    numbers[row, column] = cells.text[row][column], cells.textfont.color
    return numbers


def test_map_prints_its_numbers_while_there_is_room():
    few = [f"word {n}" for n in range(MOST_PRINTED_VALUES)]
    assert len(printed(matrix_figure(few), len(few))) == MOST_PRINTED_VALUES**2
    many = matrix_figure([*few, "one more"])
    assert len(many.data) == 1
    assert many.data[0].texttemplate is None
    assert printed(matrix_figure(["queen", "male"]), 2)[0, 1][0] == "−0.71"


CHANCES = [None, Chance("words", 0.23, 0.07), Chance("sentences", -0.02, 0.5)]


@pytest.mark.parametrize("chance", CHANCES)
@pytest.mark.parametrize("colours", COLOURS)
def test_numbers_can_be_read_in_cells_of_every_colour(colours, chance):
    count = MOST_PRINTED_VALUES
    points = {f"w{i}": (np.cos(a), np.sin(a)) for i, a in enumerate(np.linspace(0, 3.1, count))}
    matrix = similarity_matrix(list(points), FakeEncoder(**points))
    figure = similarity_matrix_figure(matrix, colours=colours, chance=chance)
    numbers = printed(figure, count)
    assert len(numbers) == count**2
    cells = figure.data[0]
    for (row, column), (_, colour) in numbers.items():
        cell = colour_of(cells, cells.z[row][column])
        assert contrast(cell, colour) >= 4.5


def colour_of(cells, value):
    """The colour of a cell as Plotly mixes it."""
    place = (value - cells.zmin) / (cells.zmax - cells.zmin)
    places, stops = zip(*cells.colorscale, strict=True)
    channels = [
        np.interp(place, places, [int(stop[i : i + 2], 16) for stop in stops]) for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)


@pytest.mark.parametrize("colours", COLOURS)
def test_the_colour_in_the_middle_is_what_unrelated_texts_score(colours):
    def cells(*texts, chance):
        matrix = similarity_matrix(texts, COURT)
        return similarity_matrix_figure(matrix, colours=colours, chance=chance).data[0]

    chance = Chance("words", 0.23, 0.07)
    alike = cells("female", "lady", chance=chance)
    # Nothing is less alike than chance: the scale begins two standard deviations below it.
    assert (alike.zmin, alike.zmax) == (pytest.approx(0.09), 1)
    assert colour_of(alike, 0.23) == COLOURS[colours][3]
    assert colour_of(alike, 1) == COLOURS[colours][-1]
    opposite = cells("male", "lady", chance=chance)
    assert opposite.zmin == pytest.approx(-2 / 5**0.5)
    assert colour_of(opposite, opposite.zmin) == COLOURS[colours][0]
    assert colour_of(opposite, 0.23) == COLOURS[colours][3]
    for scale in (alike, opposite):
        # Plotly takes no other scale.
        assert (scale.colorscale[0][0], scale.colorscale[-1][0]) == (0, 1)
    assert colour_of(cells("male", "lady", chance=None), 0) == COLOURS[colours][3]


def test_the_page_says_what_the_colour_in_the_middle_stands_for(service, lesson):
    view = plot_similarity_matrix(service, list(lesson.similarity.words))
    assert "White stands for what unrelated words score on average: 0.23." in view.notes
    view = plot_similarity_matrix(service, ["a, b", "c, d"], colours="red-green")
    assert view.notes[0].startswith(
        "Pale yellow stands for what unrelated sentences score on average: "
    )


def test_map_has_the_colours_that_were_chosen():
    for name, colours in COLOURS.items():
        scale = matrix_figure(["king", "queen"], colours=name).data[0].colorscale
        assert [colour for _, colour in scale] == colours


def test_bars_of_a_solution_fall_from_the_top_with_the_inputs_in_grey():
    solution = solve("king - male + female", ["queen", "lady"], COURT)
    figure = solve_figure(solution)
    (bars,) = figure.data
    assert figure.layout.yaxis.ticktext == (
        "lady",
        "queen",
        "female (input)",
        "king (input)",
        "male (input)",
    )
    shown = {m.text: m.similarity for m in (*solution.matches, *solution.excluded)}
    assert bars.x == pytest.approx([shown[n] for n in ("lady", "queen", "female", "king", "male")])
    assert bars.marker.color == (GREEN, GREEN, GREY, GREY, GREY)
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_histogram_holds_the_shares_and_marks_the_pair(baseline):
    position = find_position("king", "queen", 0.68, baseline)
    figure = position_figure(position)
    (bars,) = figure.data
    edges, shares = position.histogram
    assert bars.y == pytest.approx(100 * shares)
    assert sum(bars.width) == pytest.approx(edges[-1] - edges[0])
    (line,) = figure.layout.shapes
    assert line.x0 == line.x1 == 0.68
    assert "random pairs of words" in figure.layout.xaxis.title.text


def test_the_mark_of_a_pair_that_rounds_to_zero_has_no_sign():
    scores = {kind: np.linspace(-1, 1, 101) for kind in KINDS}
    position = find_position("king", "queen", -0.0004, Baseline(scores))
    (mark,) = position_figure(position).layout.annotations
    assert mark.text == "this pair: 0.000"


@pytest.mark.parametrize(
    ("text_a", "text_b"), [("king", "queen"), ("king", "male"), ("male", "lady")]
)
def test_angle_is_drawn_true(text_a, text_b):
    comparison = compare(text_a, text_b, COURT)
    figure = angle_figure(comparison)
    arrows = [a for a in figure.layout.annotations if a.showarrow is None]
    (ax, ay), (bx, by) = ((a.x - a.ax, a.y - a.ay) for a in arrows)
    assert np.hypot(ax, ay) == pytest.approx(1)
    assert np.hypot(bx, by) == pytest.approx(1)
    angle = np.degrees(np.arctan2(by, bx) - np.arctan2(ay, ax))
    assert angle == pytest.approx(comparison.angle_degrees)
    assert figure.layout.yaxis.scaleanchor == "x"
    assert [a.arrowcolor for a in arrows] == [BLUE, ORANGE]


def test_products_sum_to_the_similarity(encoder):
    comparison = compare("king", "queen", encoder)
    products = angle_figure(comparison).data[1]
    assert len(products.y) == 384
    assert sum(products.y) == pytest.approx(comparison.similarity, abs=1e-6)
    for (a, b), product in zip(products.customdata, products.y, strict=True):
        assert a * b == pytest.approx(product)


def test_explanation_holds_the_contributions_with_nothing_in_the_middle(encoder):
    explanation = explain("king", "ice cream", encoder)
    figure = explanation_figure(explanation)
    (cells,) = figure.data
    assert np.array(cells.z) == pytest.approx(explanation.contributions)
    assert figure.layout.yaxis.ticktext == explanation.tokens_a
    assert figure.layout.xaxis.ticktext == explanation.tokens_b
    assert cells.zmin == -cells.zmax


def test_plane_is_drawn_to_scale_with_its_arrows(encoder):
    solution = solve("king - male + female", ["queen"], encoder)
    plane = project_solution(solution, encoder)
    figure = plane_figure(plane)
    (dots,) = figure.data
    assert list(zip(dots.x, dots.y, strict=True)) == [(p.x, p.y) for p in plane.points]
    assert figure.layout.yaxis.scaleanchor == "x"
    first, second = figure.layout.annotations
    assert (first.x - first.ax, first.y - first.ay) == pytest.approx(
        (second.x - second.ax, second.y - second.ay), abs=1e-6
    )
    # In the plane the largest dots, off it smaller ones.
    assert dots.marker.size[:4] == pytest.approx([18] * 4)
    assert dots.marker.size[4] < 18
    assert dots.marker.color == (BLUE, BLUE, BLUE, GREEN, GREY)


def map_points(figure):
    """The points of a map by their position, which is what a test knows of them."""
    (dots,) = figure.data
    return {(x, y): i for i, (x, y) in enumerate(zip(dots.x, dots.y, strict=True))}


def test_map_rings_the_worst_and_names_true_neighbours(encoder, lesson):
    words = lesson.similarity.words
    text_map = map_texts(words, encoder)
    figure = map_figure(text_map)
    (dots,) = figure.data
    points = map_points(figure)
    places = [points[tuple(place)] for place in text_map.positions]
    assert [dots.text[place] for place in places] == list(words)
    assert [i for i, place in enumerate(places) if dots.marker.line.width[place]] == sorted(
        text_map.worst
    )
    assert dots.customdata[places[words.index("car")]].startswith(
        "car<br>Nearest in the model: vehicle,<br>motorcycle"
    )
    assert set(dots.marker.color) == {BLUE}


def test_the_most_important_points_of_a_map_come_last_and_so_lie_on_top(encoder, lesson):
    words = lesson.similarity.words
    text_map = map_texts(words, encoder)
    rest = [word for i, word in enumerate(words) if i not in text_map.worst]
    first = [words[i] for i in text_map.worst]
    figure = map_figure(text_map)
    assert list(figure.data[0].text) == [*first, *rest][::-1]
    assert figure.layout.meta == {"map": {"marked": len(first)}}


def test_a_map_of_a_search_marks_query_and_hits(encoder, lesson):
    text_map = map_texts(["oceans", *lesson.search.documents], encoder)
    figure = map_figure(text_map, hits=[7, 3])
    (dots,) = figure.data
    assert dots.text[-1] == "oceans"
    assert [text[:3] for text in dots.text[-3:-1]] == ["2. ", "1. "]
    assert dots.text[-2][3:10] == lesson.search.documents[6][:7]
    assert dots.marker.color[-3:] == (GREEN, GREEN, BLUE)
    assert set(dots.marker.color[:-3]) == {GREY}
    assert dots.marker.symbol[-1] == "diamond"
    assert dots.customdata[-1].startswith("Query: oceans<br>")
    assert dots.customdata[-2].startswith(f"Rank 1: {lesson.search.documents[6][:10]}")


def test_a_map_says_in_words_what_its_symbols_stand_for(encoder, lesson):
    def legend(**options):
        (note,) = map_figure(text_map, **options).layout.annotations
        return re.sub("<br>|<.*?>", " ", note.text)

    text_map = map_texts(["oceans", *lesson.search.documents], encoder)
    for meaning in ("◆  query", "best documents, with rank", "other documents", "ringed: wrong"):
        assert meaning in legend(hits=[7, 3])
    assert "best" not in legend(hits=[])
    assert "word" in legend()
    assert "query" not in legend()


def test_a_map_can_be_zoomed_and_is_drawn_to_scale(encoder, lesson):
    layout = map_figure(map_texts(lesson.similarity.words, encoder)).layout
    assert (layout.dragmode, layout.xaxis.fixedrange, layout.yaxis.fixedrange) == (
        "pan",
        False,
        False,
    )
    assert layout.yaxis.scaleanchor == "x"


def test_a_hover_box_is_no_wider_than_a_phone_and_some_lines_high():
    def lines(text, **options):
        return wrapped(text, **options).split("<br>")

    assert lines("one two") == ["one two"]
    assert lines("") == [""]
    for text in ("word " * 2_000, "letters" * 2_000, "深度学习" * 500, "🌊" * 500):
        assert len(lines(text)) == 5
        assert lines(text)[-1].endswith("…")
        assert max(map(len, lines(text))) <= (40 if text.isascii() else 20)
    assert len(lines("word " * 2_000, lines=3)) == 3
    assert lines("a & <b>" * 1) == ["a &amp; &lt;b&gt;"]
    assert "".join(lines("exactly " * 20)).replace(" ", "") == "exactly" * 20


def test_every_figure_has_a_hover_box_that_can_be_read():
    for figure in figures_of("king"):
        hover = figure.layout.hoverlabel
        assert contrast(hover.font.color, hover.bgcolor) > 7


def test_bars_have_room_for_negative_similarities():
    solution = solve("king - male + female", ["male"], COURT)
    low, high = solve_figure(solution).layout.xaxis.range
    assert low < solution.excluded[-1].similarity - 0.1
    assert high > 1.1


def test_a_solution_without_matches_is_drawn_all_the_same():
    assert len(solve_figure(solve("king", ["king"], COURT)).data[0].x) == 1


def test_bars_of_a_search_stand_under_their_titles():
    result = search("king", ["queen", "lady"], COURT)
    figure = search_figure(result)
    assert figure.data[0].x == pytest.approx([hit.score for hit in result.matches])
    titles = [(title.y, title.text) for title in figure.layout.annotations]
    assert [text for _, text in sorted(titles)] == ["queen", "lady"]


def figures_of(text):
    yield compare_figure(compare(text, "king", COURT))
    yield matrix_figure([text, "king"])
    yield solve_figure(solve(text, ["king"], COURT))
    yield search_figure(search("king", [text], COURT))
    yield angle_figure(compare(text, "king", COURT))
    yield plane_figure(project_solution(solve(f"{text} + lady", ["queen"], COURT), COURT))
    compass = FakeEncoder(**{f"w{i}": (i, 1) for i in range(7)})
    yield map_figure(map_texts([text, *compass.points], compass))


def test_no_figure_passes_on_markup_that_plotly_would_read():
    for figure in figures_of(HOSTILE):
        # Who handles a click gets the texts as they are; it is not drawn.
        figure.layout.meta = None
        drawn = json.dumps(figure.to_plotly_json())
        assert "<b>" not in drawn
        assert "<img" not in drawn
        assert "&lt;b&gt;bold" in drawn


def test_quotes_are_drawn_as_they_are():
    for figure in figures_of("""rock 'n' "roll" """):
        assert "&quot;" not in json.dumps(figure.to_plotly_json())
        assert "&#x27;" not in json.dumps(figure.to_plotly_json())


def test_every_figure_is_plain_json():
    for figure in figures_of("king"):
        plain = json.dumps(figure.to_plotly_json(), allow_nan=False)
        assert "bdata" not in plain


def test_a_long_text_is_a_short_label():
    label = matrix_figure(["long " * 50, "king"]).layout.xaxis.ticktext[0]
    assert len(label) <= LONGEST_LABEL
    assert label.endswith("…")


def test_alike_and_unlike_look_different_to_the_colour_blind():
    """Opposite colours of the default scale stay apart, which those of the lesson's do not.

    In linear RGB, simulated after Viénot, Brettel & Mollon (1999).
    """
    assert min(_colour_blind_differences(PURPLE_TO_GREEN)) > 0.1
    assert min(_colour_blind_differences(RED_TO_GREEN)) < 0.1


def _colour_blind_differences(colours):
    scale = [np.array(_linear_rgb(colour)) for colour in COLOURS[colours]]
    for low, high in zip(scale[:3], scale[:-4:-1], strict=True):
        for simulation in (PROTANOPE, DEUTERANOPE):
            yield np.abs(simulation @ low - simulation @ high).max()


PROTANOPE = np.array([[0.1124, 0.8876, 0], [0.1124, 0.8876, 0], [0.004, -0.004, 1]])
DEUTERANOPE = np.array([[0.2928, 0.7072, 0], [0.2928, 0.7072, 0], [-0.0223, 0.0223, 1]])


def _linear_rgb(colour):
    values = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]


def test_bars_of_belonging_end_with_the_odd_one_out():
    texts = ["king", "queen", "male"]
    figure = belonging_figure(similarity_matrix(texts, COURT))
    (bars,) = figure.data
    # king: (0.707 + 0) / 2, queen: (0.707 - 0.707) / 2, male: (0 - 0.707) / 2.
    assert bars.x == pytest.approx([0.354, 0, -0.354], abs=1e-3)
    assert list(figure.layout.yaxis.ticktext) == texts
    assert list(bars.marker.color) == [BLUE, BLUE, ORANGE]


def test_scatters_of_ratings_mark_the_typed_pair():
    pairs = (RatedPair("sea", "<b>", 9.0, 0.5, 0.1), RatedPair("sea", "land", 1.0, 0.2, -0.1))
    names = ("wordsim353", "simlex999")
    ratings = [HumanRatings(RATING_SETS[name], 1.0, pairs) for name in names]
    figure = human_ratings_figure(ratings, "land", "Sea")
    everything, typed, *_ = figure.data
    assert len(figure.data) == 4
    assert sorted(zip(everything.x, everything.y, strict=True)) == [(1.0, 0.2), (9.0, 0.5)]
    assert ["sea", "&lt;b&gt;"] in list(map(list, everything.customdata))
    assert (typed.x, typed.y, typed.marker.color) == ((1.0,), (0.2,), ORANGE)
    assert "related" in figure.layout.xaxis.title.text
    assert "similar" in figure.layout.xaxis2.title.text


def test_bars_of_the_analogy_test_are_shares_in_percent():
    first = Section("gram1-first", 2, 0.1, 0.6, 0.5)
    figure = analogy_test_figure(AnalogyTest((first,), Section("overall", 2, 0, 1, 0.25), 4, 0.8))
    assert [bars.name for bars in figure.data] == [
        "input words kept in",
        "input words left out",
        "no arithmetic",
    ]
    assert [bars.x for bars in figure.data] == [(0, 10), (100, 60), (25, 50)]
    assert figure.data[0].y == ("overall", "first")


@pytest.mark.parametrize(
    ("method", "best"), [("semantic", 1), ("keyword", None), ("fused", 2 / 61)]
)
def test_scale_of_a_search_ends_at_the_best_score_there_can_be(method, best):
    result = search("queen", ["lady", "queen", "king"], COURT, method=method)
    figure = search_figure(result)
    best = best or result.matches[0].score
    assert figure.layout.xaxis.range == pytest.approx((0, 1.15 * best))


def test_a_search_that_found_nothing_is_drawn_without_bars():
    figure = search_figure(search("queen", ["lady"], COURT, method="keyword"))
    assert len(figure.data[0].x) == 0


def test_lines_go_from_rank_to_rank():
    comparison = compare_rankings("lady luck", ["luck", "lady", "queen"], COURT, top_k=2)
    figure = rankings_figure(comparison)
    ranks = {line.customdata[0][0]: line.y for line in figure.data}
    for index, text in enumerate(["luck", "lady", "queen"]):
        known = comparison.ranks(index)
        if any(known):
            assert ranks[text] == tuple(rank or 3 for rank in known)


def test_every_query_has_a_mark_for_every_method():
    judged = JudgedQuery(
        "<b>", frozenset({0}), {"semantic": 1, "keyword": 0, "fused": 0.5}, {"semantic": 1}
    )
    figure = retrieval_test_figure(RetrievalTest((judged,), 3))
    assert [(marks.name, marks.x) for marks in figure.data] == [
        ("By meaning", (1,)),
        ("By keywords", (0,)),
        ("By both", (0.5,)),
    ]
    assert figure.layout.yaxis.ticktext == ("&lt;b&gt;",)
