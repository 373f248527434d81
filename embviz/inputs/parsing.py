"""What was typed or sent → clean texts, counts and choices.

Anything can arrive here: a form, a link, a program's JSON. Every function returns a value that the
rest of the code can trust, or raises `InputError`.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

from embviz.errors import InputError
from embviz.language import gettext
from embviz.text_direction import isolate

# Control characters (Unicode's category Cc), without the white space among them.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")

# Together with white space, what a text may hold and still be nothing to read: control and
# format characters (a zero-width space, a direction mark).
_INVISIBLE = {"Cc", "Cf"}

Choice = TypeVar("Choice", bound=str)


def parse_text(value: object, name: str) -> str:
    r"""Clean one text.

    Args:
        value: What was typed.
        name: What the visitor calls this input, in English: "Text A".

    Returns:
        The text without control characters and without white space at its ends.

    Raises:
        InputError: The value is not text, or there is nothing in it to read.

    >>> parse_text("  ice cream\x00 ", "Text A")
    'ice cream'
    """
    return _clean_text(value, gettext(name))


def _clean_text(value: object, label: str) -> str:
    if not isinstance(value, str):
        raise InputError(gettext("{name} must be text.", name=label))
    text = clean(value)
    if not text:
        raise InputError(gettext("{name} is empty: type a word or a sentence.", name=label))
    return text


def parse_texts(
    value: object, name: str, *, commas: bool = False, distinct: bool = False
) -> tuple[str, ...]:
    r"""Clean a list of texts, which may also come as one string with one text a line.

    Args:
        value: A list of strings, or one string. Blank lines are skipped, blank items are not.
        name: What the visitor calls this input, in English: "Documents".
        commas: Whether a string without a line break is split at its commas.
        distinct: Whether each text may stand there once only.

    Returns:
        At least one clean text, in the order given.

    Raises:
        InputError: The value is no list of texts, one of its items is empty, or all are; or a text
            stands there twice.

    >>> parse_texts("king, queen", "Words", commas=True)
    ('king', 'queen')
    >>> parse_texts("Hello, world\nSecond line", "Words", commas=True)
    ('Hello, world', 'Second line')
    """
    label = gettext(name)
    if isinstance(value, str):
        lines = value.splitlines()
        if commas and len(lines) == 1:
            lines = value.split(",")
        texts = tuple(text for text in map(clean, lines) if text)
    elif isinstance(value, Sequence) and all(isinstance(item, str) for item in value):
        texts = tuple(
            _clean_text(item, gettext("{name}: text {n}", name=label, n=n))
            for n, item in enumerate(value, 1)
        )
    else:
        raise InputError(
            gettext(
                "{name} must be a list of texts, or one string with one text per line.", name=label
            )
        )
    if not texts:
        raise InputError(gettext("{name}: type at least one text.", name=label))
    if distinct:
        _check_distinct(texts, label)
    return texts


def _check_distinct(texts: tuple[str, ...], label: str) -> None:
    seen = set()
    for text in texts:
        key = comparison_key(text)
        if key in seen:
            # One line, and not the whole of a long text.
            start = isolate(" ".join(text.split())[:60])
            raise InputError(
                gettext(
                    "{name}: “{text}” is in the list twice (capitals make no difference).",
                    name=label,
                    text=start,
                )
            )
        seen.add(key)


def parse_count(value: object, name: str, *, at_least: int = 1) -> int:
    """Read a whole number of at least 1, or of at least another number.

    Raises:
        InputError: It is anything else.

    >>> parse_count(3.0, "Top k")
    3
    """
    # JSON has one kind of number, so 3.0 may be meant as 3; Python counts True as a number.
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or value not in range(at_least, 10**6)
    ):
        raise InputError(
            gettext(
                "{name} must be a whole number of at least {least}.",
                name=gettext(name),
                least=at_least,
            )
        )
    return int(value)


def parse_flag(value: object, name: str) -> bool:
    """Read true or false.

    Raises:
        InputError: It is anything else.
    """
    if not isinstance(value, bool):
        raise InputError(gettext("{name} must be true or false.", name=gettext(name)))
    return value


def parse_index(value: object, name: str, length: int) -> int:
    """Read the index of an item of a list.

    Raises:
        InputError: There is no such item.
    """
    if not isinstance(value, int) or not 0 <= value < length:
        raise InputError(
            gettext(
                "{name} must be a whole number from 0 to {last}.",
                name=gettext(name),
                last=length - 1,
            )
        )
    return value


def parse_choice(value: object, name: str, choices: Sequence[Choice]) -> Choice:
    """Read one of a few names.

    Raises:
        InputError: It is none of them.
    """
    for choice in choices:
        if choice == value:
            return choice
    raise InputError(
        gettext("{name} must be one of: {choices}.", name=gettext(name), choices=", ".join(choices))
    )


def clean(value: str) -> str:
    """Take out control characters and outer white space; what holds nothing visible becomes ""."""
    text = _CONTROL.sub("", without_surrogates(value)).strip()
    if all(c.isspace() or unicodedata.category(c) in _INVISIBLE for c in text):
        return ""
    return text


def without_surrogates(value: str) -> str:
    """Put the sign for what cannot be read where half an emoji stands.

    Such a lone surrogate is no character: neither tokenizers nor JSON take it.
    """
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def comparison_key(text: str) -> str:
    r"""The form in which texts are compared: equal for those that a reader takes for the same.

    Capitals, kinds of white space, invisible characters such as a soft hyphen, and the two ways to
    write an accent make no difference; x² and x2 stay two texts.

    >>> comparison_key("New\u00a0York")
    'new york'
    """
    if text.isascii():
        # The same result in a tenth of the time: 10,000 common words are compared at once.
        return " ".join(text.casefold().split())
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = unicodedata.normalize("NFC", text).casefold()
    # Some capitals become two small letters, and the last of them may take up an accent.
    return unicodedata.normalize("NFC", " ".join(text.split()))
