"""Texts in two dimensions → sentence, map."""

import plotly.graph_objects as go

from embviz.analysis.projection import TextMap
from embviz.views.canvas import BLUE, GREY, ORANGE, blank_figure, escaped, label
from embviz.views.phrases import join, number, quote
from embviz.views.view import View

LONGEST_MAP_LABEL = 18


def summarise_map(text_map: TextMap) -> str:
    """Say how far a map can be trusted."""
    random, trust = text_map.random_trustworthiness, text_map.trustworthiness
    continuity = number(text_map.continuity, 2)
    sentence = (
        f"Trustworthiness {number(trust, 2)} and continuity {continuity}, where a perfect map "
        f"has 1.00 and a random layout of {len(text_map.texts)} texts {number(random, 2)} of both. "
    )
    if trust <= random:
        sentence += "This map tells no more than chance about who is near whom."
    else:
        way = 100 * (trust - random) / (1 - random)
        sentence += f"It preserves neighbourhoods {way:.0f} % of the way from random to perfect."
    if text_map.worst:
        worst = join([quote(text_map.texts[i]) for i in text_map.worst])
        sentence += f" Ringed words have the wrong neighbours here: {worst}."
    return sentence


def map_figure(text_map: TextMap, *, has_query: bool = False) -> go.Figure:
    """Texts in two dimensions, the worst placed ones with a ring; hover names true neighbours.

    Args:
        text_map: The map.
        has_query: Whether the first text is a query among documents.
    """
    worst = set(text_map.worst)
    count = len(text_map.texts)
    nearest = [
        ", ".join(label(text_map.texts[j]) for j in neighbours) for neighbours in text_map.nearest
    ]
    figure = blank_figure(height=440)
    figure.add_scatter(
        x=text_map.positions[:, 0].tolist(),
        y=text_map.positions[:, 1].tolist(),
        mode="markers+text",
        text=[label(text, LONGEST_MAP_LABEL) for text in text_map.texts],
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
        customdata=[[escaped(t), n] for t, n in zip(text_map.texts, nearest, strict=True)],
        hovertemplate="%{customdata[0]}<br>truly nearest: %{customdata[1]}<extra></extra>",
        cliponaxis=False,
    )
    figure.update_layout(margin={"l": 40, "r": 40, "t": 32, "b": 16})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return figure


def view_map(text_map: TextMap, *, has_query: bool = False) -> View:
    """Show texts in two dimensions; `has_query`: the first of them is a query."""
    return View(summarise_map(text_map), map_figure(text_map, has_query=has_query))
