"""Texts between two poles → sentences, strip, plane, tables."""

from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.analysis.axes import AxisPlane, LeftOutWord, Projection
from embviz.views.canvas import LONGEST_TITLE, blank_figure, label, wrapped
from embviz.views.colours import GREEN, GREY
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_truncated
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import join, number, percent, quote, share, shorten

# So many words of a pole are named in a sentence.
MOST_NAMED = 3
# An axis that keeps less than this many times what a random one keeps says little.
WORTH_SAYING = 2
LONGEST_STRIP_LABEL = 20
_ROW_HEIGHT = 18
# Two axes whose cosine is larger overlap.
_OVERLAP = 0.3


def summarise_projection(projection: Projection) -> str:
    """Name the ends of an axis and the texts that lie nearest to them."""
    first, last = projection.positions[0], projection.positions[-1]
    return (
        f"On the axis from {_pole(projection.low)} to {_pole(projection.high)}, "
        f"{quote(first.text)} comes first and {quote(last.text)} last. Of the common words, "
        f"{percent(first.percentile)} lie lower than the first and {percent(last.percentile)} "
        "lower than the last."
    )


def _pole(words: Sequence[str]) -> str:
    more = len(words) - MOST_NAMED
    named = [quote(word) for word in words[:MOST_NAMED]]
    return join([*named, f"{more} more"] if more > 0 else named)


def note_kept(projection: Projection) -> str:
    """Say how much of the texts' differences an axis holds, and whether that is much."""
    kept, random = projection.kept, projection.random_kept
    if not random:
        return "To the model these texts are all the same, so their order means nothing."
    sentence = (
        f"The axis holds {share(kept)} of what tells these texts apart (of their variance). From "
        f"one random common word to another, an axis holds {share(random)} on average"
    )
    if kept < WORTH_SAYING * random:
        return f"{sentence}. So these texts differ mostly in other ways."
    return f"{sentence}: this one holds {kept / random:.0f} times as much."


def note_without(projection: Projection) -> str:
    """Say how much of an order hangs on a single word of its poles."""
    if not projection.without:
        return (
            "Each end has only one word, so everything else that this word means is in the axis. "
            "Give each end some more words."
        )
    word = projection.without[0]
    return (
        f"The order depends most on the word {quote(word.text)}: without it, the Spearman "
        f"correlation with the order shown is {number(word.spearman, 2)}, where 1 is the same "
        "order and 0 is no relation."
    )


def positions_table(projection: Projection) -> Table:
    """All texts from low to high."""
    return Table(
        "From the low end to the high end",
        ("Rank", "Text", "Position", "Common words below"),
        tuple(
            (p.rank, p.text, rounded(p.position), percent(p.percentile))
            for p in projection.positions
        ),
    )


def without_table(projection: Projection) -> Table:
    """What becomes of the order without each word of the poles."""

    def row(word: LeftOutWord) -> tuple[str, str, float]:
        return word.text, word.pole, rounded(word.spearman)

    return Table(
        "The order without one of the words at the ends",
        ("Without", "End", "Spearman"),
        tuple(map(row, projection.without)),
    )


def strip_figure(projection: Projection) -> go.Figure:
    """A row a text, from low to high; the grey band holds half of the common words."""
    positions = projection.positions
    places = [p.position for p in positions]
    low, high = min(places), max(places)
    left, right = projection.common_quartiles
    # Beside the outermost dots there is room for a dot, and labels go to the other side.
    room = 0.06 * (max(high, right) - min(low, left)) or 0.1
    start, end = min(low, left) - room, max(high, right) + room
    figure = blank_figure(height=130 + _ROW_HEIGHT * len(positions))
    figure.add_vrect(left, right, fillcolor=GREY, opacity=0.2, line_width=0, layer="below")
    figure.add_scatter(
        x=places,
        y=[p.rank for p in positions],
        mode="markers+text",
        text=[
            f" {label(p.text, LONGEST_STRIP_LABEL)} · {_printed(p.percentile)} " for p in positions
        ],
        textposition=[
            "middle right" if place < (start + end) / 2 else "middle left" for place in places
        ],
        textfont={"size": 13},
        marker={"color": GREEN, "size": 10},
        customdata=[[wrapped(p.text), percent(p.percentile)] for p in positions],
        hovertemplate="%{customdata[0]}<br>position %{x:.3f}<br>higher than %{customdata[1]} of "
        "common words<extra></extra>",
        cliponaxis=False,
    )
    for text, side, line in (
        (f"← {_words(projection.low)}", 0, 24),
        (f"{_words(projection.high)} →", 1, 4),
    ):
        figure.add_annotation(
            text=f"<b>{text}</b>",
            xref="paper",
            yref="paper",
            x=side,
            xanchor=("left", "right")[side],
            y=1,
            yanchor="bottom",
            yshift=line,
            showarrow=False,
        )
    figure.update_layout(margin={"t": 52})
    figure.update_xaxes(
        range=[start, end],
        title_text="position (grey: half of the common words)<br>%: common words that lie lower",
    )
    figure.update_yaxes(visible=False, range=[len(positions) + 0.7, 0.3])
    return figure


