"""A word in several sentences → sentences, heat map, lines, tables."""

import re
from collections.abc import Sequence
from itertools import combinations, groupby

import numpy as np
import plotly.graph_objects as go

from embviz.analysis.word_in_context import WordInContext
from embviz.language import gettext, ngettext
from embviz.views.canvas import blank_figure
from embviz.views.colours import GREEN, GREY, ORANGE
from embviz.views.csv_file import write_csv
from embviz.views.heatmap_pair import HeatMap, heatmap_pair_figure
from embviz.views.layers import add_layer_axes, name_layer
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import join, number, quote

# The purple of the heat map, dark enough on a light page and light enough on a dark one.
PURPLE = "#9970ab"

# Similarities that differ by less are not painted in the strongest colours.
_LEAST_DEVIATION = 0.03


def summarise_word_in_context(result: WordInContext) -> str:
    """Say how alike the occurrences are, and which groups they form."""
    word = quote(result.word)
    place = _capital(name_layer(result.layer, _last_layer(result)))
    row = result.by_layer[result.layer]
    if not result.groups:
        pairs = np.triu_indices(len(result.occurrences), k=1)
        return ngettext(
            "{place} {word} in one sentence and {word} in the other score {mean}; alone, without "
            "their sentences, {alone}.",
            "{place} {word} in one sentence and {word} in another score {mean} on average; alone, "
            "without their sentences, {alone}.",
            len(pairs[0]),
            place=place,
            word=word,
            mean=number(row.mean),
            alone=number(result.without_context[pairs].mean()),
        )
    one, other = (_name_sentences(_members(result, group)) for group in (0, 1))
    groups = gettext(
        "{place} the occurrences of {word} fall into two groups: {one}, and {other}. On "
        "average they score {within} within a group and {across} across.",
        place=place,
        word=word,
        one=one,
        other=other,
        within=number(row.within or 0.0),
        across=number(row.across or 0.0),
    )
    question = gettext("Read the sentences: are these two meanings of the word?")
    return f"{groups} {question}"


def summarise_context_by_layer(result: WordInContext) -> str:
    """Say how the occurrences of a word drift apart from layer to layer."""
    first, last = result.by_layer[0], result.by_layer[-1]
    sentence = gettext(
        "Before the first layer the occurrences of {word} score {first} with each other, after "
        "the last {last}.",
        word=quote(result.word),
        first=number(first.mean),
        last=number(last.mean),
    )
    return f"{sentence} {_since_when(result)}" if result.groups else sentence


def _since_when(result: WordInContext) -> str:
    start, layer = result.groups_from, result.layer
    if start == 0:
        return gettext(
            "Layer 0 has the same groups, where no context has been read yet: they may come from "
            "the form of the word or from its place in the sentence."
        )
    if start == layer:
        return gettext("Layer {layer} still puts them into other groups.", layer=layer - 1)
    return gettext(
        "The same groups appear after each of the layers {start} to {layer}.",
        start=start,
        layer=layer,
    )


def _members(result: WordInContext, group: int) -> list[int]:
    return [
        occurrence.index
        for occurrence, of in zip(result.occurrences, result.groups, strict=True)
        if of == group
    ]


def _name_sentences(indices: Sequence[int]) -> str:
    return ngettext(
        "sentence {numbers}", "sentences {numbers}", len(indices), numbers=_numbers(indices)
    )


def _numbers(indices: Sequence[int]) -> str:
    return join([str(index + 1) for index in indices])


def _capital(phrase: str) -> str:
    return phrase[0].upper() + phrase[1:]


def _last_layer(result: WordInContext) -> int:
    return result.by_layer[-1].layer


