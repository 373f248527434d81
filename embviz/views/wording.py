"""Texts and numbers as they stand in a sentence."""

import math

from embviz.language import gettext, gettext_noop
from embviz.text_direction import isolate, thin_marks

_LONGEST_QUOTE = 60

# The column of a table whose cells are percentiles.
PAIRS_BELOW = gettext_noop("Random pairs below")

# A score that beats fewer than these of 100 unrelated ones may be chance.
BEYOND_CHANCE = 90
# A score that beats at most so many is more likely chance than not.
MORE_LIKELY_CHANCE = 50


def shorten(text: str, longest: int) -> str:
    """The beginning of a text, on one line, as it can stand among other words.

    >>> shorten("state of the art", 10)
    'state of…'
    """
    text = " ".join(thin_marks(text).split())
    return isolate(text if len(text) <= longest else text[: longest - 1].rstrip() + "…")


def number(value: float, decimals: int = 3) -> str:
    """A similarity or a score; one that rounds to zero has no sign.

    >>> number(-0.0004), number(-0.0006)
    ('0.000', '−0.001')
    """
    # Adding 0 turns the -0.0 that rounding may leave into 0.0.
    return f"{round(float(value), decimals) + 0.0:.{decimals}f}".replace("-", "−")


def percent(percentile: float) -> str:
    """A share of random pairs, 0..100, as it follows "higher than"."""
    printed = short_percent(percentile)
    return gettext("at least {share}", share=printed) if percentile >= 100 else printed


def short_percent(percentile: float) -> str:
    """The same without "at least", where there is no room for it."""
    # Rounded down: 99.96 % of random pairs are not all of them. No sample of random pairs shows
    # that all there are score lower.
    return f"{min(99.9, math.floor(percentile * 10) / 10):.1f} %"


def share(value: float) -> str:
    """A share of 0..1, in percent."""
    return f"{100 * value:.1f} %"


def join(words: list[str]) -> str:
    """A list as it is spoken.

    >>> join(["one", "two", "three"])
    'one, two and three'
    """
    *first, last = words
    return gettext("{first} and {last}", first=", ".join(first), last=last) if first else last


def quote(text: str) -> str:
    """What was typed, in quotation marks."""
    return gettext("“{text}”", text=shorten(text, _LONGEST_QUOTE))
