"""The retrieval test → sentence, tables, figure."""

import plotly.graph_objects as go

from embviz.analysis.search import FUSED, KEYWORD, METHODS, SEMANTIC
from embviz.analysis.search import METHODS as SEARCH_METHODS
from embviz.evaluation.retrieval import DEPTH, JudgedQuery, RetrievalTest
from embviz.language import gettext, ngettext
from embviz.views.canvas import blank_figure, escaped, label
from embviz.views.colours import BLUE, GREEN, ORANGE
from embviz.views.search import SEARCH_NAMES
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import number

_COLOURS = {SEMANTIC: BLUE, KEYWORD: ORANGE, FUSED: GREEN}
LONGEST_NAME = 16
# Fewer queries than in any set of BEIR (Touché-2020 has 49) say little about a method.
_ENOUGH_TO_DECIDE = 49
_MOST_DRAWN = 40


def summarise_retrieval(test: RetrievalTest) -> str:
    """Say which method finds more of what is relevant, and how far to trust that."""
    sentences = (
        ngettext(
            "People labelled one query with the documents that answer them.",
            "People labelled {n} queries with the documents that answer them.",
            len(test.queries),
        ),
        gettext(
            "The mean nDCG@{depth} of the searches is meaning {meaning}, keywords {keywords} and "
            "both together {both}.",
            depth=DEPTH,
            meaning=number(test.ndcg[SEMANTIC]),
            keywords=number(test.ndcg[KEYWORD]),
            both=number(test.ndcg[FUSED]),
        ),
        gettext(
            "Keywords miss a document that uses another word for the same thing; meaning goes "
            "wrong with some single common words."
        ),
        gettext("So small a test can illustrate this, but not decide which method is better.")
        if len(test.queries) < _ENOUGH_TO_DECIDE
        else gettext("Another collection may decide otherwise."),
    )
    return " ".join(sentences)


def explain_measures(test: RetrievalTest) -> str:
    """Say what the measures count, and what 1 and 0 mean."""
    return gettext(
        "nDCG@{depth} says how high the right documents stand among the first {depth}: 1 if they "
        "are at the top, 0 if none is there. Recall@{recall_depth} is the share of the right "
        "documents that are among the first {recall_depth}. A method loses a query if another one "
        "has a higher nDCG@{depth} on it.",
        depth=DEPTH,
        recall_depth=test.recall_depth,
    )


def retrieval_table(test: RetrievalTest) -> Table:
    """Each method's means, and how many queries it loses to another."""
    return Table(
        gettext("Means over {queries} queries", queries=len(test.queries)),
        (
            gettext("Method"),
            f"nDCG@{DEPTH}",
            f"Recall@{test.recall_depth}",
            gettext("Queries lost"),
        ),
        tuple(
            (
                gettext(SEARCH_NAMES[method]),
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
        gettext("Queries on which the methods differ, by nDCG@{depth}", depth=DEPTH),
        (gettext("Query"), *(gettext(SEARCH_NAMES[method]) for method in SEARCH_METHODS)),
        tuple((q.query, *(rounded(q.ndcg[method]) for method in SEARCH_METHODS)) for q in lost),
    )


def retrieval_test_figure(test: RetrievalTest) -> go.Figure:
    """A row a query, a mark a method; marks that coincide stand inside each other."""
    queries = _drawn(test)
    names = [escaped(query.query) for query in queries]
    figure = blank_figure(height=100 + 24 * len(names))
    for method, size in zip(METHODS, (17, 12, 6), strict=True):
        name = gettext(SEARCH_NAMES[method])
        figure.add_scatter(
            x=[query.ndcg[method] for query in queries],
            y=list(range(len(names))),
            mode="markers",
            name=name,
            marker={"color": _COLOURS[method], "size": size},
            customdata=names,
            hovertemplate="%{customdata}: %{x:.3f}<extra>" + name + "</extra>",
            cliponaxis=False,
        )
    figure.update_layout(
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}, margin={"t": 40}
    )
    figure.update_xaxes(range=[-0.05, 1.05], title_text=f"nDCG@{DEPTH}")
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[label(query.query) for query in queries],
        range=[len(names) - 0.4, -0.6],
        showgrid=True,
        gridcolor="rgba(128,128,128,0.25)",
    )
    return figure


def _drawn(test: RetrievalTest) -> tuple[JudgedQuery, ...]:
    """All queries, or those on which the methods differ most."""
    if len(test.queries) <= _MOST_DRAWN:
        return test.queries
    widest = sorted(test.queries, key=lambda q: min(q.ndcg.values()) - max(q.ndcg.values()))
    return tuple(widest[:_MOST_DRAWN])


def view_retrieval(test: RetrievalTest) -> View:
    """Show how well each method finds what is relevant."""
    return View(
        summarise_retrieval(test),
        retrieval_test_figure(test),
        (retrieval_table(test), lost_queries_table(test)),
        notes=(
            explain_measures(test),
            gettext(
                "Drawn are the {queries} queries on which the methods differ most.",
                queries=_MOST_DRAWN,
            )
            if len(test.queries) > _MOST_DRAWN
            else "",
        ),
    )
