"""Result → Plotly figure. The only room that knows plotly; nothing is computed here.

Whatever a visitor typed is escaped, since Plotly reads some HTML tags in its texts. Arrays are
plain lists, so that a figure becomes plain JSON. Text has no colour: the page gives it the theme's.
"""

from html import escape

import numpy as np
import plotly.graph_objects as go

from embviz.arithmetic import Solution
from embviz.background import Standing
from embviz.explanation import Explanation
from embviz.projection import SolutionPlane, TextMap
from embviz.readings import shorten
from embviz.search import SearchResult
from embviz.similarity import Comparison, SimilarityMatrix

# Okabe & Ito (2008): text A, text B, the answer, what is removed or secondary.
BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
GREY = "#999999"
# Where green is what adds up, this is what takes away.
PURPLE = "#762a83"

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
LONGEST_MAP_LABEL = 18
# Above this many texts the cells are too small for a number; pointing at one still shows it.
MOST_PRINTED_VALUES = 20


def compare_figure(comparison: Comparison) -> go.Figure:
    """Both vectors as strips of colour, one column a value."""
    rows = [comparison.vector_a.tolist(), comparison.vector_b.tolist()]
    texts = (comparison.text_a, comparison.text_b)
    names = [_label(text, LONGEST_TITLE) for text in texts]
    ticks = [
        f'<span style="color:{colour}">■</span> {_label(text)}'
        for text, colour in zip(texts, (BLUE, ORANGE), strict=True)
    ]
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
    figure.update_yaxes(tickvals=[0, 1], ticktext=ticks, autorange="reversed")
    figure.update_xaxes(tickvals=[1, 100, 200, 300, len(rows[0])])
    return figure


def similarity_matrix_figure(matrix: SimilarityMatrix, *, colours: str) -> go.Figure:
    """A heat map of all pairs; green is alike, the colour between the ends stands for 0."""
    count = len(matrix.texts)
    names = [_label(text) for text in matrix.texts]
    longer = [_label(text, LONGEST_TITLE) for text in matrix.texts]
    places = list(range(count))
    few = count <= MOST_PRINTED_VALUES
    figure = _figure(height=max(260, 120 + (28 if few else 17) * count))
    figure.add_heatmap(
        z=matrix.similarities.tolist(),
        x=places,
        y=places,
        texttemplate="%{z:.2f}" if few else None,
        customdata=[[[a, b] for b in longer] for a in longer],
        hovertemplate="%{customdata[0]} and %{customdata[1]}: %{z:.3f}<extra></extra>",
        colorscale=COLOURS[colours],
        zmin=-1,
        zmax=1,
        xgap=1,
        ygap=1,
        colorbar={"thickness": 12, "tickvals": [-1, 0, 1]},
    )
    font = {"size": 14 if few else 11}
    figure.update_xaxes(
        tickvals=places, ticktext=names, tickangle=-45 if few else -90, tickfont=font
    )
    figure.update_yaxes(tickvals=places, ticktext=names, autorange="reversed", tickfont=font)
    # Labels are shortened and escaped; whoever handles a click needs the texts themselves.
    figure.update_layout(meta={"texts": list(matrix.texts)})
    return figure


def standing_figure(standing: Standing) -> go.Figure:
    """What random pairs score, and a line where this pair stands."""
    edges, shares = standing.histogram
    figure = _figure(height=260)
    figure.add_bar(
        x=((edges[:-1] + edges[1:]) / 2).tolist(),
        y=(100 * shares).tolist(),
        width=np.diff(edges).tolist(),
        marker={"color": GREY},
        hovertemplate="about %{x:.2f}: %{y:.1f} % of random pairs<extra></extra>",
    )
    figure.add_vline(
        standing.similarity,
        line={"color": GREEN, "width": 3},
        annotation={"text": f"this pair: {standing.similarity:.3f}", "yshift": 4},
        annotation_position="top",
    )
    figure.update_layout(margin={"t": 36})
    figure.update_xaxes(
        range=[min(edges[0], standing.similarity) - 0.05, 1.05],
        title_text=f"similarity of random pairs of {standing.kind}",
    )
    figure.update_yaxes(title_text="% of pairs")
    return figure


