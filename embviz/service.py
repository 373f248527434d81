"""The core functions as visitors may call them: within limits, and with the lesson's defaults.

A notebook has its machine to itself; a visitor shares one with a whole class. So the limits stand
here, and every tab and endpoint comes through here.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from threading import Condition
from typing import Any, TypeVar

from cachetools import cachedmethod
from cachetools.keys import methodkey

from embviz.analysis.arithmetic import (
    ADD,
    METHODS,
    Match,
    MethodComparison,
    Solution,
    compare_methods,
    find_neighbours,
    solve,
)
from embviz.analysis.attribution import Explanation, explain
from embviz.analysis.baseline import Baseline, BaselinePosition, find_position, kind_of
from embviz.analysis.perturbation import Edit, PerturbationTest, perturb
from embviz.analysis.projection import METHODS as MAP_METHODS
from embviz.analysis.projection import SolutionPlane, TextMap, map_texts, project_solution
from embviz.analysis.search import METHODS as SEARCH_METHODS
from embviz.analysis.search import (
    SEMANTIC,
    DocumentIndex,
    RankingComparison,
    SearchResult,
    compare_rankings,
    search,
)
from embviz.analysis.similarity import Comparison, SimilarityMatrix, compare, similarity_matrix
from embviz.analysis.vectors import Floats
from embviz.analysis.vocabulary import CommonWords, Vocabulary
from embviz.course.schema import Lesson
from embviz.errors import InputError
from embviz.evaluation.analogies import AnalogyTest, take_analogy_test
from embviz.evaluation.datasets import RATINGS, Dataset
from embviz.evaluation.human_ratings import HumanRatings, rate
from embviz.evaluation.retrieval import LabelledQuery, RetrievalTest, take_retrieval_test
from embviz.inputs.parsing import parse_choice, parse_count, parse_flag, parse_text, parse_texts
from embviz.models.encoder import Encoder

Result = TypeVar("Result")

MAX_CHARACTERS = 5_000
MAX_WORDS = 50
MAX_CANDIDATES = 500
MAX_DOCUMENTS = 500
MAX_EMBEDDED_TEXTS = 100


def _once(method: Callable[..., Result]) -> Callable[..., Result]:
    """Compute an evaluation of the model once for all who ask, also where they ask at once."""
    return cachedmethod(
        attrgetter("_evaluations"),
        key=partial(methodkey, **{method.__name__: True}),
        condition=attrgetter("_evaluated"),
    )(method)


@dataclass(frozen=True)
class Service:
    """What a visitor can ask. All methods raise InputError for what cannot be answered."""

    encoder: Encoder
    lesson: Lesson
    baseline: Baseline
    common_words: CommonWords
    _evaluations: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    _evaluated: Condition = field(default_factory=Condition, init=False, repr=False)

    def compare(self, text_a: object, text_b: object) -> Comparison:
        """Compare two texts."""
        return compare(_text(text_a, "Text A"), _text(text_b, "Text B"), self.encoder)

    def find_position(self, comparison: Comparison) -> BaselinePosition:
        """Say where a similarity stands among those of random pairs."""
        return find_position(
            comparison.text_a, comparison.text_b, comparison.similarity, self.baseline
        )

    def explain(self, text_a: object, text_b: object) -> Explanation:
        """Take the similarity of two texts apart, token by token."""
        return explain(_text(text_a, "Text A"), _text(text_b, "Text B"), self.encoder)

    def perturb(self, text: object) -> PerturbationTest:
        """Compare a text with changed versions of it, those of the lesson included."""
        text = _text(text, "Text A")
        prepared = [
            Edit(change, getattr(variants, change))
            for variants in self.lesson.similarity.variants
            if variants.text == text
            for change in ("opposite", "paraphrase")
            if getattr(variants, change)
        ]
        return perturb(text, prepared, self.encoder)

    def similarity_matrix(self, texts: object) -> SimilarityMatrix:
        """Compare up to MAX_WORDS texts with each other."""
        texts = _texts(texts, "Words", MAX_WORDS, commas=True)
        return similarity_matrix(texts, self.encoder)

    def map_texts(self, texts: object, method: object) -> TextMap:
        """Place up to MAX_WORDS texts in two dimensions."""
        texts = _texts(texts, "Words", MAX_WORDS, commas=True)
        return map_texts(texts, self.encoder, method=parse_choice(method, "Method", MAP_METHODS))

    def find_neighbours(self, text: object) -> tuple[Match, ...]:
        """Find the common words nearest to a text."""
        text = _text(text, "The text")
        return find_neighbours(text, self.common_words.load(), self.encoder)

    def rate(self, dataset: object) -> HumanRatings:
        """Compare the model with what people rated."""
        return self._rate(parse_choice(dataset, "Dataset", tuple(RATINGS)))

    @_once
    def _rate(self, dataset: Dataset) -> HumanRatings:
        return rate(dataset, self.encoder)

    def solve(
        self,
        expression: object,
        candidates: object,
        top_k: object,
        exclude_inputs: object,
        method: object = ADD,
    ) -> Solution:
        """Rank up to MAX_CANDIDATES candidates, or the common words if none are given."""
        return solve(
            _text(expression, "The expression"),
            self._candidates(candidates),
            self.encoder,
            top_k=parse_count(top_k, "Top k"),
            exclude_inputs=parse_flag(exclude_inputs, "Exclude inputs"),
            method=parse_choice(method, "Method", METHODS),
        )

    def compare_methods(self, expression: object, candidates: object) -> MethodComparison:
        """Answer an expression by each method, and without any arithmetic."""
        return compare_methods(
            _text(expression, "The expression"),
            self._candidates(candidates),
            self.encoder,
        )

    @_once
    def take_analogy_test(self) -> AnalogyTest:
        """Ask the model all questions of the Google analogy test."""
        return take_analogy_test(self.encoder)

    def project_solution(self, solution: Solution) -> SolutionPlane:
        """Place an expression, its result and its matches in a plane."""
        return project_solution(solution, self.encoder)

    def search(
        self,
        query: object,
        documents: object,
        top_k: object,
        method: object = SEMANTIC,
    ) -> SearchResult:
        """Rank up to MAX_DOCUMENTS documents, or the lesson's titles if none are given."""
        query, documents = _text(query, "The query"), self._documents(documents)
        return search(
            query,
            documents,
            self.encoder,
            top_k=parse_count(top_k, "Top k"),
            method=parse_choice(method, "Method", SEARCH_METHODS),
        )

    def compare_rankings(self, query: object, documents: object) -> RankingComparison:
        """Rank documents by each method."""
        return compare_rankings(_text(query, "The query"), self._documents(documents), self.encoder)

    @_once
    def take_retrieval_test(self) -> RetrievalTest:
        """Search the lesson's titles for its labelled queries, by each method."""
        part = self.lesson.search
        queries = [
            LabelledQuery(
                labelled.query, frozenset(part.documents.index(text) for text in labelled.relevant)
            )
            for labelled in part.labelled
        ]
        return take_retrieval_test(queries, DocumentIndex(part.documents, self.encoder))

    def chance_percentile(self, result: SearchResult) -> float:
        """How often the best of as many unrelated documents would score lower, 0..100."""
        best = result.matches[0]
        kind = kind_of(result.query, best.text)
        return self.baseline.percentile_of_best(best.score, kind, len(result.documents))

    def embed(self, texts: object) -> Floats:
        """Encode up to MAX_EMBEDDED_TEXTS texts; shape (n, dimension)."""
        return self.encoder.encode(_texts(texts, "Texts", MAX_EMBEDDED_TEXTS))

    def _candidates(self, candidates: object) -> Vocabulary | tuple[str, ...]:
        if _is_blank(candidates):
            return self.common_words.load()
        return _texts(candidates, "Candidates", MAX_CANDIDATES, commas=True)

    def _documents(self, documents: object) -> tuple[str, ...]:
        if _is_blank(documents):
            return self.lesson.search.documents
        return _texts(documents, "Documents", MAX_DOCUMENTS)


def _text(value: object, name: str) -> str:
    return _within_limit(parse_text(value, name), name)


def _texts(value: object, name: str, at_most: int, *, commas: bool = False) -> tuple[str, ...]:
    texts = parse_texts(value, name, commas=commas)
    if len(texts) > at_most:
        raise InputError(
            f"{name}: {len(texts):,} texts are too many; at most {at_most:,} can be read."
        )
    return tuple(_within_limit(text, f"{name}: text {n}") for n, text in enumerate(texts, 1))


def _within_limit(text: str, name: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"{name} has {len(text):,} characters; at most {MAX_CHARACTERS:,} can be read."
        )
    return text


def _is_blank(value: object) -> bool:
    return value == [] or (isinstance(value, str) and not value.strip())
