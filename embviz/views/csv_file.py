"""Result → the file that someone keeps: every row and every digit of it.

A spreadsheet program would take a text that starts like a formula for one and run it. Such a text
gets an apostrophe before it, as OWASP advises on "CSV injection".
"""

import csv
import io
from collections.abc import Iterable, Sequence

from embviz.analysis.vectors import Floats
from embviz.views.table import Cell, Table

# How a formula may start; some programs take the wide signs of Chinese and Japanese for the others.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    r"""Write a table as CSV: with the mark by which Excel knows UTF-8, texts in quotes.

    >>> write_csv(["text", "score"], [["=1+1", -0.5]])
    '\ufeff"text","score"\r\n"\'=1+1",-0.5\r\n'
    """
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_defuse(cell) for cell in row] for row in (headers, *rows))
    return buffer.getvalue()


def tables_csv(tables: Sequence[Table]) -> str:
    r"""Tables as people see them, with an empty line between two; several have their captions.

    >>> tables_csv([Table("Best", ("text",), (("sea",),))])
    '\ufeff"text"\r\n"sea"\r\n'
    """
    if len(tables) == 1:
        return write_csv(tables[0].headers, tables[0].rows)
    lines: list[Sequence[Cell]] = []
    for table in tables:
        lines += [(), (table.caption,), table.headers, *table.rows]
    # The first has no empty line above it.
    return write_csv([tables[0].caption], lines[2:])


def vectors_csv(texts: Sequence[str], vectors: Floats) -> str:
    """One text a row, with the values of its vector.

    Args:
        texts: n texts.
        vectors: Shape (n, dimension).
    """
    headers = ["text", *(f"d{n}" for n in range(1, vectors.shape[1] + 1))]
    # As text first: the few digits that tell a single from its neighbours, not all of its double.
    values = vectors.astype(str).astype(float).tolist()
    return write_csv(headers, ([text, *row] for text, row in zip(texts, values, strict=True)))


def _defuse(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
