"""The tabs, the questions in each of them, and how one is opened in a given state."""

from collections.abc import Mapping, Sequence

import gradio as gr

from embviz.capabilities import (
    ASSOCIATION,
    AXES,
    CONTEXT,
    DOCUMENTS,
    EQUATION,
    LIST,
    PASSAGES,
    TWO_TEXTS,
    Question,
)
from embviz.course.course_settings import Course
from embviz.course.json_file import LessonError
from embviz.inputs.links import current_value, read_parameters
from embviz.inputs.parsing import parse_choice
from embviz.language import gettext, gettext_noop, spoken
from embviz.service import Service
from embviz.service_of_each_model import Services
from embviz.ui.arithmetic import build_association, build_axes, build_equation
from embviz.ui.course_texts import fill_in
from embviz.ui.markup import introduction_html
from embviz.ui.model_choice import ModelChoice
from embviz.ui.search import build_documents, build_passages
from embviz.ui.section import CLOSED, MODEL, Section, Values, html
from embviz.ui.similarity import build_context, build_list, build_two_texts, connect_pairs

# The questions of a tab, in the order in which it offers them.
_TABS = {
    "similarity": {TWO_TEXTS: build_two_texts, LIST: build_list, CONTEXT: build_context},
    "arithmetic": {EQUATION: build_equation, AXES: build_axes, ASSOCIATION: build_association},
    "search": {DOCUMENTS: build_documents, PASSAGES: build_passages},
}

_TAB_NAMES = {
    "similarity": gettext_noop("Similarity"),
    "arithmetic": gettext_noop("Arithmetic"),
    "search": gettext_noop("Search"),
}


class Tabs:
    """The tabs, built into the Blocks being built, with the course's first answers drawn.

    Attributes:
        names: Of the tabs, as links have them.
        sections: All questions, in their order.
        asked: The components whose values `open` is to be told.
        outputs: What changes when a question is opened.
        model_choice: Where one sees that a model is being loaded.
    """

    def __init__(self, services: Services, model: ModelChoice):
        shown = _shown_questions(services.default.lesson.course)
        self.names = tuple(shown)
        self.sections: list[Section] = []
        self._services = services
        self._model = model
        self.model_choice = model.choice
        # What stands above each question, and of which tab the course says that.
        self._introductions: list[tuple[gr.HTML, Question]] = []
        # Where a tab has several questions, what one chooses with.
        self._choosers: dict[str, gr.Tabs] = {}
        with gr.Tabs(elem_id="tabs") as self._tabs:
            for name, questions in shown.items():
                with gr.Tab(gettext(_TAB_NAMES[name]), id=name):
                    self._build_tab(name, questions)
        by_question = {section.question: section for section in self.sections}
        if TWO_TEXTS in by_question and LIST in by_question:
            chooser = self._choosers["similarity"]
            connect_pairs(by_question[TWO_TEXTS], by_question[LIST], chooser)
        self.asked = [
            model.id,
            *(component for section in self.sections for component in section.inputs.values()),
        ]
        self.outputs = [
            *model.components,
            self._tabs,
            *self._choosers.values(),
            *(place for place, _ in self._introductions),
            *(component for section in self.sections for component in section.components),
        ]

    def _build_tab(self, name: str, questions: Sequence[Question]) -> None:
        def build(question: Question) -> None:
            introduction = html(_introduce(question, self._services.default))
            self._introductions.append((introduction, question))
            self.sections.append(_TABS[name][question](self._services, self._model.id))

        if len(questions) == 1:
            build(*questions)
            return
        with gr.Tabs(elem_classes="chooser") as self._choosers[name]:
            for question in questions:
                with gr.Tab(gettext(question.name), id=question.id):
                    build(question)

    def find(self, tab: str, parameters: Mapping[str, str]) -> Section:
        """The section that the parameters of a link are about.

        Raises:
            InputError: The tab has no such question or panel.
        """
        of_tab = {s.question.id: s for s in self.sections if s.question.tab == tab}
        if "question" in parameters:
            return of_tab[parse_choice(parameters["question"], "question", tuple(of_tab))]
        sections = list(of_tab.values())
        panel = current_value("panel", parameters.get("panel", CLOSED))
        panels = [str(id) for section in sections for id in section.choices["panel"]]
        parse_choice(panel, "panel", tuple(dict.fromkeys(panels)))
        return next((s for s in sections if read_state(s, parameters)), sections[0])

    def open(
        self, section: Section, parameters: Mapping[str, str], shown: Sequence[object]
    ) -> Values:
        """Values for the outputs, so that a section is shown, and what a link gives is filled in.

        Where the link asks another model than the one that is shown, all sections are answered by
        that one.

        Args:
            section: The section.
            parameters: Of the link.
            shown: What `asked` holds now.

        Raises:
            InputError: There is no answer to these inputs, or no such model.
        """
        question = section.question
        model = parameters.get(MODEL, "")
        shown_model, *values = shown
        is_other_model = self._services.find(model) != _shown_model(self._services, shown_model)
        filled: list[object] = []
        for other in self.sections:
            own, values = values[: len(other.inputs)], values[len(other.inputs) :]
            given = read_state(other, parameters) if other.question.tab == question.tab else {}
            if other is not section:
                # Its open panel is of this section, though another one has it, too. And what waits
                # to be looked at is not computed for a query that is about this section.
                given = {} if other.is_lazy else given
                given.pop("panel", None)
            if given:
                filled += other.open(given, model)
            elif is_other_model:
                now = dict(zip(other.inputs, own, strict=True))
                filled += other.ask_again(now | {MODEL: model})
            else:
                filled += [gr.skip() for _ in other.components]
        introductions = [
            _introduce(asked, self._services.get(model)) if is_other_model else gr.skip()
            for _, asked in self._introductions
        ]
        chosen = [
            gr.Tabs(selected=question.id) if tab == question.tab else gr.skip()
            for tab in self._choosers
        ]
        return (
            *self._model.show(model),
            gr.Tabs(selected=question.tab),
            *chosen,
            *introductions,
            *filled,
        )


