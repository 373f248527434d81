"""What people see of axes, of association tests and of occupations."""

import json

import pytest
from fakes import FakeEncoder

from embviz.analysis.axes import AxisPlane, LeftOutWord, Position, Projection, project
from embviz.analysis.vocabulary import encode_vocabulary
from embviz.views.axes import (
    axis_plane_figure,
    note_kept,
    note_without,
    strip_figure,
    summarise_projection,
    view_axis_plane,
    view_projection,
)

HOSTILE = "<b>bold</b><img src=x>"
SIZES = FakeEncoder(small=(1, 0), large=(0, 1), mouse=(4, 3), dog=(1, 1), elephant=(3, 4))
WORDS = encode_vocabulary(("small", "mouse", "dog", "elephant", "large"), SIZES)


def projected(texts, low=("small",), high=("large",)):
    return project(texts, low, high, SIZES, WORDS)


ANIMALS = projected(["elephant", "mouse", "dog"])


def made_up(**changes):
    """A projection as it could be, with what a test is about."""
    positions = (Position(1, 0, "ant", -0.1, 2.0), Position(2, 1, "whale", 0.2, 99.96))
    values = {
        "low": ("small",),
        "high": ("large",),
        "positions": positions,
        "kept": 0.08,
        "random_kept": 0.01,
        "common_quartiles": (-0.05, 0.05),
        "without": (),
        "truncated": (),
        "direction": [1.0, 0.0],
    }
    return Projection(**values | changes)


def test_the_sentence_names_the_ends_and_who_stands_there():
    sentence = summarise_projection(made_up(low=("small", "tiny", "little", "wee")))
    assert sentence == (
        "On the axis from “small”, “tiny”, “little” and 1 more to “large”, “ant” comes first and "
        "“whale” last. Of the common words, 2.0 % lie lower than the first and 99.9 % lower than "
        "the last."
    )


@pytest.mark.parametrize(
    ("kept", "random_kept", "said"),
    [
        (0.08, 0.01, "holds 8.0 % of what tells these texts apart"),
        (0.08, 0.01, "this one holds 8 times as much"),
        (0.015, 0.01, "differ mostly in other ways"),
        (0.0, 0.0, "all the same"),
    ],
)
def test_a_note_says_how_much_an_axis_holds(kept, random_kept, said):
    assert said in note_kept(made_up(kept=kept, random_kept=random_kept))


def test_a_note_says_which_word_an_order_hangs_on():
    without = (LeftOutWord("giant", "high", 0.5), LeftOutWord("small", "low", 0.9))
    note = note_without(made_up(without=without))
    assert "most on the word “giant”" in note
    assert "0.50" in note
    assert "one word only" in note_without(made_up())


def test_a_strip_has_a_row_a_text_from_low_to_high():
    (dots,) = strip_figure(ANIMALS).data
    assert dots.x == tuple(p.position for p in ANIMALS.positions)
    assert dots.y == (1, 2, 3)
    assert [text.strip() for text in dots.text] == ["mouse · 20 %", "dog · 40 %", "elephant · 60 %"]
    # Each label goes to the side where there is room.
    assert dots.textposition == ("middle right", "middle left", "middle left")


def test_a_strip_shows_the_ends_and_where_common_words_lie():
    figure = strip_figure(ANIMALS)
    assert [note.text for note in figure.layout.annotations] == [
        "<b>← small</b>",
        "<b>large →</b>",
    ]
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == ANIMALS.common_quartiles


def test_a_percentile_is_never_said_to_be_all():
    positions = (Position(1, 0, "ant", 0.1, 99.99), Position(2, 1, "whale", 0.2, 100.0))
    (dots,) = strip_figure(made_up(positions=positions)).data
    assert [text.strip() for text in dots.text] == ["ant · 99 %", "whale · > 99 %"]


