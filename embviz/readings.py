"""Result → one plain sentence, and a note where the model did not read everything."""

import math
import re
from collections.abc import Sequence

from embviz.arithmetic import Solution
from embviz.background import WORDS, Standing
from embviz.explanation import Explanation
from embviz.projection import SolutionPlane, TextMap
from embviz.search import SearchResult
from embviz.similarity import Comparison, SimilarityMatrix
from embviz.stress import StressTest

_LONGEST_QUOTE = 60

# A sign with a space on one side or none (a hyphen between letters is no sign), or other operators.
_ODD_TERM = re.compile(r"(?:^|\s)[+\-−–—]\w|\w[\-−–—](?:\s|$)|\w[+−–—]\w|[*=()]")


def read_comparison(comparison: Comparison, standing: Standing) -> str:
    """Say how high the similarity of two texts is, in one sentence."""
    texts = f"{_quote(comparison.text_a)} and {_quote(comparison.text_b)}"
    return f"{texts} score higher than {_read_percentile(standing)}."


def read_standing(standing: Standing) -> str:
    """Say what the scale is that a similarity is judged by."""
    pairs = f"{len(standing.background):,} random pairs of {standing.kind}"
    low, high = standing.quartiles
    middle = f"half of {pairs} score between {low:.2f} and {high:.2f}"
    return (
        f"0 is not what unrelated texts score with this model: {middle}. The line marks this pair, "
        f"higher than {_read_percentile(standing)}."
    )


def read_angle(comparison: Comparison) -> str:
    """Say what the drawing of the angle and the products shows."""
    products = comparison.products
    agreeing, differing = products[products > 0].sum(), products[products < 0].sum()
    return (
        "Drawn to scale, in the one plane that holds both vectors: each has length 1, they are "
        f"{comparison.angle_degrees:.1f}° apart, and the cosine of that angle is the similarity, "
        f"{_number(comparison.similarity)}. Below it, the {len(products)} products of their "
        f"values sum to the same number: {_number(agreeing)} from those that agree in sign, "
        f"{_number(differing)} from those that do not."
    )


def read_explanation(explanation: Explanation) -> str:
    """Say what the contributions of tokens sum to, and what they do not mean."""
    total, similarity = explanation.contributions.sum(), explanation.similarity
    return (
        f"What each pair of tokens adds sums to {_number(total)}; the similarity is "
        f"{_number(similarity)}. Each token is shaded by its share. This is about tokens as the "
        "model puts them out, after each has taken in the whole text around it, not about what "
        "the word would mean alone."
    )


def read_stress(test: StressTest) -> str:
    """Say what to look for in a stress test."""
    lowest = test.variants[-1]
    return (
        f"{_quote(test.text)} and changed versions of it. What the model hears most is the "
        f"{lowest.change} ({_number(lowest.similarity)}); to what stays near 1 it is deaf."
    )


def read_map(text_map: TextMap) -> str:
    """Say how far a map can be trusted."""
    random, trust = text_map.random_trustworthiness, text_map.trustworthiness
    continuity = text_map.continuity
    sentence = (
        f"Trustworthiness {trust:.2f} and continuity {continuity:.2f}, where a perfect map "
        f"has 1.00 and a random layout of {len(text_map.texts)} texts {random:.2f} of both. "
    )
    if trust <= random:
        sentence += "This map tells no more than chance about who is near whom."
    else:
        way = 100 * (trust - random) / (1 - random)
        sentence += f"So it comes {way:.0f} % of the way from chance to the truth."
    if text_map.worst:
        worst = _join([_quote(text_map.texts[i]) for i in text_map.worst])
        sentence += f" Ringed, among neighbours that are not their own: {worst}."
    return sentence


def read_plane(plane: SolutionPlane) -> str:
    """Say how far the plane of an expression can be trusted."""
    off = "The other texts lie off the plane: the smaller the dot, the farther."
    if plane.kept < 0.9995:
        kept = f"{100 * plane.kept:.0f} %"
        return (
            f"The best plane for these terms and their result keeps {kept} of their variance. {off}"
        )
    if not plane.arrows:
        return f"Drawn true: this plane holds the terms and the result exactly. {off}"
    (b, a), (c, _) = plane.arrows
    b, a, c = (_quote(plane.points[i].text) for i in (b, a, c))
    return (
        f"Drawn true: this plane holds the terms and the result exactly. The step from {b} to {a} "
        f"is the step from {c} to the result. {off}"
    )