def _printed(percentile: float) -> str:
    return percent(percentile).replace("at least", "≥")


def _words(pole: Sequence[str]) -> str:
    return label(", ".join(pole), LONGEST_TITLE)


def projection_csv(projection: Projection) -> str:
    """All texts from low to high."""
    return write_csv(
        ["rank", "text", "position", "percentile"],
        ([p.rank, p.text, p.position, p.percentile] for p in projection.positions),
    )


def view_projection(projection: Projection, *, max_tokens: int | None) -> View:
    """Show texts on an axis between two poles.

    Args:
        projection: The texts on their axis.
        max_tokens: How many tokens of a text the model reads.
    """
    tables = [positions_table(projection)]
    if projection.without:
        tables.append(without_table(projection))
    return View(
        summarise_projection(projection),
        strip_figure(projection),
        tuple(tables),
        notes=(
            note_kept(projection),
            note_without(projection),
            note_truncated(projection.truncated, max_tokens),
        ),
        facts={
            "lowest": projection.positions[0].text,
            "highest": projection.positions[-1].text,
            "kept": projection.kept,
        },
    )


def summarise_axis_plane(plane: AxisPlane) -> str:
    """Name the texts that lie highest on each of two axes, and how the axes lie to each other."""
    across, up = plane.horizontal, plane.vertical
    return (
        f"{quote(across.positions[-1].text)} lies farthest towards {_pole(across.high)}, "
        f"{quote(up.positions[-1].text)} farthest towards {_pole(up.high)}."
    )


def note_cosine(plane: AxisPlane) -> str:
    """Say how far two axes are from a right angle."""
    cosine = plane.cosine
    sentence = (
        f"The two axes have a cosine of {number(cosine, 2)}: 0 means that they stand at a right "
        "angle, 1 that they are the same, −1 that they point in opposite directions. They are "
        "always drawn at a right angle."
    )
    if abs(cosine) < _OVERLAP:
        return sentence
    other = "high" if cosine > 0 else "low"
    return f"{sentence} These overlap: what lies high on one tends to lie {other} on the other."


def axis_plane_table(plane: AxisPlane) -> Table:
    """All texts in the order in which they were given, with their place on both axes."""
    towards = [
        f"Towards {shorten(axis.high[0], 16)}" for axis in (plane.horizontal, plane.vertical)
    ]
    return Table(
        "Positions on both axes",
        ("Text", towards[0], "Common words below", towards[1], "Common words below"),
        tuple(
            (
                x.text,
                rounded(x.position),
                percent(x.percentile),
                rounded(y.position),
                percent(y.percentile),
            )
            for x, y in plane.points
        ),
    )


def axis_plane_figure(plane: AxisPlane) -> go.Figure:
    """Each text at its place on both axes; maps.js shows as many labels as have room."""
    figure = blank_figure(height=460)
    figure.add_scatter(
        x=[x.position for x, _ in plane.points],
        y=[y.position for _, y in plane.points],
        mode="markers+text",
        text=[label(x.text, LONGEST_STRIP_LABEL) for x, _ in plane.points],
        textposition="top center",
        textfont={"size": 13},
        marker={"color": GREEN, "size": 10, "opacity": 1},
        customdata=[
            [wrapped(x.text), percent(x.percentile), percent(y.percentile)] for x, y in plane.points
        ],
        hovertemplate="%{customdata[0]}<br>%{x:.3f} across: higher than %{customdata[1]} of common "
        "words<br>%{y:.3f} up: higher than %{customdata[2]}<extra></extra>",
    )
    figure.update_layout(dragmode="pan", meta={"map": {"marked": 0}})
    for axis, projection in (("xaxis", plane.horizontal), ("yaxis", plane.vertical)):
        low, high = projection.positions[0].position, projection.positions[-1].position
        room = 0.12 * (high - low) or 0.1
        ends = f"{label(projection.low[0], 16)} → {label(projection.high[0], 16)}"
        figure.layout[axis].update(
            fixedrange=False, range=[low - room, high + room], title_text=ends
        )
    return figure


def view_axis_plane(plane: AxisPlane, *, max_tokens: int | None) -> View:
    """Show texts on two axes at once.

    Args:
        plane: The texts on both axes.
        max_tokens: How many tokens of a text the model reads.
    """
    axes = {"Across": plane.horizontal, "Up": plane.vertical}
    return View(
        summarise_axis_plane(plane),
        axis_plane_figure(plane),
        (axis_plane_table(plane),),
        notes=(
            note_cosine(plane),
            *(f"{way}: {note_kept(axis)} {note_without(axis)}" for way, axis in axes.items()),
            note_truncated(
                tuple(dict.fromkeys(t for axis in axes.values() for t in axis.truncated)),
                max_tokens,
            ),
        ),
        facts={"cosine": plane.cosine},
    )
