"""The model beside what people rated → sentences, table, figure."""

from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.evaluation.human_ratings import HumanRatings, RatedPair
from embviz.language import gettext
from embviz.views.canvas import AXIS, blank_figure, escaped
from embviz.views.colours import BLUE, ORANGE
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import join, number, quote

LARGEST_DISAGREEMENTS = 5


def summarise_human_ratings(ratings: Sequence[HumanRatings]) -> str:
    """Say how well the model agrees with people, and with which of their answers."""
    first, *others = ratings
    sets = [
        gettext("{pairs} pairs of words for {question} ({title})", **_published(first)),
        *(gettext("{pairs} for {question} ({title})", **_published(rated)) for rated in others),
    ]
    agreement = [
        gettext(
            "{correlation} for {asked}",
            correlation=number(rated.spearman),
            asked=gettext(rated.published.asked),
        )
        for rated in ratings
    ]
    return gettext(
        "People rated {sets}. Spearman's correlation says how well the model's order of the pairs "
        "agrees with theirs: {agreement}. 1 is the same order, 0 is no connection. A high "
        "similarity says that two words belong together, not that they mean the same: opposites "
        "belong together, too.",
        sets=join(sets),
        agreement=join(agreement),
    )


def _published(rated: HumanRatings) -> dict[str, object]:
    return {
        "pairs": len(rated.pairs),
        "question": gettext(rated.published.question),
        "title": rated.published.title,
    }


def note_rated_pair(pair: RatedPair | None, title: str) -> str:
    """Say what people rated a pair; nothing if they did not."""
    if pair is None:
        return ""
    return gettext(
        "{title} has your pair: people gave {texts} {rating} of 10.",
        title=title,
        texts=join([quote(pair.text_a), quote(pair.text_b)]),
        rating=f"{pair.human:.2f}",
    )


def human_ratings_table(ratings: Sequence[HumanRatings], text_a: str, text_b: str) -> Table:
    """Of each set the pair that was typed, if it is rated, and the largest disagreements."""
    rows = []
    for rated in ratings:
        typed = rated.find(text_a, text_b)
        others = [pair for pair in rated.presentable if pair != typed][:LARGEST_DISAGREEMENTS]
        for pair in ([typed] if typed else []) + others:
            places = f"{abs(100 * pair.disagreement):.0f} %"
            where = (
                gettext("{share} higher", share=places)
                if pair.disagreement > 0
                else gettext("{share} lower", share=places)
            )
            rows.append(
                (
                    gettext(rated.published.asked),
                    pair.text_a,
                    pair.text_b,
                    pair.human,
                    rounded(pair.similarity),
                    where,
                )
            )
    return Table(
        gettext("Your pair, if it was rated, and the largest disagreements"),
        (
            gettext("Rated"),
            gettext("Text A"),
            gettext("Text B"),
            gettext("People (0 to 10)"),
            gettext("Similarity"),
            gettext("The model ranks it"),
        ),
        tuple(rows),
    )


def human_ratings_figure(ratings: Sequence[HumanRatings], text_a: str, text_b: str) -> go.Figure:
    """One scatter a set of ratings, below each other; the typed pair stands out in both.

    Args:
        ratings: The sets.
        text_a: A text that was typed.
        text_b: The text it was compared with.
    """
    figure = blank_figure(height=300 * len(ratings) + 60)
    figure.set_subplots(rows=len(ratings), cols=1, vertical_spacing=0.16)
    for row, rated in enumerate(ratings, 1):
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
                hovertemplate=join(["%{customdata[0]}", "%{customdata[1]}"])
                + "<br>"
                + gettext("people {rating}, model {score}", rating="%{x:.2f}", score="%{y:.3f}")
                + "<extra></extra>",
                row=row,
                col=1,
            )
        figure.update_xaxes(
            AXIS,
            range=[-0.3, 10.3],
            title_text=gettext(
                "how {asked}, said people (0 to 10)", asked=gettext(rated.published.asked)
            ),
            row=row,
            col=1,
        )
        figure.update_yaxes(
            AXIS, range=[-0.25, 1.05], title_text=gettext("similarity"), row=row, col=1
        )
    figure.update_layout(showlegend=False)
    return figure


def view_human_ratings(ratings: Sequence[HumanRatings], text_a: str, text_b: str) -> View:
    """Show the model beside what people rated, and what of it is about two texts."""
    return View(
        summarise_human_ratings(ratings),
        human_ratings_figure(ratings, text_a, text_b),
        (human_ratings_table(ratings, text_a, text_b),),
        notes=(
            *(note_rated_pair(r.find(text_a, text_b), r.published.title) for r in ratings),
            gettext(
                "“30 % higher” means that the pair stands 30 % of the list further up in the "
                "model's order than in people's."
            ),
        ),
    )
