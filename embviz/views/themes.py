"""Documents grouped by meaning → sentences, map, table."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from embviz.analysis.projection import TextMap
from embviz.analysis.themes import Theme, Themes
from embviz.language import gettext, gettext_noop, ngettext
from embviz.views.canvas import LONGEST_TITLE, blank_figure, label, wrapped
from embviz.views.colours import GROUP_COLOURS, GROUP_SYMBOLS
from embviz.views.notes import note_truncated
from embviz.views.projection import (
    LONGEST_MAP_LABEL,
    LONGEST_MARKED_LABEL,
    MANY_TEXTS,
    summarise_map,
)
from embviz.views.table import Table
from embviz.views.view import View
from embviz.views.wording import join, number, quote

# So many themes are named in a sentence.
MOST_NAMED = 3
# By the kind of the unrelated texts.
_UNRELATED = {
    "words": gettext_noop("unrelated words"),
    "sentences": gettext_noop("unrelated sentences"),
}
_CLEAR = {
    "words": gettext_noop(
        "This grouping is clear: its silhouette is {silhouette}, while unrelated words drawn at "
        "random reach {unrelated} on average; with the values of each dimension shuffled among the "
        "documents, the groups reach {shuffled} on average."
    ),
    "sentences": gettext_noop(
        "This grouping is clear: its silhouette is {silhouette}, while unrelated sentences drawn "
        "at random reach {unrelated} on average; with the values of each dimension shuffled among "
        "the documents, the groups reach {shuffled} on average."
    ),
}
_NO_CLEARER_THAN_UNRELATED = {
    "words": gettext_noop(
        "This grouping is clearer than chance but no clearer than texts without any theme: "
        "unrelated words drawn at random reach {unrelated} on average, and more than {high} in 5 "
        "of 100 draws, while its silhouette is {silhouette}."
    ),
    "sentences": gettext_noop(
        "This grouping is clearer than chance but no clearer than texts without any theme: "
        "unrelated sentences drawn at random reach {unrelated} on average, and more than {high} in "
        "5 of 100 draws, while its silhouette is {silhouette}."
    ),
}
# A line of the legend, in pixels.
_LEGEND_LINE = 20


def summarise_themes(themes: Themes) -> str:
    """Name the largest themes, and say whether they are more than chance."""
    return f"{_name_largest(themes)} {explain_clarity(themes)}"


def _name_largest(themes: Themes) -> str:
    named = [f"{quote(t.label)} ({len(t.documents)})" for t in themes.themes[:MOST_NAMED]]
    more = len(themes.themes) - MOST_NAMED
    if more > 0:
        named.append(ngettext("{n} more", "{n} more", more))
    return gettext(
        "The {documents} documents fall into {themes} themes: {named}.",
        documents=len(themes.documents),
        themes=len(themes.themes),
        named=join(named),
    )


def explain_clarity(themes: Themes) -> str:
    """Say how clear the groups are, beside what chance and unrelated texts reach."""
    silhouette = number(themes.silhouette, 2)
    shuffled = number(themes.random_silhouette, 2)
    unrelated = number(themes.unrelated_silhouette, 2)
    if themes.clear:
        return gettext(
            _CLEAR[themes.unrelated],
            silhouette=silhouette,
            unrelated=unrelated,
            shuffled=shuffled,
        )
    if themes.silhouette <= themes.random_high:
        verdict = gettext(
            "This grouping is no clearer than chance: with the values of each dimension shuffled "
            "among the documents, the groups reach {shuffled} on average, and more than {high} in "
            "5 of 100 draws, while its silhouette is {silhouette}.",
            shuffled=shuffled,
            high=number(themes.random_high, 2),
            silhouette=silhouette,
        )
    else:
        verdict = gettext(
            _NO_CLEARER_THAN_UNRELATED[themes.unrelated],
            unrelated=unrelated,
            high=number(themes.unrelated_high, 2),
            silhouette=silhouette,
        )
    warning = gettext("Do not read much into these themes.")
    return f"{verdict} {warning}"


def note_silhouette(themes: Themes) -> str:
    """Say what the silhouette means, and where the number of themes comes from."""
    sentence = gettext(
        "The silhouette is 1 if every document is far nearer to its own theme than to any other, "
        "0 if it is as near to another, and below 0 if it is nearer to another."
    )
    if not themes.chosen:
        return sentence
    chosen = gettext("The number of themes was chosen so that it is highest.")
    return f"{sentence} {chosen}"


def note_map(text_map: TextMap) -> str:
    """Say how far to trust the map."""
    origin = gettext(
        "The themes were found among the vectors themselves, not on this map, where a theme can "
        "look scattered."
    )
    return f"{origin} {summarise_map(replace(text_map, worst=()))}"


def themes_table(themes: Themes) -> Table:
    """All documents by theme."""
    return Table(
        gettext("All documents by theme, those nearest to its centre first"),
        (gettext("Theme"), gettext("Document")),
        tuple(
            (theme.label, themes.documents[i]) for theme in themes.themes for i in theme.documents
        ),
    )


def themes_figure(themes: Themes, text_map: TextMap) -> go.Figure:
    """The documents on a map, each with the colour and the symbol of its theme.

    The last points are the centres of the themes, where nothing but their names stands; maps.js
    shows those labels first, and clear of the documents. See `map_figure`.

    Args:
        themes: The themes.
        text_map: Their documents, in the same order.
    """
    count = len(themes.documents)
    theme_of = {i: n for n, theme in enumerate(themes.themes) for i in theme.documents}
    styles = [theme_of[i] for i in range(count)]
    # The largest theme comes last, since it is the most important one.
    centres = list(range(len(themes.themes)))[::-1]
    places = np.vstack(
        [
            text_map.positions,
            *(text_map.positions[list(themes.themes[n].documents)].mean(axis=0) for n in centres),
        ]
    )
    figure = blank_figure(
        height=(460 if count <= MANY_TEXTS else 600) + _LEGEND_LINE * len(centres) // 2
    )
    figure.add_scatter(
        x=places[:, 0].tolist(),
        y=places[:, 1].tolist(),
        mode="markers+text",
        text=[
            *(label(text, LONGEST_MAP_LABEL) for text in themes.documents),
            *(f"<b>{label(themes.themes[n].label, LONGEST_MARKED_LABEL)}</b>" for n in centres),
        ],
        textposition="top center",
        textfont={"size": 13},
        marker={
            "color": [GROUP_COLOURS[n] for n in (*styles, *centres)],
            "symbol": [GROUP_SYMBOLS[n] for n in (*styles, *centres)],
            "size": [11 if count <= MANY_TEXTS else 8] * count + [1] * len(centres),
            "opacity": [1] * count + [0] * len(centres),
        },
        customdata=[
            *(
                f"{wrapped(text, lines=3)}<br>"
                + gettext("Theme: {theme}", theme=wrapped(themes.themes[n].label, lines=2))
                for text, n in zip(themes.documents, styles, strict=True)
            ),
            *(_describe(themes.themes[n]) for n in centres),
        ],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
    for n, theme in enumerate(themes.themes):
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={"color": GROUP_COLOURS[n], "symbol": GROUP_SYMBOLS[n], "size": 11},
            name=f"{label(theme.label, LONGEST_TITLE)} ({len(theme.documents)})",
        )
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 44, "b": 8},
        dragmode="pan",
        meta={"map": {"marked": len(centres), "areas": len(centres)}},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 0,
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )
    for axis, values in (("xaxis", places[:, 0]), ("yaxis", places[:, 1])):
        room = 0.06 * float(places.max() - places.min())
        low, high = float(values.min()), float(values.max())
        figure.layout[axis].update(visible=False, fixedrange=False, range=[low - room, high + room])
    figure.update_yaxes(scaleanchor="x")
    return figure


def _describe(theme: Theme) -> str:
    count = ngettext("{n} document", "{n} documents", len(theme.documents))
    return f"{wrapped(theme.label, lines=2)}<br>{count}"


def view_themes(themes: Themes, text_map: TextMap | None, max_tokens: int | None) -> View:
    """Show documents by theme.

    Args:
        themes: The themes.
        text_map: Their documents, in the same order; None if these are too few for a map.
        max_tokens: How many tokens of a text the model reads.
    """
    return View(
        summarise_themes(themes),
        themes_figure(themes, text_map) if text_map else None,
        (themes_table(themes),),
        numbers={
            gettext("silhouette"): number(themes.silhouette, 2),
            gettext("shuffled"): number(themes.random_silhouette, 2),
            gettext(_UNRELATED[themes.unrelated]): number(themes.unrelated_silhouette, 2),
        },
        notes=(
            note_silhouette(themes),
            note_map(text_map) if text_map else "",
            note_truncated(themes.truncated, max_tokens),
        ),
        facts={"themes": len(themes.themes), "clear": themes.clear},
    )
