"""What people see of a long text: finished results in, sentences, figure and tables out."""

import re

import pytest

from embviz.analysis.baseline import Chance
from embviz.analysis.passages import Passage, PassageSearch, Whole
from embviz.views.colours import BLUE, GREEN, GREY
from embviz.views.passages import view_marked_text, view_passages, view_prompt

HOSTILE = "<img src=x onerror=alert(1)> bank &amp; more"


def search_of(*scores, top_k=2, read_until=50, whole=0.25, text="", quoted=1, truncated=()):
    """Passages of 40 characters, of which each shares 10 with the one before, in a text of 100."""
    parts = [
        Passage(0, start, start + 40, text or f"Passage\n{n}. ", score)
        for n, (start, score) in enumerate(zip((0, 30, 60), scores, strict=False))
    ]
    ranking = tuple(
        Passage(rank, p.start, p.end, p.text, p.score)
        for rank, p in enumerate(sorted(parts, key=lambda p: -p.score), 1)
    )
    return PassageSearch(
        text or "Who?",
        "x" * 100,
        ranking[:top_k],
        ranking,
        Whole(whole, read_until),
        "Answer.\n\n[1] …",
        ranking[:quoted],
        1_234,
        truncated,
    )


SEARCH = search_of(0.1, 0.5, 0.3)


@pytest.mark.parametrize(
    ("search", "said"),
    [
        (
            SEARCH,
            "The best passage for “Who?” runs from 30.0 % to 70.0 % of the text and scores 0.500. "
            "The whole text at once scores 0.250: the model reads its first 256 tokens only, "
            "50.0 % of it.",
        ),
        (
            search_of(0.1, 0.5, read_until=100),
            "The whole text at once scores 0.250: the model reads all of it, but has one vector "
            "for everything it says.",
        ),
        (
            search_of(-0.1, read_until=100, whole=-0.1),
            "The text is so short that it is one passage. It scores −0.100 for “Who?”.",
        ),
    ],
)
def test_a_sentence_says_which_passage_is_best_and_what_the_whole_text_scores(search, said):
    assert view_passages(search, 256).summary.endswith(said)


def test_the_figure_has_a_bar_for_each_passage_at_its_place():
    others, listed = view_passages(SEARCH, 256).figure.data
    assert (others.marker.color, listed.marker.color) == (GREY, GREEN)
    # By rank, each as wide as it is long.
    assert (list(listed.x), list(listed.y)) == ([50, 80], [0.5, 0.3])
    assert (list(others.x), list(others.y)) == ([20], [0.1])
    assert list(listed.width) == [40, 40]
    assert listed.customdata[0][0] == "rank 1, from 30.0 % to 70.0 %"
    assert "Passage 1." in listed.customdata[0][1]


def test_the_figure_marks_the_best_what_is_read_and_what_the_whole_scores():
    layout = view_passages(SEARCH, 256).figure.layout
    read, whole = layout.shapes
    assert (read.x0, read.x1, read.fillcolor) == (0, 50, BLUE)
    # A strip above the bars.
    assert (read.yref, read.y0) == ("paper", 1)
    assert (whole.type, whole.y0, whole.y1, whole.line.color) == ("line", 0.25, 0.25, BLUE)
    best, strip, line = layout.annotations
    assert strip.text == "what the model reads"
    assert (best.text, best.x, best.y) == ("best", 50, 0.5)
    assert (line.text, line.y) == ("whole text<br>0.250", 0.25)
    assert layout.yaxis.range[1] >= 1


def test_what_is_read_is_not_marked_where_it_is_all():
    view = view_passages(search_of(0.1, 0.5, read_until=100), 256)
    assert [shape.type for shape in view.figure.layout.shapes] == ["line"]
    assert "blue strip" not in view.notes[0]


def test_what_unrelated_texts_score_is_a_line_if_it_is_known():
    view = view_passages(SEARCH, 256, Chance("sentences", 0.08, 0.1))
    assert "The grey line is what unrelated sentences score on average." in view.notes[0]
    layout = view.figure.layout
    assert layout.shapes[-1].y0 == 0.08
    whole, chance = layout.annotations[-2:]
    assert (whole.text, whole.yanchor) == ("whole text<br>0.250", "bottom")
    assert (chance.text, chance.yanchor) == ("unrelated<br>0.080", "middle")