def note_contradiction(result: WordInContext) -> str:
    """Name a pair that the groups do not fit: of two groups, but more alike than one of a group."""
    if not result.groups:
        return ""
    pairs = {
        (a, b): float(result.similarities[a, b])
        for a, b in combinations(range(len(result.groups)), 2)
    }
    within = {p: s for p, s in pairs.items() if result.groups[p[0]] == result.groups[p[1]]}
    across = {p: s for p, s in pairs.items() if p not in within}
    if not within or not across:
        return ""
    farthest, nearest = min(within, key=within.__getitem__), max(across, key=across.__getitem__)
    if across[nearest] <= within[farthest]:
        return ""
    return gettext(
        "Not every pair fits: {nearest} are of different groups and score {across}, while "
        "{farthest} are of one group and score {within}.",
        nearest=_name_pair(result, nearest),
        across=number(across[nearest]),
        farthest=_name_pair(result, farthest),
        within=number(within[farthest]),
    )


def _name_pair(result: WordInContext, pair: tuple[int, int]) -> str:
    return _name_sentences([result.occurrences[place].index for place in pair])


def note_maps(result: WordInContext) -> str:
    """Say what the colours and the second map show."""
    alone = gettext(
        "“Alone” compares the words as they enter the model, before it reads the sentences: what "
        "is spelt alike has the same vector."
    )
    # The mean of a single pair is that pair.
    if len(result.occurrences) == 2:
        return alone
    colours = gettext(
        "White is the mean of all pairs at this layer; purple pairs are less alike, green ones "
        "more."
    )
    return f"{colours} {alone}"


def note_missing(result: WordInContext) -> str:
    """Say which sentences were left out; nothing if none was."""
    if not result.missing:
        return ""
    return ngettext(
        "{word} was not found in sentence {numbers}, as far as the model reads.",
        "{word} was not found in sentences {numbers}, as far as the model reads.",
        len(result.missing),
        word=quote(result.word),
        numbers=_numbers(result.missing),
    )


def occurrences_table(result: WordInContext) -> Table:
    """The sentences with the word marked, those of a group together."""
    forms = {o.text[o.start : o.end] for o in result.occurrences}
    shown = [
        (result.occurrences[i], result.groups[i] + 1 if result.groups else None)
        for i in _order(result)
    ]
    # Where there are no groups, there is no column for them.
    width = 3 if result.groups else 2
    return Table(
        gettext("The word in its sentences"),
        (gettext("Number"), gettext("Sentence"), gettext("Group"))[:width],
        tuple((o.index + 1, o.text, group)[:width] for o, group in shown),
        marked=tuple(sorted({word for form in forms for word in re.findall(r"\w+", form)})),
    )


def context_by_layer_table(result: WordInContext) -> Table:
    """Mean similarity of the occurrences, one layer a row."""
    headers = (
        gettext("Layer"),
        gettext("All pairs"),
        gettext("Within a group"),
        gettext("Across"),
    )
    rows = tuple(
        (
            row.layer,
            rounded(row.mean),
            None if row.within is None else rounded(row.within),
            None if row.across is None else rounded(row.across),
        )
        for row in result.by_layer
    )
    # Where there are no groups, there is no column for them.
    width = 4 if result.groups else 2
    return Table(
        gettext("Mean similarity of the occurrences at each layer; 0 is before the first"),
        headers[:width],
        tuple(row[:width] for row in rows),
    )


def occurrences_figure(result: WordInContext) -> go.Figure:
    """All pairs of occurrences, those of a group together; beside them, without their sentences.

    White is the mean of all pairs: in the middle of the model all occurrences are much alike.
    """
    order = _order(result)
    mean = result.by_layer[result.layer].mean
    maps = (
        (gettext("in context"), result.similarities),
        (gettext("alone"), result.without_context),
    )
    left, right = (
        HeatMap(name, rows.tolist(), [list(map(_printed, row)) for row in rows.tolist()])
        for name, similarities in maps
        for rows in [similarities[order][:, order]]
    )
    # White must stand between the ends, also where all occurrences are the same.
    white = min(mean, 1 - _LEAST_DEVIATION)
    lowest = min(float(similarities.min()) for _, similarities in maps)
    figure = heatmap_pair_figure(
        [f"{o.index + 1} {o.around}" for o in (result.occurrences[i] for i in order)],
        (left, right),
        scale=(min(lowest, white - _LEAST_DEVIATION), white, 1),
        hover="%{z:.3f}",
        columns=[str(result.occurrences[i].index + 1) for i in order],
    )
    start = 0
    for _, members in groupby(order, key=lambda i: result.groups[i] if result.groups else 0):
        end = start + len(list(members))
        if result.groups:
            corners = {"x0": start - 0.5, "x1": end - 0.5, "y0": start - 0.5, "y1": end - 0.5}
            figure.add_shape(type="rect", line={"color": ORANGE, "width": 3}, **corners)
        start = end
    return figure


