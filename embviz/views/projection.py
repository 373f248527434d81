"""Texts in two dimensions → sentence, map."""

from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.analysis.projection import TextMap
from embviz.language import gettext
from embviz.views.canvas import blank_figure, label, wrapped
from embviz.views.colours import BLUE, GREEN, GREY, ORANGE
from embviz.views.view import View
from embviz.views.wording import join, number, quote, shorten

LONGEST_MAP_LABEL = 20
LONGEST_MARKED_LABEL = 28
# As many characters of neighbours have room in a hover box.
LONGEST_NEAREST = 80
# Above this many texts, the dots are smaller and the map is higher.
MANY_TEXTS = 60


def summarise_map(text_map: TextMap, *, words: bool = True) -> str:
    """Say how far a map of words, or else of texts, can be trusted."""
    random, trust = text_map.random_trustworthiness, text_map.trustworthiness
    if trust <= random:
        trusted = gettext(
            "This map tells no more than chance about which texts are near each other."
        )
    else:
        way = 100 * (trust - random) / (1 - random)
        trusted = gettext(
            "By its trustworthiness, this map is {way} % of the way from random to perfect.",
            way=f"{way:.0f}",
        )
    if not text_map.worst:
        return trusted
    worst = join([quote(text_map.texts[i]) for i in text_map.worst])
    if words:
        ringed = gettext("Ringed words have the wrong neighbours here: {worst}.", worst=worst)
    else:
        ringed = gettext("Ringed texts have the wrong neighbours here: {worst}.", worst=worst)
    return f"{trusted} {ringed}"


def note_faithfulness(text_map: TextMap) -> str:
    """Say what trustworthiness and continuity count, and what they are of other maps."""
    return gettext(
        "Both numbers look at the {neighbours} nearest neighbours of each text. "
        "Trustworthiness falls with every wrong neighbour: a text that is near in the map, but not "
        "in the model. Continuity falls with every lost neighbour: a text that is near in the "
        "model, but not in the map. A perfect map has 1.00 in both, a random layout of "
        "{texts} texts has {random}.",
        neighbours=text_map.neighbours,
        texts=len(text_map.texts),
        random=number(text_map.random_trustworthiness, 2),
    )


def map_figure(text_map: TextMap, *, hits: Sequence[int] | None = None) -> go.Figure:
    """Texts in two dimensions, the worst placed ones with a ring; hover names true neighbours.

    The points stand in rising order of importance, so that the most important are drawn on top.
    maps.js shows as many labels as have room, starting with the last.

    Args:
        text_map: The map.
        hits: Of a search, whose query is the first text, the indices of the texts it found, the
            best first; None for a list of words.
    """
    query = [] if hits is None else [0]
    ranks = {index: rank for rank, index in enumerate(hits or (), 1)}
    count = len(text_map.texts)
    marked = list(dict.fromkeys([*query, *ranks, *text_map.worst]))
    order = list(dict.fromkeys([*marked, *range(count)]))[::-1]
    worst = set(text_map.worst)
    other = BLUE if hits is None else GREY
    size = 10 if count <= MANY_TEXTS else 7
    styles = dict.fromkeys(query, (BLUE, "diamond", 16)) | dict.fromkeys(
        ranks, (GREEN, "circle", 13)
    )
    # A ring needs a dot within it that can be seen.
    styles = dict.fromkeys(text_map.worst, (other, "circle", 11)) | styles
    points = [styles.get(i, (other, "circle", size)) for i in order]
    figure = blank_figure(height=460 if count <= MANY_TEXTS else 600)
    figure.add_scatter(
        x=text_map.positions[order, 0].tolist(),
        y=text_map.positions[order, 1].tolist(),
        mode="markers+text",
        text=[
            _map_label(text_map.texts[i], ranks.get(i), marked=i in query or i in ranks)
            for i in order
        ],
        textposition="top center",
        textfont={"size": 13},
        marker={
            "color": [colour for colour, _, _ in points],
            "symbol": [symbol for _, symbol, _ in points],
            "size": [size for _, _, size in points],
            "opacity": 1,
            "line": {"color": ORANGE, "width": [3 if i in worst else 0 for i in order]},
        },
        customdata=[_hover_lines(text_map, i, query, ranks) for i in order],
        hovertemplate="%{customdata}<extra></extra>",
    )
    margins = {"l": 0, "r": 0, "t": 44, "b": 48}
    figure.update_layout(margin=margins, dragmode="pan", meta={"map": {"marked": len(marked)}})
    for axis, values in (("xaxis", text_map.positions[:, 0]), ("yaxis", text_map.positions[:, 1])):
        room = 0.06 * float(text_map.positions.max() - text_map.positions.min())
        low, high = float(values.min()), float(values.max())
        figure.layout[axis].update(visible=False, fixedrange=False, range=[low - room, high + room])
    figure.update_yaxes(scaleanchor="x")
    figure.add_annotation(
        text=_legend(text_map, query, ranks),
        x=0,
        y=0,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="top",
        yshift=-4,
        align="left",
        showarrow=False,
        font={"size": 13},
    )
    return figure


def view_map(text_map: TextMap, *, hits: Sequence[int] | None = None) -> View:
    """Show texts in two dimensions.

    Args:
        text_map: The map.
        hits: Of a search, whose query is the first text, the indices of the texts it found, the
            best first; None for a list of words.
    """
    return View(
        summarise_map(text_map, words=hits is None),
        map_figure(text_map, hits=hits),
        numbers={
            gettext("trustworthiness"): number(text_map.trustworthiness, 2),
            gettext("continuity"): number(text_map.continuity, 2),
        },
        notes=(
            note_faithfulness(text_map),
            gettext("Zoom in for more labels.") if len(text_map.texts) > MANY_TEXTS else "",
        ),
    )


def _map_label(text: str, rank: int | None, *, marked: bool) -> str:
    short = label(text, LONGEST_MARKED_LABEL if marked else LONGEST_MAP_LABEL)
    return f"{rank}. {short}" if rank else short


def _hover_lines(text_map: TextMap, index: int, query: Sequence[int], ranks: dict[int, int]) -> str:
    text = text_map.texts[index]
    if index in query:
        text = gettext("Query: {text}", text=text)
    elif index in ranks:
        text = gettext("Rank {rank}: {text}", rank=ranks[index], text=text)
    nearest = [shorten(text_map.texts[j], 24) for j in text_map.nearest[index]]
    if sum(map(len, nearest)) > LONGEST_NEAREST:
        nearest = nearest[:3]
    neighbours = gettext("Nearest in the model: {texts}", texts=", ".join(nearest))
    return f"{wrapped(text, lines=3)}<br>{wrapped(neighbours, lines=3)}"


def _legend(text_map: TextMap, query: Sequence[int], ranks: dict[int, int]) -> str:
    """What the symbols stand for, in two lines at most."""
    ring = [(ORANGE, "○", gettext("ringed: wrong neighbours"))] if text_map.worst else []
    if not query:
        return _symbols([(BLUE, "●", gettext("word")), *ring])
    found = [(GREEN, "●", gettext("best documents, with rank"))] if ranks else []
    rest = [(GREY, "●", gettext("other documents"))] if len(text_map.texts) > 1 + len(ranks) else []
    lines = [(BLUE, "◆", gettext("query")), *found], [*rest, *ring]
    return "<br>".join(_symbols(line) for line in lines if line)


def _symbols(meanings: Sequence[tuple[str, str, str]]) -> str:
    return "\u2003".join(
        f'<span style="color:{colour}">{symbol}</span> {meaning}'
        for colour, symbol, meaning in meanings
    )
