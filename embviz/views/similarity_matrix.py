"""All pairs of a list → sentence, table, heat map, CSV."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import plotly.graph_objects as go

from embviz.analysis.baseline import SENTENCES, WORDS, Chance
from embviz.analysis.similarity import SimilarityMatrix
from embviz.language import gettext, gettext_noop
from embviz.views.canvas import LONGEST_TITLE, MOST_PRINTED_VALUES, add_heatmap, blank_figure, label
from embviz.views.colours import COLOURS, Colours, contrast
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_commas, note_truncated
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import join, number, quote

# What the colour between the ends stands for.
_MIDDLE: dict[Colours, str] = {
    "purple-green": gettext_noop(
        "White stands for what unrelated {texts} score on average: {mean}."
    ),
    "red-green": gettext_noop(
        "Pale yellow stands for what unrelated {texts} score on average: {mean}."
    ),
}
# What `Chance.texts` can be.
_UNRELATED = {
    WORDS: gettext_noop("words"),
    SENTENCES: gettext_noop("sentences"),
    "texts": gettext_noop("texts"),
}

_Value = TypeVar("_Value")
_Other = TypeVar("_Other")


def summarise_matrix(matrix: SimilarityMatrix) -> str:
    """Name the most and the least alike pair."""
    most, least = matrix.pairs[0], matrix.pairs[-1]
    sentences = [
        gettext(
            "Most alike: {texts} ({similarity}).",
            texts=join([quote(most.text_a), quote(most.text_b)]),
            similarity=number(most.similarity),
        )
    ]
    if most != least:
        sentences.append(
            gettext(
                "Least alike: {texts} ({similarity}).",
                texts=join([quote(least.text_a), quote(least.text_b)]),
                similarity=number(least.similarity),
            )
        )
    return " ".join(sentences)


def note_colours(colours: Colours, chance: Chance | None) -> str:
    """Say what the colour between the ends stands for; nothing where that is 0."""
    if chance is None:
        return ""
    return gettext(
        _MIDDLE[colours], texts=gettext(_UNRELATED[chance.texts]), mean=number(chance.mean, 2)
    )


def similarity_matrix_table(matrix: SimilarityMatrix) -> Table:
    """All pairs, the most alike first."""
    pairs = matrix.pairs
    caption, in_file = gettext("The only pair"), ""
    if len(pairs) > 1:
        caption = gettext("All {pairs} pairs, the most alike first", pairs=len(pairs))
        in_file = gettext("all {pairs} pairs", pairs=len(pairs))
    return Table(
        caption,
        (gettext("Rank"), gettext("Text A"), gettext("Text B"), gettext("Similarity")),
        tuple((p.rank, p.text_a, p.text_b, rounded(p.similarity)) for p in pairs),
        pairs=tuple((p.text_a, p.text_b) for p in pairs),
        action=gettext("Compare {text_a} and {text_b}", text_a="{0}", text_b="{1}"),
        in_file=in_file,
    )


def similarity_matrix_figure(
    matrix: SimilarityMatrix, *, colours: Colours, chance: Chance | None = None
) -> go.Figure:
    """A heat map of all pairs; green is alike.

    Args:
        matrix: All pairs of the list.
        colours: The colours of the heat map.
        chance: What unrelated texts score: there stands the colour between the ends, and less than
            chance varies is not painted in the colour of the unlike. If None, it stands at 0.
    """
    count = len(matrix.texts)
    names = [label(text) for text in matrix.texts]
    longer = [label(text, LONGEST_TITLE) for text in matrix.texts]
    places = list(range(count))
    few = count <= MOST_PRINTED_VALUES
    values = matrix.similarities.tolist()
    scale = _colour_scale(values, COLOURS[colours], chance)
    texts = join(["%{customdata[0]}", "%{customdata[1]}"])
    if sum(sorted(map(len, longer))[-2:]) > LONGEST_TITLE:
        # Two long names need a line each.
        texts = gettext(
            "{text_a}<br>and {text_b}", text_a="%{customdata[0]}", text_b="%{customdata[1]}"
        )
    figure = blank_figure(height=max(260, 120 + (28 if few else 17) * count))
    attributes = {
        "x": places,
        "y": places,
        "colorscale": scale.stops,
        "zmin": scale.low,
        "zmax": 1,
        "xgap": 1,
        "ygap": 1,
        "texttemplate": "%{text}" if few else None,
    }
    printed = [[number(value, 2) for value in row] for row in values] if few else []
    dark = [[scale.is_dark(value) for value in row] for row in values] if few else []
    add_heatmap(
        figure,
        z=values,
        text=_where(dark, printed, wanted=False, otherwise="") if few else None,
        textfont={"color": "#000000"},
        customdata=[[[a, b] for b in longer] for a in longer],
        hovertemplate=texts + ": %{z:.3f}<extra></extra>",
        colorbar={
            "thickness": 12,
            "tickvals": [scale.low, scale.middle, 1],
            "ticktext": [number(scale.low, 2), number(scale.middle, 2), "1"],
        },
        **attributes,
    )
    if few:
        # The numbers of a heat map have one colour, so those in dark cells are one of their own.
        add_heatmap(
            figure,
            z=_where(dark, values, wanted=True, otherwise=None),
            text=_where(dark, printed, wanted=True, otherwise=""),
            textfont={"color": "#ffffff"},
            hoverinfo="skip",
            showscale=False,
            **attributes,
        )
    font = {"size": 14 if few else 11}
    figure.update_xaxes(
        tickvals=places, ticktext=names, tickangle=-45 if few else -90, tickfont=font
    )
    figure.update_yaxes(tickvals=places, ticktext=names, autorange="reversed", tickfont=font)
    # Labels are shortened and escaped; a click needs the texts themselves.
    figure.update_layout(meta={"texts": list(matrix.texts)})
    return figure


@dataclass(frozen=True)
class _ColourScale:
    """Colours for similarities.

    Attributes:
        low: Where it begins; it ends at 1.
        middle: The similarity that has the colour between the ends.
        stops: Colours and where they stand, from 0 at the beginning to 1 at the end.
    """

    low: float
    middle: float
    stops: tuple[tuple[float, str], ...]

    def is_dark(self, similarity: float) -> bool:
        """Whether white can be read better than black in a cell."""
        colour = self._colour(similarity)
        return contrast(colour, "#ffffff") > contrast(colour, "#000000")

    def _colour(self, similarity: float) -> str:
        places, colours = zip(*self.stops, strict=True)
        place = (similarity - self.low) / (1 - self.low)
        channels = (
            np.interp(place, places, [int(colour[i : i + 2], 16) for colour in colours])
            for i in (1, 3, 5)
        )
        return "#" + "".join(f"{round(channel):02x}" for channel in channels)


def _colour_scale(
    values: list[list[float]], colours: list[str], chance: Chance | None
) -> _ColourScale:
    # A model to which all texts are alike leaves no room for a colour below its average.
    if chance is None or chance.mean >= 1:
        low, middle = -1.0, 0.0
    else:
        middle = chance.mean
        low = min(chance.mean - 2 * chance.deviation, min(map(min, values)))
    white = (middle - low) / (1 - low)
    half = len(colours) // 2
    # Plotly takes no scale that does not end at exactly 1.
    places = np.interp(np.arange(len(colours)), [0, half, len(colours) - 1], [0, white, 1])
    return _ColourScale(low, middle, tuple(zip(places.tolist(), colours, strict=True)))


def _where(
    mask: list[list[bool]], values: list[list[_Value]], *, wanted: bool, otherwise: _Other
) -> list[list[_Value | _Other]]:
    """The values whose cell of the mask is as wanted, something else in the other cells."""
    return [
        [value if masked == wanted else otherwise for masked, value in zip(*rows, strict=True)]
        for rows in zip(mask, values, strict=True)
    ]


def similarity_matrix_csv(matrix: SimilarityMatrix) -> str:
    """All n × n similarities, a text a row and a column."""
    rows = zip(matrix.texts, matrix.similarities.tolist(), strict=True)
    return write_csv(["text", *matrix.texts], ([text, *values] for text, values in rows))


def view_matrix(
    matrix: SimilarityMatrix,
    *,
    ordered: bool,
    colours: Colours,
    max_tokens: int | None,
    chance: Chance | None = None,
) -> View:
    """Show how alike the texts of a list are.

    Args:
        matrix: All pairs of the list.
        ordered: Whether alike texts stand side by side in the heat map.
        colours: The colours of the heat map.
        max_tokens: How many tokens of a text the model reads.
        chance: What unrelated texts score, if that is known.
    """
    drawn = matrix.reordered() if ordered else matrix
    return View(
        summarise_matrix(matrix),
        similarity_matrix_figure(drawn, colours=colours, chance=chance),
        (similarity_matrix_table(matrix),),
        notes=(
            note_colours(colours, chance),
            note_commas(matrix.texts),
            note_truncated(matrix.truncated, max_tokens),
            gettext(
                "Choose a cell, or a row of the table, to compare that pair under “Two texts”."
            ),
        ),
    )
