"""The analogy test → sentence, table, figure."""

import plotly.graph_objects as go

from embviz.evaluation.analogies import AnalogyTest, Section
from embviz.language import gettext, gettext_noop, grouped
from embviz.views.canvas import blank_figure
from embviz.views.colours import BLUE, GREEN, GREY
from embviz.views.table import Table
from embviz.views.view import View
from embviz.views.wording import share

# What the published test calls its sections, and what all of them are.
_TITLES = {
    gettext_noop("capital common countries"),
    gettext_noop("capital world"),
    gettext_noop("currency"),
    gettext_noop("city in state"),
    gettext_noop("family"),
    gettext_noop("adjective to adverb"),
    gettext_noop("opposite"),
    gettext_noop("comparative"),
    gettext_noop("superlative"),
    gettext_noop("present participle"),
    gettext_noop("nationality adjective"),
    gettext_noop("past tense"),
    gettext_noop("plural"),
    gettext_noop("plural verbs"),
    gettext_noop("overall"),
}


def _title(section: Section) -> str:
    return gettext(section.title) if section.title in _TITLES else section.title


def summarise_analogies(test: AnalogyTest) -> str:
    """Say how often the arithmetic works, and how much of that it does itself."""
    overall = test.overall
    return gettext(
        "A published test asks {questions} questions: a is to b as c is to what? The word nearest "
        "to b − a + c is the right answer {excluded} of the time if a, b and c are left out, and "
        "{allowed} if they are not: then the nearest word is c itself {stays} % of the time. "
        "Without any arithmetic, the word nearest to c is right {alone} of the time. Only the gain "
        "over this baseline is due to the arithmetic. The answer is one of {words} words, which is "
        "easier than finding it in a dictionary.",
        questions=grouped(overall.questions),
        excluded=share(overall.inputs_excluded),
        allowed=share(overall.inputs_allowed),
        stays=f"{100 * test.stays:.0f}",
        alone=share(overall.no_arithmetic),
        words=test.words,
    )


def analogy_table(test: AnalogyTest) -> Table:
    """Shares of right answers, section by section."""
    return Table(
        gettext("Share answered right"),
        (
            gettext("Section"),
            gettext("Questions"),
            gettext("Inputs kept in"),
            gettext("Inputs left out"),
            gettext("No arithmetic"),
        ),
        tuple(
            (
                _title(s),
                s.questions,
                share(s.inputs_allowed),
                share(s.inputs_excluded),
                share(s.no_arithmetic),
            )
            for s in (test.overall, *test.sections)
        ),
    )


def analogy_test_figure(test: AnalogyTest) -> go.Figure:
    """Three bars a section: inputs kept in, inputs left out, no arithmetic at all."""
    sections = (test.overall, *test.sections)
    figure = blank_figure(height=90 + 46 * len(sections))
    ways = {
        gettext("input words kept in"): (GREY, [s.inputs_allowed for s in sections]),
        gettext("input words left out"): (GREEN, [s.inputs_excluded for s in sections]),
        gettext("no arithmetic"): (BLUE, [s.no_arithmetic for s in sections]),
    }
    for name, (colour, shares) in ways.items():
        figure.add_bar(
            x=[100 * share for share in shares],
            y=[_title(section) for section in sections],
            orientation="h",
            name=name,
            marker={"color": colour},
            customdata=[section.questions for section in sections],
            hovertemplate=gettext(
                "{section}, {questions} questions<br>{share} % right",
                section="%{y}",
                questions="%{customdata:,}",
                share="%{x:.1f}",
            )
            + "<extra></extra>",
        )
    figure.update_layout(
        barmode="group",
        bargap=0.25,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        margin={"t": 40},
    )
    figure.update_xaxes(range=[0, 100], title_text=gettext("% answered right"))
    figure.update_yaxes(autorange="reversed")
    return figure


def view_analogies(test: AnalogyTest) -> View:
    """Show how often the arithmetic works."""
    return View(summarise_analogies(test), analogy_test_figure(test), (analogy_table(test),))
