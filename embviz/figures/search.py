"""Which documents? → Plotly figures."""

import plotly.graph_objects as go

from embviz.figures.canvas import GREEN, LONGEST_TITLE, bar_figure, label
from embviz.search import SearchResult


def search_figure(result: SearchResult) -> go.Figure:
    """Bars from the best document down, each under the beginning of its text."""
    figure = bar_figure(
        values=[hit.score for hit in result.matches],
        texts=[hit.text for hit in result.matches],
        colours=[GREEN] * len(result.matches),
        title="score",
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
