"""What people see of axes, of association tests and of occupations."""

import csv
import json
from dataclasses import replace

import pytest
from fakes import FakeEncoder

from embviz.analysis.axes import AxisPlane, LeftOutWord, Position, Projection, project
from embviz.analysis.model_comparison import UnavailableModel
from embviz.analysis.vocabulary import encode_vocabulary
from embviz.evaluation.association import (
    AssociationTestId,
    ModelAssociation,
    read_association_tests,
    take_association_test,
)
from embviz.evaluation.occupations import Occupation, Occupations
from embviz.views.association import (
    association_csv,
    association_figure,
    explain_p_value,
    view_association,
)
from embviz.views.association_by_model import view_association_by_model
from embviz.views.axes import (
    axis_plane_figure,
    note_kept,
    note_without,
    projection_csv,
    strip_figure,
    summarise_projection,
    view_axis_plane,
    view_projection,
)
from embviz.views.occupations import occupations_figure, view_occupations

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
        "“whale” last: “ant” lies higher than 2.0 % of the common words, “whale” higher than "
        "99.9 %."
    )


@pytest.mark.parametrize(
    ("kept", "random_kept", "said"),
    [
        (0.08, 0.01, "holds 8.0 % of their differences"),
        (0.08, 0.01, "this one holds 8 times as much"),
        (0.015, 0.01, "says little about them"),
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
    assert "only one word" in note_without(made_up())


def test_a_strip_has_a_row_a_text_from_low_to_high():
    (dots,) = strip_figure(ANIMALS).data
    assert dots.x == tuple(p.position for p in ANIMALS.positions)
    assert dots.y == (1, 2, 3)
    assert [text.strip() for text in dots.text] == [
        "mouse · 20.0 %",
        "dog · 40.0 %",
        "elephant · 60.0 %",
    ]
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
    assert [text.strip() for text in dots.text] == ["ant · 99.9 %", "whale · ≥ 99.9 %"]


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


# Nice lies at 0 degrees and nasty at 90.
GARDEN = FakeEncoder(nice=(1, 0), nasty=(0, 1), rose=(1, 0), tulip=(4, 3), wasp=(0, 1), moth=(3, 4))


def taken(first=("rose", "tulip"), second=("wasp", "moth"), id: AssociationTestId = "age"):
    lists = read_association_tests()[id].with_words(first, second, ("nice",), ("nasty",))
    return take_association_test(lists, GARDEN)


def test_the_sentence_says_which_target_is_nearer_to_which_attribute():
    there = view_association(taken(id="flowers-insects"), max_tokens=10).summary
    assert there.startswith(
        "The words for “Flowers” lean more towards “Pleasant” than the words for “Insects” do: "
        "effect size 1.44, where 0 is no difference and above 0.8 counts as large. Of all 6 ways "
        "to split the target words into two such lists, 1 does as well or better"
    )
    back = taken(("wasp", "moth"), ("rose", "tulip"), "flowers-insects")
    turned = view_association(back, max_tokens=10).summary
    assert turned.startswith("The words for “Insects” lean more towards “Pleasant” than")
    # One-sided, so p says nothing of an effect that goes the other way.
    assert turned.endswith("The test looks for the opposite and does not find it (p = 1.00).")


@pytest.mark.parametrize(
    ("hits", "splits", "exact", "sentence"),
    [
        (
            0,
            10_000,
            False,
            "If the words are dealt to the two groups at random, the effect is as large in "
            "fewer than 1 of 10,000 tries.",
        ),
        (
            29,
            10_000,
            False,
            "If the words are dealt to the two groups at random, the effect is as large in "
            "29 of 10,000 tries.",
        ),
        (
            1_795,
            10_000,
            False,
            "If the words are dealt to the two groups at random, the effect is as large in "
            "1,795 of 10,000 tries: too often "
            "to call it an effect.",
        ),
        (
            2,
            924,
            True,
            "Of all 924 ways to split the target words into two such lists, 2 do as well or "
            "better.",
        ),
    ],
)
def test_a_p_value_is_said_in_words(hits, splits, exact, sentence):
    assert explain_p_value(replace(taken(), hits=hits, splits=splits, exact=exact)) == sentence


def test_effects_stand_beside_those_of_people_and_of_other_models():
    effects = association_figure(taken(id="flowers-insects")).data[0]
    assert effects.customdata == ("this model", "people", "GloVe", "word2vec")
    assert effects.x == pytest.approx((1.441, 1.35, 1.5, 1.54), abs=1e-3)
    # Nobody tested people with these lists.
    assert association_figure(taken(id="names-2")).data[0].customdata == (
        "this model",
        "GloVe",
        "word2vec",
    )


def test_every_target_word_has_a_bar_in_its_group_and_each_group_its_mean():
    figure = association_figure(taken(("tulip", "rose")))
    _, first, first_mean, second, second_mean = figure.data
    assert (first.customdata, first.x) == (("rose", "tulip"), pytest.approx((1, 0.2)))
    assert (second.customdata, second.x) == (("moth", "wasp"), pytest.approx((-0.2, -1)))
    assert first_mean.x == pytest.approx((0.6, 0.6))
    assert second_mean.x == pytest.approx((-0.6, -0.6))
    assert first.marker.color != second.marker.color
    names = dict(zip(figure.layout.yaxis2.tickvals, figure.layout.yaxis2.ticktext, strict=True))
    assert [names[y].strip() for y in (*first.y, *second.y)] == ["rose", "tulip", "moth", "wasp"]


@pytest.mark.parametrize("id", read_association_tests())
def test_what_a_test_is_and_is_not_stands_beside_every_test(id):
    view = view_association(taken(id=id), max_tokens=10)
    assert "does not say what is true" in " ".join(view.notes)
    assert "reasons to doubt the test" in " ".join(view.notes)
    background = " ".join(view.background)
    for said in (
        "studies of prejudice in people",
        "only in the tests with “names” in their title",
        "Its lists are short",
        "without a sentence around it",
        "Zhang et al. 2020",
        "May et al. 2019",
    ):
        assert said in background


def test_the_tests_that_are_said_to_have_names_are_those_that_have_them():
    """A list is one of names if its title says so."""
    with_names = [id for id, test in read_association_tests().items() if "names" in test.title]
    assert with_names == ["names-1", "names-2", "names-3", "career-family", "age"]


def test_published_effects_are_said_to_be_of_published_words(encoder):
    assert "You changed the words" in view_association(taken(), max_tokens=10).notes[0]
    published = take_association_test(read_association_tests()["illness"], encoder)
    assert view_association(published, max_tokens=256).notes[0] == ""


def test_tables_have_the_words_of_all_four_lists():
    targets, attributes = view_association(taken(id="age"), max_tokens=10).tables
    assert [row[1:] for row in targets.rows] == [
        ("rose", 1.0),
        ("tulip", 0.2),
        ("moth", -0.2),
        ("wasp", -1.0),
    ]
    assert list(attributes.rows) == [
        ("Pleasant", "nice", 0.6),
        ("Unpleasant", "nasty", -0.6),
    ]


WORKERS = Occupations(
    0.5,
    0.4,
    (Occupation("carpenter", -0.1, 2), Occupation(HOSTILE, 0.0, 50), Occupation("nurse", 0.2, 90)),
)


def test_a_dot_an_occupation_and_the_published_correlation_beside_ours():
    figure = occupations_figure(WORKERS)
    (dots,) = figure.data
    assert list(zip(dots.x, dots.y, strict=True)) == [(2, -0.1), (50, 0.0), (90, 0.2)]
    (note,) = figure.layout.annotations
    assert note.text == "r = 0.50<br>word2vec, published: 0.707"
    assert figure.layout.meta == {"map": {"marked": 0}}


def test_occupations_are_shown_with_what_they_do_not_say():
    view = view_occupations(WORKERS)
    assert "is “carpenter” (2 % women), nearest to “she” “nurse” (90 %)" in view.summary
    assert view.tables[0].rows[0] == ("carpenter", -0.1, "2 %")
    assert view.numbers["word2vec, published"] == "0.71"
    notes = " ".join(view.notes)
    for said in ("does not say who can do a job", "two words make the axis", "May et al. 2019"):
        assert said in notes


def figures_of(text):
    yield association_figure(taken((text, "tulip")))
    yield occupations_figure(replace(WORKERS, words=(Occupation(text, 0.1, 5),) * 2))
    projection = projected([text, "dog"], [text, "small"], [text, "large"])
    yield strip_figure(projection)
    yield axis_plane_figure(AxisPlane(projection, projection))


def test_no_figure_passes_on_markup_that_plotly_would_read():
    for figure in figures_of(HOSTILE):
        # Plotly's own `to_json` writes < in another way, so that it would never be found.
        drawn = json.dumps(figure.to_plotly_json())
        assert "<b>bold" not in drawn
        assert "<img" not in drawn
        assert "&lt;b&gt;bold" in drawn


def test_every_figure_is_plain_json_on_no_background():
    for figure in figures_of("king"):
        assert "bdata" not in json.dumps(figure.to_plotly_json(), allow_nan=False)
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"


def rows_of(file):
    return list(csv.reader(file.removeprefix("\ufeff").splitlines()))


def test_the_file_has_all_texts_from_low_to_high():
    assert rows_of(projection_csv(made_up())) == [
        ["rank", "text", "position", "percentile"],
        ["1", "ant", "-0.1", "2.0"],
        ["2", "whale", "0.2", "99.96"],
    ]


def test_the_file_of_a_test_has_all_of_its_words():
    test = taken()
    header, *rows = rows_of(association_csv(test))
    assert header == ["list", "word", "association"]
    assert len(rows) == sum(len(words.words) for words in (*test.targets, *test.attributes))
    first = test.targets[0]
    assert rows[0] == [first.name, first.words[0].text, str(first.words[0].association)]


def by_model(*effects, failed=()):
    tested = [
        ModelAssociation(f"m{n}", f"Model {n}", n == 1, replace(taken(), effect_size=effect))
        for n, effect in enumerate(effects)
    ]
    return view_association_by_model([*tested, *failed])


def test_the_strongest_and_the_weakest_model_are_named():
    view = by_model(0.4, -0.1, 1.2)
    assert "of 3 models Model 2 shows it most (1.20) and Model 1 least (−0.10)" in view.summary
    (bars,) = view.figure.data
    assert list(bars.x) == [0.4, -0.1, 1.2]
    # The untrained one is the floor.
    assert bars.marker.color[0] == bars.marker.color[2] != bars.marker.color[1]
    (table,) = view.tables
    assert table.headers == ("Model", "Effect size", "p")
    assert [row[:2] for row in table.rows] == [
        ("Model 0", 0.4),
        ("Model 1", -0.1),
        ("Model 2", 1.2),
    ]


def test_a_model_that_cannot_be_asked_says_why_in_the_table():
    failed = UnavailableModel("gone", HOSTILE, "It cannot be reached.")
    view = by_model(0.5, failed=[failed])
    assert view.summary.startswith("One model could be asked: Model 0")
    assert view.tables[0].rows[-1] == (HOSTILE, None, None, "It cannot be reached.")
    assert "<img" not in str(view.figure.to_dict())
