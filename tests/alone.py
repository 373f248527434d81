"""Two processes run the tests; what measures times or work runs while no other test does.

Every test holds a lock that tests share. One that measures gives it back, waits until the test
beside it has ended, and holds the lock alone meanwhile.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Files that are locked, not written. Whoever wants the lock waits at the door first, so that short
# tests that follow each other cannot keep out one that wants it alone.
_LOCK = os.open(Path(__file__).parent / "conftest.py", os.O_RDONLY)
_DOOR = os.open(__file__, os.O_RDONLY)


def _lock(how: int) -> None:
    fcntl.flock(_DOOR, fcntl.LOCK_EX)
    fcntl.flock(_LOCK, how)
    fcntl.flock(_DOOR, fcntl.LOCK_UN)


@contextmanager
def beside_others() -> Iterator[None]:
    """Hold the lock as long as a test runs."""
    _lock(fcntl.LOCK_SH)
    try:
        yield
    finally:
        fcntl.flock(_LOCK, fcntl.LOCK_UN)


@contextmanager
def alone() -> Iterator[None]:
    """Within a test: have the machine, as long as a `with` lasts."""
    fcntl.flock(_LOCK, fcntl.LOCK_UN)
    _lock(fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(_LOCK, fcntl.LOCK_SH)
