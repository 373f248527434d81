"""Which documents answer a query? → SearchResult."""

from collections.abc import Sequence
from dataclasses import dataclass

from embviz.encoder import Encoder
from embviz.inputs import parse_choice, parse_count, parse_text, parse_texts
from embviz.vectors import cosine_similarities, descending

METHODS = ("semantic",)


@dataclass(frozen=True)
class Hit:
    """A document and its place in the ranking.

    Attributes:
        rank: 1 for the best.
        index: Where the document stands in the list that was searched, from 0.
        text: The document.
        score: Cosine with the query, -1..1.
    """

    rank: int
    index: int
    text: str
    score: float


@dataclass(frozen=True)
class SearchResult:
    """A query and the documents nearest to it.

    Attributes:
        query: What was looked for.
        matches: The best documents, the best first.
        documents: All that were ranked, in the order given.
        truncated: Those of all texts that the model did not read to the end.
    """

    query: str
    matches: tuple[Hit, ...]
    documents: tuple[str, ...]
    truncated: tuple[str, ...]


def search(
    query: str,
    documents: Sequence[str],
    encoder: Encoder,
    *,
    top_k: int = 3,
    method: str = "semantic",
) -> SearchResult:
    """Rank documents by their nearness to a query.

    Args:
        query: What to look for.
        documents: The texts to search.
        encoder: The model.
        top_k: How many of the best to return.
        method: "semantic" ranks by the cosine of the vectors.

    Raises:
        InputError: The query or a document is empty, or an option has a wrong type.
    """
    query = parse_text(query, "The query")
    documents = parse_texts(documents, "Documents")
    top_k = parse_count(top_k, "Top k")
    parse_choice(method, "Method", METHODS)

    scores = cosine_similarities(encoder.encode(documents), encoder.encode([query]))[:, 0]
    matches = tuple(
        Hit(rank, i, documents[i], float(scores[i]))
        for rank, i in enumerate(descending(scores)[:top_k], 1)
    )
    truncated = encoder.truncated((query, *documents))
    return SearchResult(query, matches, documents, truncated)
