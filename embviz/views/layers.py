"""Two texts at each layer of a model → sentence, figure, tables."""

from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.analysis.baseline import MIXED, SENTENCES, WORDS
from embviz.analysis.layers import LayerComparison
from embviz.language import gettext, gettext_noop
from embviz.views.canvas import blank_figure
from embviz.views.colours import GREEN, GREY
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import PAIRS_BELOW, number, percent, quote

MOST_TOKEN_PAIRS = 10

_RANDOM_PAIRS = {
    WORDS: gettext_noop("random pairs of words"),
    MIXED: gettext_noop("random pairs of a word and a sentence"),
    SENTENCES: gettext_noop("random pairs of sentences"),
}
_BANDS = {
    WORDS: gettext_noop(
        "The grey band holds nine out of ten random pairs of common words, the dashed line is "
        "their mean."
    ),
    MIXED: gettext_noop(
        "The grey band holds nine out of ten random pairs of a word and a sentence, the dashed "
        "line is their mean."
    ),
    SENTENCES: gettext_noop(
        "The grey band holds nine out of ten random pairs of sentences, the dashed line is their "
        "mean."
    ),
}
# Above this many layers, not each has its number.
_MOST_TICKS = 12


def summarise_layers(comparison: LayerComparison) -> str:
    """Say up to which layer everything is alike, and where the texts stand at the last."""
    most, last, start = comparison.most_alike, comparison.layers[-1], comparison.apart_from
    pairs = gettext(_RANDOM_PAIRS[comparison.kind])
    highest, at_end = number(most.random_mean), number(last.random_mean)
    place = name_layer(most.layer, last.layer)
    answer = gettext(
        "There {text_a} and {text_b} score {similarity}, higher than {share} of these random "
        "pairs.",
        text_a=quote(comparison.text_a),
        text_b=quote(comparison.text_b),
        similarity=number(last.similarity),
        share=percent(last.percentile),
    )
    if start is None:
        sentence = gettext(
            "No layer pulls {pairs} far apart: they score up to {highest} on average ({place}), "
            "and {at_end} after the last layer.",
            pairs=pairs,
            highest=highest,
            place=place,
            at_end=at_end,
        )
        return f"{sentence} {answer}"
    inside = gettext(
        "Inside the model unrelated texts score higher than at its end: {pairs} score up to "
        "{highest} on average ({place}).",
        pairs=pairs,
        highest=highest,
        place=place,
    )
    if start == last.layer:
        apart = gettext(
            "Only the last layer pulls them apart: after the last layer they score {at_end}.",
            at_end=at_end,
        )
    else:
        apart = gettext(
            "Layers {start} to {last} pull them apart: after the last layer they score {at_end}.",
            start=start,
            last=last.layer,
            at_end=at_end,
        )
    return f"{inside} {apart} {answer}"


def name_layer(layer: int, last: int) -> str:
    """Where in the model one looks.

    >>> name_layer(0, 6), name_layer(2, 6), name_layer(6, 6)
    ('before the first layer', 'after layer 2 of 6', 'after the last layer')
    """
    if layer == last:
        return gettext("after the last layer")
    if layer:
        return gettext("after layer {layer} of {last}", layer=layer, last=last)
    return gettext("before the first layer")


def layers_table(comparison: LayerComparison) -> Table:
    """Similarity, mean of random pairs and percentile, one layer a row."""
    return Table(
        gettext(
            "This pair and {pairs} at each layer; 0 is before the first",
            pairs=gettext(_RANDOM_PAIRS[comparison.kind]),
        ),
        (gettext("Layer"), gettext("Similarity"), gettext("Random pairs"), gettext(PAIRS_BELOW)),
        tuple(
            (
                layer.layer,
                rounded(layer.similarity),
                rounded(layer.random_mean),
                percent(layer.percentile),
            )
            for layer in comparison.layers
        ),
    )