def angle_figure(comparison: Comparison) -> go.Figure:
    """Both vectors in the plane they span, and below it the products of their values."""
    figure = _figure(height=520)
    names = [_label(comparison.text_a), _label(comparison.text_b)]
    for (x, y), name, colour in zip(comparison.plane, names, (BLUE, ORANGE), strict=True):
        _add_arrow(figure, (0, 0), (x, y), colour)
        figure.add_annotation(text=name, x=x, y=y, showarrow=False, yshift=14)
    arc = np.radians(np.linspace(0, comparison.angle_degrees, 60))
    figure.add_scatter(
        x=(0.3 * np.cos(arc)).tolist(),
        y=(0.3 * np.sin(arc)).tolist(),
        mode="lines",
        line={"color": GREEN, "width": 2},
        hoverinfo="skip",
    )
    half = np.radians(comparison.angle_degrees / 2)
    figure.add_annotation(
        text=f"{comparison.angle_degrees:.1f}°",
        x=0.42 * np.cos(half),
        y=0.42 * np.sin(half),
        showarrow=False,
    )
    products = comparison.products
    figure.add_bar(
        x=list(range(1, len(products) + 1)),
        y=products.tolist(),
        marker={"color": [GREEN if product > 0 else PURPLE for product in products]},
        customdata=np.stack([comparison.vector_a, comparison.vector_b], axis=1).tolist(),
        hovertemplate="value %{x}: %{customdata[0]:.4f} × %{customdata[1]:.4f} = %{y:.5f}"
        "<extra></extra>",
        xaxis="x2",
        yaxis="y2",
    )
    figure.update_layout(
        showlegend=False,
        xaxis={"range": [min(-0.1, *comparison.plane[:, 0]) - 0.1, 1.3], "visible": False},
        yaxis={
            "range": [-0.12, max(0.5, comparison.plane[1, 1]) + 0.2],
            "visible": False,
            "scaleanchor": "x",
            "domain": [0.42, 1],
        },
        xaxis2=_AXIS | {"anchor": "y2", "title": {"text": "value", "font": {"size": 14}}},
        yaxis2=_AXIS | {"domain": [0, 0.34], "title": {"text": "product", "font": {"size": 14}}},
    )
    return figure


def explanation_figure(explanation: Explanation) -> go.Figure:
    """A heat map of what each pair of tokens adds; the neutral colour stands for nothing."""
    rows, columns = explanation.contributions.shape
    limit = float(np.abs(explanation.contributions).max())
    few = max(rows, columns) <= MOST_PRINTED_VALUES
    figure = _figure(height=max(240, 120 + 26 * min(rows, MOST_PRINTED_VALUES)))
    figure.add_heatmap(
        z=explanation.contributions.tolist(),
        x=list(range(columns)),
        y=list(range(rows)),
        texttemplate="%{z:.3f}" if few else None,
        hovertemplate="%{y} and %{x}: %{z:.4f}<extra></extra>",
        colorscale=COLOURS[DEFAULT_COLOURS],
        zmin=-limit,
        zmax=limit,
        xgap=1 if few else 0,
        ygap=1 if few else 0,
        colorbar={"thickness": 12, "tickvals": [-limit, 0, limit], "tickformat": ".3f"},
    )
    tokens_a = [_label(token) for token in explanation.tokens_a]
    tokens_b = [_label(token) for token in explanation.tokens_b]
    figure.update_xaxes(tickvals=list(range(columns)), ticktext=tokens_b, tickangle=-45)
    figure.update_yaxes(tickvals=list(range(rows)), ticktext=tokens_a, autorange="reversed")
    return figure


