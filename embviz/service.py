"""The core functions as visitors may call them: within limits, and with the lesson's defaults.

A notebook has its machine to itself; a visitor shares one with a whole class. So the limits hold
here, and every tab and endpoint comes through here. Whatever arrives is checked, whatever its type
is said to be. Docstrings of the methods that are endpoints become the descriptions that callers
read.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from threading import Condition
from typing import Any, TypeVar

from cachetools import cachedmethod
from cachetools.keys import methodkey

from embviz.analysis import arithmetic, attribution, baseline, perturbation, projection, similarity
from embviz.analysis import search as retrieval
from embviz.analysis.arithmetic import ADD, Match, MethodComparison, Solution
from embviz.analysis.attribution import Explanation
from embviz.analysis.axes import AxisPlane, Projection, project
from embviz.analysis.baseline import Baseline, BaselinePosition
from embviz.analysis.layers import (
    LayerBaseline,
    LayerComparison,
    compare_layers,
    load_layer_baseline,
)
from embviz.analysis.passages import OVERLAP, TOKENS, PassageSearch, find_passages
from embviz.analysis.perturbation import Edit, PerturbationTest
from embviz.analysis.projection import SolutionPlane, TextMap
from embviz.analysis.search import SEMANTIC, DocumentIndex, RankingComparison, SearchResult
from embviz.analysis.similarity import Comparison, SimilarityMatrix
from embviz.analysis.themes import Themes, find_themes
from embviz.analysis.vectors import Doubles, Matrix
from embviz.analysis.vocabulary import CommonWords, Vocabulary, encode_vocabulary
from embviz.analysis.word_in_context import MOST_SENTENCES, WordInContext, compare_occurrences
from embviz.course.collection_index import CollectionIndex
from embviz.course.course_files import Lesson
from embviz.errors import InputError
from embviz.evaluation.analogies import AnalogyTest, take_analogy_test
from embviz.evaluation.association import (
    AssociationTest,
    AssociationTestId,
    read_association_tests,
    take_association_test,
)
from embviz.evaluation.compression import CompressionTest, take_compression_test
from embviz.evaluation.datasets import RATING_SETS, RatingSetName
from embviz.evaluation.human_ratings import HumanRatings, compare_with_ratings
from embviz.evaluation.leaderboard import ModelResults, measure_milliseconds
from embviz.evaluation.occupations import Occupations, measure_occupations
from embviz.evaluation.retrieval import LabelledQuery, RetrievalTest, take_retrieval_test
from embviz.inputs.expressions import Term, parse_expression
from embviz.inputs.limits import (
    MAX_CANDIDATES,
    MAX_CHARACTERS,
    MAX_DOCUMENTS,
    MAX_EMBEDDED_TEXTS,
    MAX_WORDS,
)
from embviz.inputs.long_text import parse_long_text
from embviz.inputs.parsing import parse_choice, parse_count, parse_flag, parse_text, parse_texts
from embviz.language import gettext, gettext_noop, grouped
from embviz.models.encoder import Encoder
from embviz.models.progress import part_of_job

Result = TypeVar("Result")

# A list of texts may also come as one string.
Texts = list[str] | str

# Of a collection, so many of the best documents are drawn, grouped or saved.
MOST_DRAWN = 100


def _once(method: Callable[..., Result]) -> Callable[..., Result]:
    """Compute an evaluation of the model once for all who ask, also where they ask at once."""
    return cachedmethod(
        attrgetter("_evaluations"),
        key=partial(methodkey, **{method.__name__: True}),
        condition=attrgetter("_evaluated"),
    )(method)


@dataclass(frozen=True)
class Embeddings:
    """Texts as vectors.

    Attributes:
        model: What the model is called.
        dimension: Length of a vector.
        vectors: Shape (n, dimension), one unit vector a text.
    """

    model: str
    dimension: int
    vectors: Matrix


@dataclass(frozen=True)
class Service:
    """What a visitor can ask. All methods raise InputError for what cannot be answered."""

    encoder: Encoder
    lesson: Lesson
    baseline: Baseline
    common_words: CommonWords
    collection: CollectionIndex | None = None
    _evaluations: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    _evaluated: Condition = field(default_factory=Condition, init=False, repr=False)

    def compare(self, text_a: str, text_b: str) -> Comparison:
        """Compare two texts."""
        return similarity.compare(
            _text(text_a, gettext_noop("Text A")),
            _text(text_b, gettext_noop("Text B")),
            self.encoder,
        )

    def find_position(self, comparison: Comparison) -> BaselinePosition:
        """Say where a similarity stands among those of random pairs."""
        return baseline.find_position(
            comparison.text_a, comparison.text_b, comparison.similarity, self.baseline
        )

    def explain(self, text_a: str, text_b: str) -> Explanation:
        """Which tokens make up a similarity? What each pair of tokens adds; the sum is the whole.

        Tokens are those the model puts out, after each has taken in the text around it.

        Args:
            text_a: A word, a sentence or a paragraph.
            text_b: The text to compare it with.
        """
        return attribution.explain(
            _text(text_a, gettext_noop("Text A")),
            _text(text_b, gettext_noop("Text B")),
            self.encoder,
        )

    def perturb(self, text: str) -> PerturbationTest:
        """Compare a text with changed versions of it, those of the lesson included."""
        text = _text(text, gettext_noop("Text A"))
        prepared = [
            Edit(change, getattr(variants, change))
            for variants in self.lesson.similarity.variants
            if variants.text == text
            for change in (gettext_noop("opposite"), gettext_noop("paraphrase"))
            if getattr(variants, change)
        ]
        return perturbation.perturb(text, prepared, self.encoder)

    def find_neighbours(self, text: str) -> tuple[Match, ...]:
        """Find the common words nearest to a text."""
        text = _text(text, gettext_noop("The text"))
        return arithmetic.find_neighbours(text, self.common_words.load(), self.encoder)

    def similarity_matrix(self, texts: Texts) -> SimilarityMatrix:
        """How alike are the texts of a list? The cosine similarity of every pair.

        The answer holds order, the indices that put alike texts side by side, and odd_one_out, the
        index of the text least like the others.

        Args:
            texts: At least two texts; as one string, one text a line or with commas between them.
        """
        return similarity.similarity_matrix(_words(texts), self.encoder)

    def map_texts(self, texts: Texts, method: projection.Method) -> TextMap:
        """Place up to MAX_WORDS texts in two dimensions."""
        return projection.map_texts(_words(texts), self.encoder, method=_map_method(method))

    def map_search(self, result: SearchResult, method: projection.Method) -> TextMap:
        """Place a query, which comes first, and all documents of a result; see `narrow`."""
        texts = (result.query, *result.documents)
        return projection.map_texts(texts, self.encoder, method=_map_method(method))

    def solve(
        self,
        expression: str,
        candidates: Texts = [],  # noqa: B006 (the default is what the API page shows)
        top_k: int = 5,
        exclude_inputs: bool = True,
        method: arithmetic.Method = ADD,
    ) -> Solution:
        """Which texts are nearest to the result of an expression such as king - male + female?

        Args:
            expression: Terms joined by + and - with spaces around the sign; 0.5 * word is half.
            candidates: The texts to rank, each once; none for some 10,000 common English words.
            top_k: How many of the nearest to return.
            exclude_inputs: Whether the words of the expression are left out of the ranking.
            method: 3CosAdd adds the vectors, 3CosMul multiplies the similarities to each term.
        """
        # Before the candidates, which it takes time to encode.
        top_k = parse_count(top_k, gettext_noop("Top k"))
        exclude_inputs = parse_flag(exclude_inputs, gettext_noop("Exclude inputs"))
        method = parse_choice(method, gettext_noop("Method"), arithmetic.METHODS)
        return arithmetic.solve(
            _terms(expression),
            self._vocabulary(candidates),
            self.encoder,
            top_k=top_k,
            exclude_inputs=exclude_inputs,
            method=method,
        )

    def compare_methods(self, expression: str, candidates: Texts) -> MethodComparison:
        """Answer an expression by each method, and without any arithmetic."""
        terms = _terms(expression)
        return arithmetic.compare_methods(terms, self._vocabulary(candidates), self.encoder)

    def project_solution(self, solution: Solution) -> SolutionPlane:
        """Place an expression, its result and its matches in a plane."""
        return projection.project_solution(solution, self.encoder)

    def search(
        self,
        query: str,
        documents: Texts = [],  # noqa: B006
        top_k: int = 3,
        method: retrieval.Method = SEMANTIC,
    ) -> SearchResult:
        """Which documents fit a query?

        Args:
            query: What to look for, in any words.
            documents: The texts to search; none for those of the course: its collection, or titles.
            top_k: How many of the best to return.
            method: semantic ranks by cosine similarity, keyword by BM25, fused by both ranks.
        """
        query = _text(query, gettext_noop("The query"), gettext_noop("Query"))
        index = self._index(documents)
        return index.search(
            query,
            top_k=parse_count(top_k, gettext_noop("Top k")),
            method=parse_choice(method, gettext_noop("Method"), retrieval.METHODS),
        )

    def compare_rankings(self, query: str, documents: Texts) -> RankingComparison:
        """Rank documents by each method."""
        query = _text(query, gettext_noop("The query"), gettext_noop("Query"))
        return retrieval.compare_rankings(query, self._index(documents))

    def more_like_this(self, document: str, documents: Texts = []) -> RankingComparison:  # noqa: B006
        """Rank the other documents by how well they fit one of them, by each method.

        Args:
            document: One of the documents, as it stands there.
            documents: The texts to search; none for those of the course.
        """
        index = self._index(documents)
        try:
            place = index.documents.index(document)
        except ValueError:
            raise InputError(
                gettext("This document is not one of those that are searched: search again.")
            ) from None
        return retrieval.find_similar(place, index)

    def explain_nearest(self, document: str, comparison: RankingComparison) -> Explanation | None:
        """Which tokens make the nearest document similar? None where the model does not tell."""
        nearest = comparison.results[SEMANTIC].matches
        if not nearest:
            return None
        try:
            return attribution.explain(document, nearest[0].text, self.encoder)
        except InputError:
            return None

    def narrow(self, result: SearchResult) -> SearchResult:
        """A result whose documents are so few that all can be drawn.

        Of a collection, these are the best MOST_DRAWN. Of documents that a visitor gave, all are.
        """
        if self.collection is None or not self.is_of_collection(result):
            return result
        best = self.collection.get().search(result.query, top_k=MOST_DRAWN, method=result.method)
        ranked = tuple(replace(hit, index=place) for place, hit in enumerate(best.matches))
        documents = tuple(hit.text for hit in ranked)
        return replace(result, matches=ranked[: len(result.matches)], documents=documents)

    def is_of_collection(self, result: SearchResult) -> bool:
        """Whether the collection was searched."""
        return self.collection is not None and result.documents is self.collection.collection.texts

    def chance_percentile(self, result: SearchResult) -> float | None:
        """Share of unrelated queries whose best document scores lower, 0..100.

        None where they were not ranked by meaning: what scores are high then is not known.
        """
        if result.method != SEMANTIC:
            return None
        best = result.matches[0].score
        if self.is_of_collection(result):
            length = self.baseline.query_length(result.query)
            return baseline.percentage_below(best, self._best_of_unrelated(length))
        documents = self.encoder.encode(result.documents)
        return self.baseline.percentile_of_query(best, result.query, documents)

    @_once
    def _best_of_unrelated(self, length: int) -> Doubles:
        assert self.collection is not None
        return self.baseline.best_of_unrelated(length, self.collection.get().vectors)

    def chance_of_match(self, solution: Solution) -> float | None:
        """How often the best of as many unrelated texts would be less near to a text, 0..100.

        None where none is left to rank, or where more are ranked than a visitor can give.
        """
        if not solution.matches or solution.choices > MAX_CANDIDATES:
            return None
        best = solution.matches[0]
        longest = max((term.text for term in solution.terms), key=len)
        kind = baseline.kind_of(longest, best.text)
        return self.baseline.percentile_of_best(best.similarity, kind, solution.choices)

    def passages(
        self, query: str, text: str, tokens: int = TOKENS, overlap: int = OVERLAP, top_k: int = 3
    ) -> PassageSearch:
        """Where in a long text is the answer? Its passages, ranked by how well they fit a query.

        start and end count characters. whole is the text as one vector, of which the model reads up
        to read_until. prompt is what a chatbot would be given; nothing is generated here.

        Args:
            query: What to look for, in any words.
            text: A text of up to 200,000 characters.
            tokens: How many tokens a passage may have, at least 8.
            overlap: How many tokens a passage may share with the one before it.
            top_k: How many of the best passages to return.
        """
        with _about(gettext_noop("Text")):
            text = parse_long_text(text, gettext_noop("The text"))
        return find_passages(
            _text(query, gettext_noop("The query"), gettext_noop("Query")),
            text,
            self.encoder,
            tokens=parse_count(tokens, gettext_noop("Tokens")),
            overlap=parse_count(overlap, gettext_noop("Overlap"), at_least=0),
            top_k=parse_count(top_k, gettext_noop("Top k")),
        )

    def chance_of_passage(self, result: PassageSearch) -> float:
        """Share of unrelated queries whose best passage scores lower, 0..100."""
        vectors = self.encoder.encode([passage.text for passage in result.ranking])
        best = result.passages[0].score
        return self.baseline.percentile_of_query(best, result.query, vectors)

    def themes(self, documents: Texts = [], count: int = 0) -> Themes:  # noqa: B006
        """Which themes do documents have? They are grouped by meaning, and each group is named.

        silhouette is 1 if the groups lie far apart and 0 if they touch.

        Args:
            documents: 4 to 500 texts; none for the titles of the lesson.
            count: How many themes to make, 2 to 12; 0 to let the silhouette choose.
        """
        return self.find_themes(self._documents(documents), count)

    def find_themes(self, documents: Sequence[str], count: int = 0) -> Themes:
        """Group documents that were found already."""
        count = parse_count(count, gettext_noop("Count"), at_least=0)
        return find_themes(documents, self.encoder, count)

    def map_themes(self, themes: Themes) -> TextMap | None:
        """Place documents that were grouped in two dimensions; None if they are too few."""
        if len(set(themes.documents)) < projection.FEWEST_TEXTS:
            return None
        return projection.map_texts(themes.documents, self.encoder)

    @_once
    def compression_test(self) -> CompressionTest:
        """How many numbers does it need? The model with fewer dimensions and with fewer bits.

        wordsim353 is the agreement with people (Spearman), ndcg that of the labelled queries; bytes
        are those of a million documents.
        """
        words = self.common_words.load().vectors
        queries, documents = self._labelled_queries(), self.lesson.search.documents
        return take_compression_test(self.encoder, words, queries, documents)

    def embed(self, texts: Texts) -> Embeddings:
        """What are the vectors of these texts? Each has length 1; 0 if a model knows no part of it.

        Args:
            texts: The texts; as one string, one text a line.
        """
        vectors = self.encoder.encode(_texts(texts, gettext_noop("Texts"), MAX_EMBEDDED_TEXTS))
        return Embeddings(self.encoder.name, self.encoder.dimension, vectors)

    def human_ratings(self, dataset: RatingSetName = "wordsim353") -> HumanRatings:
        """Do people agree with the model? Their ratings beside its similarities, pair by pair.

        Spearman's rank correlation is 1 if both put the pairs in the same order.

        Args:
            dataset: wordsim353 rates how related two words are, simlex999 how similar.
        """
        return self._compare_with_ratings(
            parse_choice(dataset, gettext_noop("Dataset"), tuple(RATING_SETS))
        )

    @_once
    def _compare_with_ratings(self, dataset: RatingSetName) -> HumanRatings:
        return compare_with_ratings(dataset, self.encoder)

    @_once
    def analogy_test(self) -> AnalogyTest:
        """How often does the arithmetic work? The 19,544 questions of the Google analogy test.

        Shares answered right with the input words allowed as answers, with them excluded, and with
        no arithmetic at all, by the nearest neighbour of c in "a is to b as c is to what?".
        """
        return take_analogy_test(self.encoder)

    @_once
    def retrieval_test(self) -> RetrievalTest:
        """Does meaning beat keywords? The course's labelled queries, searched by each method.

        nDCG@10 is 1 if all that is relevant stands first; recall is the share of it among the
        first three.
        """
        if self.collection is None or not self.collection.collection.labelled:
            return self.title_test()
        return take_retrieval_test(self.collection.collection.labelled, self.collection.get())

    @_once
    def title_test(self) -> RetrievalTest:
        """The retrieval test by the course's titles, which needs no collection."""
        index = DocumentIndex(self.lesson.search.documents, self.encoder)
        return take_retrieval_test(self._labelled_queries(), index)

    def layers(self, text_a: str, text_b: str) -> LayerComparison:
        """How alike are two texts after each layer of the model, and random pairs of their kind?

        Layer 0 is what enters the first layer. The last one gives what /compare answers.

        Args:
            text_a: A word, a sentence or a paragraph.
            text_b: The text to compare it with.
        """
        text_a, text_b = (
            _text(text_a, gettext_noop("Text A")),
            _text(text_b, gettext_noop("Text B")),
        )
        return compare_layers(text_a, text_b, self.encoder, self._layer_baseline())

    @_once
    def _layer_baseline(self) -> LayerBaseline:
        return load_layer_baseline(self.encoder)

    def word_in_context(self, word: str, sentences: Texts, layer: int = -1) -> WordInContext:
        """How does a sentence change a word? What a model makes of one word in several sentences.

        similarities compares its occurrences with each other at one layer; by_layer has the mean at
        each. Layer 0 looks at no context.

        Args:
            word: A word, which may be inflected in the sentences.
            sentences: 2 to 30 sentences with the word in them; as one string, one a line.
            layer: Which layer to look at, from 0; -1 is the last.
        """
        texts = _texts(sentences, gettext_noop("Sentences"), MOST_SENTENCES)
        return compare_occurrences(
            _text(word, gettext_noop("Word")), texts, self.encoder, layer=_layer(layer)
        )

    def map_occurrences(self, result: WordInContext, method: projection.Method) -> TextMap:
        """Place the occurrences of a word in two dimensions."""
        names = [occurrence.around for occurrence in result.occurrences]
        return projection.map_vectors(names, result.vectors, method=_map_method(method))

    def project(self, texts: Texts, low: Texts, high: Texts) -> Projection:
        """Where do texts lie on an axis between two poles, such as tiny and huge?

        percentile is the share of some 10,000 common English words that lie lower.

        Args:
            texts: At least two texts; as one string, one text a line or with commas between them.
            low: The texts of one pole, such as tiny, small.
            high: The texts of the other, such as huge, large.
        """
        return self._project(
            texts, _pole(low, gettext_noop("Low end")), _pole(high, gettext_noop("High end"))
        )

    def project_on_two(
        self, texts: Texts, low: Texts, high: Texts, low_2: Texts, high_2: Texts
    ) -> AxisPlane:
        """Place texts on an axis, and on a second one at a right angle to it."""
        return AxisPlane(
            self.project(texts, low, high),
            self._project(
                texts,
                _pole(low_2, gettext_noop("Second low end")),
                _pole(high_2, gettext_noop("Second high end")),
            ),
        )

    def _project(self, texts: Texts, low: tuple[str, ...], high: tuple[str, ...]) -> Projection:
        return project(_words(texts), low, high, self.encoder, self.common_words.load())

    def association_test(self, test: AssociationTestId = "flowers-insects") -> AssociationTest:
        """What does the model associate? A Word-Embedding Association Test of Caliskan et al. 2017.

        effect_size is positive if the first targets go with the first attributes; p_value is the
        share of random splits of the targets that do as well.

        Args:
            test: flowers-insects, instruments-weapons, names-1 to names-3, career-family and so on.
        """
        tests = read_association_tests()
        return self._take_association_test(parse_choice(test, gettext_noop("Test"), tuple(tests)))

    def associate(
        self,
        test: AssociationTestId,
        first_group: Texts,
        second_group: Texts,
        first_attribute: Texts,
        second_attribute: Texts,
    ) -> AssociationTest:
        """Take an association test with other words.

        Args:
            test: The test that the words are from, or were.
            first_group: Words that are expected nearer to the first attribute.
            second_group: Words that are expected nearer to the second one.
            first_attribute: Words that stand for it.
            second_attribute: Words that stand for the opposite.
        """
        tests = read_association_tests()
        lists = {
            gettext_noop("First group"): first_group,
            gettext_noop("Second group"): second_group,
            gettext_noop("First attribute"): first_attribute,
            gettext_noop("Second attribute"): second_attribute,
        }
        words = (_texts(value, name, MAX_WORDS, commas=True) for name, value in lists.items())
        chosen = tests[parse_choice(test, gettext_noop("Test"), tuple(tests))].with_words(*words)
        return take_association_test(chosen, self.encoder)

    @_once
    def _take_association_test(self, test: AssociationTestId) -> AssociationTest:
        return take_association_test(read_association_tests()[test], self.encoder)

    @_once
    def occupations(self) -> Occupations:
        """Does the model think of men or women? 40 occupations on the axis from he to she.

        pearson and spearman say how well these places agree with the share of women in each.
        """
        return measure_occupations(self.encoder)

    @_once
    def _milliseconds(self) -> float:
        return measure_milliseconds(self.encoder)

    def take_all_tests(self, model: str, name: str) -> ModelResults:
        """Give the model all the tests, each of which is taken once for all who ask.

        Args:
            model: The id of the model.
            name: What people call it.
        """
        parts = len(RATING_SETS) + 3
        ratings: dict[RatingSetName, float] = {}
        for done, rating_set in enumerate(RATING_SETS):
            with part_of_job(done, parts):
                ratings[rating_set] = self.human_ratings(rating_set).spearman
        with part_of_job(parts - 3, parts):
            analogies = self.analogy_test().overall
        with part_of_job(parts - 2, parts):
            ndcg = self.title_test().ndcg[SEMANTIC]
        with part_of_job(parts - 1, parts):
            milliseconds = self._milliseconds()
        encoder = self.encoder
        return ModelResults(
            model, name, encoder.family, encoder.dimension, ratings, analogies, ndcg, milliseconds
        )

    def _labelled_queries(self) -> list[LabelledQuery]:
        part = self.lesson.search
        return [
            LabelledQuery(
                labelled.query, frozenset(part.documents.index(text) for text in labelled.relevant)
            )
            for labelled in part.labelled
        ]

    def _vocabulary(self, candidates: Texts) -> Vocabulary:
        if is_blank(candidates):
            return self.common_words.load()
        texts = _texts(
            candidates, gettext_noop("Candidates"), MAX_CANDIDATES, commas=True, distinct=True
        )
        return encode_vocabulary(texts, self.encoder)

    def _index(self, documents: Texts) -> DocumentIndex:
        if is_blank(documents) and self.collection is not None:
            return self.collection.get()
        return DocumentIndex(self._documents(documents), self.encoder)

    def _documents(self, documents: Texts) -> tuple[str, ...]:
        if is_blank(documents):
            return self.lesson.search.documents
        return _texts(documents, gettext_noop("Documents"), MAX_DOCUMENTS)


