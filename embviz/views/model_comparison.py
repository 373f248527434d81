"""Two texts compared by every model → sentence, figure, table."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from embviz.analysis.model_comparison import ModelComparison, UnavailableModel
from embviz.language import gettext
from embviz.views.baseline import about_random_pairs, of_kind, similarity_of_random_pairs
from embviz.views.canvas import blank_figure, label
from embviz.views.colours import GREEN, GREY
from embviz.views.notes import note_unknown
from embviz.views.table import Cell, Table, rounded
from embviz.views.view import View
from embviz.views.wording import PAIRS_BELOW, join, number, percent, quote, short_percent

Rows = Sequence[ModelComparison | UnavailableModel]

_ROW_HEIGHT = 76
# The share of a row that its highest bar takes; the name of the model stands above.
_HIGHEST = 0.6


def summarise_model_comparison(rows: Rows) -> str:
    """Say how far the models' numbers are apart, and which of them can be compared."""
    asked = _asked(rows)
    if not asked:
        return gettext("No model could be asked. The table says why.")
    comparison, kind = asked[0].comparison, of_kind(asked[0].position.kind)
    texts = join([quote(comparison.text_a), quote(comparison.text_b)])
    if len(asked) == 1:
        (only,) = asked
        return gettext(
            "To {model} the similarity of {texts} is {similarity}, higher than that of {share} of "
            "random pairs {of_kind}.",
            model=only.name,
            texts=texts,
            similarity=number(only.position.similarity),
            share=percent(only.position.percentile),
            of_kind=kind,
        )
    lowest, *_, highest = sorted(asked, key=lambda row: row.position.similarity)
    least, *_, most = sorted(asked, key=lambda row: row.position.percentile)
    numbers = gettext(
        "The similarity of {texts} is between {low} ({lowest}) and {high} ({highest}). These "
        "numbers cannot be compared, since each model has a scale of its own.",
        texts=texts,
        low=number(lowest.position.similarity),
        lowest=lowest.name,
        high=number(highest.position.similarity),
        highest=highest.name,
    )
    low, high = percent(least.position.percentile), percent(most.position.percentile)
    if low == high:
        shares = gettext(
            "Compare instead how many random pairs {of_kind} score lower with the same model: "
            "{share} with each.",
            of_kind=kind,
            share=low,
        )
    else:
        shares = gettext(
            "Compare instead how many random pairs {of_kind} score lower with the same model: from "
            "{low} ({lowest}) to {high} ({highest}).",
            of_kind=kind,
            low=low,
            lowest=least.name,
            high=high,
            highest=most.name,
        )
    return f"{numbers} {shares}"


def note_truncated_by(rows: Rows) -> str:
    """Say which models did not read the texts to the end; nothing if all did."""
    names = [row.name for row in _asked(rows) if row.comparison.truncated]
    if not names:
        return ""
    return gettext("These models did not read the texts to the end: {models}.", models=join(names))


def model_comparison_table(rows: Rows) -> Table:
    """Similarity and percentile, one row a model; what went wrong stands in words."""
    remarks = [
        row.error if isinstance(row, UnavailableModel) else note_unknown(row.unknown)
        for row in rows
    ]
    cells: list[tuple[Cell, ...]] = []
    for row, remark in zip(rows, remarks, strict=True):
        if isinstance(row, UnavailableModel):
            cells.append((row.name, None, None, remark))
        else:
            position = row.position
            scores = rounded(position.similarity), percent(position.percentile)
            cells.append((row.name, *scores, remark or None))
    # Where there is nothing to remark, there is no column for it.
    width = 4 if any(remarks) else 3
    return Table(
        gettext("What each model says, and how many of its own random pairs score lower"),
        (gettext("Model"), gettext("Similarity"), gettext(PAIRS_BELOW), gettext("Remark"))[:width],
        tuple(row[:width] for row in cells),
    )


def model_comparison_figure(rows: Rows) -> go.Figure | None:
    """What random pairs score with each model, and a line where this pair stands.

    One row a model, all on the same scale. None where no model could be asked.
    """
    asked = _asked(rows)
    if not asked:
        return None
    figure = blank_figure(height=56 + _ROW_HEIGHT * len(asked))
    lowest = min(min(row.position.histogram[0][0], row.position.similarity) for row in asked)
    about = about_random_pairs("%{x:.2f}", "%{customdata:.1f}")
    for n, row in enumerate(asked):
        edges, shares = row.position.histogram
        name = label(row.name)
        figure.add_bar(
            x=((edges[:-1] + edges[1:]) / 2).tolist(),
            # Downwards, a row a unit: the base of each row is a whole number.
            y=(-_HIGHEST * shares / shares.max()).tolist(),
            base=n,
            width=np.diff(edges).tolist(),
            marker={"color": GREY},
            customdata=(100 * shares).tolist(),
            hovertemplate=f"{name}<br>{about}<extra></extra>",
        )
        similarity = number(row.position.similarity)
        this_pair = gettext("this pair: {similarity}", similarity=similarity)
        figure.add_scatter(
            x=[row.position.similarity] * 2,
            y=[n, n - _HIGHEST],
            mode="lines",
            line={"color": GREEN, "width": 3},
            hovertemplate=f"{name}<br>{this_pair}<extra></extra>",
        )
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=n - _HIGHEST,
            yanchor="bottom",
            text=f"<b>{name}</b>  "
            + gettext(
                "{similarity}, above {share}",
                similarity=similarity,
                share=short_percent(row.position.percentile),
            ),
            showarrow=False,
        )
    figure.update_layout(barmode="overlay", showlegend=False)
    figure.update_xaxes(
        range=[lowest - 0.05, 1.05],
        title_text=similarity_of_random_pairs(asked[0].position.kind),
    )
    figure.update_yaxes(range=[len(asked) - 0.95, -0.9], visible=False)
    return figure


def view_model_comparison(rows: Rows) -> View:
    """Show two texts by every model, those included that could not be asked.

    Args:
        rows: One a model, in the order of the catalogue; all of the same two texts.
    """
    return View(
        summarise_model_comparison(rows),
        model_comparison_figure(rows),
        (model_comparison_table(rows),),
        notes=(
            gettext(
                "Grey bars show what random pairs score with a model; the green line is this pair. "
                "The further the line is to the right of the bars, the more alike the model finds "
                "the texts."
            ),
            note_truncated_by(rows),
        ),
    )


def _asked(rows: Rows) -> list[ModelComparison]:
    return [row for row in rows if isinstance(row, ModelComparison)]
