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
from embviz.inputs.links import current_value, read_parameters
from embviz.inputs.parsing import parse_choice
from embviz.services import Services
from embviz.ui.arithmetic import build_association, build_axes, build_equation
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
        self.names = tuple(_TABS)
        self.sections: list[Section] = []
        self._services = services
        self._model = model
        self.model_choice = model.choice
        # Where a tab has several questions, what one chooses with.
        self._choosers: dict[str, gr.Tabs] = {}
        with gr.Tabs(elem_id="tabs") as self._tabs:
            for name in _TABS:
                with gr.Tab(name.capitalize(), id=name):
                    self._build_tab(name)
        two_texts, words, *_ = self.sections
        connect_pairs(two_texts, words, self._choosers["similarity"])
        self.asked = [
            model.id,
            *(component for section in self.sections for component in section.inputs.values()),
        ]
        self.outputs = [
            *model.components,
            self._tabs,
            *self._choosers.values(),
            *(component for section in self.sections for component in section.components),
        ]

    def _build_tab(self, name: str) -> None:
        def build(question: Question) -> None:
            part = getattr(self._services.default.lesson, name)
            html(introduction_html(question, part))
            self.sections.append(_TABS[name][question](self._services, self._model.id))

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
        chosen = [
            gr.Tabs(selected=question.id) if tab == question.tab else gr.skip()
            for tab in self._choosers
        ]
        return (
            *self._model.show(model),
            gr.Tabs(selected=question.tab),
            *chosen,
            *filled,
        )


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
