"""Which documents? → Plotly figures."""

import plotly.graph_objects as go

from embviz.figures.canvas import (
    BLUE,
    GREEN,
    GREY,
    LONGEST_TITLE,
    ORANGE,
    bar_figure,
    blank_figure,
    escaped,
    label,
)
from embviz.retrieval_test import DEPTH, RetrievalTest
from embviz.search import FUSED, KEYWORD, METHODS, SEMANTIC, RankingComparison, SearchResult
from embviz.tables import SEARCH_NAMES

LONGEST_NAME = 16

_COLOURS = {SEMANTIC: BLUE, KEYWORD: ORANGE, FUSED: GREEN}
_SCORES = {SEMANTIC: "similarity", KEYWORD: "BM25 score", FUSED: "fused score"}


def search_figure(result: SearchResult) -> go.Figure:
    """Bars from the best document down, each under the beginning of its text."""
    figure = bar_figure(
        values=[hit.score for hit in result.matches],
        texts=[hit.text for hit in result.matches],
        colours=[GREEN] * len(result.matches),
        title=_SCORES[result.method],
        best=result.best_score,
        row_height=56,
    )
    for place, hit in enumerate(result.matches):
        figure.add_annotation(
            text=label(hit.text, LONGEST_TITLE),
            x=0,
            y=place - 0.42,
            xanchor="left",
            yanchor="middle",
            showarrow=False,
        )
    figure.update_traces(width=0.4)
    figure.update_yaxes(showticklabels=False)
    return figure


def rankings_figure(comparison: RankingComparison) -> go.Figure:
    """A line a document from rank to rank; one that a method did not find stands below the rest."""
    columns = list(comparison.results)
    depth = max(len(result.matches) for result in comparison.results.values())
    documents = comparison.results[SEMANTIC].documents
    figure = blank_figure(height=140 + 44 * depth)
    for index in comparison.found:
        ranks = comparison.ranks(index)
        meaning, keywords, _ = (rank or depth + 1 for rank in ranks)
        colour = BLUE if meaning < keywords else ORANGE if keywords < meaning else GREY
        figure.add_scatter(
            x=list(range(len(columns))),
            y=[rank or depth + 1 for rank in ranks],
            mode="lines+markers",
            line={"color": colour, "width": 2.5},
            marker={"size": 11, "opacity": [1 if rank else 0.35 for rank in ranks]},
            customdata=[
                [escaped(documents[index]), f"rank {rank}" if rank else "not among the first"]
                for rank in ranks
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
            cliponaxis=False,
        )
        figure.add_annotation(
            text=label(documents[index], LONGEST_NAME),
            x=len(columns) - 1,
            y=ranks[-1] or depth + 1,
            xanchor="left",
            xshift=12,
            showarrow=False,
            visible=ranks[-1] is not None,
        )
    figure.update_layout(showlegend=False, margin={"r": 130, "t": 36})
    figure.update_xaxes(
        tickvals=list(range(len(columns))),
        ticktext=[SEARCH_NAMES[method].removeprefix("By ") for method in columns],
        tickangle=0,
        side="top",
        range=[-0.25, len(columns) - 0.9],
    )
    figure.update_yaxes(
        tickvals=list(range(1, depth + 2)),
        ticktext=[*map(str, range(1, depth + 1)), f"not in {depth}"],
        range=[depth + 1.5, 0.5],
    )
    return figure


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
