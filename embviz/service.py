"""The core functions as visitors may call them: within limits, and with the lesson's defaults.

A notebook has its machine to itself; a visitor shares one with a whole class. So the limits stand
here, and every tab and endpoint comes through here.
"""

from dataclasses import dataclass

import numpy as np

from embviz.arithmetic import Solution, solve
from embviz.background import Background, Standing, find_standing, kind_of
from embviz.encoder import Encoder
from embviz.errors import InputError
from embviz.explanation import Explanation, explain
from embviz.inputs import parse_text, parse_texts
from embviz.lesson import Lesson
from embviz.projection import SolutionPlane, TextMap, map_texts, project_solution
from embviz.search import SearchResult, search
from embviz.similarity import Comparison, SimilarityMatrix, compare, similarity_matrix
from embviz.stress import Edit, StressTest, stress

MAX_CHARACTERS = 5_000
MAX_WORDS = 50
MAX_CANDIDATES = 500
MAX_DOCUMENTS = 500
MAX_EMBEDDED_TEXTS = 100


@dataclass(frozen=True)
class Service:
    """What a visitor can ask. All methods raise InputError for what cannot be answered."""

    encoder: Encoder
    lesson: Lesson
    background: Background

    def compare(self, text_a: object, text_b: object) -> Comparison:
        """Compare two texts."""
        return compare(_text(text_a, "Text A"), _text(text_b, "Text B"), self.encoder)

    def find_standing(self, comparison: Comparison) -> Standing:
        """Say where a similarity stands among those of random pairs."""
        return find_standing(
            comparison.text_a, comparison.text_b, comparison.similarity, self.background
        )

    def explain(self, text_a: object, text_b: object) -> Explanation:
        """Take the similarity of two texts apart, token by token."""
        return explain(_text(text_a, "Text A"), _text(text_b, "Text B"), self.encoder)

    def stress(self, text: object) -> StressTest:
        """Compare a text with changed versions of it, those of the lesson included."""
        text = _text(text, "Text A")
        prepared = [
            Edit(change, getattr(variants, change))
            for variants in self.lesson.similarity.variants
            if variants.text == text
            for change in ("opposite", "paraphrase")
            if getattr(variants, change)
        ]
        return stress(text, prepared, self.encoder)

    def similarity_matrix(self, texts: object) -> SimilarityMatrix:
        """Compare up to MAX_WORDS texts with each other."""
        texts = _texts(texts, "Words", MAX_WORDS, commas=True)
        return similarity_matrix(texts, self.encoder)

    def map_texts(self, texts: object, method: object) -> TextMap:
        """Place up to MAX_WORDS texts in two dimensions."""
        texts = _texts(texts, "Words", MAX_WORDS, commas=True)
        return map_texts(texts, self.encoder, method=method)

    def solve(
        self, expression: object, candidates: object, top_k: object, exclude_inputs: object
    ) -> Solution:
        """Rank up to MAX_CANDIDATES candidates, or the lesson's words if none are given."""
        expression = _text(expression, "The expression")
        if _is_blank(candidates):
            candidates = self.lesson.vocabulary
        candidates = _texts(candidates, "Candidates", MAX_CANDIDATES, commas=True)
        return solve(
            expression, candidates, self.encoder, top_k=top_k, exclude_inputs=exclude_inputs
        )

    def project_solution(self, solution: Solution) -> SolutionPlane:
        """Place an expression, its result and its matches in a plane."""
        return project_solution(solution, self.encoder)

    def search(
        self, query: object, documents: object, top_k: object, method: object = "semantic"
    ) -> SearchResult:
        """Rank up to MAX_DOCUMENTS documents, or the lesson's titles if none are given."""
        query = _text(query, "The query")
        if _is_blank(documents):
            documents = self.lesson.search.documents
        documents = _texts(documents, "Documents", MAX_DOCUMENTS)
        return search(query, documents, self.encoder, top_k=top_k, method=method)

    def chance_percentile(self, result: SearchResult) -> float:
        """How often the best of as many unrelated documents would score lower, 0..100."""
        best = result.matches[0]
        kind = kind_of(result.query, best.text)
        return self.background.percentile_of_best(best.score, kind, len(result.documents))

    def embed(self, texts: object) -> np.ndarray:
        """Encode up to MAX_EMBEDDED_TEXTS texts; shape (n, dimension)."""
        return self.encoder.encode(_texts(texts, "Texts", MAX_EMBEDDED_TEXTS))


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
