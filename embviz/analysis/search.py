"""Which documents answer a query? → SearchResult, RankingComparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from embviz.analysis.bm25 import KeywordIndex, load_keyword_index, shared_words
from embviz.analysis.vectors import Doubles, Floats, nearest_rows
from embviz.models.encoder import Encoder
from embviz.models.stored_vectors import StoredVectors, load_or_encode

Method = Literal["semantic", "keyword", "fused"]
METHODS: tuple[Method, ...] = get_args(Method)
SEMANTIC, KEYWORD, FUSED = METHODS

# Dampens the first places, so that no method alone decides (Cormack, Clarke & Büttcher 2009).
_FUSION = 60

# So many rows at a time are turned into double precision, as many as a processor keeps at hand.
_ROWS = 256


@dataclass(frozen=True)
class Hit:
    """A document and its place in the ranking.

    Attributes:
        rank: 1 for the best.
        index: Where the document stands in the list that was searched, from 0.
        text: The document.
        score: Cosine with the query, -1..1 (semantic); BM25, above 0 (keyword); or the sum of both
            methods' 1 / (60 + rank), at most 2 / 61 (fused).
        title: With what it begins, if that is its title; else "".
        link: The web address where it stands; "" if none is known.
    """

    rank: int
    index: int
    text: str
    score: float
    title: str = ""
    link: str = ""


@dataclass(frozen=True)
class SearchResult:
    """A query and the documents that fit it best.

    Attributes:
        query: What was looked for.
        method: How the documents were ranked, one of METHODS.
        matches: The best documents, the best first; none if no document shares a keyword.
        documents: All that were searched, in the order given.
        truncated: Those of all texts that the model did not read to the end; where the documents
            are stored, of the query and the matches alone.
    """

    query: str
    method: Method
    matches: tuple[Hit, ...]
    documents: Sequence[str]
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
    def names(self) -> Mapping[int, str]:
        """By index, the titles of the documents that any of the methods found, or their texts."""
        hits = (hit for result in self.results.values() for hit in result.matches)
        return {hit.index: hit.title or hit.text for hit in hits}

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

    def __init__(
        self,
        documents: Sequence[str],
        encoder: Encoder,
        *,
        vectors: StoredVectors | None = None,
        keywords: KeywordIndex | None = None,
        titles: Sequence[str] = (),
        links: Sequence[str] = (),
    ):
        """Prepare documents; each of their indexes is made when it is first needed.

        Args:
            documents: The texts.
            encoder: The model.
            vectors: Those of the documents, if they are there already.
            keywords: The keywords of the documents, if these are there already.
            titles: Those of the documents, "" for one that has none; none at all if none has one.
            links: Their web addresses, in the same way.
        """
        self.documents = documents
        self._encoder = encoder
        self._stored = vectors
        self._given_keywords = keywords
        self._titles = titles or [""] * len(documents)
        self._links = links or [""] * len(documents)

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
            Hit(rank, i, self.documents[i], float(score), self._titles[i], self._links[i])
            for rank, (i, score) in enumerate(zip(order, scores, strict=True), 1)
        )
        truncated = () if method == KEYWORD else self._truncated(query, order)
        return SearchResult(query, method, matches, self.documents, truncated)

    def expect(self, queries: Sequence[str]) -> None:
        """Encode queries together that are searched for one by one, each of which would wait."""
        self._encoder.encode(queries)

    def _rank(self, query: str, method: Method, count: int) -> tuple[list[int], Doubles]:
        """Indices and scores of the documents that fit, the best first, at most `count`."""
        if method == SEMANTIC:
            return nearest_rows(self.vectors, self._encoder.encode([query])[0], count)
        keyword_scores = self._keywords.scores(query)
        sharing = np.count_nonzero(keyword_scores > 0)
        if method == KEYWORD:
            scores, count = keyword_scores, min(count, int(sharing))
        else:
            scores = np.zeros(len(self.documents))
            by_meaning, by_keyword = _order(self._similarities(query)), _order(keyword_scores)
            for ranking in (by_meaning, by_keyword[:sharing]):
                scores[ranking] += 1 / (_FUSION + np.arange(1, len(ranking) + 1))
        order = _order(scores)[:count]
        return order.tolist(), scores[order]

    def _similarities(self, query: str) -> Doubles:
        """The cosine of each document with a query, in double precision; the same for equals.

        `nearest_rows` would hold all vectors in double precision at once.
        """
        vector = self._encoder.encode([query])[0].astype(np.float64)
        similarities = np.zeros(len(self.documents))
        for start in range(0, len(similarities), _ROWS):
            rows = self.vectors[start : start + _ROWS].astype(np.float64)
            # Both have a norm of 1 in single precision only; a text of no known token has 0.
            norms = np.sqrt(np.einsum("ij,ij->i", rows, rows)) * np.linalg.norm(vector)
            products = np.einsum("ij,j->i", rows, vector)
            part = similarities[start : start + _ROWS]
            np.divide(products, norms, out=part, where=norms > 0)
        return similarities

    @cached_property
    def vectors(self) -> Floats:
        """The vectors of the documents, shape (number of documents, dimension)."""
        return self._stored.vectors if self._stored else self._encoder.encode(self.documents)

    def _truncated(self, query: str, hits: Sequence[int]) -> tuple[str, ...]:
        if self._stored is None:
            return self._encoder.truncated([query, *self.documents])
        # Of many long documents, most would be named to somebody who sees only a few.
        cut = (self.documents[i] for i in sorted(hits) if self._stored.truncated[i])
        return *self._encoder.truncated([query]), *cut

    @cached_property
    def _keywords(self) -> KeywordIndex:
        return self._given_keywords or KeywordIndex(self.documents)


def load_index(
    name: str,
    documents: Sequence[str],
    encoder: Encoder,
    *,
    titles: Sequence[str] = (),
    links: Sequence[str] = (),
    folder: Path | None = None,
) -> DocumentIndex:
    """Read what a search of documents needs from disk, or compute it and keep it there.

    This is for more documents than an encoder keeps in its cache; see `load_or_encode`.

    Args:
        name: What the documents are called.
        documents: At least one text.
        encoder: The model.
        titles: Those of the documents, as `DocumentIndex` takes them.
        links: Their web addresses.
        folder: Where the files are kept; the user's cache folder if None.
    """
    return DocumentIndex(
        documents,
        encoder,
        vectors=load_or_encode(name, documents, encoder, folder=folder),
        keywords=load_keyword_index(name, documents, folder=folder),
        titles=titles,
        links=links,
    )


def compare_rankings(query: str, index: DocumentIndex, *, top_k: int = 5) -> RankingComparison:
    """Rank documents by each method."""
    return RankingComparison({m: index.search(query, top_k=top_k, method=m) for m in METHODS})


def find_similar(place: int, index: DocumentIndex, *, top_k: int = 5) -> RankingComparison:
    """Rank the other documents by how well they fit one of them, by each method.

    The document is the query; by keywords, all its words are.

    Args:
        place: Where the document stands in the index, from 0.
        index: All documents.
        top_k: How many of the best to return.
    """
    with_itself = compare_rankings(index.documents[place], index, top_k=top_k + 1)
    return RankingComparison(
        {method: _without(place, result, top_k) for method, result in with_itself.results.items()}
    )


def _without(place: int, result: SearchResult, top_k: int) -> SearchResult:
    others = [hit for hit in result.matches if hit.index != place][:top_k]
    ranked = tuple(replace(hit, rank=rank) for rank, hit in enumerate(others, 1))
    return replace(result, matches=ranked)


def _order(scores: Doubles) -> npt.NDArray[np.intp]:
    """As `descending`, for more documents than a list of Python's numbers should hold."""
    return np.argsort(-scores, kind="stable")
