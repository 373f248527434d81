"""king - male + female = ? → Solution, MethodComparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from embviz.analysis.vectors import Doubles, cosine_similarities, descending, weighted_sum
from embviz.analysis.vocabulary import Vocabulary
from embviz.errors import InputError
from embviz.inputs.expressions import Term, format_terms
from embviz.inputs.parsing import comparison_key
from embviz.language import gettext
from embviz.models.encoder import Encoder

Method = Literal["3CosAdd", "3CosMul"]
METHODS: tuple[Method, ...] = get_args(Method)
ADD, MULTIPLY = METHODS

# Keeps 3CosMul from dividing by zero.
_EPSILON = 1e-6


@dataclass(frozen=True)
class Match:
    """A text and its place among all that were ranked.

    Attributes:
        rank: 1 for the nearest.
        text: The candidate or input word.
        similarity: Cosine with the result of the arithmetic, -1..1.
        score: What it was ranked by: its similarity, or the quotient of 3CosMul.
    """

    rank: int
    text: str
    similarity: float
    score: float


@dataclass(frozen=True)
class Solution:
    """An expression and the texts nearest to its result.

    Attributes:
        terms: The expression, term by term.
        matches: The nearest candidates, the nearest first.
        excluded: The input words that were left out, each with the rank it would have had.
        choices: How many texts could have been the nearest.
        truncated: Those of all texts that the model did not read to the end.
    """

    terms: tuple[Term, ...]
    matches: tuple[Match, ...]
    excluded: tuple[Match, ...]
    choices: int
    truncated: tuple[str, ...]

    @property
    def expression(self) -> str:
        """The terms as one would write them: king − male + 0.5 * female."""
        return format_terms(self.terms)

    @property
    def nearest(self) -> Match:
        """The nearest text of all, be it an input word that was left out."""
        return max((*self.excluded, *self.matches), key=lambda match: match.score)


@dataclass(frozen=True)
class MethodComparison:
    """Ways to answer an expression, side by side, the input words left out of all.

    Attributes:
        solutions: What each method answers, by its name.
        alone: What is nearest to each added term alone: the answers without any arithmetic.
    """

    solutions: Mapping[Method, Solution]
    alone: tuple[Solution, ...]

    @property
    def next_door(self) -> tuple[str, ...]:
        """The added terms whose own nearest text is the answer of 3CosAdd."""
        answer = self.solutions[ADD].matches[0].text
        return tuple(s.terms[0].text for s in self.alone if s.matches[0].text == answer)


def solve(
    terms: Sequence[Term],
    candidates: Vocabulary,
    encoder: Encoder,
    *,
    top_k: int,
    exclude_inputs: bool,
    method: Method,
) -> Solution:
    """Find the texts nearest to the result of an expression.

    The candidates are ranked together with the input words, by one of two methods. Then the input
    words are left out, unless they are to stay.

    - 3CosAdd (Mikolov, Yih & Zweig 2013) ranks by the cosine with the vector of the expression: the
      sum of its terms' unit vectors, each times its weight.
    - 3CosMul (Levy & Goldberg 2014) ranks by the product of (1 + cosine) / 2 with each term, raised
      to the term's weight: what is added multiplies, what is subtracted divides.

    Args:
        terms: The expression.
        candidates: The texts to rank.
        encoder: The model.
        top_k: How many of the nearest to return.
        exclude_inputs: Whether the input words are left out of the ranking.
        method: "3CosAdd" or "3CosMul".

    Raises:
        InputError: The terms cancel each other out.
    """
    inputs = [term.text for term in terms]
    left_out = inputs if exclude_inputs else ()
    return _rank(terms, inputs, left_out, candidates, encoder, top_k, method)


def compare_methods(
    terms: Sequence[Term], candidates: Vocabulary, encoder: Encoder, *, top_k: int = 3
) -> MethodComparison:
    """Answer an expression by each method, and without any arithmetic.

    Args:
        terms: The expression.
        candidates: The texts to rank.
        encoder: The model.
        top_k: How many of the nearest to return, of each.

    Raises:
        InputError: The terms cancel each other out, nothing is added, or no candidate is left to
            rank.
    """
    inputs = tuple(term.text for term in terms)
    added = dict.fromkeys(term.text for term in terms if term.weight > 0)
    if not added:
        raise InputError(gettext("Every term is subtracted: add at least one, as in king - male."))
    if {*map(comparison_key, candidates.texts)} <= {*map(comparison_key, inputs)}:
        raise InputError(
            gettext("Every candidate is a word of the expression: add other candidates.")
        )
    return MethodComparison(
        {m: _rank(terms, inputs, inputs, candidates, encoder, top_k, m) for m in METHODS},
        tuple(
            _rank((Term(1.0, text),), inputs, inputs, candidates, encoder, top_k, ADD)
            for text in added
        ),
    )


def find_neighbours(
    text: str, candidates: Vocabulary, encoder: Encoder, *, top_k: int = 5
) -> tuple[Match, ...]:
    """Find the candidates nearest to one text, other than itself.

    Args:
        text: A word or a longer text.
        candidates: The texts to rank.
        encoder: The model.
        top_k: How many of the nearest to return.
    """
    return _rank((Term(1.0, text),), [text], [text], candidates, encoder, top_k, ADD).matches


def _rank(
    terms: Sequence[Term],
    inputs: Sequence[str],
    left_out: Sequence[str],
    candidates: Vocabulary,
    encoder: Encoder,
    top_k: int,
    method: Method,
) -> Solution:
    # The default model does not see case: "King" is the input word "king", and stands once.
    ranked = {comparison_key(text): text for text in candidates.texts}
    for text in inputs:
        ranked.setdefault(comparison_key(text), text)
    keys, texts = list(ranked), list(ranked.values())
    added = texts[len(candidates.texts) :]

    weights = [term.weight for term in terms]
    term_vectors = encoder.encode([term.text for term in terms])
    result = weighted_sum(weights, term_vectors)
    # Unit vectors that cancel out leave rounding errors of about 1e-7, which point anywhere.
    if np.linalg.norm(result) < 1e-5 * sum(abs(weight) for weight in weights):
        raise InputError(gettext("The terms cancel each other out: change one of them."))
    # One column for the result, then one a term.
    vectors = np.vstack([candidates.vectors, encoder.encode(added)])
    similarities, *to_terms = cosine_similarities(np.vstack([result, term_vectors]), vectors)
    scores = similarities if method == ADD else _multiply(weights, np.array(to_terms))

    hidden = {*map(comparison_key, left_out)}
    order = descending(scores)
    # By index, the nearest first.
    ranks = {i: rank for rank, i in enumerate(order, 1) if keys[i] in hidden}
    kept = [i for i in order if i not in ranks]

    def match(rank: int, i: int) -> Match:
        return Match(rank, texts[i], float(similarities[i]), float(scores[i]))

    return Solution(
        tuple(terms),
        tuple(match(rank, i) for rank, i in enumerate(kept[:top_k], 1)),
        tuple(match(rank, i) for i, rank in ranks.items()),
        len(kept),
        tuple(dict.fromkeys((*encoder.truncated(inputs), *candidates.truncated))),
    )


def _multiply(weights: list[float], to_terms: Doubles) -> Doubles:
    """3CosMul of cosines, one row a term and one column a text."""
    shifted = (1 + to_terms) / 2
    signed = np.array(weights)[:, None]
    added: Doubles = np.prod(shifted ** np.maximum(signed, 0), axis=0)
    taken_away: Doubles = np.prod(shifted ** np.maximum(-signed, 0), axis=0)
    return added / (taken_away + _EPSILON)
