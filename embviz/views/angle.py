"""The angle between two vectors → sentence, figure."""

import numpy as np
import plotly.graph_objects as go

from embviz.analysis.similarity import Comparison
from embviz.language import gettext
from embviz.views.canvas import AXIS, add_arrow, blank_figure, label
from embviz.views.colours import BLUE, GREEN, ORANGE, PURPLE
from embviz.views.view import View
from embviz.views.wording import number


def summarise_angle(comparison: Comparison) -> str:
    """Say what the drawing of the angle and the products shows."""
    products = comparison.products
    agreeing, differing = products[products > 0].sum(), products[products < 0].sum()
    return gettext(
        "Both vectors have length 1 and are {angle}° apart, drawn to scale in the plane that holds "
        "both. The cosine of this angle is the similarity, {similarity}. Each bar below is the "
        "product of two values, one of each vector. The {products} products sum to the similarity, "
        "too: {agreeing} from values with the same sign, {differing} from values with different "
        "signs.",
        angle=f"{comparison.angle_degrees:.1f}",
        similarity=number(comparison.similarity),
        products=len(products),
        agreeing=number(agreeing),
        differing=number(differing),
    )


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
        hovertemplate=gettext(
            "value {place}: {value}",
            place="%{x}",
            value="%{customdata[0]:.4f} × %{customdata[1]:.4f} = %{y:.5f}",
        )
        + "<extra></extra>",
        xaxis="x2",
        yaxis="y2",
    )
    title = AXIS["title"]
    figure.update_layout(
        showlegend=False,
        xaxis={"range": [min(-0.1, *comparison.plane[:, 0]) - 0.1, 1.3], "visible": False},
        yaxis={
            "range": [-0.12, max(0.5, comparison.plane[1, 1]) + 0.2],
            "visible": False,
            "scaleanchor": "x",
            "domain": [0.42, 1],
        },
        xaxis2=AXIS | {"anchor": "y2", "title": title | {"text": gettext("value")}},
        yaxis2=AXIS | {"domain": [0, 0.34], "title": title | {"text": gettext("product")}},
    )
    return figure


def view_angle(comparison: Comparison) -> View:
    """Show the angle between two vectors."""
    return View(summarise_angle(comparison), angle_figure(comparison))
