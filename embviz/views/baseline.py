"""A similarity among those of random pairs → phrase, note, figure."""

import numpy as np
import plotly.graph_objects as go

from embviz.analysis.baseline import WORDS, BaselinePosition
from embviz.views.canvas import AXIS, blank_figure
from embviz.views.colours import GREEN, GREY
from embviz.views.wording import number, percent


def note_baseline(position: BaselinePosition) -> str:
    """Say what the scale is that a similarity is judged by."""
    pairs = f"{len(position.baseline):,} random pairs of {position.kind}"
    low, high = position.quartiles
    half = f"half of {pairs} score between {number(low, 2)} and {number(high, 2)}"
    # With some models they do.
    start = f"Unrelated texts do not score 0 here: {half}" if low > 0 else half.capitalize()
    return f"{start}. The bars show all of them; the green line is this pair."


def note_kind(position: BaselinePosition) -> str:
    """Say what counts as a sentence, and where the pair stands among words; nothing for words."""
    if position.kind == WORDS:
        return ""
    # By chance, words may score higher than longer texts do, or lower.
    return (
        "Two or more words count as a sentence. Among random pairs of words this similarity would "
        f"be higher than {percent(position.word_percentile)}."
    )


def position_figure(position: BaselinePosition) -> go.Figure:
    """What random pairs score, and a line where this pair stands."""
    edges, shares = position.histogram
    similarity, title = position.similarity, AXIS["title"]
    this_pair = {"x0": similarity, "x1": similarity, "y0": 0, "y1": 1, "yref": "y domain"}
    name = {
        "text": f"this pair: {number(similarity)}",
        "x": similarity,
        "y": 1,
        "yref": "y domain",
        "yanchor": "bottom",
        "yshift": 4,
        "showarrow": False,
    }
    figure = blank_figure(
        height=260,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        shapes=[{"type": "line", "line": {"color": GREEN, "width": 3}, **this_pair}],
        annotations=[name],
        xaxis=AXIS
        | {
            "range": [min(edges[0], similarity) - 0.05, 1.05],
            "title": title | {"text": f"similarity of random pairs of {position.kind}"},
        },
        yaxis=AXIS | {"title": title | {"text": "% of pairs"}},
    )
    figure.add_bar(
        x=((edges[:-1] + edges[1:]) / 2).tolist(),
        y=(100 * shares).tolist(),
        width=np.diff(edges).tolist(),
        marker={"color": GREY},
        hovertemplate="about %{x:.2f}: %{y:.1f} % of random pairs<extra></extra>",
    )
    return figure
