"""What was typed as arithmetic → terms: king - 0.5 * male + female."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embviz.errors import InputError
from embviz.inputs.parsing import clean
from embviz.language import gettext, grouped
from embviz.text_direction import isolate

MAX_TERMS = 20
MAX_WEIGHT = 1000

_SIGN = re.compile(r"(?<!\S)([+\-−–—])(?!\S)")  # a sign that stands alone
_WEIGHTED = re.compile(r"([+\-−–—]?)([0-9]*\.?[0-9]+)\s*\*\s*(.*)")
_QUESTION = re.compile(r"\s=\s*\??$")  # the end of "king - male + female = ?"


@dataclass(frozen=True)
class Term:
    """A text and how many times its vector is added."""

    weight: float
    text: str


def parse_expression(expression: str) -> tuple[Term, ...]:
    """Read an expression, which is clean text.

    Terms are joined by + and - with white space around the sign, so `state-of-the-art` is one term;
    a number before a * is the weight of its term. A question at the end, "= ?", may stay.

    Raises:
        InputError: There is no term, a sign has nothing after it, or a weight is unusable.

    >>> parse_expression("king - 0.5 * young male")
    (Term(weight=1.0, text='king'), Term(weight=-0.5, text='young male'))
    """
    expression = _QUESTION.sub("", expression)
    first, *rest = _SIGN.split(expression)
    signed = list(zip(rest[::2], rest[1::2], strict=True))
    if first.strip():
        signed.insert(0, ("+", first))
    if len(signed) > MAX_TERMS:
        raise InputError(
            gettext(
                "The expression has {count} terms; at most {most} are allowed.",
                count=len(signed),
                most=MAX_TERMS,
            )
        )
    return tuple(_parse_term(sign, text) for sign, text in signed)


def format_terms(terms: Sequence[Term]) -> str:
    """Write terms as an expression.

    >>> format_terms([Term(1.0, "king"), Term(-0.5, "male")])
    'king − 0.5 * male'
    """
    expression = " ".join(_format_term(term) for term in terms)
    return expression.removeprefix("+ ")


def _parse_term(sign: str, text: str) -> Term:
    text = " ".join(text.split())
    weight = 1.0
    if weighted := _WEIGHTED.fullmatch(text):
        own_sign, number, text = weighted.groups()
        weight = float(number) * _direction(own_sign)
    text = clean(text)
    if not text:
        raise InputError(
            gettext(
                "The expression has a sign or a weight with no word after it: write it like "
                "king - male + female."
            )
        )
    if not 0 < abs(weight) <= MAX_WEIGHT:
        raise InputError(
            gettext(
                "A weight must be between −{most} and {most}, and not 0.", most=grouped(MAX_WEIGHT)
            )
        )
    return Term(weight * _direction(sign), text)


def _direction(sign: str) -> float:
    return 1.0 if sign in ("", "+") else -1.0


def _format_term(term: Term) -> str:
    sign = "−" if term.weight < 0 else "+"
    weight = "" if abs(term.weight) == 1 else f"{abs(term.weight):g} * "
    return f"{sign} {weight}{isolate(term.text)}"
