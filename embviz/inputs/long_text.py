"""One long text, typed or in a file that someone opens → a text to search.

The file is read in memory and never written anywhere.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any

from embviz.errors import InputError
from embviz.inputs import pdf_reader
from embviz.inputs.files import decode
from embviz.inputs.limits import MAX_LONG_FILE_BYTES, MAX_LONG_TEXT
from embviz.inputs.parsing import clean
from embviz.language import gettext, gettext_noop, grouped

# A book of 600 plain pages takes 2 s.
PDF_SECONDS = 20.0
# Each may take as long and as much memory as a process is given.
_PDFS_AT_ONCE = threading.BoundedSemaphore(2)
_SECONDS_TO_WAIT = 30.0
# After so many seconds it is asked whether the visitor still waits.
_STEP = 0.25

_REFUSALS = {
    pdf_reader.LOCKED: gettext_noop(
        "This PDF needs a password: save a copy without one and open that."
    ),
    pdf_reader.DAMAGED: gettext_noop(
        "This PDF is damaged and cannot be read: save it anew, or copy its text into a .txt file "
        "and open that."
    ),
}
_SCANNED = gettext_noop(
    "This PDF holds pictures of its pages and no text: let a program for text recognition (OCR) "
    "read it first."
)


def read_long_text(content: bytes, name: str, check: Callable[[], object] = lambda: None) -> str:
    """Read the text of a file.

    Args:
        content: The file, at most MAX_LONG_FILE_BYTES.
        name: Its name, which ends in .txt, .md or .pdf.
        check: Called again and again while a PDF is read; what it raises ends the reading.

    Returns:
        At most MAX_LONG_TEXT characters, without control characters and outer white space. Line
        breaks stand where they are in the file; in the text of a PDF, between paragraphs only.

    Raises:
        InputError: The file is too large, of another kind or in another encoding; it has no text or
            too much of it; or it is a PDF that is locked or damaged, that takes too much time or
            memory, or that others are in front of.
    """
    if len(content) > MAX_LONG_FILE_BYTES:
        raise InputError(
            gettext(
                "The file is larger than {size}: open a part of it.",
                size=f"{MAX_LONG_FILE_BYTES // 10**6} MB",
            )
        )
    suffix = PurePath(name).suffix.lower()
    is_pdf = suffix == ".pdf" or content.startswith(b"%PDF")
    if not is_pdf and suffix not in (".txt", ".md"):
        raise InputError(
            gettext("Only .txt, .md and .pdf files can be read: save your text as one of them.")
        )
    text = clean(_read_pdf(content, check) if is_pdf else decode(content))
    if not text:
        raise InputError(
            gettext(_SCANNED) if is_pdf else gettext("The file is empty: open one with text in it.")
        )
    _check_length(len(text))
    return text


def parse_long_text(value: object, name: str) -> str:
    r"""Check a long text, which stays as it is, so that places in it are those of the sender.

    Args:
        value: What was typed or sent.
        name: What the visitor calls this input, in English: "The text".

    Raises:
        InputError: It is not text, there is nothing in it to read, or it is too long.

    >>> parse_long_text(" The end.\n", "The text")
    ' The end.\n'
    """
    if not isinstance(value, str):
        raise InputError(gettext("{name} must be text.", name=gettext(name)))
    if not clean(value):
        raise InputError(gettext("{name} is empty: paste one, or open a file.", name=gettext(name)))
    _check_length(len(value))
    # A lone surrogate (half of an emoji) is no character: neither tokenizers nor JSON take it.
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value)


def _check_length(length: int) -> None:
    if length > MAX_LONG_TEXT:
        raise InputError(
            gettext(
                "The text has {count} characters: take a part of it with at most {most}.",
                count=grouped(length),
                most=grouped(MAX_LONG_TEXT),
            )
        )


def _read_pdf(content: bytes, check: Callable[[], object]) -> str:
    """The text of a PDF, which another process reads: see `embviz.inputs.pdf_reader`."""
    # Without its folder among those that it imports from: our modules have names of packages.
    command = [sys.executable, "-P", str(Path(pdf_reader.__file__)), str(MAX_LONG_TEXT)]
    with _turn(check):
        output = _run(command, content, check)
    # It took too long, or more memory than it may.
    if output is None:
        raise InputError(
            gettext(
                "This PDF takes too much time or memory to read: copy its text into a .txt file "
                "and open that."
            )
        )
    answer: dict[str, Any] = json.loads(output)
    if "refusal" in answer:
        raise InputError(gettext(_REFUSALS[answer["refusal"]]))
    _check_length(answer.get("characters", 0))
    text: str = answer["text"]
    return text


@contextmanager
def _turn(check: Callable[[], object]) -> Iterator[None]:
    """Wait until few enough PDFs are being read."""
    end = time.monotonic() + _SECONDS_TO_WAIT
    while not _PDFS_AT_ONCE.acquire(timeout=_STEP):
        check()
        if time.monotonic() > end:
            raise InputError(
                gettext(
                    "Other PDFs are being read and take long: please open yours again in a minute."
                )
            )
    try:
        yield
    finally:
        _PDFS_AT_ONCE.release()


def _run(command: list[str], content: bytes, check: Callable[[], object]) -> bytes | None:
    """What a program puts out; None if it fails or takes longer than PDF_SECONDS."""
    end = time.monotonic() + PDF_SECONDS
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        given: bytes | None = content
        try:
            while time.monotonic() < end:
                try:
                    output, _ = process.communicate(given, timeout=_STEP)
                except subprocess.TimeoutExpired:
                    check()
                    # It goes on with what it was given.
                    given = None
                else:
                    return None if process.returncode else output
            return None
        finally:
            process.kill()
