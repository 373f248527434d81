"""One query ranked by each method → sentence, table, figure."""

from itertools import zip_longest

import plotly.graph_objects as go

from embviz.analysis.search import FUSED, KEYWORD, SEMANTIC, RankingComparison
from embviz.language import gettext, gettext_noop
from embviz.views.canvas import blank_figure, label, wrapped
from embviz.views.colours import BLUE, GREY, ORANGE
from embviz.views.retrieval import LONGEST_NAME
from embviz.views.search import SEARCH_NAMES
from embviz.views.table import Table
from embviz.views.view import View

_COLUMNS = {
    SEMANTIC: gettext_noop("meaning"),
    KEYWORD: gettext_noop("keywords"),
    FUSED: gettext_noop("both"),
}


def summarise_rankings(comparison: RankingComparison) -> str:
    """Say where meaning and keywords agree."""
    meaning, keywords = (
        {hit.index for hit in comparison.results[method].matches} for method in (SEMANTIC, KEYWORD)
    )
    if not keywords:
        return gettext(
            "Keywords find nothing, since no document shares a word with the query. So “By both” "
            "keeps the order by meaning."
        )
    if meaning & keywords:
        shared = gettext(
            "The first {count} documents by meaning and the first {count} by keywords have "
            "{common} in common.",
            count=len(meaning),
            common=len(meaning & keywords),
        )
    else:
        shared = gettext(
            "The first {count} documents by meaning and the first {count} by keywords have none in "
            "common.",
            count=len(meaning),
        )
    explained = gettext(
        "“By both” gives a document 1 / (60 + rank) for its place in each list, and ranks by the "
        "sum. A blue line is a document that ranks higher by meaning, an orange line one that "
        "ranks higher by keywords."
    )
    return f"{shared} {explained}"


def rankings_table(comparison: RankingComparison) -> Table:
    """The first documents by each method, side by side."""
    columns = [[hit.title or hit.text for hit in r.matches] for r in comparison.results.values()]
    rows = zip_longest(*columns)
    return Table(
        gettext("The first documents by each method"),
        (gettext("Rank"), *(gettext(SEARCH_NAMES[method]) for method in comparison.results)),
        tuple((rank, *row) for rank, row in enumerate(rows, 1)),
        marked=comparison.results[KEYWORD].shared_words,
    )


def rankings_figure(comparison: RankingComparison) -> go.Figure:
    """A line a document from rank to rank; one that a method did not find stands below the rest."""
    columns = list(comparison.results)
    depth = max(len(result.matches) for result in comparison.results.values())
    documents = comparison.names
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
                [
                    wrapped(documents[index]),
                    gettext("rank {rank}", rank=rank) if rank else gettext("not among the first"),
                ]
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
        ticktext=[gettext(_COLUMNS[method]) for method in columns],
        tickangle=0,
        side="top",
        range=[-0.25, len(columns) - 0.9],
    )
    figure.update_yaxes(
        tickvals=list(range(1, depth + 2)),
        ticktext=[*map(str, range(1, depth + 1)), gettext("not in first {depth}", depth=depth)],
        range=[depth + 1.5, 0.5],
    )
    return figure


def view_rankings(comparison: RankingComparison) -> View:
    """Show one query, ranked by each method; where keywords find nothing there is none to draw."""
    figure = rankings_figure(comparison) if comparison.results[KEYWORD].matches else None
    return View(summarise_rankings(comparison), figure, (rankings_table(comparison),))
