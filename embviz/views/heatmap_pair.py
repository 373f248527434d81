"""Two heat maps of the same texts, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from embviz.language import gettext
from embviz.views.canvas import AXIS, LONGEST_TITLE, add_heatmap, blank_figure, label
from embviz.views.colours import COLOURS, DEFAULT_COLOURS

# Without the ends, on which a black number could not be read.
PAIR_COLOURS = COLOURS[DEFAULT_COLOURS][1:-1]
# Two maps share the width of a page: above this many texts their cells are too small for a number.
MOST_PRINTED_IN_PAIR = 14
_LONGEST_TEXT = 22
_LONGEST_NAME = 16


@dataclass(frozen=True)
class HeatMap:
    """One of the two.

    Attributes:
        name: What stands above it.
        values: The value of each pair.
        printed: What is printed in its cell, where there is room.
    """

    name: str
    values: list[list[float]]
    printed: list[list[str]]


def heatmap_pair_figure(
    texts: Sequence[str],
    maps: tuple[HeatMap, HeatMap],
    *,
    scale: tuple[float, float, float],
    hover: str,
    columns: Sequence[str] | None = None,
) -> go.Figure:
    """Draw two heat maps with the same rows, the same columns and the same colours.

    Args:
        texts: A text a row and a column.
        maps: The left one and the right one.
        scale: The value of the lowest colour, that of white, and that of the highest colour.
        hover: What the box beside a cell says of its value, where Plotly puts it for %{z}.
        columns: Shorter names for the columns; the texts if None.
    """
    count = len(texts)
    few = count <= MOST_PRINTED_IN_PAIR
    places = list(range(count))
    longer = [label(text, LONGEST_TITLE) for text in texts]
    pair = gettext("{text_a}<br>and {text_b}", text_a="%{customdata[0]}", text_b="%{customdata[1]}")
    low, white, high = scale
    # Beside that of white, a number needs a quarter of the bar.
    numbers = [v for v in scale if v == white or abs(v - white) > (high - low) / 4]
    figure = blank_figure(height=max(280, 240 + (28 if few else 13) * count))
    figure.set_subplots(rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.03)
    for n, heatmap in enumerate(maps, 1):
        axis = "" if n == 1 else "2"
        add_heatmap(
            figure,
            x=places,
            y=places,
            z=heatmap.values,
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
            text=heatmap.printed if few else None,
            texttemplate="%{text}" if few else None,
            textfont={"color": "#000000"},
            customdata=[[[a, b] for b in longer] for a in longer],
            hovertemplate=f"{label(heatmap.name)}<br>{pair}<br>{hover}<extra></extra>",
            colorscale=_stops(low, white, high),
            zmin=low,
            zmax=high,
            xgap=1 if few else 0,
            ygap=1 if few else 0,
            showscale=n == 2,
            # Above the maps, since beside them it would take from the width of their cells.
            colorbar={
                "orientation": "h",
                "thickness": 10,
                "len": 0.5,
                "y": 1,
                "yref": "container",
                "yanchor": "top",
                "tickvals": numbers,
                "tickformat": ".3~g",
                "tickangle": 0,
            },
        )
        figure.add_annotation(
            text=f"<b>{label(heatmap.name, _LONGEST_NAME)}</b>",
            xref=f"x{axis} domain",
            x=0.5,
            yref="paper",
            y=1,
            yanchor="bottom",
            showarrow=False,
        )
    rows = [label(text, _LONGEST_TEXT) for text in texts]
    ticks = {"tickvals": places, "ticks": "", "tickfont": {"size": 11}}
    # Columns narrower than a letter stand in the order of the rows, which have the names.
    figure.update_xaxes(
        AXIS
        | ticks
        | {"ticktext": columns or rows, "tickangle": 0 if columns else -90, "showticklabels": few}
    )
    figure.update_yaxes(AXIS | ticks | {"ticktext": rows, "autorange": "reversed"})
    figure.update_layout(margin={"t": 80})
    return figure


def _stops(low: float, white: float, high: float) -> list[tuple[float, str]]:
    """The colours and where they stand, from 0 to 1; that in the middle stands at white."""
    middle = (white - low) / (high - low)
    half = len(PAIR_COLOURS) // 2
    return [
        (n / half * middle if n <= half else 1 - (2 * half - n) / half * (1 - middle), colour)
        for n, colour in enumerate(PAIR_COLOURS)
    ]