def test_fifty_texts_have_room_for_a_label_each():
    positions = tuple(Position(i + 1, i, f"text {i}", i / 100, 50.0) for i in range(50))
    layout = strip_figure(made_up(positions=positions)).layout
    plot = layout.height - layout.margin.t - layout.margin.b
    top, bottom = layout.yaxis.range
    # A label of 13 pixels, with the scale and its title of three lines below.
    assert (plot - 60) / (top - bottom) >= 16


def test_texts_in_one_place_are_drawn_all_the_same():
    positions = (Position(1, 0, "ant", 0.0, 50.0), Position(2, 1, "bee", 0.0, 50.0))
    here = made_up(positions=positions, common_quartiles=(0.0, 0.0))
    low, high = strip_figure(here).layout.xaxis.range
    assert low < 0 < high
    low, high = axis_plane_figure(AxisPlane(here, here)).layout.yaxis.range
    assert low < 0 < high


def test_a_plane_has_each_text_where_both_axes_say():
    back = projected(["elephant", "mouse", "dog"], ["large"], ["small"])
    figure = axis_plane_figure(AxisPlane(ANIMALS, back))
    (dots,) = figure.data
    assert dots.text == ("elephant", "mouse", "dog")
    assert dots.x == pytest.approx((0.1414, -0.1414, 0), abs=1e-4)
    assert dots.y == pytest.approx((-0.1414, 0.1414, 0), abs=1e-4)
    assert figure.layout.xaxis.title.text == "small → large"
    assert figure.layout.yaxis.title.text == "large → small"
    # maps.js shows the labels that have room.
    assert figure.layout.meta == {"map": {"marked": 0}}


def test_a_plane_says_when_its_axes_are_hardly_two():
    back = projected(["elephant", "mouse", "dog"], ["large"], ["small"])
    same, turned = AxisPlane(ANIMALS, ANIMALS), AxisPlane(ANIMALS, back)
    assert "tends to lie high on the other" in view_axis_plane(same, max_tokens=10).notes[0]
    assert "tends to lie low on the other" in view_axis_plane(turned, max_tokens=10).notes[0]
    assert "cosine of −1.00" in view_axis_plane(turned, max_tokens=10).notes[0]


def test_tables_have_every_text_and_every_word_of_the_ends():
    view = view_projection(projected(["dog", "mouse"], ["small", "mouse"]), max_tokens=10)
    positions, without = view.tables
    assert [row[:2] for row in positions.rows] == [(1, "mouse"), (2, "dog")]
    assert {row[:2] for row in without.rows} == {("small", "low"), ("mouse", "low")}
    assert len(view_projection(ANIMALS, max_tokens=10).tables) == 1
    (table,) = view_axis_plane(AxisPlane(ANIMALS, ANIMALS), max_tokens=10).tables
    assert [row[0] for row in table.rows] == ["elephant", "mouse", "dog"]
    assert all(len(row) == len(table.headers) for row in table.rows)


def test_a_view_says_what_was_not_read():
    view = view_projection(projected(["dog", "a very long text"]), max_tokens=10)
    assert any("“a very long text” was ignored" in note for note in view.notes)
    plane = AxisPlane(
        projected(["dog", "a very long text"]), projected(["dog", "a very long text"])
    )
    assert any("“a very long text” was" in n for n in view_axis_plane(plane, max_tokens=10).notes)


def figures_of(text):
    projection = projected([text, "dog"], ["small", text], ["large", text])
    yield strip_figure(projection)
    yield axis_plane_figure(AxisPlane(projection, projection))


def test_no_figure_passes_on_markup_that_plotly_would_read():
    for figure in figures_of(HOSTILE):
        drawn = figure.to_json()
        assert "<b>bold" not in drawn
        assert "<img" not in drawn
        assert "&lt;b&gt;bold" in drawn


def test_every_figure_is_plain_json_on_no_background():
    for figure in figures_of("king"):
        assert "bdata" not in json.dumps(figure.to_plotly_json(), allow_nan=False)
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
