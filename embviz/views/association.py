"""An association test → sentences, figure, tables, and what must be known beside them."""

import plotly.graph_objects as go

from embviz.evaluation.association import AssociatedWord, AssociatedWords, AssociationTest
from embviz.language import gettext, gettext_noop, grouped, ngettext
from embviz.views.canvas import AXIS, blank_figure, label, wrapped
from embviz.views.colours import BLUE, GREEN, GREY, ORANGE
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_truncated
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import number, quote

WHAT_IT_IS = gettext_noop(
    "An association says how people wrote in the texts that the model has read. It does not say "
    "what is true, or what any person deserves. There are reasons to doubt the test, too: see "
    "below the figure."
)
WHERE_FROM = gettext_noop(
    "The lists come from studies of prejudice in people (implicit association tests) and were "
    "published there. People's first names appear only in the tests with “names” in their title."
)
DOUBTS = gettext_noop(
    "Reasons to doubt such a test: it is about the two means, and what a single word scores is "
    "mostly chance. Its lists are short, and other words can give another effect "
    "(Zhang et al. 2020), so change them and see. Each word is read alone, without a sentence "
    "around it. Models made for sentences gave mixed results when the words stood in simple "
    "sentences (May et al. 2019). And if the test finds no effect, the model may still be "
    "prejudiced."
)
OTHER_SCALE = gettext_noop(
    "The effect size of people comes from how fast they sorted words: it can be set beside that of "
    "a model, but it does not measure the same thing."
)

# Where chance does as well more often than this, there is little to see.
_RARE = 0.05
_ROW_HEIGHT = 17
_EFFECT_ROW_HEIGHT = 26
_LONGEST_WORD = 14


def summarise_association(test: AssociationTest) -> str:
    """Say which target leans towards which attribute, how much, and what chance would do."""
    first, second = (quote(gettext(target.name)) for target in test.targets)
    if test.effect_size < 0:
        first, second = second, first
    sentence = gettext(
        "The words for {first} lean more towards {attribute} than the words for {second} do: "
        "effect size {effect}, where 0 is no difference and above 0.8 counts as large.",
        first=first,
        second=second,
        attribute=quote(gettext(test.attributes[0].name)),
        effect=number(test.effect_size, 2),
    )
    return f"{sentence} {explain_p_value(test)}"


def explain_p_value(test: AssociationTest) -> str:
    """Say in words how often chance does as well, and what follows."""
    if test.effect_size < 0:
        return gettext(
            "The test looks for the opposite and does not find it (p = {p_value}).",
            p_value=number(test.p_value, 2),
        )
    hits, splits = grouped(test.hits), grouped(test.splits)
    if test.exact:
        finding = ngettext(
            "Of all {splits} ways to split the target words into two such lists, {hits} does as "
            "well or better",
            "Of all {splits} ways to split the target words into two such lists, {hits} do as "
            "well or better",
            test.hits,
            hits=hits,
            splits=splits,
        )
    elif test.hits:
        finding = gettext(
            "If the words are dealt to the two groups at random, the effect is as large in {hits} "
            "of {splits} tries",
            hits=hits,
            splits=splits,
        )
    else:
        finding = gettext(
            "If the words are dealt to the two groups at random, the effect is as large in fewer "
            "than 1 of {splits} tries",
            splits=splits,
        )
    if test.p_value > _RARE:
        return gettext("{finding}: too often to call it an effect.", finding=finding)
    return f"{finding}."


def note_published(test: AssociationTest) -> str:
    """Say that published effects are about published words; nothing if these are the words."""
    if not test.lists.changed:
        return ""
    return gettext(
        "You changed the words. The grey bars are what others found with the published ones."
    )


def association_tables(test: AssociationTest) -> tuple[Table, Table]:
    """Each word's association: the targets with the attributes, the attributes with the targets."""
    first_target, second_target = (gettext(target.name) for target in test.targets)
    first_attribute, second_attribute = (gettext(attribute.name) for attribute in test.attributes)
    of_targets = gettext(
        "Target words: mean similarity with {first} minus that with {second}",
        first=first_attribute,
        second=second_attribute,
    )
    of_attributes = gettext(
        "Attribute words: mean similarity with {first} minus that with {second}",
        first=first_target,
        second=second_target,
    )
    return _table(of_targets, test.targets), _table(of_attributes, test.attributes)


def _table(caption: str, lists: tuple[AssociatedWords, AssociatedWords]) -> Table:
    return Table(
        caption,
        (gettext("List"), gettext("Word"), gettext("Association")),
        tuple(
            (gettext(words.name), word.text, rounded(word.association))
            for words in lists
            for word in _ranked(words)
        ),
    )


def _ranked(words: AssociatedWords) -> list[AssociatedWord]:
    return sorted(words.words, key=lambda word: -word.association)


