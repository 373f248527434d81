"""An expression solved → sentences, table, figure, CSV."""

import re
from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.analysis.arithmetic import Solution
from embviz.inputs.expressions import Term, format_terms
from embviz.inputs.parsing import comparison_key
from embviz.language import gettext, grouped, ngettext
from embviz.text_direction import isolate
from embviz.views.canvas import bar_figure, label
from embviz.views.colours import GREEN, GREY
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_truncated
from embviz.views.table import Table, rounded
from embviz.views.view import Fact, View
from embviz.views.wording import BEYOND_CHANCE, join, number, quote

# A sign with a space on one side or none (a hyphen between letters is no sign), or other operators.
_SIGN = re.compile(r"([+\-−–—])")
_ODD_TERM = re.compile(r"(?:^|\s)[+\-−–—]\w|\w[\-−–—](?:\s|$)|\w[+−–—]\w|[*=()]")


def summarise_solution(solution: Solution) -> str:
    """Name the nearest text, and the input words that would have been nearer."""
    if not solution.matches:
        return gettext("Every candidate is a word of the expression, so nothing is left to rank.")
    best = solution.matches[0]
    answer = {
        "expression": solution.expression,
        "nearest": quote(best.text),
        "similarity": number(best.similarity),
    }
    nearer = [quote(m.text) for m in solution.excluded if m.similarity > best.similarity]
    if not nearer:
        return gettext("{expression} is nearest to {nearest} ({similarity}).", **answer)
    return gettext(
        "{expression} is nearest to {nearest} ({similarity}). Words of the expression do not "
        "count: {nearer} would be nearer still.",
        nearer=join(nearer),
        **answer,
    )


def ask_about_signs(terms: Sequence[Term]) -> str:
    """Ask whether a term was meant to be calculated that looks like it; nothing otherwise."""
    texts = [term.text for term in terms]
    odd = [text for text in texts if _ODD_TERM.search(text)]
    if len(texts) == 1 and "-" in texts[0]:
        odd = texts
    if not odd:
        return ""
    read = ngettext(
        "{terms} was read as one term: signs need a space on both sides.",
        "{terms} were each read as one term: signs need a space on both sides.",
        len(odd),
        terms=join([quote(text) for text in odd]),
    )
    spaced = [
        Term(t.weight, " ".join(_SIGN.sub(r" \1 ", t.text).split()) if t.text in odd else t.text)
        for t in terms
    ]
    if spaced == list(terms):
        return f"{read} "
    meant = gettext("Did you mean “{expression}”?", expression=format_terms(spaced))
    return f"{meant} {read} "


def note_choices(solution: Solution, *, among_common_words: bool) -> str:
    """Say how often a guess at random would be right."""
    if solution.choices < 2:
        return ""
    choices = grouped(solution.choices)
    if among_common_words:
        return gettext(
            "A random guess among the {choices} common English words that are not inputs would be "
            "right 1 time in {choices}.",
            choices=choices,
        )
    return gettext(
        "A random guess among these {choices} candidates would be right 1 time in {choices}.",
        choices=choices,
    )


def note_fit(chance_percentile: float | None) -> str:
    """Warn of candidates that are no nearer than chance; nothing where one is."""
    if chance_percentile is None or chance_percentile >= BEYOND_CHANCE:
        return ""
    return gettext(
        "Perhaps none of these candidates fits: with random words in their place, the best would "
        "be at least this near in {cases} of 100 cases. Try the common English words.",
        cases=f"{100 - chance_percentile:.0f}",
    )


def solve_table(solution: Solution) -> Table:
    """The matches by rank, and below them the input words that were left out."""
    matches = ((m.rank, m.text, rounded(m.similarity), None) for m in solution.matches)
    excluded = (
        (None, m.text, rounded(m.similarity), gettext("would rank {rank}", rank=m.rank))
        for m in solution.excluded
    )
    return Table(
        gettext("Nearest to the result"),
        (gettext("Rank"), gettext("Text"), gettext("Similarity"), gettext("Left out")),
        (*matches, *excluded),
        in_file=gettext("all {choices} candidates", choices=grouped(solution.choices))
        if solution.choices > 1
        else "",
    )


def solve_figure(solution: Solution) -> go.Figure:
    """Bars from the nearest down, the input words that were left out in grey among them."""
    bars = [(match, GREEN, "") for match in solution.matches]
    is_input = " " + gettext("(input)")
    bars += [(match, GREY, is_input) for match in solution.excluded]
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


def view_solution(
    solution: Solution,
    *,
    chance_percentile: float | None,
    among_common_words: bool,
    max_tokens: int | None,
) -> View:
    """Show the texts nearest to the result of an expression.

    Args:
        solution: The texts.
        chance_percentile: How often the best of as many unrelated texts would be less near, 0..100;
            None where that is not known.
        among_common_words: Whether it was the common words that were ranked.
        max_tokens: How many tokens of a text the model reads.
    """
    return View(
        ask_about_signs(solution.terms) + summarise_solution(solution),
        solve_figure(solution),
        (solve_table(solution),),
        notes=(
            note_fit(chance_percentile),
            note_choices(solution, among_common_words=among_common_words),
            note_truncated(solution.truncated, max_tokens),
        ),
        facts=_facts(solution),
    )


def _facts(solution: Solution) -> dict[str, Fact]:
    best = next(iter(solution.matches), None)
    inputs = {comparison_key(term.text) for term in solution.terms}
    return {
        "expression": solution.expression,
        "nearest": best.text if best else None,
        "nearest_similarity": best.similarity if best else None,
        "nearest_is_input": comparison_key(best.text) in inputs if best else None,
        "inputs_left_out": bool(solution.excluded),
    }
