"""Texts of a course that quote the model: "{similarity:king,queen}" stands for what it says.

So another course or another model never shows the numbers of this one. What can be quoted are the
truths that a step can ask about, but for those about a search, and a few facts of the model.
"""

from collections.abc import Callable, Iterator, Sequence
from string import Formatter
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import AfterValidator

from embviz.analysis.baseline import KINDS, MIXED, SENTENCES, WORDS
from embviz.analysis.vectors import Floats
from embviz.course.fields import Text
from embviz.course.truths import TRUTHS, Oracle, Truth
from embviz.errors import InputError

# What is quoted: a number as such, or a text, such as a word or a percentage.
Quoted = float | str

# In a file, the kinds of random pairs have no spaces in their names.
_KINDS = {"words": WORDS, "sentences": SENTENCES, "mixed": MIXED}
assert set(_KINDS.values()) == set(KINDS)


class Quotation(NamedTuple):
    """What can stand between curly braces.

    Attributes:
        arguments: The names of what follows the colon, with commas between.
        find: Asks for it.
        is_slow: Whether the first answer may take seconds.
        is_share: Whether it is a number of percent.
    """

    arguments: tuple[str, ...]
    find: Callable[[Oracle, Sequence[str]], Quoted]
    is_slow: bool = False
    is_share: bool = False


def _of_truth(truth: Truth) -> Quotation:
    def find(oracle: Oracle, arguments: Sequence[str]) -> Quoted:
        return truth.find(oracle, dict(zip(truth.needs, arguments, strict=True)))

    is_slow = truth.is_slow(dict.fromkeys(truth.needs, ""))
    return Quotation(truth.needs, find, is_slow, truth.is_share)


def _of_random_pairs(find: Callable[[Floats], float]) -> Quotation:
    def quote(oracle: Oracle, arguments: Sequence[str]) -> Quoted:
        [kind] = arguments
        if kind not in _KINDS:
            raise InputError(f"random pairs are one of these: {', '.join(_KINDS)}.")
        return find(oracle.baseline.similarities[_KINDS[kind]])

    return Quotation(("kind",), quote)


def _layers(oracle: Oracle, _: Sequence[str]) -> Quoted:
    layers = oracle.encoder.layers
    if layers is None:
        raise InputError("the model has no layers.")
    return layers


QUOTATIONS = {
    # What a search finds depends on what is searched, which may still be being read.
    **{name: _of_truth(truth) for name, truth in TRUTHS.items() if not truth.searches},
    "model": Quotation((), lambda oracle, _: oracle.encoder.name.rpartition("/")[2]),
    "dimensions": Quotation((), lambda oracle, _: oracle.encoder.dimension),
    "layers": Quotation((), _layers),
    "random_mean": _of_random_pairs(lambda scores: float(np.mean(scores, dtype=np.float64))),
    "random_deviation": _of_random_pairs(lambda scores: float(np.std(scores, dtype=np.float64))),
    # One pair in a hundred scores higher.
    "random_top": _of_random_pairs(lambda scores: float(np.quantile(scores, 0.99))),
}


def quotations(template: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The parts of a template: what stands before a quotation, its name, and its arguments.

    Behind the last quotation there is a part without a name.

    Raises:
        ValueError: It quotes what cannot be quoted.
    """
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise ValueError(
            "each { needs a } behind it: write {{ and }} for curly braces that shall be seen"
        ) from None
    for before, name, arguments, conversion in parts:
        if name is None:
            yield before, "", ()
            continue
        if name not in QUOTATIONS or conversion:
            raise ValueError(
                f"“{name}” is not one of the names that can stand in curly braces, which are "
                f"{', '.join(QUOTATIONS)}"
            )
        yield before, name, _split(name, arguments or "")


def _split(name: str, arguments: str) -> tuple[str, ...]:
    expected = QUOTATIONS[name].arguments
    # A single argument may have commas in it.
    given = [part.strip() for part in arguments.split(",", maxsplit=-1 if len(expected) > 1 else 0)]
    if not expected and not arguments:
        return ()
    if len(given) != len(expected) or not all(given):
        after = f":{','.join(expected)}" if expected else ""
        raise ValueError(f"write {{{name}{after}}} here, in place of {{{name}:{arguments}}}")
    return tuple(given)


def _quotes(template: str) -> str:
    list(quotations(template))
    return template


def _quotes_what_is_quick(template: str) -> str:
    for _, name, _ in quotations(template):
        if name and QUOTATIONS[name].is_slow:
            raise ValueError(
                f"“{name}” takes seconds to answer, so only what follows the answer of a step can "
                "quote it"
            )
    return template


# A text that may quote the model, and one that is shown at once.
Template = Annotated[Text, AfterValidator(_quotes)]
QuickTemplate = Annotated[Text, AfterValidator(_quotes_what_is_quick)]
