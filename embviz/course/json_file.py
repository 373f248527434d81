"""A JSON file of a course → checked content, or one sentence that says what is wrong and where."""

import re
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import from_json

# Line breaks among them.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class LessonError(ValueError):
    """A file of the course has a mistake; the message is one sentence that says which and where."""

    def __init__(self, message: str):
        # What it quotes from a file may hold what upsets a terminal.
        super().__init__(_CONTROL.sub(" ", message))


class Content(BaseModel):
    """What stands between two curly braces of a file."""

    # Python reads NaN and Infinity, which no slider and no browser can take.
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _names_are_known(cls, content: object) -> object:
        # Before all else: a misspelled name is the better message than a missing one.
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for name in content if isinstance(content, dict) else ():
            if name not in known:
                raise ValueError(
                    f"“{name}” is not one of the names allowed here: {', '.join(known)}"
                )
        return content


_Content = TypeVar("_Content", bound=Content)

# By pydantic's name of a mistake, whose own words are for programmers.
_EXPECTED = {
    "dict_type": "write names and their values in curly braces here",
    "finite_number": "write a number here",
    "float_parsing": "write a number here",
    "float_type": "write a number here",
    "greater_than": "write a number greater than {gt:g} here",
    "literal_error": "write one of these here: {expected}",
    "missing": "this is missing",
    "model_type": "write names and their values in curly braces here",
    "string_type": "write a text in quotation marks here",
    "too_long": "this list is too long: it can have at most {max_length}",
    "too_short": "this list is too short: it needs at least {min_length}",
    "tuple_type": "write a list in square brackets here",
    "value_error": "{error}",
}


def read_json(path: Path, kind: type[_Content]) -> _Content:
    """Read a file.

    Raises:
        LessonError: It is missing or has a mistake.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        # Some editors on Windows put a mark in front, which UTF-8 needs not and JSON may not have.
        text = path.read_text("utf-8-sig")
        # The parser counts bytes; with one byte a character, it names the column an editor shows.
        from_json(text.encode("ascii", "replace"))
        return kind.model_validate_json(text)
    except OSError as error:
        raise LessonError(f"{name} is missing or cannot be read.") from error
    except UnicodeDecodeError as error:
        raise LessonError(f"{name} must be saved as UTF-8.") from error
    except ValidationError as error:
        raise LessonError(f"{name}{_describe(error)}") from error
    except ValueError as error:
        raise LessonError(f"{name} is not valid JSON: {error}.") from error


def _describe(error: ValidationError) -> str:
    """Where the first mistake is and what was expected, items of lists counted from 1."""
    # Of a file with thousands of mistakes, all the rest would take a second.
    first = error.errors(include_url=False, include_input=False)[0]
    place = " → ".join(str(n + 1) if isinstance(n, int) else n for n in first["loc"])
    expected = _EXPECTED.get(first["type"])
    message = expected.format_map(first.get("ctx", {})) if expected else first["msg"]
    return f"{', ' if place else ''}{place}: {message.removesuffix('.')}."
