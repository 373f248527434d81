"""How alike? → Plotly figures."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from embviz.background import Standing
from embviz.explanation import Explanation
from embviz.figures.canvas import (
    AXIS,
    BLUE,
    COLOURS,
    DEFAULT_COLOURS,
    GREEN,
    GREY,
    LONGEST_TITLE,
    MOST_PRINTED_VALUES,
    ORANGE,
    PURPLE,
    add_arrow,
    add_heatmap,
    bar_figure,
    blank_figure,
    escaped,
    label,
)
from embviz.human_ratings import HumanRatings
from embviz.readings.phrases import number
from embviz.similarity import Comparison, SimilarityMatrix


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
    names = [label(text) for text in matrix.texts]
    longer = [label(text, LONGEST_TITLE) for text in matrix.texts]
    places = list(range(count))
    few = count <= MOST_PRINTED_VALUES
    figure = blank_figure(height=max(260, 120 + (28 if few else 17) * count))
    add_heatmap(
        figure,
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
    # Labels are label and escaped; whoever handles a click needs the texts themselves.
    figure.update_layout(meta={"texts": list(matrix.texts)})
    return figure


def standing_figure(standing: Standing) -> go.Figure:
    """What random pairs score, and a line where this pair stands."""
    edges, shares = standing.histogram
    figure = blank_figure(height=260)
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
        annotation={"text": f"this pair: {number(standing.similarity)}", "yshift": 4},
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
    figure = blank_figure(height=520)
    names = [label(comparison.text_a), label(comparison.text_b)]
    for (x, y), name, colour in zip(comparison.plane, names, (BLUE, ORANGE), strict=True):
        add_arrow(figure, (0, 0), (x, y), colour)
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
        xaxis2=AXIS | {"anchor": "y2", "title": {"text": "value", "font": {"size": 14}}},
        yaxis2=AXIS | {"domain": [0, 0.34], "title": {"text": "product", "font": {"size": 14}}},
    )
    return figure


def explanation_figure(explanation: Explanation) -> go.Figure:
    """A heat map of what each pair of tokens adds; the neutral colour stands for nothing."""
    rows, columns = explanation.contributions.shape
    limit = float(np.abs(explanation.contributions).max())
    few = max(rows, columns) <= MOST_PRINTED_VALUES
    figure = blank_figure(height=max(240, 120 + 26 * min(rows, MOST_PRINTED_VALUES)))
    add_heatmap(
        figure,
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
    tokens_a = [label(token) for token in explanation.tokens_a]
    tokens_b = [label(token) for token in explanation.tokens_b]
    figure.update_xaxes(tickvals=list(range(columns)), ticktext=tokens_b, tickangle=-45)
    figure.update_yaxes(tickvals=list(range(rows)), ticktext=tokens_a, autorange="reversed")
    return figure


def belonging_figure(matrix: SimilarityMatrix) -> go.Figure:
    """Bars of how much each text is like the others, the odd one out last and orange."""
    order = sorted(range(len(matrix.texts)), key=lambda i: -matrix.belonging[i])
    figure = bar_figure(
        values=[float(matrix.belonging[i]) for i in order],
        texts=[matrix.texts[i] for i in order],
        colours=[ORANGE if i == matrix.odd_one_out else BLUE for i in order],
        title="mean similarity to the others",
    )
    names = [label(matrix.texts[i]) for i in order]
    figure.update_yaxes(tickvals=list(range(len(order))), ticktext=names)
    return figure


def human_ratings_figure(
    ratings: Mapping[str, HumanRatings], text_a: str, text_b: str
) -> go.Figure:
    """One scatter a set of ratings, below each other; the typed pair stands out in both.

    Args:
        ratings: By what people were asked to rate.
        text_a: A text that was typed.
        text_b: The text it was compared with.
    """
    figure = blank_figure(height=300 * len(ratings) + 60)
    figure.set_subplots(rows=len(ratings), cols=1, vertical_spacing=0.16)
    for row, (name, rated) in enumerate(ratings.items(), 1):
        typed = rated.find(text_a, text_b)
        for pairs, colour, size in (
            (rated.presentable, BLUE, 5),
            ([typed] if typed else [], ORANGE, 13),
        ):
            figure.add_scatter(
                x=[pair.human for pair in pairs],
                y=[pair.similarity for pair in pairs],
                mode="markers",
                marker={"color": colour, "size": size, "opacity": 0.5 if size < 10 else 1},
                customdata=[[escaped(pair.text_a), escaped(pair.text_b)] for pair in pairs],
                hovertemplate="%{customdata[0]} and %{customdata[1]}<br>people %{x:.2f}, "
                "model %{y:.3f}<extra></extra>",
                row=row,
                col=1,
            )
        figure.update_xaxes(
            AXIS,
            range=[-0.3, 10.3],
            title_text=f"how {name}, said people (0 to 10)",
            row=row,
            col=1,
        )
        figure.update_yaxes(AXIS, range=[-0.25, 1.05], title_text="similarity", row=row, col=1)
    figure.update_layout(showlegend=False)
    return figure
