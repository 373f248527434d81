"""king - male + female = ? → one plain sentence."""

import re
from collections.abc import Sequence

from embviz.arithmetic import Solution, Term
from embviz.projection import SolutionPlane
from embviz.readings.phrases import join, number, quote

# A sign with a space on one side or none (a hyphen between letters is no sign), or other operators.
_ODD_TERM = re.compile(r"(?:^|\s)[+\-−–—]\w|\w[\-−–—](?:\s|$)|\w[+−–—]\w|[*=()]")


def read_solution(solution: Solution) -> str:
    """Name the nearest text, and the input words that would have been nearer."""
    if not solution.matches:
        return "Every candidate is one of the input words, so nothing is left to rank."
    best = solution.matches[0]
    sentence = f"{solution.expression} is nearest to {quote(best.text)} ({number(best.similarity)})"
    nearer = [quote(m.text) for m in solution.excluded if m.similarity > best.similarity]
    if not nearer:
        return f"{sentence}."
    return f"{sentence}, leaving out {join(nearer)}, which would be nearer still."


def read_plane(plane: SolutionPlane) -> str:
    """Say how far the plane of an expression can be trusted."""
    off = "The other texts lie off the plane: the smaller the dot, the farther."
    if plane.kept < 0.9995:
        kept = f"{100 * plane.kept:.0f} %"
        return (
            f"The best plane for these terms and their result keeps {kept} of their variance. {off}"
        )
    if not plane.arrows:
        return f"Drawn true: this plane holds the terms and the result exactly. {off}"
    (b, a), (c, _) = plane.arrows
    b, a, c = (quote(plane.points[i].text) for i in (b, a, c))
    return (
        f"Drawn true: this plane holds the terms and the result exactly. The step from {b} to {a} "
        f"is the step from {c} to the result. {off}"
    )


def read_odd_terms(terms: Sequence[Term]) -> str:
    """Point out terms that look as if they were meant to be calculated; nothing otherwise."""
    texts = [term.text for term in terms]
    odd = [text for text in texts if _ODD_TERM.search(text)]
    if len(texts) == 1 and "-" in texts[0]:
        odd = texts
    if not odd:
        return ""
    was = "was read as a term" if len(odd) == 1 else "were read as terms"
    return f"{join([quote(text) for text in odd])} {was}: signs need a space on both sides."
