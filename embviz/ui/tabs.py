"""The tabs, the questions in each of them, and how one is opened in a given state."""

from collections.abc import Mapping

import gradio as gr

from embviz.capabilities import DOCUMENTS, EQUATION, LIST, TWO_TEXTS, Question
from embviz.inputs.links import current_value, read_parameters
from embviz.inputs.parsing import parse_choice
from embviz.service import Service
from embviz.ui.arithmetic import build_equation
from embviz.ui.markup import introduction_html
from embviz.ui.search import build_documents
from embviz.ui.section import CLOSED, Section, Values, html
from embviz.ui.similarity import build_list, build_two_texts, connect_pairs

# The questions of a tab, in the order in which it offers them.
_TABS = {
    "similarity": {TWO_TEXTS: build_two_texts, LIST: build_list},
    "arithmetic": {EQUATION: build_equation},
    "search": {DOCUMENTS: build_documents},
}


class Tabs:
    """The tabs, built into the Blocks being built, with the course's first answers drawn.

    Attributes:
        names: Of the tabs, as links have them.
        sections: All questions, in their order.
        outputs: What changes when a question is opened.
    """

    def __init__(self, service: Service):
        self.names = tuple(_TABS)
        self.sections: list[Section] = []
        # Where a tab has several questions, what one chooses with.
        self._choosers: dict[str, gr.Tabs] = {}
        with gr.Tabs(elem_id="tabs") as self._tabs:
            for name in _TABS:
                with gr.Tab(name.capitalize(), id=name):
                    self._build_tab(name, service)
        two_texts, words, *_ = self.sections
        connect_pairs(two_texts, words, self._choosers["similarity"])
        self.outputs = [
            self._tabs,
            *self._choosers.values(),
            *(component for section in self.sections for component in section.components),
        ]

    def _build_tab(self, name: str, service: Service) -> None:
        def build(question: Question) -> None:
            html(introduction_html(question.title, getattr(service.lesson, name)))
            self.sections.append(_TABS[name][question](service))

        if len(_TABS[name]) == 1:
            build(*_TABS[name])
            return
        with gr.Tabs(elem_classes="chooser") as self._choosers[name]:
            for question in _TABS[name]:
                with gr.Tab(question.name, id=question.id):
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

    def open(self, section: Section, parameters: Mapping[str, str]) -> Values:
        """Values for the outputs, so that a section is shown, and what a link gives is filled in.

        Raises:
            InputError: There is no answer to these inputs.
        """
        question = section.question
        filled: list[object] = []
        for other in self.sections:
            given = read_state(other, parameters) if other.question.tab == question.tab else {}
            filled += other.open(given) if given else [gr.skip() for _ in other.components]
        chosen = [
            gr.Tabs(selected=question.id) if tab == question.tab else gr.skip()
            for tab in self._choosers
        ]
        return gr.Tabs(selected=question.tab), *chosen, *filled


def read_state(section: Section, parameters: Mapping[str, str]) -> dict[str, object]:
    """Take from a link what the inputs of a section can hold, which may be nothing.

    Raises:
        InputError: A value has a wrong type.
    """
    given = read_parameters(parameters, section.defaults)
    if given.get("panel", CLOSED) not in section.choices["panel"]:
        # Another section of the tab may have it.
        del given["panel"]
    return given
