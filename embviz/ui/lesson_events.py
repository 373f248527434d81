"""The guided lesson above the tabs: guess, then see the answer in its tab.

The browser keeps what was guessed and what is done, see lesson.js. The server hears which step is
to be answered, and nothing else.
"""

import gradio as gr

from embviz.course.truths import TRUTHS
from embviz.inputs.parsing import parse_index
from embviz.language import gettext_noop
from embviz.service_of_each_model import Services
from embviz.ui.course_texts import fill_in, fill_in_step
from embviz.ui.errors import to_gradio_error
from embviz.ui.lesson_markup import explanation_html, revealed_html, steps_html
from embviz.ui.section import MODEL, Values, html
from embviz.ui.tabs import Tabs


class GuidedLesson:
    """The guided lesson: built in three parts, between which the tabs stand; nothing without steps.

    On a phone, a step comes first, then what was guessed beside the answer, then the answer in its
    tab, then what explains it. On wide pages the tab stands to the right of all the rest.
    """

    def __init__(self, services: Services):
        self._services = services
        self._steps = services.default.lesson.steps

    def build_steps(self) -> None:
        """Add the steps, folded away, to the Blocks being built, and where their answers go."""
        with gr.Row(elem_id="guided", visible=bool(self._steps)):
            self._lesson = html(
                "",
                elem_id="lesson",
                js_on_load="lesson.open(element, (index) => trigger('select', { index }))",
            )
            self._revealed = html("", elem_id="revealed", elem_classes="closer")

    def build_explanation(self) -> None:
        """Add the place where an answer is explained."""
        self._explained = html("", elem_id="explained")

    def connect(self, tabs: Tabs) -> None:
        """Fill in the steps, and let the answer to each be shown in its tab."""
        if not self._steps:
            return
        sections = [tabs.find(step.tab, step.state) for step in self._steps]
        questions = [section.question.id for section in sections]
        lesson = self._services.default.lesson
        language = lesson.course.spoken
        takeaways = fill_in(lesson.takeaways, self._services.default)
        self._lesson.value = steps_html(self._steps, takeaways, questions, language)

        def reveal(event: gr.EventData, *shown: object) -> Values:
            index = parse_index(
                getattr(event, "index", None), gettext_noop("Step"), len(self._steps)
            )
            step = self._steps[index]
            next_step = next(iter(self._steps[index + 1 :]), None)
            service = self._services.get(step.state.get(MODEL, ""))
            truth = TRUTHS[step.truth].find(service, step.state)
            return (
                revealed_html(step, index, truth, language),
                explanation_html(fill_in_step(step, service), next_step, language),
                *tabs.open(sections[index], step.state, shown),
            )

        event = self._lesson.select(
            to_gradio_error(reveal),
            tabs.asked,
            [self._revealed, self._explained, *tabs.outputs],
            preprocess=False,
            show_progress="minimal",
            show_progress_on=[self._revealed],
            trigger_mode="always_last",
            api_visibility="private",
        )
        event.success(None, js="() => lesson.answered()", api_visibility="private")
        event.failure(None, js="() => lesson.refused()", api_visibility="private")
