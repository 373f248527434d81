"""Occupations from he to she beside the share of women → sentences, scatter, table."""

import plotly.graph_objects as go

from embviz.evaluation.occupations import HE, SHE, WORD2VEC, Occupations
from embviz.language import gettext, gettext_noop
from embviz.views.canvas import blank_figure, label, wrapped
from embviz.views.colours import BLUE
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import number, quote

WHAT_IT_IS = gettext_noop(
    "Nobody tells a model who works where. A trained one has read texts in which people wrote “he” "
    "and “she” near these words, and the axis repeats what they wrote. It does not say who can do "
    "a job, or should. A program that ranks people by such vectors may repeat it, too."
)
DOUBTS = gettext_noop(
    "Reasons to doubt it: two words make the axis, and another pair gives other numbers (Zhang et "
    "al. 2020). Each occupation is read alone, without a sentence around it, and models made for "
    "sentences gave mixed results in sentences (May et al. 2019). Some words have a second "
    "meaning: here, a sewer is a person who sews."
)
WHERE_FROM = gettext_noop(
    "The shares are those of the US Bureau of Labor Statistics, as the study WinoBias used them "
    "(Zhao et al. 2018). They describe one country at one time."
)


def summarise_occupations(occupations: Occupations) -> str:
    """Say how well the axis fits the shares, and which occupations lie at its ends."""
    first, last = occupations.words[0], occupations.words[-1]
    return gettext(
        "On an axis from {he} to {she}, the places of {count} occupations have a correlation "
        "(Pearson's r) of {pearson} with the share of women in them: 1 would be a rising straight "
        "line, 0 no relation. Nearest to {he} is {first} ({share_of_first} women), nearest to "
        "{she} {last} ({share_of_last}).",
        he=quote(HE),
        she=quote(SHE),
        count=len(occupations.words),
        pearson=number(occupations.pearson, 2),
        first=quote(first.text),
        share_of_first=f"{first.share_of_women:.0f} %",
        last=quote(last.text),
        share_of_last=f"{last.share_of_women:.0f} %",
    )


def occupations_table(occupations: Occupations) -> Table:
    """All occupations, from he to she."""
    return Table(
        gettext("From {he} to {she}", he=quote(HE), she=quote(SHE)),
        (gettext("Occupation"), gettext("Position"), gettext("Women")),
        tuple(
            (word.text, rounded(word.position), f"{word.share_of_women:.0f} %")
            for word in occupations.words
        ),
    )


def occupations_figure(occupations: Occupations) -> go.Figure:
    """A dot an occupation; maps.js shows as many of their names as have room."""
    words = occupations.words
    figure = blank_figure(height=350)
    figure.add_scatter(
        x=[word.share_of_women for word in words],
        y=[word.position for word in words],
        mode="markers+text",
        text=[label(word.text) for word in words],
        textposition="top center",
        textfont={"size": 12},
        marker={"color": BLUE, "size": 8, "opacity": 1},
        customdata=[wrapped(word.text) for word in words],
        hovertemplate=gettext(
            "{occupation}<br>{share} women<br>position {position}",
            occupation="%{customdata}",
            share="%{x:.0f} %",
            position="%{y:.3f}",
        )
        + "<extra></extra>",
    )
    figure.add_annotation(
        text=gettext(
            "r = {pearson}<br>word2vec, published: {published}",
            pearson=number(occupations.pearson, 2),
            published=f"{WORD2VEC:.3f}",
        ),
        xref="paper",
        yref="paper",
        x=0,
        xanchor="left",
        y=1,
        yanchor="bottom",
        align="left",
        showarrow=False,
    )
    low, high = words[0].position, words[-1].position
    room = 0.1 * (high - low) or 0.1
    figure.update_layout(margin={"t": 48}, dragmode="pan", meta={"map": {"marked": 0}})
    figure.update_xaxes(
        range=[-6, 106],
        title_text=gettext("% women among those who work in it"),
        fixedrange=False,
    )
    figure.update_yaxes(
        range=[low - room, high + room], title_text=f"{HE} → {SHE}", fixedrange=False
    )
    return figure


def view_occupations(occupations: Occupations) -> View:
    """Show where the model puts occupations between he and she, and who works in them."""
    return View(
        summarise_occupations(occupations),
        occupations_figure(occupations),
        (occupations_table(occupations),),
        numbers={
            "Pearson": number(occupations.pearson, 2),
            "Spearman": number(occupations.spearman, 2),
            gettext("word2vec, published"): f"{WORD2VEC:.2f}",
        },
        notes=(gettext(WHAT_IT_IS), gettext(DOUBTS), gettext(WHERE_FROM)),
        facts={"pearson": occupations.pearson},
    )
