"""An expression solved → sentences, table, figure, CSV."""

import re
from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.analysis.arithmetic import Solution
from embviz.display import isolate
from embviz.inputs.expressions import Term
from embviz.views.canvas import GREEN, GREY, bar_figure, label
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_truncated
from embviz.views.phrases import join, number, quote
from embviz.views.table import Table, rounded
from embviz.views.view import View

# A sign with a space on one side or none (a hyphen between letters is no sign), or other operators.
_ODD_TERM = re.compile(r"(?:^|\s)[+\-−–—]\w|\w[\-−–—](?:\s|$)|\w[+−–—]\w|[*=()]")


def summarise_solution(solution: Solution) -> str:
    """Name the nearest text, and the input words that would have been nearer."""
    if not solution.matches:
        return "Every candidate is one of the input words, so nothing is left to rank."
    best = solution.matches[0]
    sentence = f"{solution.expression} is nearest to {quote(best.text)} ({number(best.similarity)})"
    nearer = [quote(m.text) for m in solution.excluded if m.similarity > best.similarity]
    if not nearer:
        return f"{sentence}."
    return f"{sentence}, leaving out {join(nearer)}, which would be nearer still."


def note_odd_terms(terms: Sequence[Term]) -> str:
    """Point out terms that look as if they were meant to be calculated; nothing otherwise."""
    texts = [term.text for term in terms]
    odd = [text for text in texts if _ODD_TERM.search(text)]
    if len(texts) == 1 and "-" in texts[0]:
        odd = texts
    if not odd:
        return ""
    was = "was read as a term" if len(odd) == 1 else "were read as terms"
    return f"{join([quote(text) for text in odd])} {was}: signs need a space on both sides."


def note_choices(solution: Solution) -> str:
    """Say how often a blind guess would be right."""
    if solution.choices < 2:
        return ""
    return (
        f"A blind guess among these {solution.choices:,} candidates is right once in "
        f"{solution.choices:,} ({100 / solution.choices:.3g} %)."
    )


def solve_table(solution: Solution) -> Table:
    """The matches by rank, and below them the input words that were left out."""
    matches = ((m.rank, m.text, rounded(m.similarity), None) for m in solution.matches)
    excluded = (
        (None, m.text, rounded(m.similarity), f"would rank {m.rank}") for m in solution.excluded
    )
    return Table(
        "Nearest to the result",
        ("Rank", "Text", "Similarity", "Left out"),
        (*matches, *excluded),
    )


def solve_figure(solution: Solution) -> go.Figure:
    """Bars from the nearest down, the input words that were left out in grey among them."""
    bars = [(match, GREEN, "") for match in solution.matches]
    bars += [(match, GREY, " (input)") for match in solution.excluded]
    bars.sort(key=lambda bar: -bar[0].similarity)
    figure = bar_figure(
        values=[match.similarity for match, *_ in bars],
        texts=[isolate(match.text) + note for match, _, note in bars],
        colours=[colour for _, colour, _ in bars],
    )
    names = [label(match.text) + note for match, _, note in bars]
    figure.update_yaxes(tickvals=list(range(len(bars))), ticktext=names)
    return figure


def solution_csv(solution: Solution) -> str:
    """The matches by rank, and after them the input words that were left out."""
    ranked = [(m, "") for m in solution.matches] + [(m, "yes") for m in solution.excluded]
    return write_csv(
        ["rank", "text", "similarity", "left_out"],
        ([m.rank, m.text, float(m.similarity), left_out] for m, left_out in ranked),
    )


def view_solution(solution: Solution, *, max_tokens: int | None) -> View:
    """Show the texts nearest to the result of an expression."""
    return View(
        summarise_solution(solution),
        solve_figure(solution),
        (solve_table(solution),),
        notes=(
            note_odd_terms(solution.terms),
            note_choices(solution),
            note_truncated(solution.truncated, max_tokens),
        ),
    )
