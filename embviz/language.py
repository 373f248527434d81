"""The language in which embviz speaks, and what it says in it.

English stands in the code. Other languages have a catalogue of messages, `locale/<language>/
LC_MESSAGES/embviz.po`, in the format of GNU gettext. A message that a catalogue lacks is said in
English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

ENGLISH = "en"

_FOLDER = Path(__file__).parent / "locale"

# Of the visitor whose request is being answered; threads that answer it inherit it.
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """The languages that can be spoken, by their codes (ISO 639-1); English is the first."""
    return ENGLISH, *sorted(path.name for path in _FOLDER.iterdir() if path.is_dir())


def spoken() -> str:
    """The language that is spoken now: English, unless somebody has chosen another."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak one of `languages()` inside a `with` statement.

    >>> with speaking("en"):
    ...     spoken()
    'en'
    """
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str, /, **values: object) -> str:
    """Say a message in the language that is spoken.

    Args:
        message: The message in English, a literal; `{name}` is where a value stands.
        values: The values, by name. They are not translated.

    >>> gettext("{a} and {b}", a="king", b="queen")
    'king and queen'
    """
    return _translations(spoken()).gettext(message).format(**values)


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """Say one of two messages, by a number, which both can name as `{n}`.

    >>> [ngettext("{n} text", "{n} texts", n) for n in (1, 2)]
    ['1 text', '2 texts']
    """
    return _translations(spoken()).ngettext(one, many, n).format(n=n, **values)


def gettext_noop(message: str) -> str:
    """Mark a message for the catalogues where it is declared, to say it with `gettext` later."""
    return message


def grouped(number: int) -> str:
    """A whole number with its digits in groups of three.

    Numbers have a point before their decimals in every language here, so that they are the same in
    the API; a comma in a large one would be taken for that by those who write a decimal comma.

    >>> grouped(19_544)
    '19,544'
    """
    narrow_space = "\u202f"
    return f"{number:,}".replace(",", "," if spoken() == ENGLISH else narrow_space)


def script_messages(language: str) -> dict[str, str | tuple[str, ...]]:
    """What scripts of the page say, by the message in English; the plural forms if it has any."""
    if language == ENGLISH:
        return {}
    return {
        message.id[0] if message.pluralizable else message.id: message.string
        for message in _catalogue(language)
        if message.id and any(path.endswith(".js") for path, _ in message.locations)
    }


def _catalogue(language: str) -> Any:
    # Who speaks English does without it.
    from babel.messages.pofile import read_po

    with (_FOLDER / language / "LC_MESSAGES" / "embviz.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def _translations(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo

    compiled = BytesIO()
    write_mo(compiled, _catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)