def _printed(similarity: float) -> str:
    # On a phone there is no room for a 0.
    return number(similarity, 2).replace("0.", ".").replace("1.00", "1")


def context_by_layer_figure(result: WordInContext) -> go.Figure:
    """How alike the occurrences are at each layer, also within the groups and across them."""
    layers = [row.layer for row in result.by_layer]
    layer = gettext("layer {layer}", layer="%{x}")
    lines = [(gettext("all pairs"), GREY, "dash", [row.mean for row in result.by_layer])]
    if result.groups:
        lines += [
            (gettext("across"), PURPLE, "dot", [row.across or 0.0 for row in result.by_layer]),
            (
                gettext("within a group"),
                GREEN,
                "solid",
                [row.within or 0.0 for row in result.by_layer],
            ),
        ]
    figure = blank_figure(height=340)
    for name, colour, dash, values in lines:
        figure.add_scatter(
            x=layers,
            y=values,
            mode="lines+markers",
            line={"color": colour, "width": 3, "dash": dash},
            marker={"size": 8},
            name=name,
            hovertemplate=f"{layer}<br>{name}: %{{y:.3f}}<extra></extra>",
            showlegend=True,
        )
    add_layer_axes(figure, layers, lowest=min(min(values) for *_, values in lines) - 0.05)
    return figure


def word_in_context_csv(result: WordInContext) -> str:
    """An occurrence a row: its sentence, form, tokens and group, and its similarity to each."""
    occurrences = result.occurrences
    groups = [str(group + 1) for group in result.groups] or [""] * len(occurrences)
    return write_csv(
        ["number", "sentence", "form", "tokens", "group"]
        + [str(occurrence.index + 1) for occurrence in occurrences],
        (
            [o.index + 1, o.text, o.text[o.start : o.end], " ".join(o.tokens), group, *similarities]
            for o, group, similarities in zip(
                occurrences, groups, result.similarities.tolist(), strict=True
            )
        ),
    )


def _order(result: WordInContext) -> list[int]:
    places = list(range(len(result.occurrences)))
    return sorted(places, key=lambda i: result.groups[i]) if result.groups else places


def view_word_in_context(result: WordInContext) -> View:
    """Show how alike a word is to itself in several sentences."""
    row = result.by_layer[result.layer]
    return View(
        summarise_word_in_context(result),
        occurrences_figure(result),
        (occurrences_table(result),),
        notes=(
            note_maps(result),
            gettext(
                "The orange boxes are the groups. K-means, which makes them, always finds two, "
                "even if a word has one meaning. Nobody told the model about meanings."
            )
            if result.groups
            else "",
            # What speaks against two meanings; the rest is a panel's.
            _since_when(result) if result.groups_from in (0, result.layer) else "",
            note_contradiction(result),
            note_missing(result),
        ),
        facts={"mean": row.mean, "within": row.within, "across": row.across},
    )


def view_context_by_layer(result: WordInContext) -> View:
    """Show from which layer on a word differs from sentence to sentence."""
    note = gettext(
        "Before the first layer a word has one vector, to which only its place in the sentence is "
        "added. Each layer mixes in what stands around it."
    )
    if result.groups:
        place = name_layer(result.layer, _last_layer(result))
        note += " " + gettext("The groups are those {place}.", place=place)
    return View(
        summarise_context_by_layer(result),
        context_by_layer_figure(result),
        (context_by_layer_table(result),),
        notes=(note,),
    )
