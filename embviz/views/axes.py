"""Texts between two poles → sentences, strip, plane, tables."""

from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.analysis.axes import AxisPlane, LeftOutWord, Projection
from embviz.language import gettext, gettext_noop, ngettext
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
_ENDS = {"low": gettext_noop("low"), "high": gettext_noop("high")}


def summarise_projection(projection: Projection) -> str:
    """Name the ends of an axis and the texts that lie nearest to them."""
    first, last = projection.positions[0], projection.positions[-1]
    return gettext(
        "On the axis from {low} to {high}, {first} comes first and {last} last: {first} lies "
        "higher than {below_first} of the common words, {last} higher than {below_last}.",
        low=_pole(projection.low),
        high=_pole(projection.high),
        first=quote(first.text),
        last=quote(last.text),
        below_first=percent(first.percentile),
        below_last=percent(last.percentile),
    )


def _pole(words: Sequence[str]) -> str:
    more = len(words) - MOST_NAMED
    named = [quote(word) for word in words[:MOST_NAMED]]
    if more <= 0:
        return join(named)
    return ngettext("{words} and {n} more", "{words} and {n} more", more, words=", ".join(named))


def note_kept(projection: Projection) -> str:
    """Say how much of the texts' differences an axis holds, and whether that is much."""
    kept, random = projection.kept, projection.random_kept
    if not random:
        return gettext("To the model these texts are all the same, so their order means nothing.")
    holds = gettext(
        "These texts differ in many ways: the axis holds {share} of their differences (their "
        "variance).",
        share=share(kept),
    )
    if kept < WORTH_SAYING * random:
        compared = gettext(
            "An axis between two random words holds {share} on average, so this one says little "
            "about them.",
            share=share(random),
        )
    else:
        compared = gettext(
            "An axis between two random words holds {share} on average: this one holds {times} "
            "times as much.",
            share=share(random),
            times=f"{kept / random:.0f}",
        )
    return f"{holds} {compared}"


def note_without(projection: Projection) -> str:
    """Say how much of an order hangs on a single word of its poles."""
    if not projection.without:
        return gettext(
            "Each end has only one word, so everything else that this word means is in the axis. "
            "Give each end some more words."
        )
    word = projection.without[0]
    return gettext(
        "The order depends most on the word {word}. How alike the order without it is to the one "
        "shown: {spearman}, where 1 is the same and 0 is no relation (Spearman correlation).",
        word=quote(word.text),
        spearman=number(word.spearman, 2),
    )


def positions_table(projection: Projection) -> Table:
    """All texts from low to high."""
    return Table(
        gettext("From the low end to the high end"),
        (gettext("Rank"), gettext("Text"), gettext("Position"), gettext("Common words below")),
        tuple(
            (p.rank, p.text, rounded(p.position), percent(p.percentile))
            for p in projection.positions
        ),
    )


def without_table(projection: Projection) -> Table:
    """What becomes of the order without each word of the poles."""

    def row(word: LeftOutWord) -> tuple[str, str, float]:
        return word.text, gettext(_ENDS[word.pole]), rounded(word.spearman)

    return Table(
        gettext("The order without one of the words at the ends"),
        (gettext("Without"), gettext("End"), "Spearman"),
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
        hovertemplate=gettext(
            "{text}<br>position {position}<br>higher than {share} of common words",
            text="%{customdata[0]}",
            position="%{x:.3f}",
            share="%{customdata[1]}",
        )
        + "<extra></extra>",
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
        title_text=gettext(
            "position on the axis<br>grey: the middle half of the common words<br>"
            "%: common words that lie lower"
        ),
    )
    figure.update_yaxes(visible=False, range=[len(positions) + 0.7, 0.3])
    return figure


def _printed(percentile: float) -> str:
    return percent(percentile) if percentile < 100 else "≥ 99.9 %"


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
    return gettext(
        "{first} lies farthest towards {right}, {second} farthest towards {top}.",
        first=quote(across.positions[-1].text),
        right=_pole(across.high),
        second=quote(up.positions[-1].text),
        top=_pole(up.high),
    )


def note_cosine(plane: AxisPlane) -> str:
    """Say how far two axes are from a right angle."""
    cosine = plane.cosine
    sentence = gettext(
        "The two axes have a cosine of {cosine}: 0 means that they stand at a right angle, 1 that "
        "they are the same, −1 that they point in opposite directions. They are always drawn at a "
        "right angle.",
        cosine=number(cosine, 2),
    )
    if abs(cosine) < _OVERLAP:
        return sentence
    if cosine > 0:
        overlap = gettext("These overlap: what lies high on one tends to lie high on the other.")
    else:
        overlap = gettext("These overlap: what lies high on one tends to lie low on the other.")
    return f"{sentence} {overlap}"


def axis_plane_table(plane: AxisPlane) -> Table:
    """All texts in the order in which they were given, with their place on both axes."""
    towards = [
        gettext("Towards {word}", word=shorten(axis.high[0], 16))
        for axis in (plane.horizontal, plane.vertical)
    ]
    below = gettext("Common words below")
    return Table(
        gettext("Positions on both axes"),
        (gettext("Text"), towards[0], below, towards[1], below),
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
        hovertemplate=gettext(
            "{text}<br>{across} across: higher than {share_across} of common words<br>"
            "{up} up: higher than {share_up}",
            text="%{customdata[0]}",
            across="%{x:.3f}",
            share_across="%{customdata[1]}",
            up="%{y:.3f}",
            share_up="%{customdata[2]}",
        )
        + "<extra></extra>",
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
    across, up = (
        f"{note_kept(axis)} {note_without(axis)}" for axis in (plane.horizontal, plane.vertical)
    )
    truncated = (*plane.horizontal.truncated, *plane.vertical.truncated)
    return View(
        summarise_axis_plane(plane),
        axis_plane_figure(plane),
        (axis_plane_table(plane),),
        notes=(
            note_cosine(plane),
            gettext("Across: {notes}", notes=across),
            gettext("Up: {notes}", notes=up),
            note_truncated(tuple(dict.fromkeys(truncated)), max_tokens),
        ),
        facts={"cosine": plane.cosine},
    )
