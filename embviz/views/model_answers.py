"""The first answers of every model → sentence, table."""

from collections.abc import Sequence

from embviz.analysis.model_comparison import ModelAnswers, UnavailableModel, count_first_answers
from embviz.evaluation.retrieval import DEPTH
from embviz.language import gettext, gettext_noop, ngettext
from embviz.views.table import Cell, Table, rounded
from embviz.views.view import View
from embviz.views.wording import number, quote

Rows = Sequence[ModelAnswers | UnavailableModel]

_PLACES = (gettext_noop("1st"), gettext_noop("2nd"), gettext_noop("3rd"))


def summarise_model_answers(rows: Rows) -> str:
    """Say in how many models the same answer comes first."""
    counts = count_first_answers(rows)
    if not counts:
        return gettext("No model gave an answer. The table says why.")
    (text, most), models = counts[0], sum(count for _, count in counts)
    if models == 1:
        return gettext("One model could be asked. It puts {text} first.", text=quote(text))
    if most == 1:
        return gettext(
            "The {models} models do not agree: each puts another text first.", models=models
        )
    if most == models:
        return gettext(
            "All {models} models put {text} first. That they agree does not make it right: most "
            "models learnt from similar texts.",
            models=models,
            text=quote(text),
        )
    agreeing = gettext(
        "{most} of {models} models put {text} first.", most=most, models=models, text=quote(text)
    )
    others = ngettext(
        "The others name another text.", "The others name {n} other texts.", len(counts) - 1
    )
    return f"{agreeing} {others}"


def note_ndcg(rows: Rows) -> str:
    """Say what nDCG tells, and who is best at it; nothing where it is not known."""
    judged = [row for row in rows if isinstance(row, ModelAnswers) and row.ndcg is not None]
    if not judged:
        return ""
    best = max(judged, key=lambda row: row.ndcg or 0.0)
    return gettext(
        "nDCG@{depth} does not depend on what you typed. It says how high the model ranks the "
        "right titles for the built-in queries: 1 if they are at the top, 0 if none is among the "
        "first {depth}. {model} has the highest: {ndcg}.",
        depth=DEPTH,
        model=best.name,
        ndcg=number(best.ndcg or 0.0),
    )


def model_answers_table(rows: Rows) -> Table:
    """The first three answers, one row a model; without scores, which cannot be compared."""
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        if isinstance(row, UnavailableModel):
            cells.append((row.name, None, None, None, None, row.error))
        else:
            texts: list[str | None] = [match.text for match in row.matches[: len(_PLACES)]]
            texts += [None] * (len(_PLACES) - len(texts))
            ndcg = None if row.ndcg is None else rounded(row.ndcg)
            cells.append((row.name, *texts, ndcg, None))
    headers = (gettext("Model"), *map(gettext, _PLACES), f"nDCG@{DEPTH}", gettext("Remark"))
    # Where no model has an nDCG, or nothing went wrong, there is no column for it.
    shown = [n for n in range(len(headers)) if n < 4 or any(row[n] is not None for row in cells)]
    return Table(
        gettext("The first three answers of each model"),
        tuple(headers[n] for n in shown),
        tuple(tuple(row[n] for n in shown) for row in cells),
    )


def view_model_answers(rows: Rows) -> View:
    """Show what every model answers to the same equation or query.

    Args:
        rows: One a model, in the order of the catalogue.
    """
    return View(
        summarise_model_answers(rows),
        tables=(model_answers_table(rows),),
        notes=(note_ndcg(rows),),
    )