def association_figure(test: AssociationTest) -> go.Figure:
    """The effect beside published ones; below it a bar a target word, and each target's mean."""
    effects = [
        (name, effect, colour)
        for name, effect, colour in (
            (gettext("this model"), test.effect_size, GREEN),
            (gettext("people"), test.published.people, GREY),
            ("GloVe", test.published.glove, GREY),
            ("word2vec", test.published.word2vec, GREY),
        )
        if effect is not None
    ]
    rows = sum(len(target.words) for target in test.targets)
    # Pixels from the top: the effects with their scale, then two titles and the words.
    effects_end = _EFFECT_ROW_HEIGHT * len(effects)
    words_start = effects_end + 70
    height = words_start + _ROW_HEIGHT * (rows + 4)
    figure = blank_figure(height=height + 66)
    figure.set_subplots(rows=2, cols=1)
    figure.update_layout(showlegend=False, margin={"t": 36, "b": 30})
    _draw_effects(figure, effects)
    _draw_words(figure, test)
    figure.layout.yaxis.domain = [1 - effects_end / height, 1]
    figure.layout.yaxis2.domain = [0, 1 - words_start / height]
    near, far = (label(gettext(attribute.name), 16) for attribute in test.attributes)
    for title, scale, top in (
        (gettext("Effect size"), "", 1),
        (
            gettext("Nearer to"),
            f" {gettext('(dotted: mean)')}<br>← {far} · {near} →",
            1 - words_start / height,
        ),
    ):
        figure.add_annotation(
            text=f"<b>{title}</b>{scale}",
            xref="paper",
            yref="paper",
            x=0,
            xanchor="left",
            y=top,
            yanchor="bottom",
            showarrow=False,
        )
    return figure


def _draw_effects(figure: go.Figure, effects: list[tuple[str, float, str]]) -> None:
    places = list(range(len(effects)))
    values = [effect for _, effect, _ in effects]
    figure.add_bar(
        x=values,
        y=places,
        orientation="h",
        marker={"color": [colour for _, _, colour in effects]},
        text=[number(value, 2) for value in values],
        textposition="outside",
        cliponaxis=False,
        customdata=[name for name, _, _ in effects],
        hovertemplate="%{customdata}: %{x:.2f}<extra></extra>",
        row=1,
        col=1,
    )
    # 2 is the largest effect that there can be with large lists.
    low = min([0.0, *values])
    figure.update_xaxes(AXIS, range=[low - (0.4 if low < 0 else 0), 2.3], row=1, col=1)
    figure.update_yaxes(
        AXIS,
        tickvals=places,
        ticktext=[f"{name} " for name, _, _ in effects],
        range=[len(effects) - 0.4, -0.6],
        row=1,
        col=1,
    )


def _draw_words(figure: go.Figure, test: AssociationTest) -> None:
    names: dict[int, str] = {}
    row = 0
    for target, colour in zip(test.targets, (BLUE, ORANGE), strict=True):
        words = _ranked(target)
        places = list(range(row + 1, row + 1 + len(words)))
        names |= {
            place: f"{label(word.text, _LONGEST_WORD)} "
            for place, word in zip(places, words, strict=True)
        }
        figure.add_bar(
            x=[word.association for word in words],
            y=places,
            orientation="h",
            marker={"color": colour},
            customdata=[wrapped(word.text) for word in words],
            hovertemplate="%{customdata}: %{x:.3f}<extra></extra>",
            row=2,
            col=1,
        )
        # The mean, a line through all bars of the target.
        figure.add_scatter(
            x=[target.mean] * 2,
            y=[places[0] - 0.5, places[-1] + 0.5],
            mode="lines",
            line={"color": GREY, "width": 2, "dash": "dot"},
            hoverinfo="skip",
            row=2,
            col=1,
        )
        title = gettext(
            "{group}, mean {mean}",
            group=f"<b>{label(gettext(target.name), 32)}</b>",
            mean=number(target.mean),
        )
        figure.add_annotation(
            text=f'<span style="color:{colour}">■</span> {title}',
            xref="paper",
            x=0,
            xanchor="left",
            y=row,
            yref="y2",
            showarrow=False,
        )
        row = places[-1] + 2
    figure.update_xaxes(AXIS, zeroline=True, zerolinecolor=GREY, row=2, col=1)
    figure.update_yaxes(
        AXIS,
        tickvals=list(names),
        ticktext=list(names.values()),
        tickfont={"size": 11},
        range=[row - 1, -1],
        row=2,
        col=1,
    )


def association_csv(test: AssociationTest) -> str:
    """All words of the test, each with its association."""
    return write_csv(
        ["list", "word", "association"],
        (
            [words.name, word.text, word.association]
            for words in (*test.targets, *test.attributes)
            for word in words.words
        ),
    )


def view_association(test: AssociationTest, *, max_tokens: int | None) -> View:
    """Show an association test, with what it is and what it is not.

    Args:
        test: The test.
        max_tokens: How many tokens of a text the model reads.
    """
    return View(
        summarise_association(test),
        association_figure(test),
        association_tables(test),
        notes=(
            note_published(test),
            gettext(WHAT_IT_IS),
            note_truncated(test.truncated, max_tokens),
        ),
        background=(
            gettext(DOUBTS),
            gettext(WHERE_FROM),
            gettext(OTHER_SCALE) if test.published.people is not None else "",
        ),
        facts={"effect_size": test.effect_size, "p_value": test.p_value},
    )
