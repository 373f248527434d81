"""Which documents? → one plain sentence."""

from embviz.readings.phrases import join, number, quote
from embviz.retrieval_test import DEPTH, RetrievalTest
from embviz.search import (
    FUSED,
    KEYWORD,
    METHODS,
    SEMANTIC,
    RankingComparison,
    SearchResult,
)

_BEST = {SEMANTIC: "Nearest to", KEYWORD: "Shares most with", FUSED: "First by both for"}
_SCORES = {SEMANTIC: "", KEYWORD: "BM25 ", FUSED: "fused score "}
_NAMES = {SEMANTIC: "meaning", KEYWORD: "keywords", FUSED: "both together"}


def read_search(result: SearchResult) -> str:
    """Name the best document and what its score is."""
    if not result.matches:
        return f"No document shares a word with {quote(result.query)}: keywords find nothing."
    best = result.matches[0]
    return (
        f"{_BEST[result.method]} {quote(result.query)}: {quote(best.text)} "
        f"({_SCORES[result.method]}{number(best.score)})."
    )


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


def read_rankings(comparison: RankingComparison) -> str:
    """Say where meaning and keywords agree."""
    meaning, keywords = (
        {hit.index for hit in comparison.results[method].matches} for method in (SEMANTIC, KEYWORD)
    )
    count = len(meaning)
    if not keywords:
        found = "Keywords find nothing, since no document shares a word with the query."
    else:
        found = (
            f"Of the first {count} by meaning, keywords find {len(meaning & keywords)} among "
            f"their first {count}."
        )
    return (
        f"{found} Fused is the sum of 1 / (60 + rank) over both. In the drawing, blue documents "
        "rank higher by meaning, orange ones by keywords."
    )


def read_retrieval_test(test: RetrievalTest) -> str:
    """Say which method finds more of what is relevant, and how far to trust that."""
    scores = join([f"{_NAMES[m]} {number(test.ndcg(m))}" for m in METHODS])
    return (
        f"{len(test.queries)} queries about the lesson's titles, labelled by hand with the titles "
        f"that answer them. Mean nDCG@{DEPTH}, 1 if all that is relevant stands first: {scores}. "
        "Keywords cannot know another word for the same thing; meaning stumbles over single "
        "common words. So small a test illustrates, it does not decide."
    )
