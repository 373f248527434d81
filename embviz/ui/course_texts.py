"""The texts of a course, with what they quote of the model filled in."""

from collections.abc import Iterator, Sequence

from embviz.course.course_files import Lesson, Step
from embviz.course.json_file import LessonError
from embviz.course.templates import QUOTATIONS, quotations
from embviz.course.truths import Oracle
from embviz.errors import InputError
from embviz.service import Service
from embviz.ui.section import MODEL
from embviz.views.wording import number, percent

_DECIMALS = 2


def fill(template: str, oracle: Oracle) -> str:
    """A text with what it quotes.

    Raises:
        InputError: The model cannot be quoted like that.
    """
    said = ""
    for before, name, arguments in quotations(template):
        said += before
        if name:
            found = QUOTATIONS[name].find(oracle, arguments)
            said += found if isinstance(found, str) else _number(found, QUOTATIONS[name].is_share)
    return said


def fill_in(templates: Sequence[str], oracle: Oracle) -> tuple[str, ...]:
    """Texts with what they quote; those that this model has no answer to are left out."""
    return tuple(_fill_those_it_can(templates, oracle))


def fill_in_step(step: Step, oracle: Oracle) -> Step:
    """A step with what its explanation and its task quote."""
    changed: dict[str, object] = {"explanation": fill_in(step.explanation, oracle)}
    if step.task and step.task.done:
        done = " ".join(fill_in([step.task.done], oracle))
        changed["task"] = step.task.model_copy(update={"done": done})
    return step.model_copy(update=changed)


def check_texts(service: Service) -> None:
    """Try what the texts of a course quote, but for what takes seconds.

    Raises:
        LessonError: The first model has no answer to what one of them quotes.
    """
    for place, template in _all_texts(service.lesson):
        if any(name and QUOTATIONS[name].is_slow for _, name, _ in quotations(template)):
            continue
        try:
            fill(template, service)
        except InputError as error:
            raise LessonError(f"examples/{place}: “{template}” cannot be filled in: {error}") from (
                error
            )


def _all_texts(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for tab in ("similarity", "arithmetic", "search"):
        part = getattr(lesson, tab)
        for name in ("explanation", "exercises"):
            for n, template in enumerate(getattr(part, name), 1):
                yield f"{tab}.json, {name} → {n}", template
    for n, template in enumerate(lesson.takeaways, 1):
        yield f"lesson.json, takeaways → {n}", template
    for n, step in enumerate(lesson.steps, 1):
        # Another model than the first would have to be loaded.
        if MODEL in step.state:
            continue
        done = (step.task.done,) if step.task and step.task.done else ()
        for template in (*step.explanation, *done):
            yield f"lesson.json, steps → {n}", template


def _fill_those_it_can(templates: Sequence[str], oracle: Oracle) -> Iterator[str]:
    for template in templates:
        try:
            yield fill(template, oracle)
        except InputError:
            continue


def _number(value: float, is_share: bool) -> str:
    if is_share:
        return percent(value)
    return str(value) if isinstance(value, int) else number(value, _DECIMALS)
