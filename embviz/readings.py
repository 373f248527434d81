"""Result → one plain sentence, and a note where the model did not read everything."""

import math

from embviz.arithmetic import Solution
from embviz.background import WORDS, Standing
from embviz.explanation import Explanation
from embviz.projection import SolutionPlane, TextMap
from embviz.search import SearchResult
from embviz.similarity import Comparison, SimilarityMatrix
from embviz.stress import StressTest

_LONGEST_QUOTE = 60


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
    return (
        f"Drawn to scale, in the one plane that holds both vectors: each has length 1, they are "
        f"{comparison.angle_degrees:.1f}° apart, and the cosine of that angle is the similarity, "
        f"{comparison.similarity:.3f}. Below it, the {len(products)} products of their values sum "
        f"to the same number: {products[products > 0].sum():.3f} from those that agree in sign, "
        f"{products[products < 0].sum():.3f} from those that do not."
    )


def read_explanation(explanation: Explanation) -> str:
    """Say what the contributions of tokens sum to, and what they do not mean."""
    return (
        f"What each pair of tokens adds sums to {explanation.contributions.sum():.3f}; the "
        f"similarity is {explanation.similarity:.3f}. Each token is shaded by its share. This is "
        "about tokens as the model puts them out, after each has taken in the whole text around "
        "it, not about what the word would mean alone."
    )


def read_stress(test: StressTest) -> str:
    """Say what to look for in a stress test."""
    lowest = test.variants[-1]
    return (
        f"{_quote(test.text)} and changed versions of it. What the model hears most is the "
        f"{lowest.change} ({lowest.similarity:.3f}); to what stays near 1 it is deaf."
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
        f"Most alike: {_quote(most.text_a)} and {_quote(most.text_b)} ({most.similarity:.3f})"
    )
    if most == least:
        return f"{sentence}."
    return (
        f"{sentence}. Least alike: {_quote(least.text_a)} and {_quote(least.text_b)} "
        f"({least.similarity:.3f})."
    )


def read_solution(solution: Solution) -> str:
    """Name the nearest text, and the input words that would have been nearer."""
    if not solution.matches:
        return "Every candidate is one of the input words, so nothing is left to rank."
    best = solution.matches[0]
    sentence = f"{solution.expression} is nearest to {_quote(best.text)} ({best.similarity:.3f})"
    nearer = [_quote(m.text) for m in solution.excluded if m.similarity > best.similarity]
    if not nearer:
        return f"{sentence}."
    return f"{sentence}, leaving out {_join(nearer)}, which would be nearer still."


def read_search(result: SearchResult) -> str:
    """Name the best document."""
    best = result.matches[0]
    return f"Nearest to {_quote(result.query)}: {_quote(best.text)} ({best.score:.3f})."


def read_chance(result: SearchResult, chance_percentile: float) -> str:
    """Warn of a best document that is no better than chance; nothing where it is better."""
    if chance_percentile >= 95:
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


def read_unspaced_sign(solution: Solution) -> str:
    """Point out a single term that looks like several; nothing otherwise."""
    terms = solution.terms
    if len(terms) > 1 or not any(sign in terms[0].text for sign in "+-−–"):
        return ""
    return f"{_quote(terms[0].text)} was read as one term: put spaces around + and − to calculate."


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


def _join(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _quote(text: str) -> str:
    return f"“{shorten(text, _LONGEST_QUOTE)}”"
