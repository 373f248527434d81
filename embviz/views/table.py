"""Rows for people to read, and how the numbers in them are rounded."""

from dataclasses import dataclass

DECIMALS = 3
Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """Rows for people to read.

    Attributes:
        caption: What the table shows.
        headers: One word or two a column.
        rows: As many cells a row as there are headers; None is a cell with nothing to say.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def rounded(value: float) -> float:
    # Adding 0 turns the -0.0 that rounding may leave into 0.0.
    return round(float(value), DECIMALS) + 0.0
