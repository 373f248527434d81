"""Progress of long jobs: how far one is, and how to stop it.

The encoder reports how much of a list it has encoded. A caller who wants to hear that wraps the
call in `reporting_to`. This holds for that call alone, not for other threads or visitors.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context

# Called with the share of a job that is done, 0..1. What it raises ends the job.
Progress = Callable[[float], object]

_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)


@contextmanager
def reporting_to(progress: Progress) -> Iterator[None]:
    """Call `progress` for each long job in this block, which ends with what `progress` raises."""
    token = _progress.set(progress)
    try:
        yield
    finally:
        _progress.reset(token)


def report(share: float) -> None:
    """Report which share of a job is done, 0..1.

    Raises:
        Exception: What the listener raises to end the job.
    """
    progress = _progress.get()
    if progress is not None:
        progress(share)


@contextmanager
def part_of_job(done: int, parts: int) -> Iterator[None]:
    """Report the progress in this block as that of one part of a job that has several.

    Args:
        done: How many parts are done already.
        parts: How many there are.
    """
    # Whoever listens outside of this block.
    outside = copy_context()

    def report_part(share: float) -> None:
        outside.run(report, (done + share) / parts)

    report_part(0.0)
    with reporting_to(report_part):
        yield
