"""examples/course.json → how the page presents itself, and which parts of it a course shows."""

import base64
import re
from pathlib import Path, PurePath
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from embviz.course.fields import Line, Url, check_web_address, distinct
from embviz.course.json_file import Content, LessonError
from embviz.language import ENGLISH, languages

# It is part of the page, which everybody loads.
_MOST_LOGO_BYTES = 100_000

_LOGO_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}

# WCAG 2.2, 1.4.3, for text of this size.
_LEAST_CONTRAST = 4.5


def _logo_file(name: str) -> str:
    if PurePath(name).suffix.lower() not in _LOGO_TYPES:
        raise ValueError(f"the name of a file must stand here: {', '.join(_LOGO_TYPES)}")
    if PurePath(name).name != name:
        raise ValueError("the file must lie in the folder of this one")
    return name


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError("write a colour as # and six digits or letters from a to f, like #003c71")
    return text


def _address(url: str) -> str:
    if re.fullmatch(r"mailto:[^@\s?]+@[^@\s?]+", url):
        return url
    try:
        return check_web_address(url)
    except ValueError:
        raise ValueError("write an address that begins with https:// or mailto: here") from None


def _language(code: str) -> str:
    if code not in languages():
        raise ValueError(f"write one of the languages of the page here: {', '.join(languages())}")
    return code


Colour = Annotated[Line, AfterValidator(_colour)]


class Colours(Content):
    """Those of the heading."""

    background: Colour
    text: Colour

    @model_validator(mode="after")
    def _can_be_read(self) -> "Colours":
        contrast = contrast_ratio(self.background, self.text)
        if contrast < _LEAST_CONTRAST:
            raise ValueError(
                f"the contrast of these two is {contrast:.2f}:1, and reading takes "
                f"{_LEAST_CONTRAST}:1: make one of them lighter or darker"
            )
        return self


class Link(Content):
    """A page of the course."""

    title: Line
    url: Url


class Contact(Content):
    """Whom visitors can ask."""

    name: Line
    url: Annotated[Line, AfterValidator(_address)]


class Course(Content):
    """examples/course.json; a course need not have one.

    Attributes:
        title: In the heading, and wherever the page names itself.
        logo: A picture in the same folder, shown in the heading.
        colours: Those of the heading; the page's own if None.
        language: That of the course's texts, and of the page unless a link says otherwise; if None,
            the texts are English, and a visitor's browser decides for the page.
        links: Pages of the course, named in the heading.
        contact: Whom visitors can ask.
        questions: The ids of those that are shown; all if None. A tab without any is not shown.
        model: Which model answers first, unless EMBVIZ_MODEL names one: one of those that are built
            in, a folder, or a name on the Hugging Face Hub.
    """

    title: Line = "Embeddings Visualizer"
    logo: Annotated[Line, AfterValidator(_logo_file)] | None = None
    colours: Colours | None = None
    language: Annotated[Line, AfterValidator(_language)] | None = None
    links: tuple[Link, ...] = ()
    contact: Contact | None = None
    questions: Annotated[tuple[Line, ...], Field(min_length=1), AfterValidator(distinct)] | None = (
        None
    )
    model: Line | None = None

    @property
    def spoken(self) -> str:
        """The language of its texts."""
        return self.language or ENGLISH


def read_logo(path: Path) -> str:
    """A picture as an address that holds it, which needs no route and no other file.

    Raises:
        LessonError: It cannot be read, or is too large.
    """
    where = f"{path.parent.name}/course.json, logo"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LessonError(f"{where}: {path.name} is missing or cannot be read.") from error
    if len(content) > _MOST_LOGO_BYTES:
        raise LessonError(
            f"{where}: {path.name} has {len(content) // 1000} KB; make it smaller than "
            f"{_MOST_LOGO_BYTES // 1000} KB, since everybody loads it with the page."
        )
    encoded = base64.b64encode(content).decode()
    return f"data:{_LOGO_TYPES[path.suffix.lower()]};base64,{encoded}"


def contrast_ratio(one: str, other: str) -> float:
    """How well one colour is seen on another: from 1 to 21, as WCAG 2.2 defines it.

    >>> contrast_ratio("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (part / 255 for part in bytes.fromhex(colour[1:]))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
