import unicodedata

import pytest
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st
from typed import compare_methods

from embviz import InputError, compare, search, solve
from embviz.analysis.baseline import KINDS, Baseline, find_position
from embviz.course.course_files import Step
from embviz.inputs.files import read_texts
from embviz.text_direction import isolate, thin_marks
from embviz.ui.lesson_markup import revealed_html
from embviz.ui.markup import table_html
from embviz.views.arithmetic import solve_figure, summarise_solution
from embviz.views.method_comparison import method_table
from embviz.views.search import search_figure, search_table
from embviz.views.similarity import compare_figure, summarise_comparison
from embviz.views.table import Table

HEBREW, ARABIC, REVERSING = "שלום", "كتاب", "abc\u202e"
STACK = "z" + "\u0301" * 1_200
ORDINARY = ["king", "", "état 12 %", "x² – 5", "日本語", "😀 👩‍👧", "two  spaces", "e\u0301\u0323"]


def isolated(text):
    return f"\u2068{text}\u2069"


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_is_shown_as_it_is(text):
    assert isolate(text) == text


@pytest.mark.parametrize(
    "text",
    [
        HEBREW,
        ARABIC,
        f"a {HEBREW} 5",
        "٣",
        "abc\u202e",
        "\u202dabc\u202c",
        "\u2067a\u2069",
        "a\u200f",
    ],
)
def test_a_text_that_may_turn_its_neighbours_round_is_isolated(text):
    assert isolate(text) == isolated(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc\u2069\u202e", "abc\u202e"),
        ("abc\u2067", "abc\u2067\u2069"),
        ("\u2069a\u2066b\u2068c\u2069\u2069\u2069", "a\u2066b\u2068c\u2069\u2069"),
        (f"{HEBREW}\u2029 \n{ARABIC}", f"{HEBREW} {ARABIC}"),
    ],
)
def test_no_text_gets_out_of_its_isolate(text, shown):
    assert isolate(text) == isolated(shown)


@given(
    st.text(st.sampled_from("a 1\u202e\u202c\u2066\u2067\u2068\u2069\u2029\u0301ש"), max_size=30)
)
def test_whatever_is_shown_closes_what_it_opens(text):
    depth = 0
    for character in isolate(text):
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        assert depth >= 0
    assert depth == 0
    if isolate(text) != text:
        assert not set(isolate(text)) & {"\n", "\u2029"}


def marks(text):
    return sum(unicodedata.category(c) in ("Mn", "Me") for c in text)


@pytest.mark.parametrize("mark", ["\u0301", "\u0489", "\u0301\u200d", "\u0323\u00ad\u0301"])
def test_a_letter_keeps_a_few_marks(mark):
    shown = isolate(f"z{mark * 1_200}o\u0308")
    assert shown[0] == "z"
    assert shown.endswith("o\u0308")
    assert 1 < marks(shown) < 10
    assert thin_marks(shown) == shown


@pytest.mark.parametrize("text", ["בְּרֵאשִׁ֖ית", "tiếng Việt", "नमस्ते", "ที่นี่", "རྒྱུད"])
def test_no_mark_is_missing_where_scripts_need_them(text):
    for form in ("NFC", "NFD"):
        assert thin_marks(unicodedata.normalize(form, text)) == unicodedata.normalize(form, text)


def test_sentences_isolate_what_they_quote():
    encoder = FakeEncoder(king=(0, 1))
    baseline = Baseline({kind: [0.0, 1.0] for kind in KINDS})
    comparison = compare(REVERSING, HEBREW, encoder)
    position = find_position(comparison.text_a, comparison.text_b, 0.5, baseline)
    assert summarise_comparison(comparison, position).startswith(
        f"“{isolated(REVERSING)}” and “{isolated(HEBREW)}” score higher than 50.0 % of"
    )
    # The texts themselves are what was typed.
    assert (comparison.text_a, comparison.text_b) == (REVERSING, HEBREW)
    solution = solve(f"{HEBREW} - 0.5 * king", [ARABIC], encoder)
    assert summarise_solution(solution).startswith(
        f"{isolated(HEBREW)} − 0.5 * king is nearest to “{isolated(ARABIC)}” ("
    )
    assert [term.text for term in solution.terms] == [HEBREW, "king"]


def test_a_long_text_is_shortened_before_it_is_isolated():
    reading = summarise_solution(solve("king", [f"{HEBREW} " * 100], FakeEncoder(king=(0, 1))))
    assert f"…{isolated('')[1:]}” (" in reading


def test_many_marks_do_not_hide_the_text_after_them():
    reading = summarise_solution(solve("king", [f"{STACK}oo"], FakeEncoder(king=(0, 1))))
    assert "oo” (" in reading
    assert marks(reading) < 10


def test_errors_isolate_what_they_quote():
    with pytest.raises(InputError, match=f"^Candidates: “{isolated(HEBREW)}” is in the list twice"):
        solve("king", [HEBREW, HEBREW], FakeEncoder())
    content = f"{ARABIC},Title\nking,sea\n".encode()
    with pytest.raises(
        InputError,
        match=rf"called “{isolated(HEBREW)}”: choose one of {isolated(ARABIC)}, Title",
    ):
        read_texts(content, "x.csv", HEBREW)


def test_tables_isolate_what_they_show_and_keep_what_was_typed():
    table = search_table(search("king", [HEBREW], FakeEncoder()))
    assert table.rows[0][1] == HEBREW
    html = table_html(table)
    assert f">{isolated(HEBREW)}</button>" in html
    html = table_html(Table("", (ARABIC, "Score"), ((STACK, 0.5),)))
    assert f'<th scope="col">{isolated(ARABIC)}</th>' in html
    assert marks(html) < 10
    comparison = compare_methods(f"king + {HEBREW}", ["queen", "lady"], FakeEncoder(king=(0, 1)))
    assert f"nearest to “{isolated(HEBREW)}”" in table_html(method_table(comparison))


def test_figures_isolate_what_they_label_and_keep_what_was_typed():
    encoder = FakeEncoder(king=(0, 1))
    figure = solve_figure(solve(f"king + {HEBREW}", [ARABIC], encoder))
    assert f"{isolated(HEBREW)} (input)" in figure.layout.yaxis.ticktext
    assert isolated(ARABIC) in figure.layout.yaxis.ticktext
    assert isolated(f"{isolated(HEBREW)} (input)") in figure.data[0].customdata
    figure = search_figure(search("king", [f"{HEBREW} <b>"], encoder))
    assert figure.layout.annotations[0].text == isolated(f"{HEBREW} &lt;b&gt;")
    figure = compare_figure(compare(REVERSING, "king", encoder))
    assert figure.layout.yaxis.ticktext[0].endswith(f"</span> {isolated(REVERSING)}")
    assert figure.layout.yaxis.ticktext[1].endswith("</span> king")


def test_the_guided_lesson_isolates_its_options():
    step = Step.model_construct(
        truth="nearest", slider=None, options=(HEBREW, "king"), explanation=(), source=None
    )
    html = revealed_html(step, 0, HEBREW)
    assert f"<strong>{isolated(HEBREW)}</strong>." in html
    assert html.count('class="truth"') == 1
