"""The guided lesson above the tabs: guess, then see the answer in its tab.

The browser keeps what was guessed and what is done, see lesson.js. The server hears which step is
to be answered, and nothing else.
"""

from collections.abc import Mapping

import gradio as gr

from embviz.course.course_files import Step
from embviz.course.json_file import LessonError
from embviz.course.truths import TRUTHS
from embviz.errors import InputError
from embviz.inputs.parsing import parse_index
from embviz.service import Service
from embviz.service_of_each_model import Services
from embviz.ui.course_texts import fill_in, fill_in_step
from embviz.ui.errors import to_gradio_error
from embviz.ui.lesson_markup import explanation_html, revealed_html, steps_html
from embviz.ui.section import MODEL, Values, html
from embviz.ui.tabs import Tabs, read_state
from embviz.views.view import Fact


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
        """Fill in the steps, and let the answer to each be shown in its tab.

        Raises:
            LessonError: The tab cannot show the state of a step, its answer cannot be chosen, or
                its task cannot be checked.
        """
        if not self._steps:
            return
        for n, step in enumerate(self._steps, 1):
            where = f"examples/lesson.json, steps → {n}"
            if step.tab not in tabs.names:
                raise LessonError(
                    f"{where} → tab: course.json shows no question of this tab; add one there, or "
                    "leave out this step."
                )
            _check_state(step, f"{where} → state", tabs, self._services)
            if step.notes.solution:
                place = f"{where} → notes → solution"
                _check_state(
                    step.model_copy(update={"state": step.solved}), place, tabs, self._services
                )
            _check_options(step, f"{where} → options", self._services.default)
        sections = [tabs.find(step.tab, step.state) for step in self._steps]
        for n, (step, section) in enumerate(zip(self._steps, sections, strict=True), 1):
            _check_task(step, f"examples/lesson.json, steps → {n} → task → check", section.facts)
        questions = [section.question.id for section in sections]
        lesson = self._services.default.lesson
        takeaways = fill_in(lesson.takeaways, self._services.default)
        self._lesson.value = steps_html(self._steps, takeaways, questions)

        def reveal(event: gr.EventData, *shown: object) -> Values:
            index = parse_index(getattr(event, "index", None), "Step", len(self._steps))
            step, *following = self._steps[index : index + 2]
            service = self._services.get(step.state.get(MODEL, ""))
            truth = TRUTHS[step.truth].find(service, step.state)
            return (
                revealed_html(step, index, truth),
                explanation_html(fill_in_step(step, service), following[0] if following else None),
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


def _check_state(step: Step, where: str, tabs: Tabs, services: Services) -> None:
    of_tab = [section for section in tabs.sections if section.question.tab == step.tab]
    known = dict.fromkeys(["question", MODEL, *(name for s in of_tab for name in s.inputs)])
    for name in step.state:
        if name not in known:
            raise LessonError(
                f"{where}: “{name}” is not one of the inputs, which are {', '.join(known)}."
            )
    encoder = services.default.encoder
    try:
        services.find(step.state.get(MODEL, ""))
        tabs.find(step.tab, step.state)
        for section in of_tab:
            given = read_state(section, step.state)
            for name in given.keys() & section.choices.keys():
                # Once it is known to stand there, it need not be tried: some choices take long.
                if given[name] not in section.choices[name]:
                    choices = ", ".join(map(str, section.choices[name]))
                    raise InputError(f"{name} must be one of: {choices}.")
                del given[name]
            if given and section.question.is_for(encoder) and not section.is_lazy:
                section.answer(section.defaults | section.complete(given))
    except InputError as error:
        raise LessonError(f"{where}: {error}") from error


def _check_options(step: Step, where: str, service: Service) -> None:
    truth = TRUTHS[step.truth]
    # Another model than the first would have to be loaded for this.
    if step.options is None or MODEL in step.state or truth.is_slow(step.state):
        return
    try:
        answer = truth.find(service, step.state)
    except InputError as error:
        raise LessonError(f"{where}: {error}") from error
    if answer not in step.options:
        raise LessonError(f"{where}: none of these is the model’s answer, “{answer}”.")


def _check_task(step: Step, where: str, facts: Mapping[str, Fact]) -> None:
    for name, condition in step.task.check.items() if step.task else ():
        if name not in facts:
            known = f"which are {', '.join(facts)}" if facts else "which has none"
            raise LessonError(f"{where}: “{name}” is not one of the facts of this answer, {known}.")
        for value in condition.values:
            if facts[name] is not None and _kind(value) != _kind(facts[name]):
                raise LessonError(
                    f"{where} → {name}: this is {_kind(facts[name])} and is compared with "
                    f"{_kind(value)}."
                )


def _kind(value: Fact) -> str:
    if isinstance(value, bool):
        return "true or false"
    return "a text" if isinstance(value, str) else "a number"
