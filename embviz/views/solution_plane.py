"""The plane of an expression → sentence, figure."""

import plotly.graph_objects as go

from embviz.analysis.projection import SolutionPlane
from embviz.language import gettext, gettext_noop
from embviz.views.canvas import add_arrow, blank_figure, label, wrapped
from embviz.views.colours import BLUE, GREEN, GREY
from embviz.views.view import View
from embviz.views.wording import quote

_ROLES = {
    "term": gettext_noop("term"),
    "result": gettext_noop("result"),
    "candidate": gettext_noop("candidate"),
}


def summarise_plane(plane: SolutionPlane) -> str:
    """Say how far the plane of an expression can be trusted."""
    off = gettext("The other texts lie off this plane: the smaller the dot, the farther away.")
    exact = gettext("This drawing is exact: all terms and the result lie in one plane.")
    if plane.kept < 0.9995:
        best = gettext(
            "No plane holds all these terms and their result. This one fits them best: it keeps "
            "{kept} % of their variance, of how far they are spread out.",
            kept=f"{100 * plane.kept:.0f}",
        )
        return f"{best} {off}"
    if not plane.arrows:
        return f"{exact} {off}"
    (from_b, to_a), (from_c, _) = plane.arrows
    b, a, c = (quote(plane.points[i].text) for i in (from_b, to_a, from_c))
    step = gettext("The step from {b} to {a} is the same as from {c} to the result.", b=b, a=a, c=c)
    return f"{exact} {step} {off}"


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
        customdata=[[wrapped(p.text), gettext(_ROLES[p.role]), p.distance] for p in plane.points],
        hovertemplate="%{customdata[0]} (%{customdata[1]})<br>"
        + gettext("{distance} from the plane", distance="%{customdata[2]:.3f}")
        + "<extra></extra>",
        cliponaxis=False,
    )
    for tail, head in plane.arrows:
        start, end = plane.points[tail], plane.points[head]
        add_arrow(figure, (start.x, start.y), (end.x, end.y), BLUE)
    figure.update_layout(margin={"l": 40, "r": 40, "t": 32, "b": 32})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return figure


def view_plane(plane: SolutionPlane) -> View:
    """Show the plane of an expression."""
    return View(summarise_plane(plane), plane_figure(plane))
