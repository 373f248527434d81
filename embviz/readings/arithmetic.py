"""king - male + female = ? → one plain sentence."""

import re
from collections.abc import Sequence

from embviz.analogy_test import AnalogyTest
from embviz.arithmetic import ADD, MULTIPLY, Solution, Term, Trial
from embviz.projection import SolutionPlane
from embviz.readings.phrases import join, number, quote, share

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


def read_choices(solution: Solution) -> str:
    """Say how often a blind guess would be right."""
    if solution.choices < 2:
        return ""
    return (
        f"A blind guess among these {solution.choices:,} candidates is right once in "
        f"{solution.choices:,} ({100 / solution.choices:.3g} %)."
    )


def read_trial(trial: Trial) -> str:
    """Judge whether the arithmetic did something."""
    added, multiplied = trial.solutions[ADD], trial.solutions[MULTIPLY]
    answer = added.matches[0].text
    if len(added.terms) == 1:
        return f"There is no arithmetic in {quote(added.terms[0].text)} alone: try + and −."
    if trial.next_door:
        verdict = (
            f"The answer was next door: without any arithmetic, {quote(answer)} is the nearest "
            f"candidate to {join([quote(text) for text in trial.next_door])} already."
        )
    else:
        others = [
            f"{quote(alone.terms[0].text)} is nearest to {quote(alone.matches[0].text)}"
            for alone in trial.alone
        ]
        verdict = (
            f"The arithmetic did something: its result is nearest to {quote(answer)}, while alone "
            f"{join(others)}."
        )
    if multiplied.matches[0].text != answer:
        verdict += f" Multiplying instead of adding gives {quote(multiplied.matches[0].text)}."
    return verdict


def read_analogy_test(test: AnalogyTest) -> str:
    """Say how often the arithmetic works, and how much of that it does itself."""
    overall = test.overall
    return (
        f"Of {overall.questions:,} published analogies (a is to b as c is to what?) b − a + c "
        f"answers {share(overall.inputs_excluded)} right if a, b and c cannot be the answer, but "
        f"{share(overall.inputs_allowed)} if they can: {100 * test.stays:.0f} % of the time the "
        f"nearest word is c itself. Doing no arithmetic at all, just taking the nearest neighbour "
        f"of c, is right {share(overall.no_arithmetic)} of the time: most of the success is "
        f"neighbourhood. And {test.words} candidates are easier than a dictionary."
    )
