"""Which tokens make a similarity → sentence, heat map."""

import numpy as np
import plotly.graph_objects as go

from embviz.analysis.attribution import Explanation
from embviz.language import gettext
from embviz.views.canvas import MOST_PRINTED_VALUES, add_heatmap, blank_figure, label
from embviz.views.colours import COLOURS, DEFAULT_COLOURS
from embviz.views.view import View
from embviz.views.wording import join, number, quote


def summarise_attribution(explanation: Explanation) -> str:
    """Say what the contributions of tokens sum to, and what they do not mean."""
    most = np.unravel_index(explanation.contributions.argmax(), explanation.contributions.shape)
    finding = gettext(
        "Of the similarity {similarity}, {a} in one text and {b} in the other add most: {most}.",
        similarity=number(explanation.similarity),
        a=quote(explanation.tokens_a[most[0]]),
        b=quote(explanation.tokens_b[most[1]]),
        most=number(explanation.contributions[most]),
    )
    meaning = gettext(
        "Each cell is what one pair of tokens adds; all cells together are {total}. Each token is "
        "shaded by what its cells add. Tokens are words or pieces of words; [CLS] and [SEP] mark "
        "start and end. The model reads each in its context, so this is not what the words would "
        "mean alone.",
        total=number(explanation.contributions.sum()),
    )
    return f"{finding} {meaning}"


def explanation_figure(explanation: Explanation) -> go.Figure:
    """A heat map of what each pair of tokens adds; the neutral colour stands for nothing."""
    rows, columns = explanation.contributions.shape
    limit = float(np.abs(explanation.contributions).max())
    few = max(rows, columns) <= MOST_PRINTED_VALUES
    figure = blank_figure(height=max(240, 120 + 26 * min(rows, MOST_PRINTED_VALUES)))
    add_heatmap(
        figure,
        z=explanation.contributions.tolist(),
        x=list(range(columns)),
        y=list(range(rows)),
        text=[list(map(number, row)) for row in explanation.contributions.tolist()],
        texttemplate="%{text}" if few else None,
        hovertemplate=join(["%{y}", "%{x}"]) + ": %{z:.4f}<extra></extra>",
        colorscale=COLOURS[DEFAULT_COLOURS],
        zmin=-limit,
        zmax=limit,
        xgap=1 if few else 0,
        ygap=1 if few else 0,
        colorbar={"thickness": 12, "tickvals": [-limit, 0, limit], "tickformat": ".3f"},
    )
    tokens_a = [label(token) for token in explanation.tokens_a]
    tokens_b = [label(token) for token in explanation.tokens_b]
    figure.update_xaxes(tickvals=list(range(columns)), ticktext=tokens_b, tickangle=-45)
    figure.update_yaxes(tickvals=list(range(rows)), ticktext=tokens_a, autorange="reversed")
    return figure


def view_attribution(explanation: Explanation, name_a: str, name_b: str) -> View:
    """Show which tokens make a similarity.

    Args:
        explanation: The similarity, taken apart.
        name_a: What people call the first text.
        name_b: What people call the second text.
    """
    return View(
        summarise_attribution(explanation),
        explanation_figure(explanation),
        tokens=shaded_tokens(explanation, name_a, name_b),
    )


def shaded_tokens(
    explanation: Explanation, name_a: str, name_b: str
) -> dict[str, list[tuple[str, float]]]:
    """The tokens of both texts, under what people call these, and what each adds."""
    return {
        name_a: list(zip(explanation.tokens_a, explanation.shares_a.tolist(), strict=True)),
        name_b: list(zip(explanation.tokens_b, explanation.shares_b.tolist(), strict=True)),
    }
