"""The model beside what people rated → sentences, table, figure."""

from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.evaluation.human_ratings import HumanRatings, RatedPair
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
        f"{len(first.pairs)} pairs of words for {_asked(first)}",
        *(f"{len(rated.pairs)} for {_asked(rated)}" for rated in others),
    ]
    agreement = [f"{number(r.spearman)} for {r.published.asked}" for r in ratings]
    return (
        f"People rated {join(sets)}. Spearman's correlation says how well the model's order of the "
        f"pairs agrees with theirs: {join(agreement)}. 1 is the same order, 0 is no connection. A "
        "high similarity says that two words belong together, not that they mean the same: "
        "opposites belong together, too."
    )


def _asked(rated: HumanRatings) -> str:
    return f"{rated.published.question} ({rated.published.title})"


def note_rated_pair(pair: RatedPair | None, title: str) -> str:
    """Say what people rated a pair; nothing if they did not."""
    if pair is None:
        return ""
    words = f"{quote(pair.text_a)} and {quote(pair.text_b)}"
    return f"{title} has your pair: people gave {words} {pair.human:.2f} of 10."


def human_ratings_table(ratings: Sequence[HumanRatings], text_a: str, text_b: str) -> Table:
    """Of each set the pair that was typed, if it is rated, and the largest disagreements."""
    rows = []
    for rated in ratings:
        typed = rated.find(text_a, text_b)
        others = [pair for pair in rated.presentable if pair != typed][:LARGEST_DISAGREEMENTS]
        for pair in ([typed] if typed else []) + others:
            places = f"{abs(100 * pair.disagreement):.0f} %"
            where = "higher" if pair.disagreement > 0 else "lower"
            rows.append(
                (
                    rated.published.asked,
                    pair.text_a,
                    pair.text_b,
                    pair.human,
                    rounded(pair.similarity),
                    f"{places} {where}",
                )
            )
    return Table(
        "Your pair, if it was rated, and the largest disagreements",
        ("Rated", "Text A", "Text B", "People (0 to 10)", "Similarity", "The model ranks it"),
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
                hovertemplate="%{customdata[0]} and %{customdata[1]}<br>people %{x:.2f}, "
                "model %{y:.3f}<extra></extra>",
                row=row,
                col=1,
            )
        figure.update_xaxes(
            AXIS,
            range=[-0.3, 10.3],
            title_text=f"how {rated.published.asked}, said people (0 to 10)",
            row=row,
            col=1,
        )
        figure.update_yaxes(AXIS, range=[-0.25, 1.05], title_text="similarity", row=row, col=1)
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
            "“30 % higher” means that the pair stands 30 % of the list further up in the model's "
            "order than in people's.",
        ),
    )
