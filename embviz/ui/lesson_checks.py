"""Whether the page can show what the steps of the lesson ask for."""

from collections.abc import Mapping

from embviz.course.course_files import Step
from embviz.course.json_file import LessonError
from embviz.course.truths import TRUTHS
from embviz.errors import InputError
from embviz.service import Service
from embviz.service_of_each_model import Services
from embviz.ui.section import MODEL
from embviz.ui.tabs import Tabs, read_state
from embviz.views.view import Fact


def check_steps(services: Services, tabs: Tabs) -> None:
    """Refuse a lesson of which the page cannot show all.

    Raises:
        LessonError: The tab cannot show the state of a step, its answer cannot be chosen, or its
            task cannot be checked.
    """
    steps = services.default.lesson.steps
    for n, step in enumerate(steps, 1):
        where = f"examples/lesson.json, steps → {n}"
        if step.tab not in tabs.names:
            raise LessonError(
                f"{where} → tab: course.json shows no question of this tab; add one there, or "
                "leave out this step."
            )
        _check_state(step, f"{where} → state", tabs, services)
        if step.notes.solution:
            place = f"{where} → notes → solution"
            _check_state(step.model_copy(update={"state": step.solved}), place, tabs, services)
        _check_options(step, f"{where} → options", services.default)
        facts = tabs.find(step.tab, step.state).facts
        _check_task(step, f"{where} → task → check", facts)


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