def token_pairs_table(comparison: LayerComparison) -> Table:
    """The pairs of tokens that the layers bring nearest to each other."""
    pairs = comparison.token_pairs
    shown = pairs[:MOST_TOKEN_PAIRS]
    if len(shown) == len(pairs):
        caption = gettext(
            "Pairs of tokens that approach each other most, before the first layer and after the "
            "last"
        )
    else:
        caption = gettext(
            "The {count} pairs of tokens that approach each other most, before the first layer "
            "and after the last",
            count=len(shown),
        )
    return Table(
        caption,
        (gettext("Token of A"), gettext("Token of B"), gettext("Before"), gettext("After")),
        tuple((p.token_a, p.token_b, rounded(p.first), rounded(p.last)) for p in shown),
    )


def layers_figure(comparison: LayerComparison) -> go.Figure:
    """A line for the pair, and a band in which nine of ten random pairs lie."""
    layers = comparison.layers
    places = [layer.layer for layer in layers]
    figure = blank_figure(height=340)
    # The lower edge of the band, and the upper one, down to which it is filled.
    for edge, fill in (
        ([layer.random_low for layer in layers], None),
        ([layer.random_high for layer in layers], "tonexty"),
    ):
        figure.add_scatter(
            x=places,
            y=edge,
            mode="lines",
            line={"width": 0},
            fill=fill,
            fillcolor="rgba(153,153,153,0.3)",
            name=gettext("nine of ten of them"),
            showlegend=fill is not None,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=places,
        y=[layer.random_mean for layer in layers],
        mode="lines+markers",
        line={"color": GREY, "width": 2, "dash": "dash"},
        marker={"symbol": "square", "size": 7},
        name=gettext("mean of random pairs"),
        customdata=[[number(layer.random_low), number(layer.random_high)] for layer in layers],
        hovertemplate=gettext(
            "layer {layer}<br>random pairs: {mean} on average<br>nine of ten: {low} to {high}",
            layer="%{x}",
            mean="%{y:.3f}",
            low="%{customdata[0]}",
            high="%{customdata[1]}",
        )
        + "<extra></extra>",
    )
    similarities = [layer.similarity for layer in layers]
    figure.add_scatter(
        x=places,
        y=similarities,
        mode="lines+markers",
        line={"color": GREEN, "width": 3},
        marker={"size": 9},
        name=gettext("this pair"),
        customdata=[percent(layer.percentile) for layer in layers],
        hovertemplate=gettext(
            "layer {layer}<br>this pair: {similarity}<br>higher than {share} of random pairs",
            layer="%{x}",
            similarity="%{y:.3f}",
            share="%{customdata}",
        )
        + "<extra></extra>",
    )
    lowest = min([0.0, *similarities, *(layer.random_low for layer in layers)])
    add_layer_axes(figure, places, lowest=lowest)
    return figure


def add_layer_axes(figure: go.Figure, layers: Sequence[int], *, lowest: float) -> None:
    """Let layers run along x and similarities along y, and explain the lines above them.

    Args:
        figure: The figure.
        layers: Their numbers, from 0.
        lowest: Where the scale of similarities begins.
    """
    figure.update_layout(
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "reversed"},
        margin={"t": 40},
    )
    figure.update_xaxes(
        title_text=gettext("layer (0: before the first)"),
        tickvals=list(layers)[:: 1 if len(layers) <= _MOST_TICKS + 1 else 2],
        range=[layers[0] - 0.3, layers[-1] + 0.3],
    )
    figure.update_yaxes(title_text=gettext("similarity"), range=[lowest - 0.02, 1.03])


def view_layers(comparison: LayerComparison) -> View:
    """Show how alike two texts are at each layer of the model."""
    mean = gettext("At each layer a text is the mean of all its tokens.")
    return View(
        summarise_layers(comparison),
        layers_figure(comparison),
        (layers_table(comparison), token_pairs_table(comparison)),
        notes=(
            f"{mean} {gettext(_BANDS[comparison.kind])}",
            gettext(
                "In each layer a token takes in something from the tokens around it. So the tokens "
                "of two similar texts become similar, even those that mean little, such as “the”."
            ),
        ),
    )
