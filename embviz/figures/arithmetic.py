"""king - male + female = ? → Plotly figures."""

import plotly.graph_objects as go

from embviz.analogy_test import AnalogyTest
from embviz.arithmetic import Solution
from embviz.display import isolate
from embviz.figures.canvas import (
    BLUE,
    GREEN,
    GREY,
    add_arrow,
    bar_figure,
    blank_figure,
    escaped,
    label,
)
from embviz.projection import SolutionPlane


def solve_figure(solution: Solution) -> go.Figure:
    """Bars from the nearest down, the input words that were left out in grey among them."""
    bars = [(match, GREEN, "") for match in solution.matches]
    bars += [(match, GREY, " (input)") for match in solution.excluded]
    bars.sort(key=lambda bar: -bar[0].similarity)
    figure = bar_figure(
        values=[match.similarity for match, *_ in bars],
        texts=[isolate(match.text) + note for match, _, note in bars],
        colours=[colour for _, colour, _ in bars],
    )
    names = [label(match.text) + note for match, _, note in bars]
    figure.update_yaxes(tickvals=list(range(len(bars))), ticktext=names)
    return figure


def plane_figure(plane: SolutionPlane) -> go.Figure:
    """The plane of an expression, to scale in both directions."""
    figure = blank_figure(height=440)
    colours = {"term": BLUE, "result": GREEN, "candidate": GREY}
    farthest = max(point.distance for point in plane.points) or 1.0
    figure.add_scatter(
        x=[point.x for point in plane.points],
        y=[point.y for point in plane.points],
        mode="markers+text",
        text=[label(point.text) for point in plane.points],
        textposition=[
            "top center" if p.role != "candidate" else "bottom center" for p in plane.points
        ],
        marker={
            "color": [colours[point.role] for point in plane.points],
            "size": [18 - 11 * point.distance / farthest for point in plane.points],
            "opacity": 1,
        },
        customdata=[[escaped(p.text), p.role, p.distance] for p in plane.points],
        hovertemplate="%{customdata[0]} (%{customdata[1]})<br>%{customdata[2]:.3f} from the plane"
        "<extra></extra>",
        cliponaxis=False,
    )
    for tail, head in plane.arrows:
        start, end = plane.points[tail], plane.points[head]
        add_arrow(figure, (start.x, start.y), (end.x, end.y), BLUE)
    figure.update_layout(margin={"l": 40, "r": 40, "t": 32, "b": 32})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return figure


def analogy_test_figure(test: AnalogyTest) -> go.Figure:
    """Three bars a section: inputs allowed, inputs excluded, no arithmetic at all."""
    sections = (test.overall, *test.sections)
    figure = blank_figure(height=90 + 46 * len(sections))
    ways = {
        "input words allowed": (GREY, [s.inputs_allowed for s in sections]),
        "input words excluded": (GREEN, [s.inputs_excluded for s in sections]),
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