def _shown_questions(course: Course) -> dict[str, list[Question]]:
    """The questions of each tab that has any, in the order of the page.

    Raises:
        LessonError: The course names what is no question.
    """
    known = [question.id for questions in _TABS.values() for question in questions]
    for n, id in enumerate(course.questions or (), 1):
        if id not in known:
            raise LessonError(
                f"examples/course.json, questions → {n}: “{id}” is not one of the questions, which "
                f"are {', '.join(known)}."
            )
    shown = {
        tab: [q for q in questions if course.questions is None or q.id in course.questions]
        for tab, questions in _TABS.items()
    }
    return {tab: questions for tab, questions in shown.items() if questions}


def _introduce(question: Question, service: Service) -> str:
    """What stands above a question: what it says itself, or what the course says of its tab."""
    title = gettext(question.title)
    if question.explanation:
        explanation = tuple(map(gettext, question.explanation))
        exercises = tuple(map(gettext, question.exercises))
        return introduction_html(title, explanation, exercises, spoken())
    part = getattr(service.lesson, question.tab)
    explanation, exercises = (fill_in(t, service) for t in (part.explanation, part.exercises))
    return introduction_html(title, explanation, exercises, service.lesson.course.spoken)


def _shown_model(services: Services, shown: object) -> str:
    """The model that the page shows; the first one if a program sent what is none."""
    return shown if isinstance(shown, str) and shown in services.entries else services.find("")


def read_state(section: Section, parameters: Mapping[str, str]) -> dict[str, object]:
    """Take from a link what the inputs of a section can hold, which may be nothing.

    Raises:
        InputError: A value has a wrong type.
    """
    inputs = {n: v for n, v in section.defaults.items() if n != MODEL}
    given = read_parameters(parameters, inputs)
    if given.get("panel", CLOSED) not in section.choices["panel"]:
        # Another section of the tab may have it.
        del given["panel"]
    return given
