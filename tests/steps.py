"""The steps of the guided lesson, as the browser counts them."""

from embviz.course.course_files import load_lesson

_STEPS = load_lesson().steps

TOTAL = len(_STEPS)
TASKS_IN_ALL = sum(step.task is not None for step in _STEPS)


def number_of(title: str) -> int:
    """Which step has this title, from 1."""
    return [step.title for step in _STEPS].index(title) + 1
