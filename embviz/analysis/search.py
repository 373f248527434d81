"""Which documents answer a query? → SearchResult, RankingComparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from embviz.analysis.bm25 import KeywordIndex, shared_words
from embviz.analysis.vectors import Doubles, Floats, descending, nearest_rows
from embviz.models.encoder import Encoder

Method = Literal["semantic", "keyword", "fused"]
METHODS: tuple[Method, ...] = get_args(Method)
SEMANTIC, KEYWORD, FUSED = METHODS

# Dampens the first places, so that no method alone decides (Cormack, Clarke & Büttcher 2009).
_FUSION = 60


@dataclass(frozen=True)
class Hit:
    """A document and its place in the ranking.

    Attributes:
        rank: 1 for the best.
        index: Where the document stands in the list that was searched, from 0.
        text: The document.
        score: Cosine with the query, -1..1 (semantic); BM25, above 0 (keyword); or the sum of both
            methods' 1 / (60 + rank), at most 2 / 61 (fused).
    """

    rank: int
    index: int
    text: str
    score: float


@dataclass(frozen=True)
class SearchResult:
    """A query and the documents that fit it best.

    Attributes:
        query: What was looked for.
        method: How the documents were ranked, one of METHODS.
        matches: The best documents, the best first; none if no document shares a keyword.
        documents: All that were searched, in the order given.
        truncated: Those of all texts that the model did not read to the end.
    """

    query: str
    method: Method
    matches: tuple[Hit, ...]
    documents: tuple[str, ...]
    truncated: tuple[str, ...]

    @property
    def best_score(self) -> float:
        """The highest score there can be; BM25 knows none, so there it is that of the best hit."""
        if self.method == KEYWORD:
            return self.matches[0].score if self.matches else 1.0
        return 1.0 if self.method == SEMANTIC else 2 / (_FUSION + 1)

    @property
    def shared_words(self) -> tuple[str, ...]:
        """The words of the matches that stand in the query too, whatever their endings."""
        words = (word for hit in self.matches for word in shared_words(self.query, hit.text))
        return tuple(dict.fromkeys(words))


@dataclass(frozen=True)
class RankingComparison:
    """One query, ranked by each method.

    Attributes:
        results: By method.
    """

    results: Mapping[Method, SearchResult]

    def ranks(self, index: int) -> tuple[int | None, ...]:
        """The rank of a document by each method, None where it is not among the matches."""
        return tuple(
            next((hit.rank for hit in result.matches if hit.index == index), None)
            for result in self.results.values()
        )

    @property
    def found(self) -> tuple[int, ...]:
        """Indices of the documents that any of the methods found, the best of the first first."""
        hits = (hit.index for result in self.results.values() for hit in result.matches)
        return tuple(dict.fromkeys(hits))


class DocumentIndex:
    """Documents made ready to be searched many times, by any method.

    Attributes:
        documents: The texts.
    """

    def __init__(self, documents: Sequence[str], encoder: Encoder):
        self.documents = tuple(documents)
        self._encoder = encoder

    def search(self, query: str, *, top_k: int = 3, method: Method = SEMANTIC) -> SearchResult:
        """Rank the documents by how well they fit a query.

        Args:
            query: What to look for.
            top_k: How many of the best to return.
            method: "semantic" ranks by the cosine of the vectors; "keyword" by BM25, which leaves
                out documents that share no word with the query; "fused" by reciprocal rank fusion
                of both.
        """
        order, scores = self._rank(query, method, top_k)
        matches = tuple(
            Hit(rank, i, self.documents[i], float(score))
            for rank, (i, score) in enumerate(zip(order, scores, strict=True), 1)
        )
        truncated = () if method == KEYWORD else self._encoder.truncated([query]) + self._truncated
        return SearchResult(query, method, matches, self.documents, truncated)

    def _rank(self, query: str, method: Method, count: int) -> tuple[list[int], Doubles]:
        """Indices and scores of the documents that fit, the best first, at most `count`."""
        if method == SEMANTIC:
            return nearest_rows(self._vectors, self._encoder.encode([query])[0], count)
        if method == KEYWORD:
            scores = self._keywords.scores(query)
            order = [i for i in descending(scores) if scores[i] > 0]
        else:
            scores = np.zeros(len(self.documents))
            for ranked in (SEMANTIC, KEYWORD):
                order, _ = self._rank(query, ranked, len(self.documents))
                scores[order] += 1 / (_FUSION + np.arange(1, len(order) + 1))
            order = descending(scores)
        return order[:count], scores[order[:count]]

    @cached_property
    def _vectors(self) -> Floats:
        return self._encoder.encode(self.documents)

    @cached_property
    def _truncated(self) -> tuple[str, ...]:
        return self._encoder.truncated(self.documents)

    @cached_property
    def _keywords(self) -> KeywordIndex:
        return KeywordIndex(self.documents)


def compare_rankings(query: str, index: DocumentIndex, *, top_k: int = 5) -> RankingComparison:
    """Rank documents by each method."""
    return RankingComparison({m: index.search(query, top_k=top_k, method=m) for m in METHODS})
