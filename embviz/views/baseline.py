"""A similarity among those of random pairs → phrase, note, figure."""

import numpy as np
import plotly.graph_objects as go

from embviz.analysis.baseline import MIXED, SENTENCES, WORDS, BaselinePosition
from embviz.language import gettext, gettext_noop, grouped
from embviz.views.canvas import AXIS, blank_figure
from embviz.views.colours import GREEN, GREY
from embviz.views.wording import number, percent

# Of what random pairs are, as it follows "random pairs".
_OF_KIND = {
    WORDS: gettext_noop("of words"),
    MIXED: gettext_noop("of a word and a sentence"),
    SENTENCES: gettext_noop("of sentences"),
}


def of_kind(kind: str) -> str:
    """Of what random pairs of a kind are, as it follows "random pairs".

    >>> of_kind("sentences")
    'of sentences'
    """
    return gettext(_OF_KIND[kind])


def note_baseline(position: BaselinePosition) -> str:
    """Say what the scale is that a similarity is judged by."""
    low, high = position.quartiles
    scale = {
        "pairs": grouped(len(position.baseline)),
        "of_kind": of_kind(position.kind),
        "low": number(low, 2),
        "high": number(high, 2),
    }
    if low > 0:
        return gettext(
            "Unrelated texts do not score 0 here: half of {pairs} random pairs {of_kind} score "
            "between {low} and {high}.",
            **scale,
        )
    # With some models unrelated texts do score 0.
    return gettext(
        "Half of {pairs} random pairs {of_kind} score between {low} and {high}.", **scale
    )


def note_kind(position: BaselinePosition) -> str:
    """Say what counts as a sentence, and where the pair stands among words; nothing for words."""
    if position.kind == WORDS:
        return ""
    # By chance, words may score higher than longer texts do, or lower.
    return gettext(
        "Two or more words count as a sentence. Among random pairs of words this similarity would "
        "be higher than {share}.",
        share=percent(position.word_percentile),
    )


def similarity_of_random_pairs(kind: str) -> str:
    """The title of the axis on which random pairs of a kind are counted."""
    return gettext("similarity of random pairs {of_kind}", of_kind=of_kind(kind))


def about_random_pairs(similarity: str, share: str) -> str:
    """What a bar shows that counts random pairs of about one similarity."""
    return gettext(
        "about {similarity}: {share} % of random pairs", similarity=similarity, share=share
    )


def position_figure(position: BaselinePosition) -> go.Figure:
    """What random pairs score, and a line where this pair stands."""
    edges, shares = position.histogram
    similarity, title = position.similarity, AXIS["title"]
    this_pair = {"x0": similarity, "x1": similarity, "y0": 0, "y1": 1, "yref": "y domain"}
    name = {
        "text": gettext("this pair: {similarity}", similarity=number(similarity)),
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
            "title": title | {"text": similarity_of_random_pairs(position.kind)},
        },
        yaxis=AXIS | {"title": title | {"text": gettext("% of pairs")}},
    )
    figure.add_bar(
        x=((edges[:-1] + edges[1:]) / 2).tolist(),
        y=(100 * shares).tolist(),
        width=np.diff(edges).tolist(),
        marker={"color": GREY},
        hovertemplate=about_random_pairs("%{x:.2f}", "%{y:.1f}") + "<extra></extra>",
    )
    return figure
