"""All models in all the tests → sentence, figure, table."""

import plotly.graph_objects as go

from embviz.evaluation.datasets import RATING_SETS
from embviz.evaluation.leaderboard import TIMED_TEXTS, Leaderboard, ModelResults
from embviz.evaluation.retrieval import DEPTH
from embviz.language import gettext, gettext_noop
from embviz.views.canvas import AXIS, blank_figure, label
from embviz.views.colours import GREY, MODEL_COLOUR
from embviz.views.table import Cell, Table, rounded
from embviz.views.view import View
from embviz.views.wording import join, number, share

_ROW_HEIGHT = 50

_ANALOGIES, _SEARCH = gettext_noop("Analogies"), gettext_noop("Search")
_TESTS = (*(rated.title for rated in RATING_SETS.values()), _ANALOGIES, _SEARCH)


def summarise_leaderboard(leaderboard: Leaderboard) -> str:
    """Say which model is best at what, and what no model had to learn."""
    if not leaderboard.tested:
        return gettext("No model could be tested. The table says why.")
    sentences = []
    if len(leaderboard.tested) > 1:
        best = []
        for test in _TESTS:
            score, name = max((_scores(row)[test], row.name) for row in leaderboard.tested)
            best.append(f"{name} ({gettext(test)}, {number(score, 2)})")
        sentences.append(gettext("The best in each test: {best}.", best=join(best)))
    if leaderboard.floor is None:
        sentences.append(
            gettext(
                "No untrained model was tested, so we cannot say how much of these scores comes "
                "from training."
            )
        )
    else:
        reached = [
            f"{number(score, 2)} ({gettext(test)})"
            for test, score in _scores(leaderboard.floor).items()
        ]
        sentences.append(
            gettext(
                "{model} has random weights and has learnt nothing. It reaches {reached}: texts "
                "that share words, or pieces of words, get similar vectors even from it. This is "
                "the floor: only what another model reaches above it comes from training.",
                model=leaderboard.floor.name,
                reached=join(reached),
            )
        )
    return " ".join(sentences)


def _scores(row: ModelResults) -> dict[str, float]:
    """What a model reaches in each of _TESTS, 1 at best."""
    ratings = {rated.title: row.ratings[name] for name, rated in RATING_SETS.items()}
    return {**ratings, _ANALOGIES: row.analogies.inputs_excluded, _SEARCH: row.ndcg}


def leaderboard_table(leaderboard: Leaderboard) -> Table:
    """What every model reaches in every test; what went wrong stands in words."""
    headers = (
        gettext("Model"),
        *(rated.title for rated in RATING_SETS.values()),
        gettext("Analogies, inputs left out"),
        gettext("Inputs kept in"),
        gettext("No arithmetic"),
        gettext("Search, nDCG@{depth}", depth=DEPTH),
        gettext("Dimension"),
        gettext("ms per text"),
    )
    rows: list[tuple[Cell, ...]] = []
    for row in leaderboard.rows:
        if isinstance(row, ModelResults):
            rows.append(
                (
                    row.name,
                    *(rounded(row.ratings[name]) for name in RATING_SETS),
                    share(row.analogies.inputs_excluded),
                    share(row.analogies.inputs_allowed),
                    share(row.analogies.no_arithmetic),
                    rounded(row.ndcg),
                    row.dimension,
                    f"{row.milliseconds:.1f}",
                )
            )
        else:
            rows.append((row.name, *[None] * (len(headers) - 1), row.error))
    caption = gettext("All models in all the tests")
    if len(leaderboard.tested) == len(leaderboard.rows):
        return Table(caption, headers, tuple(rows))
    # A column for what went wrong, where something did.
    width = len(headers) + 1
    return Table(
        caption,
        (*headers, gettext("Remark")),
        tuple((*row, *[None] * (width - len(row))) for row in rows),
    )


def leaderboard_figure(leaderboard: Leaderboard) -> go.Figure | None:
    """A row a model, a column a test; under each bar a thin one, what the untrained model reaches.

    None where no model could be tested.
    """
    if not leaderboard.tested:
        return None
    places = list(range(len(leaderboard.tested)))
    names = [label(row.name) for row in leaderboard.tested]
    figure = blank_figure(height=56 + _ROW_HEIGHT * len(places))
    figure.set_subplots(rows=1, cols=len(_TESTS), shared_yaxes=True, horizontal_spacing=0.03)
    for column, test in enumerate(_TESTS, 1):
        values = [_scores(row)[test] for row in leaderboard.tested]
        cell = {"row": 1, "col": column}
        figure.add_bar(
            x=values,
            y=places,
            orientation="h",
            width=0.36,
            marker={
                "color": [
                    GREY if r is leaderboard.floor else MODEL_COLOUR for r in leaderboard.tested
                ]
            },
            customdata=names,
            hovertemplate=f"%{{customdata}}<br>{gettext(test)}: %{{x:.3f}}<extra></extra>",
            **cell,
        )
        # A bar's own number would leave the column where the bar goes to the left.
        figure.add_scatter(
            x=[max(0.0, value) for value in values],
            y=places,
            mode="text",
            text=[f" {number(value, 2)}" for value in values],
            textposition="middle right",
            hoverinfo="skip",
            cliponaxis=False,
            **cell,
        )
        if leaderboard.floor:
            figure.add_bar(
                x=[_scores(leaderboard.floor)[test]] * len(places),
                y=[place + 0.26 for place in places],
                orientation="h",
                width=0.1,
                marker={"color": GREY},
                hoverinfo="skip",
                **cell,
            )
        # To the right of a bar there is room for its number, on a phone too.
        figure.update_xaxes(AXIS, range=[min(0.0, *values), 1.5], showticklabels=False, **cell)
        figure.add_annotation(
            text=gettext(test),
            font={"size": 12},
            xref=f"x{column if column > 1 else ''} domain",
            x=0,
            xanchor="left",
            yref="paper",
            y=1,
            yanchor="bottom",
            showarrow=False,
        )
    for place, name in zip(places, names, strict=True):
        figure.add_annotation(
            text=f"<b>{name}</b>",
            xref="paper",
            x=0,
            xanchor="left",
            y=place - 0.22,
            yanchor="bottom",
            showarrow=False,
        )
    figure.update_yaxes(AXIS, range=[len(places) - 0.6, -0.8], visible=False)
    figure.update_layout(barmode="overlay", showlegend=False, margin={"t": 30})
    return figure


def view_leaderboard(leaderboard: Leaderboard) -> View:
    """Show what every model reaches in every test."""
    return View(
        summarise_leaderboard(leaderboard),
        leaderboard_figure(leaderboard),
        (leaderboard_table(leaderboard),),
        notes=(
            gettext(
                "{sets} are Spearman correlations with what people rated: 1 is the same order, 0 "
                "is no connection. Analogies is the share answered right with the input words left "
                "out. Search is nDCG@{depth} for the built-in queries: 1 if the right titles are "
                "at the top, 0 if none is among the first {depth}.",
                sets=join(list(_TESTS[:-2])),
                depth=DEPTH,
            ),
            gettext("Grey is what the untrained model reaches.") if leaderboard.floor else "",
            gettext(
                "“ms per text” is the median time for {texts} short texts, encoded one after the "
                "other on the server. Use it only to compare the models in this table.",
                texts=TIMED_TEXTS,
            ),
        ),
    )