def plane_figure(plane: SolutionPlane) -> go.Figure:
    """The plane of an expression, to scale in both directions."""
    figure = _figure(height=440)
    colours = {"term": BLUE, "result": GREEN, "candidate": GREY}
    farthest = max(point.distance for point in plane.points) or 1.0
    figure.add_scatter(
        x=[point.x for point in plane.points],
        y=[point.y for point in plane.points],
        mode="markers+text",
        text=[_label(point.text) for point in plane.points],
        textposition=[
            "top center" if p.role != "candidate" else "bottom center" for p in plane.points
        ],
        marker={
            "color": [colours[point.role] for point in plane.points],
            "size": [18 - 11 * point.distance / farthest for point in plane.points],
            "opacity": 1,
        },
        customdata=[[_escape(p.text), p.role, p.distance] for p in plane.points],
        hovertemplate="%{customdata[0]} (%{customdata[1]})<br>%{customdata[2]:.3f} from the plane"
        "<extra></extra>",
        cliponaxis=False,
    )
    for tail, head in plane.arrows:
        start, end = plane.points[tail], plane.points[head]
        _add_arrow(figure, (start.x, start.y), (end.x, end.y), BLUE)
    figure.update_layout(margin={"l": 40, "r": 40, "t": 32, "b": 32})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return figure


def map_figure(text_map: TextMap, *, has_query: bool = False) -> go.Figure:
    """Texts in two dimensions, the worst placed ones with a ring; hover names true neighbours.

    Args:
        text_map: The map.
        has_query: Whether the first text is a query among documents.
    """
    worst = set(text_map.worst)
    count = len(text_map.texts)
    nearest = [
        ", ".join(_label(text_map.texts[j]) for j in neighbours) for neighbours in text_map.nearest
    ]
    figure = _figure(height=440)
    figure.add_scatter(
        x=text_map.positions[:, 0].tolist(),
        y=text_map.positions[:, 1].tolist(),
        mode="markers+text",
        text=[_label(text, LONGEST_MAP_LABEL) for text in text_map.texts],
        # Neighbours in a list are often neighbours in a map: their labels get out of the way.
        textposition=["top center" if i % 2 else "bottom center" for i in range(count)],
        marker={
            "color": [BLUE, *[GREY] * (count - 1)] if has_query else BLUE,
            "size": 10,
            "line": {
                "color": ORANGE,
                "width": [4 if i in worst else 0 for i in range(count)],
            },
        },
        customdata=[[_escape(t), n] for t, n in zip(text_map.texts, nearest, strict=True)],
        hovertemplate="%{customdata[0]}<br>truly nearest: %{customdata[1]}<extra></extra>",
        cliponaxis=False,
    )
    figure.update_layout(margin={"l": 40, "r": 40, "t": 32, "b": 16})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
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
        title="score",
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
    *,
    values: list[float],
    texts: list[str],
    colours: list[str],
    title: str = "similarity",
    row_height: int = 30,
) -> go.Figure:
    figure = _figure(height=60 + row_height * len(values))
    figure.add_bar(
        x=values,
        y=list(range(len(values))),
        orientation="h",
        marker={"color": colours},
        customdata=[_escape(text) for text in texts],
        hovertemplate="%{customdata}: %{x:.3f}<extra></extra>",
        texttemplate="%{x:.3f}",
        textposition="outside",
        cliponaxis=False,
    )
    # The scale goes to 1, whatever the bars: a low best score has to look low. Beyond the bars
    # there is room for their numbers.
    lowest = min(0.0, *values)
    figure.update_xaxes(
        range=[lowest - 0.18 if lowest < 0 else 0.0, 1.15],
        tickvals=[-1, -0.5, 0, 0.5, 1],
        title_text=title,
    )
    figure.update_yaxes(range=[len(values) - 0.4, -0.6])
    return figure


def _add_arrow(
    figure: go.Figure, tail: tuple[float, float], head: tuple[float, float], colour: str
) -> None:
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
    return _escape(shorten(text, longest))


def _escape(text: str) -> str:
    # Plotly decodes &lt; and &amp; but shows &quot; as it is.
    return escape(text, quote=False)
