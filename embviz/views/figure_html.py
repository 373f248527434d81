"""A figure as a page of its own."""

import plotly.graph_objects as go
import plotly.io


def page_html(figure: go.Figure) -> str:
    """A page that shows the figure, to be pointed at as in the app, without any network.

    It carries the whole of Plotly, 4.8 MB: a page that took it from the web would tell others of
    its readers, and be empty the day it is shown in a room without a connection.
    """
    page: str = plotly.io.to_html(figure, include_plotlyjs=True)
    return page
