"""What may stand in the files of a course: texts of several kinds, expressions, addresses."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from embviz.inputs.expressions import parse_expression
from embviz.inputs.parsing import comparison_key, parse_text


def _visible(text: str) -> str:
    return parse_text(text, "this text")


def _one_line(text: str) -> str:
    if len(text.splitlines()) > 1:
        raise ValueError("write this text on one line")
    return text


def _no_comma(text: str) -> str:
    if "," in text:
        raise ValueError(
            f"“{text}” has a comma in it: write it without, since the page would split it there"
        )
    return text


def _readable(expression: str) -> str:
    parse_expression(expression)
    return expression


def distinct(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts themselves.

    Raises:
        ValueError: One of them stands there twice.
    """
    seen = set()
    for text in texts:
        key = comparison_key(text)
        if key in seen:
            raise ValueError(f"“{text}” is in this list twice (capitals make no difference)")
        seen.add(key)
    return texts


def check_web_address(url: str) -> str:
    """The address itself.

    Raises:
        ValueError: It is none that a page may link to.
    """
    # A link may also run a script.
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("write an address that begins with https:// here")
    return url


Text = Annotated[str, AfterValidator(_visible)]
# The tabs show documents one a line, and words and candidates with commas between them.
Line = Annotated[Text, AfterValidator(_one_line)]
Word = Annotated[Line, AfterValidator(_no_comma)]
Expression = Annotated[Text, AfterValidator(_readable)]
Url = Annotated[Text, AfterValidator(check_web_address)]
