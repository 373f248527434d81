"""What benchmarks measure, and how it is printed."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing measured beside another in the same run.

    Attributes:
        what: What is measured.
        beside: What it is compared with.
        ratio: The one divided by the other.
        goal: What the ratio should be at most; or at least, where more is better. None where
            there is nothing to reach.
        more_is_better: Whether the ratio is one of speeds rather than of times or sizes.
        figures: The two that were divided, in words.
    """

    what: str
    beside: str
    ratio: float
    goal: float | None
    figures: str
    more_is_better: bool = False

    @classmethod
    def of_times(cls, what: str, beside: str, ours: float, theirs: float, goal: float) -> "Row":
        """A row of two times in seconds."""
        return cls(what, beside, ours / theirs, goal, f"{_seconds(ours)} and {_seconds(theirs)}")

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached, if there is one."""
        if self.goal is None:
            return True
        return self.ratio >= self.goal if self.more_is_better else self.ratio <= self.goal


def print_table(rows: Iterable[Row]) -> bool:
    """Print each row as soon as it is measured; returns whether every goal is met."""
    print("| what | compared with | ratio | goal | |\n|---|---|---|---|---|", flush=True)
    all_met = True
    for row in rows:
        sign = "≥" if row.more_is_better else "≤"
        goal = "" if row.goal is None else f"{sign} {row.goal:g}"
        met = "" if row.is_met else " (missed)"
        print(
            f"| {row.what} | {row.beside} | {row.ratio:.2f} | {goal}{met} | {row.figures} |",
            flush=True,
        )
        all_met &= row.is_met
    return all_met


def side_by_side(runs: int, *calls: Callable[[], object], rest: float = 0) -> list[float]:
    """Median seconds of each call, called in turns so that what slows one slows all.

    Args:
        runs: How often each is called.
        calls: What is measured.
        rest: Seconds before each call, in which threads of the one before can come to rest.
    """
    seconds = [[] for _ in calls]
    for _ in range(runs):
        for call, of_call in zip(calls, seconds, strict=True):
            time.sleep(rest)
            start = time.perf_counter()
            call()
            of_call.append(time.perf_counter() - start)
    return [statistics.median(of_call) for of_call in seconds]


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.1f} ms"
