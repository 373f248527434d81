"""What all figures share: a blank figure, bars, heat maps, arrows, labels."""

import textwrap
import unicodedata
from html import escape
from typing import Any

import plotly.graph_objects as go

from embviz.language import gettext
from embviz.text_direction import isolate, thin_marks
from embviz.views.wording import number, shorten

FONT = "Source Sans Pro, sans-serif"
AXIS: dict[str, Any] = {
    "automargin": True,
    "zeroline": False,
    "showgrid": False,
    "fixedrange": True,
    "title": {"font": {"size": 14}},
}
# The box beside what is pointed at, on light pages and on dark ones, where its border shows.
HOVER_BOX = {
    "align": "left",
    "bgcolor": "#1f2937",
    "bordercolor": "#ffffff",
    "font": {"family": FONT, "color": "#ffffff", "size": 13},
}
LONGEST_HOVER_LINE = 40
LONGEST_LABEL = 24
LONGEST_TITLE = 44
# Above this many texts the cells are too small for a number; pointing at one still shows it.
MOST_PRINTED_VALUES = 20


def blank_figure(*, height: int, **layout: Any) -> go.Figure:
    """A figure without anything in it, as wide as its place in the page.

    Args:
        height: Pixels.
        **layout: What else Plotly knows of a layout; setting it later takes Plotly much longer.
    """
    return go.Figure(
        layout={
            "template": "none",
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 14},
            "hoverlabel": HOVER_BOX,
            # On a phone a finger that moves over the figure scrolls the page.
            "dragmode": False,
            "xaxis": AXIS,
            "yaxis": AXIS,
        }
        | layout,
    )


def bar_figure(
    *,
    values: list[float],
    texts: list[str],
    colours: list[str],
    title: str = "",
    best: float = 1.0,
    row_height: int = 30,
) -> go.Figure:
    """Horizontal bars from the top down, on a scale that goes to the best value there can be.

    Args:
        values: One number a bar.
        texts: What each bar stands for, shown where it is pointed at.
        colours: One a bar.
        title: What the numbers are; similarities if it is empty.
        best: Where the scale ends.
        row_height: Pixels a bar.
    """
    figure = blank_figure(height=60 + row_height * len(values))
    figure.add_bar(
        x=values,
        y=list(range(len(values))),
        orientation="h",
        marker={"color": colours},
        customdata=[wrapped(text) for text in texts],
        hovertemplate="%{customdata}: %{x:.3f}<extra></extra>",
        text=list(map(number, values)),
        textposition="outside",
        cliponaxis=False,
    )
    # Whatever the bars, the scale goes to the best value: a low best score has to look low. Beyond
    # the bars there is room for their numbers.
    lowest = min([0.0, *values])
    figure.update_xaxes(
        range=[lowest - 0.18 * best if lowest < 0 else 0.0, 1.15 * best],
        tickvals=[-1, -0.5, 0, 0.5, 1] if best == 1 else None,
        title_text=title or gettext("similarity"),
    )
    figure.update_yaxes(range=[len(values) - 0.4, -0.6])
    return figure


def add_heatmap(figure: go.Figure, **attributes: Any) -> None:
    """Draw a heat map, given the attributes that Plotly knows of one."""
    # Plotly's own `add_heatmap` validates each cell a second time.
    figure.add_trace({"type": "heatmap", **attributes})


def add_arrow(
    figure: go.Figure, tail: tuple[float, float], head: tuple[float, float], colour: str
) -> None:
    """Draw an arrow from one point to another."""
    figure.add_annotation(
        x=head[0],
        y=head[1],
        ax=tail[0],
        ay=tail[1],
        axref="x",
        ayref="y",
        arrowhead=2,
        arrowwidth=2.5,
        arrowcolor=colour,
        standoff=0,
    )


def label(text: str, longest: int = LONGEST_LABEL) -> str:
    """The beginning of a text, escaped."""
    return escape(shorten(text, longest), quote=False)


def escaped(text: str) -> str:
    """A text that Plotly shows as it is, and that leaves the words beside it alone."""
    # Plotly decodes &lt; and &amp; but shows &quot; as it is.
    return escape(isolate(text), quote=False)


def wrapped(text: str, lines: int = 5) -> str:
    """The beginning of a text as lines of a hover box that is no wider than a phone.

    Args:
        text: The text.
        lines: How many there may be.
    """
    text = " ".join(thin_marks(text).split())
    # What Chinese is written in, and emoji, are twice as wide as a letter.
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    width = LONGEST_HOVER_LINE * len(text) // (len(text) + wide) if text else LONGEST_HOVER_LINE
    # More than this does not fit, and to wrap a long text takes time.
    beginning = text[: (width + 1) * lines + 1]
    parts = textwrap.wrap(
        beginning, width, max_lines=lines, placeholder="…", break_on_hyphens=False
    )
    return "<br>".join(escaped(part) for part in parts)