@contextmanager
def _about(name: str) -> Iterator[None]:
    """Say of an InputError which input it is about."""
    try:
        yield
    except InputError as error:
        error.input = gettext(name)
        raise


def _text(value: object, name: str, label: str = "") -> str:
    with _about(label or name):
        return _within_limit(parse_text(value, name), gettext(name))


def _terms(expression: object) -> tuple[Term, ...]:
    with _about(gettext_noop("Expression")):
        return parse_expression(_text(expression, gettext_noop("The expression")))


def _layer(value: object) -> int:
    # Python counts True as a number.
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(gettext("Layer must be a whole number, or -1 for the last."))
    return value


def _pole(value: object, name: str) -> tuple[str, ...]:
    return _texts(value, name, MAX_WORDS, commas=True)


def _map_method(method: object) -> projection.Method:
    return parse_choice(method, gettext_noop("Method"), projection.METHODS)


def _words(texts: object) -> tuple[str, ...]:
    return _texts(texts, gettext_noop("Words"), MAX_WORDS, commas=True)


def _texts(
    value: object, name: str, at_most: int, *, commas: bool = False, distinct: bool = False
) -> tuple[str, ...]:
    with _about(name):
        texts = parse_texts(value, name, commas=commas, distinct=distinct)
        label = gettext(name)
        if len(texts) > at_most:
            raise InputError(
                gettext(
                    "{name}: {count} texts are too many; at most {most} can be read.",
                    name=label,
                    count=grouped(len(texts)),
                    most=grouped(at_most),
                )
            )
        return tuple(
            _within_limit(text, gettext("{name}: text {n}", name=label, n=n))
            for n, text in enumerate(texts, 1)
        )


def _within_limit(text: str, label: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            gettext(
                "{name} has {count} characters; at most {most} can be read.",
                name=label,
                count=grouped(len(text)),
                most=grouped(MAX_CHARACTERS),
            )
        )
    return text


def is_blank(value: object) -> bool:
    """Whether no texts are given, which means those that are built in."""
    return value in ([], ()) or (isinstance(value, str) and not value.strip())
