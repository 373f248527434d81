"""The analogy test → sentence, table, figure."""

import plotly.graph_objects as go

from embviz.evaluation.analogies import AnalogyTest
from embviz.views.canvas import blank_figure
from embviz.views.colours import BLUE, GREEN, GREY
from embviz.views.table import Table
from embviz.views.view import View
from embviz.views.wording import share


def summarise_analogies(test: AnalogyTest) -> str:
    """Say how often the arithmetic works, and how much of that it does itself."""
    overall = test.overall
    return (
        f"A published test asks {overall.questions:,} questions: a is to b as c is to what? The "
        f"word nearest to b − a + c is the right answer {share(overall.inputs_excluded)} of the "
        f"time if a, b and c are left out, and {share(overall.inputs_allowed)} if they are not: "
        f"then the nearest word is c itself {100 * test.stays:.0f} % of the time. Without any "
        f"arithmetic, the word nearest to c is right {share(overall.no_arithmetic)} of the time. "
        "Only the gain over this baseline is due to the arithmetic. The answer is one of "
        f"{test.words} words, which is easier than finding it in a dictionary."
    )


def analogy_table(test: AnalogyTest) -> Table:
    """Shares of right answers, section by section."""
    return Table(
        "Share answered right",
        ("Section", "Questions", "Inputs kept in", "Inputs left out", "No arithmetic"),
        tuple(
            (
                s.title,
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
        "input words kept in": (GREY, [s.inputs_allowed for s in sections]),
        "input words left out": (GREEN, [s.inputs_excluded for s in sections]),
        "no arithmetic": (BLUE, [s.no_arithmetic for s in sections]),
    }
    for name, (colour, shares) in ways.items():
        figure.add_bar(
            x=[100 * share for share in shares],
            y=[section.title for section in sections],
            orientation="h",
            name=name,
            marker={"color": colour},
            customdata=[section.questions for section in sections],
            hovertemplate="%{y}, %{customdata:,} questions<br>%{x:.1f} % right<extra></extra>",
        )
    figure.update_layout(
        barmode="group",
        bargap=0.25,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        margin={"t": 40},
    )
    figure.update_xaxes(range=[0, 100], title_text="% answered right")
    figure.update_yaxes(autorange="reversed")
    return figure


def view_analogies(test: AnalogyTest) -> View:
    """Show how often the arithmetic works."""
    return View(summarise_analogies(test), analogy_test_figure(test), (analogy_table(test),))
