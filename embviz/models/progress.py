"""Who waits for a long job: hears how far it is, and may call it off.

Long jobs are found deep below what was asked. So whoever asks says so around the call, and only for
that call: other threads and other visitors have others who wait, or nobody.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Called with the share of a job that is done, 0..1. What it raises ends the job.
Progress = Callable[[float], object]

_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)


@contextmanager
def reporting_to(progress: Progress) -> Iterator[None]:
    """Let `progress` hear of the long jobs in this block, and end them with what it raises."""
    token = _progress.set(progress)
    try:
        yield
    finally:
        _progress.reset(token)


def report(share: float) -> None:
    """Say to whoever waits which share of a job is done, 0..1.

    Raises:
        Exception: What the one who waits raises, to end the job.
    """
    progress = _progress.get()
    if progress is not None:
        progress(share)
