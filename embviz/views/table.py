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
        marked: Words that are marked wherever they stand.
        pairs: The two texts that each row stands for, where a row can be picked.
        action: What picking a row does; {0} and {1} stand for its two texts.
        links: Where each row's text stands, a web address, or "" where none is known; none at all
            if none is known.
        in_file: Which rows the saved table has, where these are more than are shown or many.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marked: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    action: str = ""
    links: tuple[str, ...] = ()
    in_file: str = ""


def rounded(value: float) -> float:
    # Adding 0 turns the -0.0 that rounding may leave into 0.0.
    return round(float(value), DECIMALS) + 0.0
