"""Which documents? → one plain sentence."""

from embviz.readings.phrases import number, quote
from embviz.search import SearchResult


def read_search(result: SearchResult) -> str:
    """Name the best document."""
    best = result.matches[0]
    return f"Nearest to {quote(result.query)}: {quote(best.text)} ({number(best.score)})."


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
