"""What a section shows, without a page around it."""

from dataclasses import replace
from functools import partial

import pytest
from asked import ARGUMENTS

from embviz.capabilities import QUESTIONS, Panel, Question
from embviz.errors import InputError
from embviz.service_of_each_model import Services
from embviz.ui.section import CLOSED, Section
from embviz.views.view import View


class ServicesOfOne:
    def get(self, model):
        return f"the service of {model}"


def fail(*_, **__):
    raise AssertionError("nobody asked")


def question(panel):
    panels = (Panel("why", "Why?", "The reason.", panel),)
    return Question("id", "tab", "name", "title", fail, panels, csv=fail, texts=fail)


def test_a_closed_panel_computes_nothing():
    section = Section(question(fail), ServicesOfOne(), None, {"text": "a"})
    text, figure, tables = section.answer_panel({"text": "a", "panel": CLOSED, "model": ""})
    assert text == tables == ""
    assert figure == ""


def test_an_open_panel_gets_the_arguments_by_name():
    section = Section(
        question(lambda service, **arguments: View(f"{service} {arguments}")),
        ServicesOfOne(),
        None,
        {"text": "a"},
        to_arguments=lambda values: {"TEXT": values["text"].upper()},
    )
    text, figure, _ = section.answer_panel({"text": "a", "panel": "why", "model": "m"})
    assert "the service of m {&#39;TEXT&#39;: &#39;A&#39;}" in text
    assert figure == ""


def test_a_panel_that_cannot_answer_says_why_and_leaves_the_answer():
    def refuse(*_, **__):
        raise InputError("There is <nothing> to see.")

    text, figure, _ = Section(question(refuse), ServicesOfOne(), None, {}).answer_panel(
        {"panel": "why", "model": ""}
    )
    assert "There is &lt;nothing&gt; to see." in text
    assert figure == ""


@pytest.mark.parametrize(
    ("open_panel", "shown"),
    [("other", "other"), ("whole", "row"), ("none", "row"), (["other"], "row"), (None, "row")],
)
def test_a_row_is_shown_in_the_open_panel_or_else_in_another(open_panel, shown):
    def show(id, service, first, second, /, **arguments):
        return View(f"{id} of {first} and {second}, {arguments}")

    panels = [Panel(id, id, id, fail, partial(show, id)) for id in ("row", "other")]
    asked = replace(question(fail), panels=(*panels, Panel("whole", "", "", fail)))
    values = {"query": "q", "panel": open_panel, "model": "", "text_a": "<a>", "text_b": None}
    section = Section(asked, ServicesOfOne(), None, {})
    panel, text, *_ = section.answer_row(values, "row")
    assert panel == shown
    assert f"{shown} of &lt;a&gt; and None, {{&#39;query&#39;: &#39;q&#39;}}" in text


def test_an_unknown_panel_is_refused():
    with pytest.raises(InputError, match=r"^Look closer must be one of: why\.$"):
        Section(question(fail), ServicesOfOne(), None, {}).answer_panel({"panel": "who"})


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_opening_a_panel_computes_the_panel_alone(services, question):
    # Of the other models only the one that takes least time.
    first, *_ = services.entries.values()
    two = Services(services.default, [first, services.entries["wordllama"]])
    section = Section(replace(question, show=fail), two, None, ARGUMENTS[question.id])
    for panel in question.panels:
        text, *_ = section.answer_panel(section.defaults | {"panel": panel.id})
        assert '<p class="reading"' in text, panel.title


@pytest.mark.parametrize(
    "question", [question for question in QUESTIONS if question.is_lazy], ids=lambda q: q.id
)
def test_a_lazy_question_declares_the_facts_of_its_answer(services, question):
    facts = question.show(services.default, **ARGUMENTS[question.id]).facts
    assert facts.keys() == question.facts.keys()
    assert [type(facts[name]) for name in facts] == [type(question.facts[n]) for n in facts]
