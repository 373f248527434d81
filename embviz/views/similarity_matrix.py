"""All pairs of a list → sentence, table, heat map, CSV."""

import plotly.graph_objects as go

from embviz.analysis.similarity import SimilarityMatrix
from embviz.views.canvas import (
    COLOURS,
    LONGEST_TITLE,
    MOST_PRINTED_VALUES,
    Colours,
    add_heatmap,
    blank_figure,
    label,
)
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_commas, note_truncated
from embviz.views.phrases import number, quote
from embviz.views.table import Table, rounded
from embviz.views.view import View


def summarise_matrix(matrix: SimilarityMatrix) -> str:
    """Name the most and the least alike pair."""
    most, least = matrix.pairs[0], matrix.pairs[-1]
    sentence = (
        f"Most alike: {quote(most.text_a)} and {quote(most.text_b)} ({number(most.similarity)})"
    )
    if most == least:
        return f"{sentence}."
    return (
        f"{sentence}. Least alike: {quote(least.text_a)} and {quote(least.text_b)} "
        f"({number(least.similarity)})."
    )


def similarity_matrix_table(matrix: SimilarityMatrix) -> Table:
    """All pairs, the most alike first."""
    pairs = matrix.pairs
    return Table(
        f"All {len(pairs)} pairs, the most alike first" if len(pairs) > 1 else "The only pair",
        ("Rank", "Text A", "Text B", "Similarity"),
        tuple((p.rank, p.text_a, p.text_b, rounded(p.similarity)) for p in pairs),
        pairs=tuple((p.text_a, p.text_b) for p in pairs),
        action="Compare these two above",
        in_file=f"all {len(pairs)} pairs" if len(pairs) > 1 else "",
    )


def similarity_matrix_figure(matrix: SimilarityMatrix, *, colours: Colours) -> go.Figure:
    """A heat map of all pairs; green is alike, the colour between the ends stands for 0."""
    count = len(matrix.texts)
    names = [label(text) for text in matrix.texts]
    longer = [label(text, LONGEST_TITLE) for text in matrix.texts]
    places = list(range(count))
    few = count <= MOST_PRINTED_VALUES
    figure = blank_figure(height=max(260, 120 + (28 if few else 17) * count))
    add_heatmap(
        figure,
        z=matrix.similarities.tolist(),
        x=places,
        y=places,
        texttemplate="%{z:.2f}" if few else None,
        customdata=[[[a, b] for b in longer] for a in longer],
        hovertemplate="%{customdata[0]} and %{customdata[1]}: %{z:.3f}<extra></extra>",
        colorscale=COLOURS[colours],
        zmin=-1,
        zmax=1,
        xgap=1,
        ygap=1,
        colorbar={"thickness": 12, "tickvals": [-1, 0, 1]},
    )
    font = {"size": 14 if few else 11}
    figure.update_xaxes(
        tickvals=places, ticktext=names, tickangle=-45 if few else -90, tickfont=font
    )
    figure.update_yaxes(tickvals=places, ticktext=names, autorange="reversed", tickfont=font)
    # Labels are shortened and escaped; a click needs the texts themselves.
    figure.update_layout(meta={"texts": list(matrix.texts)})
    return figure


def similarity_matrix_csv(matrix: SimilarityMatrix) -> str:
    """All n × n similarities, a text a row and a column."""
    rows = zip(matrix.texts, matrix.similarities.tolist(), strict=True)
    return write_csv(["text", *matrix.texts], ([text, *values] for text, values in rows))


def view_matrix(
    matrix: SimilarityMatrix, *, ordered: bool, colours: Colours, max_tokens: int | None
) -> View:
    """Show how alike the texts of a list are.

    Args:
        matrix: All pairs of the list.
        ordered: Whether alike texts stand side by side in the heat map.
        colours: The colours of the heat map.
        max_tokens: How many tokens of a text the model reads.
    """
    drawn = matrix.reordered() if ordered else matrix
    return View(
        summarise_matrix(matrix),
        similarity_matrix_figure(drawn, colours=colours),
        (similarity_matrix_table(matrix),),
        notes=(
            note_commas(matrix.texts),
            note_truncated(matrix.truncated, max_tokens),
            "Click a cell or a row to compare that pair above.",
        ),
    )
