"""Which way of searching finds what is relevant? → RetrievalTest."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from embviz.analysis.search import METHODS, DocumentIndex, Method
from embviz.models.progress import report

# How many hits nDCG looks at, as is the custom.
DEPTH = 10


@dataclass(frozen=True)
class LabelledQuery:
    """A query and the documents that answer it.

    Attributes:
        query: What is looked for.
        relevant: Indices of the documents that answer it, at least one.
    """

    query: str
    relevant: frozenset[int]


@dataclass(frozen=True)
class JudgedQuery:
    """A labelled query and how well each method did.

    Attributes:
        query: What was looked for.
        relevant: Indices of the documents that answer it.
        ndcg: nDCG of the first DEPTH hits by method, 0..1.
        recall: Share of the relevant documents among the first hits by method, 0..1.
    """

    query: str
    relevant: frozenset[int]
    ndcg: Mapping[Method, float]
    recall: Mapping[Method, float]


@dataclass(frozen=True)
class RetrievalTest:
    """Labelled queries, searched by each method.

    Attributes:
        queries: All queries, in the order given.
        recall_depth: How many hits recall looks at.
    """

    queries: tuple[JudgedQuery, ...]
    recall_depth: int

    @property
    def ndcg(self) -> Mapping[Method, float]:
        """Mean nDCG of each method over all queries, 0..1."""
        return {m: sum(q.ndcg[m] for q in self.queries) / len(self.queries) for m in METHODS}

    @property
    def recall(self) -> Mapping[Method, float]:
        """Mean recall of each method over all queries, 0..1."""
        return {m: sum(q.recall[m] for q in self.queries) / len(self.queries) for m in METHODS}

    def lost(self, method: Method) -> tuple[JudgedQuery, ...]:
        """Queries on which another method did better."""
        return tuple(q for q in self.queries if q.ndcg[method] < max(q.ndcg.values()))


def take_retrieval_test(
    queries: Sequence[LabelledQuery], index: DocumentIndex, *, recall_depth: int = 3
) -> RetrievalTest:
    """Search for each of the queries by each method.

    Args:
        queries: At least one.
        index: The documents that they are about.
        recall_depth: How many hits recall looks at.
    """
    top_k = max(DEPTH, recall_depth)
    index.expect([labelled.query for labelled in queries])
    judged = []
    for done, labelled in enumerate(queries):
        report(done / len(queries))
        found = {
            method: [
                hit.index
                for hit in index.search(labelled.query, top_k=top_k, method=method).matches
            ]
            for method in METHODS
        }
        judged.append(
            JudgedQuery(
                labelled.query,
                labelled.relevant,
                {m: ndcg(hits, labelled.relevant, DEPTH) for m, hits in found.items()},
                {m: recall(hits, labelled.relevant, recall_depth) for m, hits in found.items()},
            )
        )
    return RetrievalTest(tuple(judged), recall_depth)


def ndcg(hits: Sequence[int], relevant: Set[int], depth: int) -> float:
    """Normalised discounted cumulative gain (Järvelin & Kekäläinen 2002), relevant counting 1.

    A relevant hit at rank r gains 1 / log2(r + 1); the sum is divided by that of the best ranking.

    >>> ndcg([7, 4, 5], {7}, depth=10), round(ndcg([4, 7, 5], {7}, depth=10), 3)
    (1.0, 0.631)
    """
    gain = sum(1 / math.log2(r + 1) for r, hit in enumerate(hits[:depth], 1) if hit in relevant)
    best = sum(1 / math.log2(r + 1) for r in range(1, min(len(relevant), depth) + 1))
    return gain / best


def recall(hits: Sequence[int], relevant: Set[int], depth: int) -> float:
    """Share of the relevant documents that are among the first hits.

    >>> recall([7, 4, 5], {7, 8}, depth=3)
    0.5
    """
    return len(relevant & set(hits[:depth])) / len(relevant)
