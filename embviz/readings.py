"""Result → one plain sentence, and a note where the model did not read everything."""

from embviz.arithmetic import Solution
from embviz.search import SearchResult
from embviz.similarity import Comparison, SimilarityMatrix

_LONGEST_QUOTE = 60


def read_comparison(comparison: Comparison) -> str:
    """Say how alike the two texts are."""
    return (
        f"{_quote(comparison.text_a)} and {_quote(comparison.text_b)}: the two vectors are "
        f"{comparison.angle_degrees:.1f}° apart, and the cosine of that angle is their similarity."
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


def _join(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _quote(text: str) -> str:
    return f"“{shorten(text, _LONGEST_QUOTE)}”"
