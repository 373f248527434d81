"""Two texts compared → sentence, table, figure, CSV."""

from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.analysis.baseline import BaselinePosition
from embviz.analysis.similarity import Comparison
from embviz.language import gettext
from embviz.views.baseline import note_baseline, note_kind, of_kind, position_figure
from embviz.views.canvas import LONGEST_TITLE, add_heatmap, blank_figure, label
from embviz.views.colours import BLUE, COLOURS, DEFAULT_COLOURS, ORANGE
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_truncated, note_unknown
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import join, number, percent, quote

FIRST_VALUES = 10


def summarise_comparison(
    comparison: Comparison, position: BaselinePosition, unknown: Sequence[str] = ()
) -> str:
    """Say how high the similarity of two texts is, in one sentence; or that it says nothing.

    Args:
        comparison: The two texts.
        position: Where their similarity stands among those of random pairs.
        unknown: Those of the texts of which the model knows no token.
    """
    if unknown:
        return note_unknown(unknown)
    return gettext(
        "{texts} score higher than {share} of random pairs {of_kind}.",
        texts=join([quote(comparison.text_a), quote(comparison.text_b)]),
        share=percent(position.percentile),
        of_kind=of_kind(position.kind),
    )


def compare_table(comparison: Comparison) -> Table:
    """The first values of both vectors, one vector a row."""
    first = slice(FIRST_VALUES)
    return Table(
        gettext(
            "The first {first} of {dimension} values",
            first=FIRST_VALUES,
            dimension=len(comparison.vector_a),
        ),
        (gettext("Text"), *(str(n) for n in range(1, FIRST_VALUES + 1))),
        (
            (comparison.text_a, *map(rounded, comparison.vector_a[first])),
            (comparison.text_b, *map(rounded, comparison.vector_b[first])),
        ),
    )


def compare_figure(comparison: Comparison) -> go.Figure:
    """Both vectors as strips of colour, one column a value."""
    rows = [comparison.vector_a.tolist(), comparison.vector_b.tolist()]
    texts = (comparison.text_a, comparison.text_b)
    names = [label(text, LONGEST_TITLE) for text in texts]
    ticks = [
        f'<span style="color:{colour}">■</span> {label(text)}'
        for text, colour in zip(texts, (BLUE, ORANGE), strict=True)
    ]
    limit = max(abs(value) for row in rows for value in row)
    figure = blank_figure(height=170)
    add_heatmap(
        figure,
        z=rows,
        x=list(range(1, len(rows[0]) + 1)),
        y=[0, 1],
        ygap=6,
        customdata=[[name] * len(rows[0]) for name in names],
        hovertemplate="%{customdata}<br>"
        + gettext("value {place}: {value}", place="%{x}", value="%{z:.4f}")
        + "<extra></extra>",
        colorscale=COLOURS[DEFAULT_COLOURS],
        zmin=-limit,
        zmax=limit,
        colorbar={"thickness": 12, "tickvals": [-limit, 0, limit], "tickformat": ".2f"},
    )
    figure.update_yaxes(tickvals=[0, 1], ticktext=ticks, autorange="reversed")
    figure.update_xaxes(tickvals=[1, 100, 200, 300, len(rows[0])])
    return figure


def comparison_csv(comparison: Comparison) -> str:
    """The two texts, their similarity and the angle between them."""
    row = comparison.text_a, comparison.text_b, comparison.similarity, comparison.angle_degrees
    return write_csv(["text_a", "text_b", "similarity", "angle_degrees"], [row])


def summarise_vectors(comparison: Comparison) -> str:
    """Say what a drawing of two vectors shows."""
    return gettext(
        "To the model, each text is a list of {dimension} numbers, its embedding. A single number "
        "rarely means anything by itself. The more places have the same colour in both strips, the "
        "more alike the directions of the two vectors.",
        dimension=len(comparison.vector_a),
    )


def view_vectors(comparison: Comparison) -> View:
    """Show the vectors of two texts."""
    table = compare_table(comparison)
    return View(summarise_vectors(comparison), compare_figure(comparison), (table,))


def view_comparison(
    comparison: Comparison,
    position: BaselinePosition,
    *,
    unknown: Sequence[str],
    max_tokens: int | None,
) -> View:
    """Show how alike two texts are, and where that stands among random pairs.

    Args:
        comparison: The two texts.
        position: Where their similarity stands among those of random pairs.
        unknown: Those of the texts of which the model knows no token.
        max_tokens: How many tokens of a text the model reads.
    """
    return View(
        summarise_comparison(comparison, position, unknown),
        position_figure(position),
        numbers={
            gettext("similarity"): number(comparison.similarity),
            gettext("angle"): f"{comparison.angle_degrees:.1f}°",
        },
        notes=(
            note_baseline(position),
            "" if unknown else note_kind(position),
            note_truncated(comparison.truncated, max_tokens),
        ),
        facts={
            "similarity": comparison.similarity,
            "percentile": position.percentile,
            "kind": position.kind,
        },
    )
