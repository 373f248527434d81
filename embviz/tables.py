"""Result → rows. Numbers are rounded here and nowhere earlier."""

from dataclasses import dataclass

from embviz.arithmetic import Solution
from embviz.search import SearchResult
from embviz.similarity import Comparison, SimilarityMatrix
from embviz.stress import StressTest

FIRST_VALUES = 10
DECIMALS = 3

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
