"""Two models on one list of texts → sentences, heat maps, table."""

import plotly.graph_objects as go

from embviz.analysis.model_comparison import ModelAgreement
from embviz.language import gettext, ngettext
from embviz.views.heatmap_pair import HeatMap, heatmap_pair_figure
from embviz.views.table import Table
from embviz.views.view import View
from embviz.views.wording import join, number, percent, quote, share

_MOST_DISPUTED = 10


def summarise_model_agreement(agreement: ModelAgreement, name_a: str, name_b: str) -> str:
    """Name the pair that the models disagree on most."""
    pair = agreement.disputed[0]
    if not pair.difference:
        return gettext(
            "{model_a} and {model_b} agree on every pair: as many random pairs score lower.",
            model_a=name_a,
            model_b=name_b,
        )
    return gettext(
        "{model_a} and {model_b} disagree most on the pair {texts}: it scores higher than "
        "{share_a} of random pairs with {model_a}, and higher than {share_b} with {model_b}.",
        model_a=name_a,
        model_b=name_b,
        texts=join([quote(pair.text_a), quote(pair.text_b)]),
        share_a=percent(pair.percentile_a),
        share_b=percent(pair.percentile_b),
    )


def explain_spearman(agreement: ModelAgreement) -> str:
    """Say what the rank correlation means."""
    return gettext(
        "Spearman {correlation}: each model puts all {pairs} pairs in an order, from the most to "
        "the least alike. 1 is the same order, 0 is no connection, and −1 is the reverse order.",
        correlation=number(agreement.spearman, 2),
        pairs=len(agreement.disputed),
    )


def explain_neighbour_overlap(agreement: ModelAgreement) -> str:
    """Say what the overlap of neighbours means, and what it is by chance."""
    named = ngettext(
        "Shared neighbours {overlap}: each model names the nearest neighbour of every text.",
        "Shared neighbours {overlap}: each model names the {n} nearest neighbours of every text.",
        agreement.neighbours,
        overlap=share(agreement.neighbour_overlap),
    )
    by_both = gettext(
        "Of the texts that at least one model names, so many are named by both, on average. Chance "
        "alone would give {chance}.",
        chance=share(agreement.chance_overlap),
    )
    return f"{named} {by_both}"


def explain_cka(agreement: ModelAgreement) -> str:
    """Say what centred kernel alignment means, and what it is by chance."""
    return gettext(
        "CKA {cka}: centred kernel alignment compares how all the texts lie around each other in "
        "the two models. 1 is the same pattern, which may be turned or scaled. With the texts "
        "shuffled it would be {chance}.",
        cka=number(agreement.cka, 2),
        chance=number(agreement.chance_cka, 2),
    )


def disputed_table(agreement: ModelAgreement, name_a: str, name_b: str) -> Table:
    """The pairs whose percentiles differ most between the models."""
    pairs = agreement.disputed[:_MOST_DISPUTED]
    return Table(
        gettext("Random pairs below: the pairs on which the models disagree most"),
        (gettext("Text A"), gettext("Text B"), name_a, name_b),
        tuple(
            (p.text_a, p.text_b, percent(p.percentile_a), percent(p.percentile_b)) for p in pairs
        ),
    )


def model_agreement_figure(agreement: ModelAgreement, name_a: str, name_b: str) -> go.Figure:
    """All pairs as percentiles of each model's own random pairs, two heat maps side by side."""
    maps = ((name_a, agreement.percentiles_a), (name_b, agreement.percentiles_b))
    left, right = (
        # Rounded down, as elsewhere: 99.96 % of random pairs are not all of them.
        HeatMap(name, percentiles.tolist(), _printed(percentiles.tolist()))
        for name, percentiles in maps
    )
    return heatmap_pair_figure(
        agreement.texts,
        (left, right),
        scale=(0, 50, 100),
        hover=gettext("above {share} % of random pairs", share="%{z:.1f}"),
    )


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
            gettext("shared neighbours"): share(agreement.neighbour_overlap),
            "CKA": number(agreement.cka, 2),
        },
        notes=(
            explain_spearman(agreement),
            explain_neighbour_overlap(agreement),
            explain_cka(agreement),
            gettext(
                "Each cell says how many of 100 random pairs of the same kind score lower with "
                "that model. White is 50: such a pair is no more alike than a random one."
            ),
        ),
    )
