"""A course's own collection, a .jsonl, .csv or .parquet file → Collection."""

import csv
import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path, PurePath

import numpy as np

from embviz.course.course_files import FOLDER, CollectionSource, Labelled
from embviz.course.fields import check_web_address
from embviz.course.json_file import LessonError
from embviz.course.packed_texts import PackedTexts
from embviz.evaluation.retrieval import LabelledQuery
from embviz.inputs.parsing import clean

MOST_TEXTS = 100_000

# Where a row stands in its file ("line 7"), and its values by column.
_Rows = Iterator[tuple[str, Mapping[str, object]]]


@dataclass(frozen=True)
class Collection:
    """The texts that a course searches.

    Attributes:
        name: What its file is called, without folder and ending.
        titles: The title of each text, on one line; "" where it has none.
        texts: What is encoded and searched: the title, a space and the text, as MTEB and BEIR do
            it, whose figures for SciFact that reproduces; only the title, where there is no text.
        links: The web address of each text; "" where it has none.
        labelled: Queries, and which texts answer them.
    """

    name: str
    titles: Sequence[str]
    texts: Sequence[str]
    links: Sequence[str]
    labelled: tuple[LabelledQuery, ...] = ()


def read_collection(source: CollectionSource, folder: Path = FOLDER) -> Collection:
    """Read a collection, row by row.

    Args:
        source: What search.json says about it.
        folder: Where search.json stands; the file must lie in it.

    Raises:
        LessonError: The file cannot be read, is changed meanwhile, holds more than MOST_TEXTS texts
            or none, or has a mistake in one of its rows; or a query is labelled with a title that
            it does not hold.
    """
    name = f"{folder.name}/{source.file}"
    path = folder / source.file
    # A link of the file system may lead out of it.
    if not path.resolve().is_relative_to(folder.resolve()):
        raise LessonError(f"{name} must lie in the folder {folder.name}.")
    read_rows = _READERS[PurePath(source.file).suffix.lower()]
    content = BytesIO()
    # Where in it a title begins, the title ends, the text ends, and the link ends: there begins the
    # next title. A text begins with its title.
    bounds = array("q", [0])
    try:
        with _unchanged(path, name):
            for place, row in read_rows(path, name, source.columns):
                if len(bounds) // 3 == MOST_TEXTS:
                    raise LessonError(f"{name} holds more than {MOST_TEXTS:,} texts: keep fewer.")
                title, text, link = _read_row(row, source, f"{name}, {place}")
                for part in (title, text[len(title) :], link):
                    content.write(part.encode())
                    bounds.append(content.tell())
    except OSError as error:
        raise LessonError(f"{name} is missing or cannot be read.") from error
    except UnicodeDecodeError as error:
        raise LessonError(f"{name} must be saved as UTF-8.") from error
    if len(bounds) == 1:
        raise LessonError(f"{name} holds no texts.")
    packed, places = content.getvalue(), np.frombuffer(bounds, np.int64)
    titles = PackedTexts(packed, places[:-1:3], places[1::3])
    texts = PackedTexts(packed, places[:-1:3], places[2::3])
    links = PackedTexts(packed, places[2::3], places[3::3])
    labelled = _find_relevant(source.labelled, titles, texts, folder)
    return Collection(path.stem, titles, texts, links, labelled)


@contextmanager
def _unchanged(path: Path, name: str) -> Iterator[None]:
    """Refuse a file that is changed in this block, whatever was found in it."""
    before = _state(path)
    try:
        yield
    finally:
        if _state(path) != before:
            raise LessonError(
                f"{name} was changed while it was read: start again when it is whole."
            )


