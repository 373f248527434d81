"""The endpoints: what the tabs show, as plain JSON for programs.

Each function here is an endpoint, an OpenAPI path and an MCP tool at once. Gradio checks no
argument of theirs; `Service` does. Docstrings become the descriptions that callers read.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypedDict

from embviz.analysis.arithmetic import ADD, Method
from embviz.analysis.search import METHODS as SEARCH_METHODS
from embviz.analysis.search import SEMANTIC
from embviz.analysis.search import Method as SearchMethod
from embviz.evaluation.datasets import Dataset
from embviz.inputs.parsing import parse_choice, parse_flag
from embviz.service import Service
from embviz.views.arithmetic import solve_figure, solve_table
from embviz.views.canvas import COLOURS, DEFAULT_COLOURS, Colours
from embviz.views.search import search_figure, search_table
from embviz.views.similarity import compare_figure, compare_table, summarise_comparison
from embviz.views.similarity_matrix import similarity_matrix_figure, similarity_matrix_table
from embviz.views.table import Table

Texts = list[str] | str


class CompareAnswer(TypedDict):
    """Two texts and how alike they are."""

    similarity: float
    angle_degrees: float
    percentile: float
    kind: str
    kind_percentile: float
    reading: str
    truncated: list[str]


class ExplainAnswer(TypedDict):
    """A similarity, taken apart."""

    tokens_a: list[str]
    tokens_b: list[str]
    contributions: list[list[float]]
    similarity: float


class SimilarityMatrixAnswer(TypedDict):
    """All pairs of a list."""

    texts: list[str]
    similarities: list[list[float]]
    order: list[int]
    odd_one_out: int | None
    truncated: list[str]


class TermAnswer(TypedDict):
    """A term of an expression."""

    weight: float
    text: str


class MatchAnswer(TypedDict):
    """A candidate or input word in the ranking."""

    rank: int
    text: str
    similarity: float
    score: float


class SolveAnswer(TypedDict):
    """An expression solved."""

    terms: list[TermAnswer]
    matches: list[MatchAnswer]
    excluded: list[MatchAnswer]
    choices: int
    truncated: list[str]


class HitAnswer(TypedDict):
    """A document in the ranking."""

    rank: int
    index: int
    text: str
    score: float


class SearchAnswer(TypedDict):
    """The best documents."""

    matches: list[HitAnswer]
    truncated: list[str]


class EmbedAnswer(TypedDict):
    """Texts as vectors."""

    model: str
    dimension: int
    vectors: list[list[float]]


class RatedPairAnswer(TypedDict):
    """A pair of words as people and as the model see it."""

    text_a: str
    text_b: str
    human: float
    similarity: float
    disagreement: float


class HumanRatingsAnswer(TypedDict):
    """How well the model agrees with people."""

    spearman: float
    pairs: list[RatedPairAnswer]


class SectionAnswer(TypedDict):
    """Analogies of one kind, and the shares answered right in three ways."""

    name: str
    questions: int
    inputs_allowed: float
    inputs_excluded: float
    no_arithmetic: float


class AnalogyTestAnswer(TypedDict):
    """How often the arithmetic works."""

    sections: list[SectionAnswer]
    overall: SectionAnswer


class JudgedQueryAnswer(TypedDict):
    """A labelled query and how well each method did."""

    query: str
    relevant: list[int]
    ndcg: dict[str, float]
    recall: dict[str, float]


class RetrievalTestAnswer(TypedDict):
    """How well each method finds what is relevant; means over all queries by method."""

    ndcg: dict[str, float]
    recall: dict[str, float]
    queries: list[JudgedQueryAnswer]


class FigureAnswer(TypedDict):
    """A Plotly figure, for Plotly.newPlot(div, data, layout) or plotly.graph_objects.Figure."""

    data: list[dict[str, Any]]
    layout: dict[str, Any]


class TableAnswer(TypedDict):
    """A ranked table; numbers are rounded to three decimals."""

    caption: str
    headers: list[str]
    data: list[list[Any]]


def build_endpoints(service: Service) -> tuple[Callable[..., object], ...]:
    """All public endpoints, each a function named like it."""

    def compare(text_a: str, text_b: str) -> CompareAnswer:
        """How alike are two texts, and how high is that?

        The answer holds the cosine similarity of their vectors and its angle; percentile, the share
        of random pairs of words that score lower; and kind_percentile, that share for the kind of
        pair that these texts are, since sentences score lower by chance than words do.

        Args:
            text_a: A word, a sentence or a paragraph.
            text_b: The text to compare it with.
        """
        comparison = service.compare(text_a, text_b)
        position = service.find_position(comparison)
        return {
            "similarity": comparison.similarity,
            "angle_degrees": comparison.angle_degrees,
            "percentile": position.word_percentile,
            "kind": position.kind,
            "kind_percentile": position.percentile,
            "reading": summarise_comparison(comparison, position),
            "truncated": list(comparison.truncated),
        }

    def explain(text_a: str, text_b: str) -> ExplainAnswer:
        """Which tokens make up a similarity? What each pair of tokens adds; the sum is the whole.

        Tokens are those the model puts out, after each has taken in the text around it.

        Args:
            text_a: A word, a sentence or a paragraph.
            text_b: The text to compare it with.
        """
        explanation = service.explain(text_a, text_b)
        return {
            "tokens_a": list(explanation.tokens_a),
            "tokens_b": list(explanation.tokens_b),
            "contributions": explanation.contributions.tolist(),
            "similarity": explanation.similarity,
        }

    def similarity_matrix(texts: Texts) -> SimilarityMatrixAnswer:
        """How alike are the texts of a list? The cosine similarity of every pair.

        The answer holds order, the indices that put alike texts side by side, and odd_one_out, the
        index of the text least like the others.

        Args:
            texts: At least two texts; as one string, one text a line or with commas between them.
        """
        matrix = service.similarity_matrix(texts)
        return {
            "texts": list(matrix.texts),
            "similarities": matrix.similarities.tolist(),
            "order": list(matrix.order),
            "odd_one_out": matrix.odd_one_out,
            "truncated": list(matrix.truncated),
        }

    def solve(
        expression: str,
        candidates: Texts = [],  # noqa: B006 (the default is what the API page shows)
        top_k: int = 5,
        exclude_inputs: bool = True,
        method: Method = ADD,
    ) -> SolveAnswer:
        """Which texts are nearest to the result of an expression such as king - male + female?

        Args:
            expression: Terms joined by + and - with spaces around the sign; 0.5 * word is half.
            candidates: The texts to rank, each once; none for some 10,000 common English words.
            top_k: How many of the nearest to return.
            exclude_inputs: Whether the words of the expression are left out of the ranking.
            method: 3CosAdd adds the vectors, 3CosMul multiplies the similarities to each term.
        """
        solution = service.solve(expression, candidates, top_k, exclude_inputs, method)
        return {
            "terms": [_as_dict(term) for term in solution.terms],
            "matches": [_as_dict(match) for match in solution.matches],
            "excluded": [_as_dict(match) for match in solution.excluded],
            "choices": solution.choices,
            "truncated": list(solution.truncated),
        }

    def search(
        query: str,
        documents: Texts = [],  # noqa: B006
        top_k: int = 3,
        method: SearchMethod = SEMANTIC,
    ) -> SearchAnswer:
        """Which documents fit a query?

        Args:
            query: What to look for, in any words.
            documents: The texts to search; none for the titles of the lesson.
            top_k: How many of the best to return.
            method: semantic ranks by cosine similarity, keyword by BM25, fused by both ranks.
        """
        result = service.search(query, documents, top_k, method)
        matches = [_as_dict(hit) for hit in result.matches]
        return {"matches": matches, "truncated": list(result.truncated)}

    def embed(texts: Texts) -> EmbedAnswer:
        """What are the vectors of these texts? Each has length 1.

        Args:
            texts: The texts; as one string, one text a line.
        """
        return {
            "model": service.encoder.name,
            "dimension": service.encoder.dimension,
            "vectors": service.embed(texts).tolist(),
        }

    def human_ratings(
        dataset: Dataset = "wordsim353",
    ) -> HumanRatingsAnswer:
        """Do people agree with the model? Their ratings beside its similarities, pair by pair.

        Spearman's rank correlation is 1 if both put the pairs in the same order.

        Args:
            dataset: wordsim353 rates how related two words are, simlex999 how similar.
        """
        ratings = service.rate(dataset)
        pairs = [_as_dict(pair) for pair in ratings.pairs]
        return {"spearman": ratings.spearman, "pairs": pairs}

    def analogy_test() -> AnalogyTestAnswer:
        """How often does the arithmetic work? The 19,544 questions of the Google analogy test.

        Shares answered right with the input words allowed as answers, with them excluded, and with
        no arithmetic at all, by the nearest neighbour of c in "a is to b as c is to what?".
        """
        test = service.take_analogy_test()
        return {
            "sections": [_as_dict(section) for section in test.sections],
            "overall": _as_dict(test.overall),
        }

    def retrieval_test() -> RetrievalTestAnswer:
        """Does meaning beat keywords? The lesson's labelled queries, searched by each method.

        nDCG@10 is 1 if all that is relevant stands first; recall is the share of it among the
        first three.
        """
        test = service.take_retrieval_test()
        return {
            "ndcg": {method: test.ndcg(method) for method in SEARCH_METHODS},
            "recall": {method: test.recall(method) for method in SEARCH_METHODS},
            "queries": [_as_dict(q) | {"relevant": sorted(q.relevant)} for q in test.queries],
        }

    def plot_compare(text_a: str, text_b: str) -> tuple[FigureAnswer, TableAnswer]:
        """Draw two vectors as strips of colour, with their first ten values as a table.

        Args:
            text_a: A word, a sentence or a paragraph.
            text_b: The text to compare it with.
        """
        comparison = service.compare(text_a, text_b)
        return _figure(compare_figure(comparison)), _table(compare_table(comparison))

    def plot_similarity_matrix(
        texts: Texts,
        ordered: bool = False,
        colours: Colours = DEFAULT_COLOURS,
    ) -> tuple[FigureAnswer, TableAnswer]:
        """Draw a heat map of all pairs of a list, with the ranked pairs as a table.

        Args:
            texts: At least two texts; as one string, one text a line or with commas between them.
            ordered: Whether alike texts stand side by side.
            colours: The colours of the scale from -1 to 1.
        """
        matrix = service.similarity_matrix(texts)
        drawn = matrix.reordered() if parse_flag(ordered, "Ordered") else matrix
        colours = parse_choice(colours, "Colours", tuple(COLOURS))
        figure = similarity_matrix_figure(drawn, colours=colours)
        return _figure(figure), _table(similarity_matrix_table(matrix))

    def plot_solve(
        expression: str,
        candidates: Texts = [],  # noqa: B006
        top_k: int = 5,
        exclude_inputs: bool = True,
    ) -> tuple[FigureAnswer, TableAnswer]:
        """Draw the texts nearest to the result of an expression as bars, with the ranked table.

        Args:
            expression: Terms joined by + and - with spaces around the sign; 0.5 * word is half.
            candidates: The texts to rank, each once; none for some 10,000 common English words.
            top_k: How many of the nearest to show.
            exclude_inputs: Whether the words of the expression are left out of the ranking.
        """
        solution = service.solve(expression, candidates, top_k, exclude_inputs)
        return _figure(solve_figure(solution)), _table(solve_table(solution))

    def plot_search(
        query: str,
        documents: Texts = [],  # noqa: B006
        top_k: int = 3,
        method: SearchMethod = SEMANTIC,
    ) -> tuple[FigureAnswer, TableAnswer]:
        """Draw the documents that fit a query best as bars, with the ranked table.

        Args:
            query: What to look for, in any words.
            documents: The texts to search; none for the titles of the lesson.
            top_k: How many of the best to show.
            method: semantic ranks by cosine similarity, keyword by BM25, fused by both ranks.
        """
        result = service.search(query, documents, top_k, method)
        return _figure(search_figure(result)), _table(search_table(result))

    return (
        compare,
        similarity_matrix,
        solve,
        search,
        explain,
        embed,
        human_ratings,
        analogy_test,
        retrieval_test,
        plot_compare,
        plot_similarity_matrix,
        plot_solve,
        plot_search,
    )


def _as_dict(result: Any) -> Any:
    """A result as the answer whose fields are called like its own."""
    return asdict(result)


def _figure(figure: Any) -> FigureAnswer:
    answer: FigureAnswer = figure.to_plotly_json()
    return answer


def _table(table: Table) -> TableAnswer:
    return {
        "caption": table.caption,
        "headers": list(table.headers),
        "data": [list(row) for row in table.rows],
    }
