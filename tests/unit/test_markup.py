import json
import re
from html import unescape

from embviz.capabilities import TWO_TEXTS
from embviz.course.course_files import Slider, Step
from embviz.ui.lesson_markup import revealed_html
from embviz.ui.markup import closer_html, summary_html, table_html
from embviz.views.table import Table
from embviz.views.view import View


def test_a_cell_that_rounds_to_zero_has_no_sign():
    html = table_html(Table("Scores", ("Score",), ((-0.0004,), (-0.0006,))))
    assert ">0.000</td>" in html
    assert ">−0.001</td>" in html


def test_a_row_leads_to_its_source():
    rows = ((1, "sea <b>"), (2, "land"))
    html = table_html(
        Table("Documents", ("Rank", "Text"), rows, links=("https://a.example/?a&b", ""))
    )
    assert html.count("<a ") == 1
    assert (
        '<a href="https://a.example/?a&amp;b" target="_blank" rel="noopener"\n'
        ' aria-label="Source of sea &lt;b&gt;">Source</a></td>'
    ) in html


def test_many_tokens_are_folded():
    few, many = ([("a", 0.1)] * count for count in (50, 51))
    assert "<details" not in closer_html(View("", tokens={"A": few, "B": few}))
    assert "<details" in closer_html(View("", tokens={"A": few, "B": many}))


def test_facts_stand_in_an_attribute_whatever_is_in_them():
    facts = {"nearest": "\"><img src=x onerror='alert(1)'>&quot;", "similarity": -0.5, "left": None}
    html = summary_html(View("Nearest.", facts=facts))
    (kept,) = re.findall(r'<p class="reading" data-facts="([^"]*)">Nearest.</p>', html)
    assert json.loads(unescape(kept)) == facts
    assert "<img" not in html
    assert "data-facts" not in summary_html(View("Nearest."))


def test_a_share_that_rounds_to_zero_has_no_sign():
    html = closer_html(View("", tokens={"A": [("a", -0.00004)], "B": [("b", 0.5)]}))
    assert 'title="0.0000"' in html
    assert 'title="−0.0000"' not in html


def test_the_answer_to_a_step_that_rounds_to_zero_has_no_sign():
    step = Step.model_construct(
        truth="similarity",
        slider=Slider(low=-1, high=1, step=0.01),
        explanation=(),
        source=None,
    )
    assert "<strong>0.000</strong>" in revealed_html(step, 0, -0.0004)


def test_the_answer_to_a_step_that_counts_is_a_whole_number():
    slider = Slider(low=0, high=384, step=16, unit=" numbers")
    step = Step.model_construct(
        truth="dimensions_needed", slider=slider, explanation=(), source=None
    )
    assert "<strong>32 numbers</strong>" in revealed_html(step, 0, 32)


def test_a_similarity_that_rounds_to_zero_has_no_sign(service):
    similarity = service.compare("especially", "finished").similarity
    assert -0.0005 < similarity < 0
    view = TWO_TEXTS.show(service, text_a="especially", text_b="finished")
    assert view.numbers["similarity"] == "0.000"


def test_a_percentage_stays_on_one_line():
    view = View("Higher than 5.7 % of all.", None, notes=("Half of 9 % more.",))
    html = unescape(summary_html(view) + closer_html(view))
    assert "Higher than 5.7\u00a0% of all." in html
    assert "Half of 9\u00a0% more." in html
