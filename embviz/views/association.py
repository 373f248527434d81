"""An association test → sentences, figure, tables, and what must be known beside them."""

import plotly.graph_objects as go

from embviz.evaluation.association import AssociatedWord, AssociatedWords, AssociationTest
from embviz.views.canvas import AXIS, blank_figure, label, wrapped
from embviz.views.colours import BLUE, GREEN, GREY, ORANGE
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_truncated
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import number, quote

WHAT_IT_IS = (
    "An association says how people wrote in the texts that the model has read. It does not say "
    "what is true, or what any person deserves. There are reasons to doubt the test, too: see "
    "below the figure."
)
WHERE_FROM = (
    "The lists come from studies of prejudice in people (implicit association tests) and were "
    "published there. People's first names appear only in the tests with “names” in their title."
)
DOUBTS = (
    "Reasons to doubt such a test: it is about the two means, and what a single word scores is "
    "mostly chance. Its lists are short, and other words can give another effect "
    "(Zhang et al. 2020), so change them and see. Each word is read alone, without a sentence "
    "around it. Models made for sentences gave mixed results when the words stood in simple "
    "sentences (May et al. 2019). And if the test finds no effect, the model may still be "
    "prejudiced."
)
OTHER_SCALE = (
    "The effect size of people comes from how fast they sorted words: it can be set beside that of "
    "a model, but it does not measure the same thing."
)

# Where chance does as well more often than this, there is little to see.
_RARE = 0.05
_SHUFFLED = "Words shuffled between the two groups do as well"
_ROW_HEIGHT = 17
_EFFECT_ROW_HEIGHT = 26
_LONGEST_WORD = 14


def summarise_association(test: AssociationTest) -> str:
    """Say which target leans towards which attribute, how much, and what chance would do."""
    first, second = (quote(target.name) for target in test.targets)
    near = quote(test.attributes[0].name)
    if test.effect_size < 0:
        first, second = second, first
    return (
        f"The words for {first} lean more towards {near} than the words for {second} do: effect "
        f"size {number(test.effect_size, 2)}, where 0 is no difference and above 0.8 counts as "
        f"large. {explain_p_value(test)}"
    )


def explain_p_value(test: AssociationTest) -> str:
    """Say in words how often chance does as well, and what follows."""
    if test.effect_size < 0:
        p_value = number(test.p_value, 2)
        return f"The test looks for the opposite and does not find it (p = {p_value})."
    if test.exact:
        sentence = (
            f"Of all {test.splits:,} ways to split the target words into two such lists, "
            f"{test.hits:,} do{'es' if test.hits == 1 else ''} as well or better"
        )
    elif test.hits:
        sentence = f"{_SHUFFLED} in {test.hits:,} of {test.splits:,} tries"
    else:
        sentence = f"{_SHUFFLED} in fewer than 1 of {test.splits:,} tries"
    if test.p_value > _RARE:
        return f"{sentence}: too often to call it an effect."
    return f"{sentence}."


def note_published(test: AssociationTest) -> str:
    """Say that published effects are about published words; nothing if these are the words."""
    if not test.lists.changed:
        return ""
    return "You changed the words. The grey bars are what others found with the published ones."


def association_tables(test: AssociationTest) -> tuple[Table, Table]:
    """Each word's association: the targets with the attributes, the attributes with the targets."""
    return _table("Target", test.targets, test.attributes), _table(
        "Attribute", test.attributes, test.targets
    )


def _table(
    kind: str,
    lists: tuple[AssociatedWords, AssociatedWords],
    others: tuple[AssociatedWords, AssociatedWords],
) -> Table:
    return Table(
        f"{kind} words: mean similarity with {others[0].name} minus that with {others[1].name}",
        ("List", "Word", "Association"),
        tuple(
            (words.name, word.text, rounded(word.association))
            for words in lists
            for word in _ranked(words)
        ),
    )


def _ranked(words: AssociatedWords) -> list[AssociatedWord]:
    return sorted(words.words, key=lambda word: -word.association)


def association_figure(test: AssociationTest) -> go.Figure:
    """The effect beside published ones; below it a bar a target word, and each target's mean."""
    effects = [
        (name, effect, GREEN if name == "this model" else GREY)
        for name, effect in (
            ("this model", test.effect_size),
            ("people", test.published.people),
            ("GloVe", test.published.glove),
            ("word2vec", test.published.word2vec),
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
    near, far = (label(attribute.name, 16) for attribute in test.attributes)
    for title, top in (
        ("<b>Effect size</b>", 1),
        (f"<b>Nearer to</b><br>← {far} · {near} →", 1 - words_start / height),
    ):
        figure.add_annotation(
            text=title,
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
        figure.add_annotation(
            text=f'<span style="color:{colour}">■</span> <b>{label(target.name, 32)}</b>, '
            f"mean {number(target.mean)}",
            xref="paper",
            x=0,
            xanchor="left",
            y=row,
            yref="y2",
            showarrow=False,
        )
        row = places[-1] + 2
    figure.update_xaxes(AXIS, row=2, col=1)
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
            WHAT_IT_IS,
            note_truncated(test.truncated, max_tokens),
        ),
        background=(
            DOUBTS,
            WHERE_FROM,
            OTHER_SCALE if test.published.people is not None else "",
        ),
        facts={"effect_size": test.effect_size, "p_value": test.p_value},
    )
