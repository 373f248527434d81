"""How high is high? → the model's own distribution of similarities between unrelated texts.

What two unrelated texts score depends on the model, and on whether they are single words or longer:
with all-MiniLM-L6-v2 two words score about 0.23, two sentences 0.08, a word and a sentence 0.05. So
there is a baseline for each kind of pair, measured once a model and kept on disk. What an unrelated
query scores depends on the documents, too, so the vectors of such queries are kept beside it.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from embviz.analysis.corpus import read_articles
from embviz.analysis.vectors import Doubles, Floats, cosine_similarities
from embviz.language import gettext_noop
from embviz.models.disk_cache import load_or_compute
from embviz.models.encoder import Encoder

WORDS = gettext_noop("words")
MIXED = gettext_noop("a word and a sentence")
SENTENCES = gettext_noop("sentences")
KINDS = (WORDS, MIXED, SENTENCES)

SEED = 0
VOCABULARY = 10_000
WORD_SAMPLE = 1_000
SENTENCE_SAMPLE = 150
SENTENCE_WORDS = range(6, 21)
# How many words the unrelated queries have: a short query scores higher by chance than a long one.
QUERY_LENGTHS = (1, 2, 4, 8, 16)

# So many documents at a time are turned into double precision.
_ROWS = 5_000


@dataclass(frozen=True)
class Chance:
    """What unrelated texts of some kind score.

    Attributes:
        texts: What they are, as one says it: "words", "sentences", "texts" if they are of both.
        mean: The average similarity of random pairs.
        deviation: The standard deviation of these similarities.
    """

    texts: str
    mean: float
    deviation: float


@dataclass(frozen=True)
class Baseline:
    """What random pairs of texts score.

    Attributes:
        similarities: For each kind of pair, the similarities of many random pairs, rising.
        queries: For each of QUERY_LENGTHS, the vectors of queries that have nothing to do with any
            document but by chance; shape (n, dimension).
    """

    similarities: Mapping[str, Floats]
    queries: Mapping[int, Floats] = field(default_factory=dict)

    @cached_property
    def quartiles(self) -> Mapping[str, tuple[float, float]]:
        """For each kind of pair, what a quarter score less than, and what a quarter score more."""
        parts = {kind: np.quantile(s, (0.25, 0.75)) for kind, s in self.similarities.items()}
        return {kind: (float(low), float(high)) for kind, (low, high) in parts.items()}

    @cached_property
    def histograms(self) -> Mapping[str, tuple[Doubles, Doubles]]:
        """For each kind of pair, where the bins begin and end, and the share of pairs in each."""
        counted = {kind: np.histogram(s, bins=60) for kind, s in self.similarities.items()}
        return {kind: (edges, counts / counts.sum()) for kind, (counts, edges) in counted.items()}

    def percentile(self, similarity: float, kind: str) -> float:
        """Share of the random pairs of a kind that score lower, 0..100."""
        scores = self.similarities[kind]
        # NumPy's own search would make doubles of half a million scores each time.
        return 100.0 * bisect_left(scores, similarity, key=float) / len(scores)

    def chance(self, texts: Sequence[str]) -> Chance:
        """What random pairs score that are of the same kind as most pairs of some texts."""
        words = sum(len(text.split()) == 1 for text in texts)
        others = len(texts) - words
        pairs = {
            WORDS: words * (words - 1) / 2,
            MIXED: words * others,
            SENTENCES: others * (others - 1) / 2,
        }
        kind = max(pairs, key=lambda kind: pairs[kind])
        scores = self.similarities[kind]
        mean, deviation = (float(f(scores, dtype=np.float64)) for f in (np.mean, np.std))
        return Chance("texts" if kind == MIXED else kind, mean, deviation)

    def percentile_of_best(self, similarity: float, kind: str, count: int) -> float:
        """Share of draws of `count` random pairs whose best pair scores lower, 0..100.

        The best of n independent draws is below s with the n-th power of the probability of one.
        """
        return 100.0 * (self.percentile(similarity, kind) / 100.0) ** count

    def percentile_of_query(self, best: float, query: str, documents: Floats) -> float:
        """Share of unrelated queries whose best document scores lower, 0..100.

        Args:
            best: The similarity of a query's best document.
            query: The query; it is compared with those of about as many words.
            documents: The vectors of all documents, shape (n, dimension).
        """
        of_chance = self.best_of_unrelated(self.query_length(query), documents)
        return percentage_below(best, of_chance)

    def query_length(self, query: str) -> int:
        """The one of QUERY_LENGTHS that is nearest to that of a query."""
        words = len(query.split())
        return min(self.queries, key=lambda length: abs(math.log(length / words)))

    def best_of_unrelated(self, length: int, documents: Floats) -> Doubles:
        """What the best document of each unrelated query scores.

        Args:
            length: One of QUERY_LENGTHS.
            documents: The vectors of all documents, shape (n, dimension), of any number.

        Returns:
            Shape (number of queries,), float64.
        """
        queries = self.queries[length]
        best = np.full(len(queries), -1.0)
        for start in range(0, len(documents), _ROWS):
            similarities = cosine_similarities(queries, documents[start : start + _ROWS])
            np.maximum(best, similarities.max(axis=1), out=best)
        return best


@dataclass(frozen=True)
class BaselinePosition:
    """Where a similarity stands among those of random pairs.

    Attributes:
        similarity: Cosine, -1..1.
        kind: Which kind of pair it is, one of KINDS.
        percentile: Share of random pairs of that kind that score lower, 0..100.
        word_percentile: Share of random pairs of words that score lower, 0..100.
        baseline: The similarities of the random pairs of that kind, rising.
        quartiles: A quarter of them are below the first, a quarter above the second.
        histogram: Where the bins of these similarities begin and end, and the share of pairs in
            each.
    """

    similarity: float
    kind: str
    percentile: float
    word_percentile: float
    baseline: Floats
    quartiles: tuple[float, float]
    histogram: tuple[Doubles, Doubles]


def percentage_below(score: float, scores: Doubles) -> float:
    """Share of scores that are lower than one, 0..100."""
    return 100.0 * float(np.mean(scores < score))


def kind_of(text_a: str, text_b: str) -> str:
    """Which kind of pair two texts are; a word is a text without white space.

    >>> kind_of("king", "queen"), kind_of("king", "ice cream")
    ('words', 'a word and a sentence')
    """
    words = sum(len(text.split()) == 1 for text in (text_a, text_b))
    return (SENTENCES, MIXED, WORDS)[words]


def find_position(
    text_a: str, text_b: str, similarity: float, baseline: Baseline
) -> BaselinePosition:
    """Say where the similarity of two texts stands among those of random pairs of their kind."""
    kind = kind_of(text_a, text_b)
    return BaselinePosition(
        similarity,
        kind,
        baseline.percentile(similarity, kind),
        baseline.percentile(similarity, WORDS),
        baseline.similarities[kind],
        baseline.quartiles[kind],
        baseline.histograms[kind],
    )


def measure_baseline(encoder: Encoder) -> Baseline:
    """Measure what random pairs of common English words and of news sentences score.

    The words are drawn from the most frequent of the wordfreq package, the sentences from the Lee
    corpus of news (Lee, Pincombe & Welsh 2005) in the gensim package. Takes a second or two.
    """
    words = encoder.encode(sample_words())
    sentences = encoder.encode(sample_sentences())
    queries = {length: encoder.encode(sample_queries(length)) for length in QUERY_LENGTHS}
    similarities = {
        WORDS: _above_diagonal(cosine_similarities(words, words)),
        MIXED: cosine_similarities(words, sentences).ravel(),
        SENTENCES: _above_diagonal(cosine_similarities(sentences, sentences)),
    }
    return Baseline({k: np.sort(v).astype(np.float32) for k, v in similarities.items()}, queries)


def load_baseline(encoder: Encoder, folder: Path | None = None) -> Baseline:
    """Load the baseline of a model from disk, or measure it and keep it there.

    Args:
        encoder: The model.
        folder: Where the file is kept; the user's cache folder if None.
    """
    sample = [*sample_words(), *sample_sentences(), *map(str, QUERY_LENGTHS)]

    def measure() -> dict[str, Floats]:
        measured = measure_baseline(encoder)
        return {**measured.similarities, **{str(n): v for n, v in measured.queries.items()}}

    arrays = load_or_compute("baseline", sample, encoder, measure, version=2, folder=folder)
    return Baseline(
        {kind: arrays[kind] for kind in KINDS}, {n: arrays[str(n)] for n in QUERY_LENGTHS}
    )


def sample_words() -> list[str]:
    """Common English words, drawn at random but always the same ones."""
    # Reading the list takes a moment, and a start that finds the file needs only a few of it.
    from wordfreq import top_n_list

    words = [w for w in top_n_list("en", VOCABULARY) if re.fullmatch("[a-z]{3,}", w)]
    return _draw(words, WORD_SAMPLE)


def sample_sentences() -> list[str]:
    """Sentences of the news, at most one an article, drawn at random but always the same ones."""
    articles = (re.split(r"(?<=[.!?]) +", article) for article in read_articles())
    fitting = ([s for s in article if len(s.split()) in SENTENCE_WORDS] for article in articles)
    one_each = [_draw(sentences, 1)[0] for sentences in fitting if sentences]
    # Some articles were printed twice.
    return _draw(list(dict.fromkeys(one_each)), SENTENCE_SAMPLE)


def sample_queries(length: int) -> list[str]:
    """Common words, or so many words of each sentence that follow each other."""
    if length == 1:
        return sample_words()[:SENTENCE_SAMPLE]
    random = np.random.default_rng(SEED)
    queries = []
    for sentence in sample_sentences():
        words = sentence.split()
        start = int(random.integers(max(1, len(words) - length + 1)))
        queries.append(" ".join(words[start : start + length]))
    return queries


def _draw(texts: Sequence[str], count: int) -> list[str]:
    chosen = np.random.default_rng(SEED).choice(len(texts), count, replace=False)
    return [texts[i] for i in chosen]


def _above_diagonal(similarities: Doubles) -> Doubles:
    return similarities[np.triu_indices(len(similarities), k=1)]
