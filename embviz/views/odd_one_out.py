"""The text least like the others → sentence, figure."""

import numpy as np
import plotly.graph_objects as go

from embviz.analysis.similarity import SimilarityMatrix
from embviz.language import gettext
from embviz.views.canvas import bar_figure, label
from embviz.views.colours import BLUE, ORANGE
from embviz.views.view import View
from embviz.views.wording import number, quote


def summarise_odd_one_out(matrix: SimilarityMatrix) -> str:
    """Name the text that belongs least to the others, and how clear that is."""
    if matrix.odd_one_out is None:
        return gettext("With two texts, neither is the odd one out: type at least three.")
    by_belonging = np.argsort(matrix.belonging)
    odd, next_odd = (matrix.texts[i] for i in by_belonging[:2])
    lowest, next_lowest = matrix.belonging[by_belonging[:2]]
    return gettext(
        "The odd one out is {odd}: its mean similarity to the others is {lowest}. Next comes "
        "{next_odd} with {next_lowest}. The closer these two numbers are, the less clear is the "
        "choice.",
        odd=quote(odd),
        lowest=number(lowest),
        next_odd=quote(next_odd),
        next_lowest=number(next_lowest),
    )


def belonging_figure(matrix: SimilarityMatrix) -> go.Figure:
    """Bars of how much each text is like the others, the odd one out last and orange."""
    order = sorted(range(len(matrix.texts)), key=lambda i: -matrix.belonging[i])
    figure = bar_figure(
        values=[float(matrix.belonging[i]) for i in order],
        texts=[matrix.texts[i] for i in order],
        colours=[ORANGE if i == matrix.odd_one_out else BLUE for i in order],
        title=gettext("mean similarity to the others"),
    )
    names = [label(matrix.texts[i]) for i in order]
    figure.update_yaxes(tickvals=list(range(len(order))), ticktext=names)
    return figure


def view_odd_one_out(matrix: SimilarityMatrix) -> View:
    """Show which text is least like the others."""
    figure = belonging_figure(matrix) if matrix.odd_one_out is not None else None
    return View(summarise_odd_one_out(matrix), figure)
