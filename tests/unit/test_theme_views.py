"""What people see of documents grouped by meaning."""

import json
from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeEncoder

from embviz.analysis.projection import map_texts
from embviz.analysis.themes import MOST_THEMES, Theme, Themes, find_themes
from embviz.capabilities import DOCUMENTS
from embviz.errors import InputError
from embviz.views.colours import GROUP_COLOURS, GROUP_SYMBOLS, contrast
from embviz.views.themes import (
    explain_clarity,
    note_silhouette,
    summarise_themes,
    themes_figure,
    themes_table,
    view_themes,
)

HOSTILE = "<b>bold</b><img src=x>"
POINTS = {f"w{n}": (np.cos(n), np.sin(n)) for n in range(4)} | {HOSTILE: (1, 5), "eel": (2, 5)}
ENCODER = FakeEncoder(**POINTS)
MAP = map_texts(list(POINTS), ENCODER)


def made_up(**changes):
    """Themes as they could be, with what a test is about."""
    values = {
        "documents": tuple(POINTS),
        "themes": (
            Theme("sea, ship", ("sea", "ship"), (1, 0, 3)),
            Theme(HOSTILE, (), (4, 2)),
            Theme("eel", ("eel",), (5,)),
        ),
        "silhouette": 0.5,
        "random_silhouette": 0.1,
        "random_high": 0.2,
        "unrelated": "sentences",
        "unrelated_silhouette": 0.3,
        "unrelated_high": 0.4,
        "chosen": True,
        "truncated": (),
    }
    return Themes(**values | changes)


def test_the_sentence_names_the_largest_themes():
    assert summarise_themes(made_up()).startswith(
        f"The 6 documents fall into 3 themes: “sea, ship” (3), “{HOSTILE}” (2) and “eel” (1). "
    )
    themes = tuple(Theme(f"t{n}", (), (n,)) for n in range(5))
    assert "“t0” (1), “t1” (1), “t2” (1) and 2 more." in summarise_themes(made_up(themes=themes))


def test_a_clear_grouping_stands_beside_unrelated_texts_and_chance():
    assert explain_clarity(made_up()) == (
        "This grouping is clear: its silhouette is 0.50, while unrelated sentences drawn at random "
        "reach 0.30 on average; with the values of each dimension shuffled among the documents, "
        "the groups reach 0.10 on average."
    )


def test_a_grouping_that_unrelated_texts_reach_is_doubted():
    assert explain_clarity(made_up(silhouette=0.4)) == (
        "This grouping is clearer than chance but no clearer than texts without any theme: "
        "unrelated sentences drawn at random reach 0.30 on average, and more than 0.40 in 5 of 100 "
        "draws, while its silhouette is 0.40. Do not read much into these themes."
    )


def test_a_grouping_that_shuffled_vectors_reach_is_chance():
    assert explain_clarity(made_up(silhouette=0.2)) == (
        "This grouping is no clearer than chance: with the values of each dimension shuffled among "
        "the documents, the groups reach 0.10 on average, and more than 0.20 in 5 of 100 draws, "
        "while its silhouette is 0.20. Do not read much into these themes."
    )


def test_the_note_says_where_the_number_of_themes_comes_from():
    assert note_silhouette(made_up()).endswith("was chosen so that it is highest.")
    assert "chosen" not in note_silhouette(made_up(chosen=False))


def test_the_table_has_every_document_in_full_beside_its_theme():
    long = "a long document " * 40
    themes = made_up(documents=("w0", "w1", "w2", "w3", long, "eel"))
    assert themes_table(themes).rows == (
        ("sea, ship", "w1"),
        ("sea, ship", "w0"),
        ("sea, ship", "w3"),
        (HOSTILE, long),
        (HOSTILE, "w2"),
        ("eel", "eel"),
    )


def test_every_document_lies_on_the_map_with_colour_and_symbol_of_its_theme():
    points, *legend = themes_figure(made_up(), MAP).data
    assert np.column_stack([points.x, points.y])[:6] == pytest.approx(MAP.positions)
    assert points.text[:4] == ("w0", "w1", "w2", "w3")
    theme_of = [0, 0, 1, 0, 1, 2]
    assert list(points.marker.color[:6]) == [GROUP_COLOURS[n] for n in theme_of]
    assert list(points.marker.symbol[:6]) == [GROUP_SYMBOLS[n] for n in theme_of]
    assert points.customdata[1] == "w1<br>Theme: sea, ship"
    names = ["sea, ship (3)", "&lt;b&gt;bold&lt;/b&gt;&lt;img src=x&gt; (2)", "eel (1)"]
    assert [trace.name for trace in legend] == names
    for n, trace in enumerate(legend):
        assert (trace.marker.color, trace.marker.symbol) == (GROUP_COLOURS[n], GROUP_SYMBOLS[n])