def read_similarity_matrix(matrix: SimilarityMatrix) -> str:
    """Name the most and the least alike pair."""
    most, least = matrix.pairs[0], matrix.pairs[-1]
    sentence = (
        f"Most alike: {_quote(most.text_a)} and {_quote(most.text_b)} ({_number(most.similarity)})"
    )
    if most == least:
        return f"{sentence}."
    return (
        f"{sentence}. Least alike: {_quote(least.text_a)} and {_quote(least.text_b)} "
        f"({_number(least.similarity)})."
    )


def read_solution(solution: Solution) -> str:
    """Name the nearest text, and the input words that would have been nearer."""
    if not solution.matches:
        return "Every candidate is one of the input words, so nothing is left to rank."
    best = solution.matches[0]
    sentence = (
        f"{solution.expression} is nearest to {_quote(best.text)} ({_number(best.similarity)})"
    )
    nearer = [_quote(m.text) for m in solution.excluded if m.similarity > best.similarity]
    if not nearer:
        return f"{sentence}."
    return f"{sentence}, leaving out {_join(nearer)}, which would be nearer still."


def read_search(result: SearchResult) -> str:
    """Name the best document."""
    best = result.matches[0]
    return f"Nearest to {_quote(result.query)}: {_quote(best.text)} ({_number(best.score)})."


def read_chance(result: SearchResult, chance_percentile: float) -> str:
    """Warn of a best document that is no better than chance; nothing where it is better."""
    # Half of the time the best of unrelated texts scores higher: no better than chance.
    if chance_percentile >= 50:
        return ""
    often = f"{100 - chance_percentile:.0f} of 100 cases"
    return (
        f"Perhaps no document fits: the best of {len(result.documents)} unrelated texts scores "
        f"this high in {often}."
    )


def read_truncated(truncated: tuple[str, ...], max_tokens: int) -> str:
    """Say which texts the model did not read to the end; nothing if it read all."""
    if not truncated:
        return ""
    texts = _quote(truncated[0]) if len(truncated) == 1 else f"{len(truncated)} texts"
    return (
        f"The model reads the first {max_tokens} tokens of a text: of {texts} it dropped the rest."
    )


def read_odd_terms(solution: Solution) -> str:
    """Point out terms that look as if they were meant to be calculated; nothing otherwise."""
    terms = [term.text for term in solution.terms]
    odd = [text for text in terms if _ODD_TERM.search(text)]
    if len(terms) == 1 and "-" in terms[0]:
        odd = terms
    if not odd:
        return ""
    was = "was read as a term" if len(odd) == 1 else "were read as terms"
    return f"{_join([_quote(text) for text in odd])} {was}: signs need a space on both sides."


def read_commas(texts: Sequence[str]) -> str:
    """Point out that commas do not separate texts that stand one a line; nothing otherwise."""
    return "Each line was read as one text, commas and all." if "," in "".join(texts) else ""


def read_unknown(unknown: Sequence[str]) -> str:
    """Point out texts that look alike to the model because it can read none of them."""
    if not unknown:
        return ""
    texts = _join([_quote(text) for text in unknown])
    return f"The model knows no part of {texts}: all such texts look the same to it."


def shorten(text: str, longest: int) -> str:
    """The beginning of a text, on one line.

    >>> shorten("state of the art", 10)
    'state of…'
    """
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _read_percentile(standing: Standing) -> str:
    share = f"{_percent(standing.percentile)} of random pairs of {standing.kind}"
    if standing.kind == WORDS:
        return share
    # Words score higher by chance than longer texts do: their scale would judge these too hard.
    return f"{share} (of random pairs of words: {_percent(standing.word_percentile)})"


def _percent(percentile: float) -> str:
    # Rounded down: 99.96 % of random pairs are not all of them.
    return f"{math.floor(percentile * 10) / 10:.1f} %"


def _number(value: float) -> str:
    # Adding 0 turns the -0.0 that rounding may leave into 0.0.
    return f"{round(float(value), 3) + 0.0:.3f}"


def _join(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _quote(text: str) -> str:
    return f"“{shorten(text, _LONGEST_QUOTE)}”"