@pytest.mark.parametrize(("chance", "anchor"), [(0.02, "bottom"), (0.1, "middle"), (0.24, "top")])
def test_the_names_of_two_lines_do_not_meet(chance, anchor):
    figure = view_passages(SEARCH, 256, Chance("sentences", chance, 0.1)).figure
    assert figure.layout.annotations[-1].yanchor == anchor


@pytest.mark.parametrize(
    "search", [search_of(0.5, -0.2, 0.1), search_of(0.5, 0.1, whole=-0.2)], ids=["bar", "line"]
)
def test_the_scale_holds_scores_below_zero(search):
    assert view_passages(search, 256).figure.layout.yaxis.range[0] < -0.2
    assert view_passages(SEARCH, 256).figure.layout.yaxis.range[0] == 0


def test_the_best_passages_are_listed_on_one_line_each():
    [table] = view_passages(SEARCH, 256).tables
    assert table.headers == ("Rank", "Score", "Place", "Passage")
    assert table.rows == (
        (1, 0.5, "30.0 % to 70.0 %", "Passage 1."),
        (2, 0.3, "60.0 % to 100.0 %", "Passage 2."),
    )


def test_a_query_that_is_too_long_has_a_note():
    view = view_passages(search_of(0.5, truncated=("Who?",)), 256)
    assert view.notes[-1] == (
        "The model reads only the first 256 tokens (words or pieces of words) of a text. The rest "
        "of “Who?” was ignored."
    )
    assert view_passages(SEARCH, 256).notes[-1] == ""


def test_a_task_can_check_the_scores():
    assert view_passages(SEARCH, 256).facts == {"best_score": 0.5, "whole_score": 0.25}


def test_what_was_typed_is_escaped_in_the_figure():
    figure = view_passages(search_of(0.5, 0.1, text=HOSTILE), 256).figure
    assert "&lt;img" in str(figure.to_dict())
    assert not re.search("<(?!extra|/extra|br)", str(figure.to_dict()))


@pytest.mark.parametrize(
    ("quoted", "said"), [(1, "the best passage of 3"), (2, "the 2 best passages of 3")]
)
def test_a_prompt_is_shown_as_it_is(quoted, said):
    search = search_of(0.1, 0.5, 0.3, quoted=quoted)
    view = view_prompt(search, chance_percentile=None)
    assert view.quoted == search.prompt
    assert view.summary == (
        "Nothing is generated here. This is what a chatbot would be given to answer from your "
        f"text: an instruction, {said}, and the question; 1,234 tokens in all."
    )
    [table] = view.tables
    assert [row[0] for row in table.rows] == [*range(1, quoted + 1)]
    left_out = "There was no room for 1 of the passages that are listed."
    assert (left_out in view.notes) == (quoted == 1)


@pytest.mark.parametrize(
    ("percentile", "said"),
    [
        (None, ""),
        (90.0, ""),
        (100.0, ""),
        (
            60.0,
            "Perhaps no passage answers the question: 40 of 100 queries about something else find "
            "one that scores at least this high. A chatbot should then say so. It may also invent",
        ),
    ],
)
def test_a_best_passage_that_may_be_chance_has_a_warning(percentile, said):
    note = view_prompt(SEARCH, chance_percentile=percentile).notes[0]
    assert note.startswith(said)
    assert bool(note) == bool(said)


def test_passages_are_marked_where_they_stand_the_better_one_over_the_other():
    # From 0 to 40 and from 30 to 70; the third, from 60 on, is not among the best.
    pieces = view_marked_text(search_of(0.25, 0.5, 0.125)).tokens["The text"]
    assert pieces == [("[2] " + "x" * 30, 0.25), ("[1] " + "x" * 40, 0.5), ("x" * 30, 0.0)]
    (worse,) = view_marked_text(search_of(-0.5)).tokens["The text"]
    assert worse == ("[1] " + "x" * 100, 0.0)
