"""Result → rows. Numbers are rounded here and nowhere earlier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from embviz.analogy_test import AnalogyTest
from embviz.arithmetic import ADD, MULTIPLY, Match, Solution, Trial
from embviz.display import isolate
from embviz.human_ratings import HumanRatings
from embviz.retrieval_test import DEPTH, RetrievalTest
from embviz.search import FUSED, KEYWORD, SEMANTIC, RankingComparison, SearchResult
from embviz.search import METHODS as SEARCH_METHODS
from embviz.similarity import Comparison, SimilarityMatrix
from embviz.stress import StressTest

FIRST_VALUES = 10
DECIMALS = 3
LARGEST_DISAGREEMENTS = 5

SEARCH_NAMES = {SEMANTIC: "By meaning", KEYWORD: "By keywords", FUSED: "By both"}
_METHOD_NAMES = {ADD: "Adding (3CosAdd)", MULTIPLY: "Multiplying (3CosMul)"}

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """Rows for people to read.

    Attributes:
        caption: What the table shows.
        headers: One word or two a column.
        rows: As many cells a row as there are headers; None is a cell with nothing to say.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def compare_table(comparison: Comparison) -> Table:
    """The first values of both vectors, one vector a row."""
    first = slice(FIRST_VALUES)
    return Table(
        f"The first {FIRST_VALUES} of {len(comparison.vector_a)} values",
        ("Text", *(str(n) for n in range(1, FIRST_VALUES + 1))),
        (
            (comparison.text_a, *map(_rounded, comparison.vector_a[first])),
            (comparison.text_b, *map(_rounded, comparison.vector_b[first])),
        ),
    )


def similarity_matrix_table(matrix: SimilarityMatrix) -> Table:
    """All pairs, the most alike first."""
    pairs = matrix.pairs
    return Table(
        f"All {len(pairs)} pairs, the most alike first" if len(pairs) > 1 else "The only pair",
        ("Rank", "Text A", "Text B", "Similarity"),
        tuple((p.rank, p.text_a, p.text_b, _rounded(p.similarity)) for p in pairs),
    )


def solve_table(solution: Solution) -> Table:
    """The matches by rank, and below them the input words that were left out."""
    matches = ((m.rank, m.text, _rounded(m.similarity), None) for m in solution.matches)
    excluded = (
        (None, m.text, _rounded(m.similarity), f"would rank {m.rank}") for m in solution.excluded
    )
    return Table(
        "Nearest to the result",
        ("Rank", "Text", "Similarity", "Left out"),
        (*matches, *excluded),
    )


def trial_table(trial: Trial) -> Table:
    """One row a way of answering: the nearest text of all, and the nearest without input words."""
    ways = [(_METHOD_NAMES[method], solution) for method, solution in trial.solutions.items()]
    ways += [(f"No arithmetic: nearest to “{isolate(s.terms[0].text)}”", s) for s in trial.alone]
    places = ("1st", "2nd", "3rd")
    rows = []
    for name, solution in ways:
        texts = [match.text for match in solution.matches[: len(places)]]
        texts += [None] * (len(places) - len(texts))
        rows.append((name, solution.nearest.text, *texts))
    return Table(
        "The nearest texts",
        ("Way", "Input words kept in", *(f"Left out: {place}" for place in places)),
        tuple(rows),
    )


def neighbours_table(
    text_a: str, text_b: str, nearest_a: Sequence[Match], nearest_b: Sequence[Match]
) -> Table:
    """The nearest words of two texts, side by side."""
    return Table(
        "Nearest common words",
        ("Rank", text_a, "Similarity", text_b, "Similarity"),
        tuple(
            (a.rank, a.text, _rounded(a.similarity), b.text, _rounded(b.similarity))
            for a, b in zip(nearest_a, nearest_b, strict=True)
        ),
    )


def human_ratings_table(ratings: Mapping[str, HumanRatings], text_a: str, text_b: str) -> Table:
    """Of each set the pair that was typed, if it is rated, and the largest disagreements."""
    rows = []
    for name, rated in ratings.items():
        typed = rated.find(text_a, text_b)
        others = [pair for pair in rated.presentable if pair != typed][:LARGEST_DISAGREEMENTS]
        for pair in ([typed] if typed else []) + others:
            places = f"{abs(100 * pair.disagreement):.0f} %"
            where = "higher" if pair.disagreement > 0 else "lower"
            similarity = _rounded(pair.similarity)
            rows.append(
                (name, pair.text_a, pair.text_b, pair.human, similarity, f"{places} {where}")
            )
    return Table(
        "Your pair, if it was rated, and the largest disagreements",
        ("Rated", "Text A", "Text B", "People, of 10", "Similarity", "The model ranks it"),
        tuple(rows),
    )


def analogy_table(test: AnalogyTest) -> Table:
    """Shares of right answers, section by section."""
    return Table(
        "Share answered right",
        ("Section", "Questions", "Inputs allowed", "Inputs excluded", "No arithmetic"),
        tuple(
            (
                s.title,
                s.questions,
                _rounded(s.inputs_allowed),
                _rounded(s.inputs_excluded),
                _rounded(s.no_arithmetic),
            )
            for s in (test.overall, *test.sections)
        ),
    )


def rankings_table(comparison: RankingComparison) -> Table:
    """The first documents by each method, side by side."""
    columns = [[hit.text for hit in r.matches] for r in comparison.results.values()]
    rows = zip_longest(*columns)
    return Table(
        "The first documents by each method",
        ("Rank", *(SEARCH_NAMES[method] for method in comparison.results)),
        tuple((rank, *row) for rank, row in enumerate(rows, 1)),
    )


def retrieval_table(test: RetrievalTest) -> Table:
    """Each method's means, and how many queries it loses to another."""
    return Table(
        f"Means over {len(test.queries)} queries",
        ("Method", f"nDCG@{DEPTH}", f"Recall@{test.recall_depth}", "Queries lost"),
        tuple(
            (
                SEARCH_NAMES[method],
                _rounded(test.ndcg(method)),
                _rounded(test.recall(method)),
                len(test.lost(method)),
            )
            for method in SEARCH_METHODS
        ),
    )


def lost_queries_table(test: RetrievalTest) -> Table:
    """The queries that some method loses to another, and how well each does."""
    lost = [q for q in test.queries if len(set(q.ndcg.values())) > 1]
    return Table(
        f"Queries on which the methods differ, by nDCG@{DEPTH}",
        ("Query", *(SEARCH_NAMES[method] for method in SEARCH_METHODS)),
        tuple((q.query, *(_rounded(q.ndcg[method]) for method in SEARCH_METHODS)) for q in lost),
    )


def search_table(result: SearchResult) -> Table:
    """The matches by rank."""
    return Table(
        "Best documents",
        ("Rank", "Document", "Score"),
        tuple((hit.rank, hit.text, _rounded(hit.score)) for hit in result.matches),
    )


def stress_table(test: StressTest) -> Table:
    """The changed versions of a text, the most alike first."""
    return Table(
        "Changed versions, the most alike first",
        ("Change", "Text", "Similarity"),
        tuple((v.change, v.text, _rounded(v.similarity)) for v in test.variants),
    )


def _rounded(value: float) -> float:
    # Adding 0 turns the -0.0 that rounding may leave into 0.0.
    return round(float(value), DECIMALS) + 0.0
