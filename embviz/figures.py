"""Result → Plotly figure. The only room that knows plotly; nothing is computed here.

Whatever a visitor typed is escaped, since Plotly reads some HTML tags in its texts. Arrays are
plain lists, so that a figure becomes plain JSON. Text has no colour: the page gives it the theme's.
"""

from html import escape

import plotly.graph_objects as go

from embviz.arithmetic import Solution
from embviz.readings import shorten
from embviz.search import SearchResult
from embviz.similarity import Comparison, SimilarityMatrix

GREEN = "#009E73"  # Okabe & Ito (2008): the answer
GREY = "#999999"  # removed or secondary

# ColorBrewer's PRGn, which colour-blind people can read, and its RdYlGn, which many of them cannot.
COLOURS = {
    "Purple to green": [
        "#762a83",
        "#af8dc3",
        "#e7d4e8",
        "#f7f7f7",
        "#d9f0d3",
        "#7fbf7b",
        "#1b7837",
    ],
    "Red to green": ["#d73027", "#fc8d59", "#fee08b", "#ffffbf", "#d9ef8b", "#91cf60", "#1a9850"],
}
DEFAULT_COLOURS = "Purple to green"

_AXIS = {
    "automargin": True,
    "zeroline": False,
    "showgrid": False,
    "fixedrange": True,
    "title": {"font": {"size": 14}},
}

LONGEST_LABEL = 24
LONGEST_TITLE = 44
# Above this many texts the cells are too small for a number; pointing at one still shows it.
MOST_PRINTED_VALUES = 20


def compare_figure(comparison: Comparison) -> go.Figure:
    """Both vectors as strips of colour, one column a value."""
    rows = [comparison.vector_a.tolist(), comparison.vector_b.tolist()]
    names = [_label(comparison.text_a), _label(comparison.text_b)]
    limit = max(abs(value) for row in rows for value in row)
    figure = _figure(height=170)
    figure.add_heatmap(
        z=rows,
        x=list(range(1, len(rows[0]) + 1)),
        y=[0, 1],
        ygap=6,
        customdata=[[name] * len(rows[0]) for name in names],
        hovertemplate="%{customdata}<br>value %{x}: %{z:.4f}<extra></extra>",
        colorscale=COLOURS[DEFAULT_COLOURS],
        zmin=-limit,
        zmax=limit,
        colorbar={"thickness": 12, "tickvals": [-limit, 0, limit], "tickformat": ".2f"},
    )
    figure.update_yaxes(tickvals=[0, 1], ticktext=names, autorange="reversed")
    figure.update_xaxes(tickvals=[1, 100, 200, 300, len(rows[0])])
    return figure


def similarity_matrix_figure(matrix: SimilarityMatrix, *, colours: str) -> go.Figure:
    """A heat map of all pairs; green is alike, the colour between the ends stands for 0."""
    count = len(matrix.texts)
    names = [_label(text) for text in matrix.texts]
    places = list(range(count))
    figure = _figure(height=max(260, 120 + 28 * min(count, MOST_PRINTED_VALUES)))
    figure.add_heatmap(
        z=matrix.similarities.tolist(),
        x=places,
        y=places,
        texttemplate="%{z:.2f}" if count <= MOST_PRINTED_VALUES else None,
        hovertemplate="%{y} and %{x}: %{z:.3f}<extra></extra>",
        colorscale=COLOURS[colours],
        zmin=-1,
        zmax=1,
        xgap=1,
        ygap=1,
        colorbar={"thickness": 12, "tickvals": [-1, 0, 1]},
    )
    figure.update_xaxes(tickvals=places, ticktext=names, tickangle=-45)
    figure.update_yaxes(tickvals=places, ticktext=names, autorange="reversed")
    # Labels are shortened and escaped; whoever handles a click needs the texts themselves.
    figure.update_layout(meta={"texts": list(matrix.texts)})
    return figure


def solve_figure(solution: Solution) -> go.Figure:
    """Bars from the nearest down, the input words that were left out in grey among them."""
    bars = [(match, GREEN, "") for match in solution.matches]
    bars += [(match, GREY, " (input)") for match in solution.excluded]
    bars.sort(key=lambda bar: -bar[0].similarity)
    figure = _bars(
        values=[match.similarity for match, *_ in bars],
        texts=[match.text + note for match, _, note in bars],
        colours=[colour for _, colour, _ in bars],
    )
    names = [_label(match.text) + note for match, _, note in bars]
    figure.update_yaxes(tickvals=list(range(len(bars))), ticktext=names)
    return figure


def search_figure(result: SearchResult) -> go.Figure:
    """Bars from the best document down, each under the beginning of its text."""
    figure = _bars(
        values=[hit.score for hit in result.matches],
        texts=[hit.text for hit in result.matches],
        colours=[GREEN] * len(result.matches),
        row_height=56,
    )
    for place, hit in enumerate(result.matches):
        figure.add_annotation(
            text=_label(hit.text, LONGEST_TITLE),
            x=0,
            y=place - 0.42,
            xanchor="left",
            yanchor="middle",
            showarrow=False,
        )
    figure.update_traces(width=0.4)
    figure.update_yaxes(showticklabels=False)
    return figure


def _bars(
    *, values: list[float], texts: list[str], colours: list[str], row_height: int = 30
) -> go.Figure:
    figure = _figure(height=60 + row_height * len(values))
    figure.add_bar(
        x=values,
        y=list(range(len(values))),
        orientation="h",
        marker={"color": colours},
        customdata=[escape(text) for text in texts],
        hovertemplate="%{customdata}: %{x:.3f}<extra></extra>",
        texttemplate="%{x:.3f}",
        textposition="outside",
        cliponaxis=False,
    )
    # The scale ends at 1, whatever the bars: a low best score has to look low.
    figure.update_xaxes(range=[min(0.0, *values) if values else 0.0, 1.0], title_text="similarity")
    figure.update_yaxes(range=[len(values) - 0.4, -0.6])
    return figure


def _figure(*, height: int) -> go.Figure:
    return go.Figure(
        layout={
            "template": "none",
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": "Source Sans Pro, sans-serif", "size": 14},
            "hoverlabel": {"align": "left"},
            # On a phone a finger that moves over the figure scrolls the page.
            "dragmode": False,
            "xaxis": _AXIS,
            "yaxis": _AXIS,
        }
    )


def _label(text: str, longest: int = LONGEST_LABEL) -> str:
    return escape(shorten(text, longest))