def _state(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns


def _read_row(row: Mapping[str, object], source: CollectionSource, place: str) -> tuple[str, ...]:
    title = _on_one_line(_read_cell(row, source.title, place))
    text = _read_cell(row, source.text, place)
    if not title and not text:
        raise LessonError(f"{place} → {source.text}: this text is empty: write it, or a title.")
    link = _read_cell(row, source.link, place)
    if link:
        try:
            check_web_address(link)
        except ValueError as error:
            raise LessonError(f"{place} → {source.link}: {error}.") from error
    # Where one of them is all there is, it is not kept twice.
    return title, f"{title} {text}" if title and text else text or title, link


def _read_cell(row: Mapping[str, object], column: str | None, place: str) -> str:
    if column is None:
        return ""
    value = row[column]
    if not isinstance(value, str | None):
        raise LessonError(f"{place} → {column}: a text must stand here.")
    return clean(value or "")


def _check_columns(columns: Sequence[str], there: Sequence[str], place: str) -> None:
    for column in columns:
        if column not in there:
            names = ", ".join(there) or "nothing"
            raise LessonError(f"{place}: “{column}” is missing; there is {names}.")


def _read_jsonl(path: Path, name: str, columns: Sequence[str]) -> _Rows:
    with path.open(encoding="utf-8-sig") as file:
        for n, line in enumerate(file, 1):
            if not line.strip():
                continue
            place = f"line {n}"
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                message = f"this is no JSON: {error.msg} at column {error.colno}"
                raise LessonError(f"{name}, {place}: {message}.") from error
            # Python reads neither any depth nor numbers of any length.
            except (RecursionError, ValueError) as error:
                message = "a value is nested too deeply, or a number is too long"
                raise LessonError(f"{name}, {place}: {message}.") from error
            if not isinstance(row, dict):
                raise LessonError(
                    f"{name}, {place}: names and their values in curly braces must stand here."
                )
            _check_columns(columns, list(row), f"{name}, {place}")
            yield place, row


def _read_csv(path: Path, name: str, columns: Sequence[str]) -> _Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = csv.reader(file, delimiter=max(",;\t", key=first.count), strict=True)
        try:
            header = [cell.strip() for cell in next(rows, [])]
        except csv.Error as error:
            raise LessonError(f"{name}, line 1: this is no CSV: {error}.") from error
        _check_columns(columns, header, f"{name}, line 1")
        while True:
            # A cell may go on for several lines.
            place = f"line {rows.line_num + 1}"
            try:
                row = next(rows, None)
            except csv.Error as error:
                raise LessonError(f"{name}, {place}: this is no CSV: {error}.") from error
            if row is None:
                return
            if not row:
                continue
            if len(row) != len(header):
                raise LessonError(
                    f"{name}, {place}: {len(header)} cells must stand here, as in the first line, "
                    f"not {len(row)}."
                )
            yield place, dict(zip(header, row, strict=True))


def _read_parquet(path: Path, name: str, columns: Sequence[str]) -> _Rows:
    try:
        # It takes 170 MB, and few courses need it. Those that are smaller are no longer kept
        # (fastparquet, retired in 2026) or not yet used by many (arro3).
        pyarrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise LessonError(
            f"{name} can only be read with pyarrow: install it (pip install pyarrow), or save the "
            "file as .jsonl or .csv."
        ) from error
    try:
        with parquet.ParquetFile(path) as file:
            _check_columns(columns, file.schema_arrow.names, name)
            n = 0
            for batch in file.iter_batches(batch_size=1_000, columns=list(columns)):
                for row in batch.to_pylist():
                    n += 1
                    yield f"row {n}", row
    except pyarrow.ArrowException as error:
        raise LessonError(f"{name} is no Parquet file, or is damaged.") from error


_READERS: dict[str, Callable[[Path, str, Sequence[str]], _Rows]] = {
    ".jsonl": _read_jsonl,
    ".csv": _read_csv,
    ".parquet": _read_parquet,
}


def _find_relevant(
    labelled: Sequence[Labelled], titles: Sequence[str], texts: Sequence[str], folder: Path
) -> tuple[LabelledQuery, ...]:
    places: dict[str, set[int]] = {
        _on_one_line(title): set() for query in labelled for title in query.relevant
    }
    if places:
        for i, (title, text) in enumerate(zip(titles, texts, strict=True)):
            name = title or _on_one_line(text)
            if name in places:
                places[name].add(i)
    for n, query in enumerate(labelled, 1):
        for title in query.relevant:
            if not places[_on_one_line(title)]:
                raise LessonError(
                    f"{folder.name}/search.json, collection → labelled → {n} → relevant: “{title}” "
                    "is not one of the titles of the collection."
                )
    return tuple(
        LabelledQuery(
            query.query,
            frozenset().union(*(places[_on_one_line(title)] for title in query.relevant)),
        )
        for query in labelled
    )


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
