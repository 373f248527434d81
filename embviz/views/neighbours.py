"""The common words nearest to two texts → sentence, table."""

from collections.abc import Sequence

from embviz.analysis.arithmetic import Match
from embviz.language import gettext, grouped
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import quote


def summarise_neighbours(text_a: str, text_b: str, choices: int) -> str:
    """Say which neighbours a table shows."""
    return gettext(
        "Of {choices} common English words, these are the nearest to {text_a} and to {text_b}.",
        choices=grouped(choices),
        text_a=quote(text_a),
        text_b=quote(text_b),
    )


def neighbours_table(
    text_a: str, text_b: str, nearest_a: Sequence[Match], nearest_b: Sequence[Match]
) -> Table:
    """The nearest words of two texts, side by side."""
    return Table(
        gettext("Nearest common words"),
        (gettext("Rank"), text_a, gettext("Similarity"), text_b, gettext("Similarity")),
        tuple(
            (a.rank, a.text, rounded(a.similarity), b.text, rounded(b.similarity))
            for a, b in zip(nearest_a, nearest_b, strict=True)
        ),
    )


def view_neighbours(
    text_a: str,
    text_b: str,
    nearest_a: Sequence[Match],
    nearest_b: Sequence[Match],
    *,
    choices: int,
) -> View:
    """Show the common words nearest to two texts; `choices` is how many common words there are."""
    table = neighbours_table(text_a, text_b, nearest_a, nearest_b)
    return View(summarise_neighbours(text_a, text_b, choices), tables=(table,))
