"""Two models on one list of texts → sentences, heat maps, table."""

import plotly.graph_objects as go

from embviz.analysis.model_comparison import ModelAgreement
from embviz.views.canvas import (
    AXIS,
    COLOURS,
    DEFAULT_COLOURS,
    LONGEST_TITLE,
    add_heatmap,
    blank_figure,
    label,
)
from embviz.views.phrases import PAIRS_BELOW, number, percent, quote, share
from embviz.views.table import Table
from embviz.views.view import View

# Without the ends, on which a black number could not be read.
_COLOURS = COLOURS[DEFAULT_COLOURS][1:-1]
# Two maps share the width of a page: above this many texts their cells are too small for a number.
MOST_PRINTED_PERCENTILES = 14
_MOST_DISPUTED = 10
_LONGEST_TEXT = 14
_LONGEST_NAME = 16


def summarise_model_agreement(agreement: ModelAgreement, name_a: str, name_b: str) -> str:
    """Name the pair that the models disagree on most."""
    pair = agreement.disputed[0]
    if not pair.difference:
        return f"{name_a} and {name_b} agree on every pair: as many random pairs score lower."
    return (
        f"{name_a} and {name_b} disagree most on the pair {quote(pair.text_a)} and "
        f"{quote(pair.text_b)}: it scores higher than {percent(pair.percentile_a)} of random pairs "
        f"with {name_a}, and higher than {percent(pair.percentile_b)} with {name_b}."
    )


def explain_spearman(agreement: ModelAgreement) -> str:
    """Say what the rank correlation means."""
    return (
        f"Spearman {number(agreement.spearman, 2)}: each model puts all "
        f"{len(agreement.disputed)} pairs in an order, from the most to the least alike. 1 is the "
        "same order, 0 is no connection, and −1 is the reverse order."
    )


def explain_neighbour_overlap(agreement: ModelAgreement) -> str:
    """Say what the overlap of neighbours means, and what it is by chance."""
    k = agreement.neighbours
    nearest = "the nearest neighbour" if k == 1 else f"the {k} nearest neighbours"
    return (
        f"Shared neighbours {share(agreement.neighbour_overlap)}: each model names {nearest} of "
        "every text. Of the texts that at least one model names, so many are named by both, on "
        f"average. Chance alone would give {share(agreement.chance_overlap)}."
    )


def explain_cka(agreement: ModelAgreement) -> str:
    """Say what centred kernel alignment means, and what it is by chance."""
    return (
        f"CKA {number(agreement.cka, 2)}: centred kernel alignment compares how all the texts lie "
        "around each other in the two models. 1 is the same pattern, which may be turned or "
        f"scaled. With the texts shuffled it would be {number(agreement.chance_cka, 2)}."
    )


def disputed_table(agreement: ModelAgreement, name_a: str, name_b: str) -> Table:
    """The pairs whose percentiles differ most between the models."""
    pairs = agreement.disputed[:_MOST_DISPUTED]
    return Table(
        f"{PAIRS_BELOW}: the pairs on which the models disagree most",
        ("Text A", "Text B", name_a, name_b),
        tuple(
            (p.text_a, p.text_b, percent(p.percentile_a), percent(p.percentile_b)) for p in pairs
        ),
    )


def model_agreement_figure(agreement: ModelAgreement, name_a: str, name_b: str) -> go.Figure:
    """All pairs as percentiles of each model's own random pairs, two heat maps side by side."""
    count = len(agreement.texts)
    few = count <= MOST_PRINTED_PERCENTILES
    places = list(range(count))
    longer = [label(text, LONGEST_TITLE) for text in agreement.texts]
    figure = blank_figure(height=max(280, 240 + (28 if few else 13) * count))
    figure.set_subplots(rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.03)
    maps = ((name_a, agreement.percentiles_a), (name_b, agreement.percentiles_b))
    for n, (name, percentiles) in enumerate(maps, 1):
        axis = "" if n == 1 else "2"
        values = percentiles.tolist()
        add_heatmap(
            figure,
            x=places,
            y=places,
            z=values,
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
            # Rounded down, as elsewhere: 99.96 % of random pairs are not all of them.
            text=_printed(values) if few else None,
            texttemplate="%{text}" if few else None,
            textfont={"color": "#000000"},
            customdata=[[[a, b] for b in longer] for a in longer],
            hovertemplate=f"{label(name)}<br>%{{customdata[0]}}<br>and %{{customdata[1]}}<br>"
            "above %{z:.1f} % of random pairs<extra></extra>",
            colorscale=_COLOURS,
            zmin=0,
            zmax=100,
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
                "tickvals": [0, 50, 100],
            },
        )
        figure.add_annotation(
            text=f"<b>{label(name, _LONGEST_NAME)}</b>",
            xref=f"x{axis} domain",
            x=0.5,
            yref="paper",
            y=1,
            yanchor="bottom",
            showarrow=False,
        )
    names = [label(text, _LONGEST_TEXT) for text in agreement.texts]
    ticks = {"tickvals": places, "ticktext": names, "ticks": "", "tickfont": {"size": 11}}
    # Columns narrower than a letter stand in the order of the rows, which have the names.
    figure.update_xaxes(AXIS | ticks | {"tickangle": -90, "showticklabels": few})
    figure.update_yaxes(AXIS | ticks | {"autorange": "reversed"})
    figure.update_layout(margin={"t": 80})
    return figure


def _printed(percentiles: list[list[float]]) -> list[list[str]]:
    # On the diagonal, where it is always 100, a third digit would make all numbers smaller.
    return [
        ["" if i == j else str(int(value)) for j, value in enumerate(row)]
        for i, row in enumerate(percentiles)
    ]


def view_model_agreement(agreement: ModelAgreement, name_a: str, name_b: str) -> View:
    """Show how far two models agree on a list of texts.

    Args:
        agreement: What was measured.
        name_a: What people call the first model.
        name_b: What people call the second.
    """
    return View(
        summarise_model_agreement(agreement, name_a, name_b),
        model_agreement_figure(agreement, name_a, name_b),
        (disputed_table(agreement, name_a, name_b),),
        numbers={
            "Spearman": number(agreement.spearman, 2),
            "shared neighbours": share(agreement.neighbour_overlap),
            "CKA": number(agreement.cka, 2),
        },
        notes=(
            explain_spearman(agreement),
            explain_neighbour_overlap(agreement),
            explain_cka(agreement),
            "Each cell says how many of 100 random pairs of the same kind score lower with that "
            "model. White is 50: such a pair is no more alike than a random one.",
        ),
    )
