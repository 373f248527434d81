"""king - male + female = ? → Solution."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embviz.encoder import Encoder
from embviz.errors import InputError
from embviz.inputs import clean, parse_count, parse_flag, parse_text, parse_texts
from embviz.vectors import cosine_similarities, descending, weighted_sum

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


@dataclass(frozen=True)
class Match:
    """A text and its place among all that were ranked.

    Attributes:
        rank: 1 for the nearest.
        text: The candidate or input word.
        similarity: Cosine with the result of the arithmetic, -1..1.
    """

    rank: int
    text: str
    similarity: float


@dataclass(frozen=True)
class Solution:
    """An expression and the texts nearest to its result.

    Attributes:
        terms: The expression, term by term.
        matches: The nearest candidates, the nearest first.
        excluded: The input words that were left out, each with the rank it would have had.
        truncated: Those of all texts that the model did not read to the end.
    """

    terms: tuple[Term, ...]
    matches: tuple[Match, ...]
    excluded: tuple[Match, ...]
    truncated: tuple[str, ...]

    @property
    def expression(self) -> str:
        """The terms as one would write them: king − male + 0.5 * female."""
        return format_terms(self.terms)


def parse_expression(expression: object) -> tuple[Term, ...]:
    """Read an expression.

    Terms are joined by + and - with white space around the sign, so `state-of-the-art` is one term;
    a number before a * is the weight of its term. A question at the end, "= ?", may stay.

    Raises:
        InputError: There is no term, a sign has nothing after it, or a weight is unusable.

    >>> parse_expression("king - 0.5 * young male")
    (Term(weight=1.0, text='king'), Term(weight=-0.5, text='young male'))
    """
    expression = _QUESTION.sub("", parse_text(expression, "The expression"))
    first, *rest = _SIGN.split(expression)
    signed = list(zip(rest[::2], rest[1::2], strict=True))
    if first.strip():
        signed.insert(0, ("+", first))
    if len(signed) > MAX_TERMS:
        raise InputError(
            f"The expression has {len(signed)} terms; at most {MAX_TERMS} are allowed."
        )
    return tuple(_parse_term(sign, text) for sign, text in signed)


def format_terms(terms: Sequence[Term]) -> str:
    """Write terms as an expression.

    >>> format_terms([Term(1.0, "king"), Term(-0.5, "male")])
    'king − 0.5 * male'
    """
    expression = " ".join(_format_term(term) for term in terms)
    return expression.removeprefix("+ ")


def solve(
    expression: str,
    candidates: Sequence[str],
    encoder: Encoder,
    *,
    top_k: int = 5,
    exclude_inputs: bool = True,
) -> Solution:
    """Find the texts nearest to the result of an expression.

    The vector of the expression is the sum of its terms' unit vectors, each times its weight
    (3CosAdd: Mikolov, Yih & Zweig 2013). The candidates are ranked together with the input words,
    by the cosine with that vector; then the input words are left out, unless they are to stay.

    Args:
        expression: Terms joined by + and -, see `parse_expression`.
        candidates: The texts to rank, each once.
        encoder: The model.
        top_k: How many of the nearest to return.
        exclude_inputs: Whether the input words are left out of the ranking.

    Raises:
        InputError: The expression cannot be read or its terms cancel out, a candidate is empty or
            stands twice, or an option has a wrong type.
    """
    terms = parse_expression(expression)
    candidates = parse_texts(candidates, "Candidates", commas=True)
    top_k = parse_count(top_k, "Top k")
    exclude_inputs = parse_flag(exclude_inputs, "Exclude inputs")

    inputs = [term.text for term in terms]
    result = weighted_sum([term.weight for term in terms], encoder.encode(inputs))
    # Unit vectors that cancel out leave rounding errors of about 1e-7, which point anywhere.
    if np.linalg.norm(result) < 1e-5 * sum(abs(term.weight) for term in terms):
        raise InputError("The terms cancel each other out, so nothing is left to look for.")

    # The default model does not see case: "King" is the input word "king", and stands once.
    ranked = _index_by_case(candidates)
    for text in inputs:
        ranked.setdefault(text.casefold(), text)
    texts = tuple(ranked.values())
    input_keys = {text.casefold() for text in inputs}

    similarities = cosine_similarities(encoder.encode(texts), result[None])[:, 0]
    ranking = [
        Match(rank, texts[i], float(similarities[i]))
        for rank, i in enumerate(descending(similarities), 1)
    ]
    excluded = [m for m in ranking if exclude_inputs and m.text.casefold() in input_keys]
    matches = [m for m in ranking if m not in excluded][:top_k]
    return Solution(
        terms,
        tuple(Match(rank, m.text, m.similarity) for rank, m in enumerate(matches, 1)),
        tuple(excluded),
        encoder.truncated(tuple(inputs) + texts),
    )


def _index_by_case(candidates: Sequence[str]) -> dict[str, str]:
    index: dict[str, str] = {}
    for text in candidates:
        if text.casefold() in index:
            raise InputError(
                f"Candidates: “{text}” stands there twice (capitals make no difference)."
            )
        index[text.casefold()] = text
    return index


def _parse_term(sign: str, text: str) -> Term:
    text = " ".join(text.split())
    weight = 1.0
    if weighted := _WEIGHTED.fullmatch(text):
        own_sign, number, text = weighted.groups()
        weight = float(number) * _direction(own_sign)
    text = clean(text)
    if not text:
        raise InputError(
            "The expression has a sign or a weight with no word after it: "
            "write it like king - male + female."
        )
    if not 0 < abs(weight) <= MAX_WEIGHT:
        raise InputError(f"A weight must not be 0, and at most {MAX_WEIGHT:,}.")
    return Term(weight * _direction(sign), text)


def _direction(sign: str) -> float:
    return 1.0 if sign in ("", "+") else -1.0


def _format_term(term: Term) -> str:
    sign = "−" if term.weight < 0 else "+"
    weight = "" if abs(term.weight) == 1 else f"{abs(term.weight):g} * "
    return f"{sign} {weight}{term.text}"
