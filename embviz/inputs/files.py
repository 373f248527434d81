"""A file that someone opens → its texts.

The file is read in memory and never written anywhere. What cannot be read is refused with the way
to a file that can.
"""

import codecs
import csv
import io
from collections.abc import Iterable
from pathlib import PurePath

from embviz.errors import InputError
from embviz.language import gettext, gettext_noop
from embviz.text_direction import isolate

MAX_BYTES = 1_000_000
MAX_SIZE = "1 MB"

_EXCEL = gettext_noop("This is an Excel workbook: save it as “CSV UTF-8” and open that file.")
_WORD = gettext_noop(
    "This is a Word document: save it as plain text (.txt) in UTF-8 and open that file."
)
_PDF = gettext_noop("This is a PDF: copy its text into a .txt file and open that.")

# By the end of the name. What a renamed file is, its first bytes tell.
_OTHER_KINDS = {
    ".xlsx": _EXCEL,
    ".xls": _EXCEL,
    ".docx": _WORD,
    ".doc": _WORD,
    ".ods": gettext_noop("This is a spreadsheet: save it as “CSV UTF-8” and open that file."),
    ".odt": gettext_noop(
        "This is a text document: save it as plain text (.txt) in UTF-8 and open that file."
    ),
    ".pdf": _PDF,
}
_ZIP = b"PK\x03\x04"  # What .xlsx and .docx are inside.

# What a single column may be called, to tell its name from its first text.
_NAMES = {"text", "texts", "word", "words", "document", "documents", "title", "titles", "name"}
_NAMES |= {"candidate", "candidates", "sentence", "sentences", "term", "terms"}


def read_texts(
    content: bytes, name: str, column: str | None = None, second: str | None = None
) -> tuple[str, ...]:
    r"""Read the texts of a file.

    Args:
        content: The file, at most MAX_BYTES of UTF-8, or of UTF-16 that starts with its mark.
        name: Its name, which ends in .txt or .csv.
        column: Of a .csv, which column, by its exact name or else in capitals or not; None for the
            first that holds texts.
        second: Another column, if its text is to follow in the same row, after a space: as title
            and abstract make one text in the collections of MTEB and BEIR.

    Returns:
        At least one text, without line breaks, in the order of the file.

    Raises:
        InputError: The file is too large, of another kind or in another encoding, or it has
            no texts or no such column.

    >>> read_texts(b"king\n\nqueen\n", "words.txt")
    ('king', 'queen')
    >>> papers = b"Year,Title,Field\n2017,Attention,translation\n2018,BERT,\n"
    >>> read_texts(papers, "papers.csv")
    ('Attention', 'BERT')
    >>> read_texts(papers, "papers.csv", "Title", "Field")
    ('Attention translation', 'BERT')
    """
    columns = _read_cells(content, name)
    chosen = columns[next(iter(columns)) if column is None else _find_title(columns, column)]
    if second is not None:
        others = columns[_find_title(columns, second)]
        if others is not chosen:
            chosen = [f"{cell} {other}".strip() for cell, other in zip(chosen, others, strict=True)]
    return tuple(filter(None, chosen))


def read_columns(content: bytes, name: str) -> dict[str, tuple[str, ...]]:
    """Read all columns of a file that hold texts rather than numbers.

    The first row of a .csv names its columns where there are several. A single column has a name
    only if it is one that columns of texts commonly have. A .txt is one column without a name.

    Returns:
        Texts by the name of their column, as `read_texts` returns them; at least one column.

    Raises:
        InputError: As `read_texts` does.
    """
    columns = _read_cells(content, name)
    return {title: tuple(filter(None, cells)) for title, cells in columns.items()}


def _read_cells(content: bytes, name: str) -> dict[str, list[str]]:
    """Read the columns that hold texts, a cell a row, "" where there is none."""
    suffix = PurePath(name).suffix.lower()
    _refuse_other_kinds(content, suffix)
    if len(content) > MAX_BYTES:
        raise InputError(
            gettext("The file is larger than {size}: open a part of it.", size=MAX_SIZE)
        )
    text = decode(content)
    rows = _read_csv(text) if suffix == ".csv" else {"": text.splitlines()}
    columns = {title: [" ".join(cell.split()) for cell in cells] for title, cells in rows.items()}
    columns = {title: cells for title, cells in columns.items() if _are_texts(cells, suffix)}
    if not columns:
        raise InputError(
            gettext("The file holds no texts: write one per line, or a column of them.")
        )
    return columns


def _find_title(columns: Iterable[str], column: str) -> str:
    for spelling in (str, str.casefold):
        for title in columns:
            if spelling(title) == spelling(column.strip()):
                return title
    there = ", ".join(isolate(title) for title in columns if title)
    if not there:
        raise InputError(
            gettext("The file has no column of texts called “{column}”.", column=isolate(column))
        )
    raise InputError(
        gettext(
            "The file has no column of texts called “{column}”: choose one of {columns}.",
            column=isolate(column),
            columns=there,
        )
    )


def _refuse_other_kinds(content: bytes, suffix: str) -> None:
    if suffix in _OTHER_KINDS:
        raise InputError(gettext(_OTHER_KINDS[suffix]))
    if content.startswith(b"%PDF"):
        raise InputError(gettext(_PDF))
    if content.startswith(_ZIP):
        for folder, refusal in ((b"xl/", _EXCEL), (b"word/", _WORD)):
            if folder in content:
                raise InputError(gettext(refusal))
    if suffix not in (".txt", ".csv"):
        raise InputError(
            gettext("Only .txt and .csv files can be read: save your texts as one of them.")
        )


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 that starts with its mark.

    Raises:
        InputError: It is no text, or in another encoding.
    """
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if b"\0" in content and (text is None or "\0" in text):
        raise InputError(
            gettext("This is not a text file: save your texts as .txt or .csv in UTF-8.")
        )
    if text is None:
        raise InputError(gettext("The file is not in UTF-8: save it as UTF-8."))
    return text


def _read_csv(text: str) -> dict[str, list[str]]:
    first_line = text.lstrip().split("\n", 1)[0]
    try:
        # Which separator it is shows in the first row: the one that makes most columns of it.
        separator = max(",;\t", key=lambda s: len(next(csv.reader([first_line], delimiter=s), [])))
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise InputError(
            gettext("The file cannot be read as CSV: open and save it with a spreadsheet program.")
        ) from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    width = max(map(len, rows), default=0)
    cells = [[row[n] if n < len(row) else "" for row in rows] for n in range(width)]
    if rows and _are_names(rows[0], width):
        return {column[0].strip(): column[1:] for column in cells}
    return {gettext("Column {n}", n=n): column for n, column in enumerate(cells, 1)}


def _are_names(row: list[str], width: int) -> bool:
    names = [cell.strip() for cell in row]
    if width == 1:
        return names[0].casefold() in _NAMES
    return len({*names} - {""}) == width and not any(map(_is_number, names))


def _are_texts(cells: list[str], suffix: str) -> bool:
    texts = [cell for cell in cells if cell]
    return bool(texts) and (suffix == ".txt" or 2 * sum(map(_is_number, texts)) < len(texts))


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True