def test_each_theme_is_named_at_its_centre_the_largest_last_for_the_script_that_places_labels():
    figure = themes_figure(made_up(), MAP)
    points = figure.data[0]
    assert figure.layout.meta == {"map": {"marked": 3, "areas": 3}}
    assert points.text[-1] == "<b>sea, ship</b>"
    assert points.text[-3] == "<b>eel</b>"
    centre = MAP.positions[[0, 1, 3]].mean(axis=0)
    assert (points.x[-1], points.y[-1]) == pytest.approx(tuple(centre))
    assert (points.x[-3], points.y[-3]) == pytest.approx(tuple(MAP.positions[5]))
    assert points.marker.opacity == (1,) * 6 + (0,) * 3
    assert [text.split("<br>")[-1] for text in points.customdata[-3:]] == [
        "1 document",
        "2 documents",
        "3 documents",
    ]


def test_as_many_groups_as_there_can_be_themes_can_be_told_apart_without_colours():
    assert len(set(GROUP_SYMBOLS)) == len(GROUP_COLOURS) == MOST_THEMES
    for colour in set(GROUP_COLOURS):
        assert contrast(colour, "#ffffff") > 2
        assert contrast(colour, "#111111") > 3


def test_no_markup_reaches_the_figure_and_it_is_plain_json():
    drawn = json.dumps(themes_figure(made_up(), MAP).to_plotly_json(), allow_nan=False)
    assert "<img" not in drawn
    assert "<b>bold" not in drawn
    assert "&lt;img" in drawn
    assert "bdata" not in drawn


def test_a_map_of_other_documents_is_a_mistake():
    other = replace(MAP, positions=MAP.positions[:5])
    with pytest.raises((IndexError, ValueError)):
        themes_figure(made_up(), other)


def test_the_view_has_what_a_task_can_check_and_says_how_far_to_trust_the_map():
    view = view_themes(made_up(truncated=("w3",)), replace(MAP, worst=(1,)), 10)
    assert view.facts == {"themes": 3, "clear": True}
    assert view.numbers == {
        "silhouette": "0.50",
        "shuffled": "0.10",
        "unrelated sentences": "0.30",
    }
    notes = " ".join(view.notes)
    assert "not on this map" in notes
    assert "perfect" in notes
    # The ring around badly placed texts is not drawn here.
    assert "Ringed" not in notes
    assert "The model reads only the first 10 tokens" in notes
    assert view_themes(made_up(silhouette=0.1), MAP, None).facts["clear"] is False


def test_too_few_documents_for_a_map_have_sentence_and_table():
    documents = ["w0", "w1", "eel", "w3"]
    view = view_themes(find_themes(documents, ENCODER), None, 10)
    assert view.figure is None
    assert len(view.tables[0].rows) == 4


def test_the_themes_of_the_lesson_are_shown_with_the_real_model(encoder, lesson):
    documents = lesson.search.documents
    view = view_themes(find_themes(documents, encoder), map_texts(documents, encoder), 256)
    assert view.facts["clear"] is True
    assert "unrelated sentences" in view.summary
    assert len(view.tables[0].rows) == len(documents)


def test_the_panel_makes_as_many_themes_as_were_asked_for(service):
    arguments = {"query": "oceans", "documents": "", "top_k": 3, "method": "semantic"}
    (panel,) = (panel for panel in DOCUMENTS.panels if panel.id == "themes")
    for count in (2, 5):
        rows = panel.show(service, **arguments, count=count).tables[0].rows
        assert len({theme for theme, *_ in rows}) == count
    chosen = panel.show(service, **arguments).tables
    assert panel.show(service, **arguments, count=0).tables == chosen
    with pytest.raises(InputError, match=r"^Choose 2 to 12 themes"):
        panel.show(service, **arguments, count=13)


def test_the_number_of_themes_changes_nothing_else(service):
    arguments = {"query": "oceans", "documents": "", "top_k": 3, "method": "semantic"}
    for show in (DOCUMENTS.show, DOCUMENTS.csv, DOCUMENTS.texts):
        assert show(service, **arguments, count=5) == show(service, **arguments)
