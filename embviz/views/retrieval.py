"""The retrieval test → sentence, tables, figure."""

import plotly.graph_objects as go

from embviz.analysis.search import FUSED, KEYWORD, METHODS, SEMANTIC
from embviz.analysis.search import METHODS as SEARCH_METHODS
from embviz.evaluation.retrieval import DEPTH, RetrievalTest
from embviz.views.canvas import BLUE, GREEN, ORANGE, blank_figure, escaped, label
from embviz.views.phrases import join, number
from embviz.views.search import SEARCH_NAMES
from embviz.views.table import Table, rounded
from embviz.views.view import View

_NAMES = {SEMANTIC: "meaning", KEYWORD: "keywords", FUSED: "both together"}
_COLOURS = {SEMANTIC: BLUE, KEYWORD: ORANGE, FUSED: GREEN}
LONGEST_NAME = 16


def summarise_retrieval(test: RetrievalTest) -> str:
    """Say which method finds more of what is relevant, and how far to trust that."""
    scores = join([f"{_NAMES[m]} {number(test.ndcg[m])}" for m in METHODS])
    return (
        f"{len(test.queries)} queries about the lesson's titles, labelled by hand with the titles "
        f"that answer them. Mean nDCG@{DEPTH}, 1 if all that is relevant stands first: {scores}. "
        "Keywords cannot know another word for the same thing; meaning stumbles over single "
        "common words. So small a test illustrates, it does not decide."
    )


def retrieval_table(test: RetrievalTest) -> Table:
    """Each method's means, and how many queries it loses to another."""
    return Table(
        f"Means over {len(test.queries)} queries",
        ("Method", f"nDCG@{DEPTH}", f"Recall@{test.recall_depth}", "Queries lost"),
        tuple(
            (
                SEARCH_NAMES[method],
                rounded(test.ndcg[method]),
                rounded(test.recall[method]),
                len(test.lost(method)),
            )
            for method in SEARCH_METHODS
        ),
    )


def lost_queries_table(test: RetrievalTest) -> Table:
    """The queries that some method loses to another, and how well each does."""
    lost = [q for q in test.queries if len(set(q.ndcg.values())) > 1]
    return Table(
        f"Queries on which the methods differ, by nDCG@{DEPTH}",
        ("Query", *(SEARCH_NAMES[method] for method in SEARCH_METHODS)),
        tuple((q.query, *(rounded(q.ndcg[method]) for method in SEARCH_METHODS)) for q in lost),
    )


def retrieval_test_figure(test: RetrievalTest) -> go.Figure:
    """A row a query, a mark a method; marks that coincide stand inside each other."""
    names = [escaped(query.query) for query in test.queries]
    figure = blank_figure(height=100 + 24 * len(names))
    for method, size in zip(METHODS, (17, 12, 6), strict=True):
        figure.add_scatter(
            x=[query.ndcg[method] for query in test.queries],
            y=list(range(len(names))),
            mode="markers",
            name=SEARCH_NAMES[method],
            marker={"color": _COLOURS[method], "size": size},
            customdata=names,
            hovertemplate="%{customdata}: %{x:.3f}<extra>" + SEARCH_NAMES[method] + "</extra>",
            cliponaxis=False,
        )
    figure.update_layout(
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}, margin={"t": 40}
    )
    figure.update_xaxes(range=[-0.05, 1.05], title_text=f"nDCG@{DEPTH}")
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[label(query.query) for query in test.queries],
        range=[len(names) - 0.4, -0.6],
        showgrid=True,
        gridcolor="rgba(128,128,128,0.25)",
    )
    return figure


def view_retrieval(test: RetrievalTest) -> View:
    """Show how well each method finds what is relevant."""
    return View(
        summarise_retrieval(test),
        retrieval_test_figure(test),
        (retrieval_table(test), lost_queries_table(test)),
    )
