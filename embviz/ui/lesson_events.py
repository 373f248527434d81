"""The guided lesson above the tabs: guess, then see the answer in its tab.

The browser keeps what was guessed and what is done, see lesson.js. The server hears which step is
to be answered, and nothing else.
"""

from dataclasses import dataclass

import gradio as gr

from embviz.course.course_files import LessonError, Step
from embviz.errors import InputError
from embviz.inputs.parsing import parse_index
from embviz.service import Service
from embviz.ui.errors import to_gradio_error
from embviz.ui.lesson_answers import compute_answer
from embviz.ui.lesson_markup import revealed_html, steps_html
from embviz.ui.section import Values, html
from embviz.ui.tabs import Tabs, read_state


@dataclass(frozen=True)
class GuidedSteps:
    """The components of the guided lesson; none where the lesson has no steps."""

    service: Service
    steps: gr.HTML | None = None
    revealed: gr.HTML | None = None

    def connect(self, tabs: Tabs) -> None:
        """Let the answer to a step be shown in its tab.

        Raises:
            LessonError: The tab cannot show the state of a step.
        """
        steps = self.service.lesson.steps
        if self.steps is None or self.revealed is None:
            return
        for n, step in enumerate(steps, 1):
            _check(step, f"examples/lesson.json, steps → {n} → state", tabs)

        def reveal(event: gr.EventData) -> Values:
            index = parse_index(getattr(event, "index", None), "Step", len(steps))
            step = steps[index]
            truth = compute_answer(step, self.service)
            section = tabs.find(step.tab, step.state)
            return revealed_html(step, index, truth), *tabs.open(section, step.state)

        event = self.steps.select(
            to_gradio_error(reveal),
            None,
            [self.revealed, *tabs.outputs],
            show_progress="minimal",
            show_progress_on=[self.revealed],
            trigger_mode="always_last",
            api_visibility="private",
        )
        event.success(None, js="() => lesson.answered()", api_visibility="private")
        event.failure(None, js="() => lesson.refused()", api_visibility="private")


def build_guided_steps(service: Service) -> GuidedSteps:
    """Add the guided lesson, folded away, to the Blocks being built."""
    if not service.lesson.steps:
        return GuidedSteps(service)
    with gr.Row(elem_id="guided"):
        steps = html(
            steps_html(service.lesson.steps),
            elem_id="lesson",
            js_on_load="lesson.open(element, (index) => trigger('select', { index }))",
        )
        revealed = html("", elem_id="revealed", elem_classes="closer")
    return GuidedSteps(service, steps, revealed)


def _check(step: Step, where: str, tabs: Tabs) -> None:
    of_tab = [section for section in tabs.sections if section.question.tab == step.tab]
    known = dict.fromkeys(["question", *(name for s in of_tab for name in s.inputs)])
    for name in step.state:
        if name not in known:
            raise LessonError(
                f"{where}: “{name}” is none of the inputs, which are {', '.join(known)}."
            )
    try:
        section = tabs.find(step.tab, step.state)
        given = read_state(section, step.state)
        for name in given.keys() & section.choices.keys():
            # Once it is known to stand there, it need not be tried: some choices take long.
            if given[name] not in section.choices[name]:
                choices = ", ".join(map(str, section.choices[name]))
                raise InputError(f"{name} must be one of: {choices}.")
            del given[name]
        section.answer(section.defaults | given)
    except InputError as error:
        raise LessonError(f"{where}: {error}") from error
