"""An expression answered by each method → sentence, table."""

from embviz.analysis.arithmetic import ADD, MULTIPLY, MethodComparison
from embviz.text_direction import isolate
from embviz.views.table import Table
from embviz.views.view import View
from embviz.views.wording import join, quote

_METHOD_NAMES = {ADD: "Adding (3CosAdd)", MULTIPLY: "Multiplying (3CosMul)"}


def summarise_methods(comparison: MethodComparison) -> str:
    """Judge whether the arithmetic did something."""
    added, multiplied = comparison.solutions[ADD], comparison.solutions[MULTIPLY]
    answer = added.matches[0].text
    if len(added.terms) == 1:
        return f"There is no arithmetic in {quote(added.terms[0].text)} alone: try + and −."
    if comparison.next_door:
        verdict = (
            f"The arithmetic was not needed: without it, {quote(answer)} is already the nearest "
            f"candidate to {join([quote(text) for text in comparison.next_door])}."
        )
    else:
        others = [
            f"{quote(alone.terms[0].text)} alone is nearest to {quote(alone.matches[0].text)}"
            for alone in comparison.alone
        ]
        verdict = (
            f"The arithmetic made a difference: its result is nearest to {quote(answer)}, while "
            f"{join(others)}."
        )
    if multiplied.matches[0].text != answer:
        verdict += f" Multiplying instead of adding gives {quote(multiplied.matches[0].text)}."
    return verdict


def method_table(comparison: MethodComparison) -> Table:
    """One row a way of answering: the nearest text of all, and the nearest without input words."""
    ways = [(_METHOD_NAMES[method], solution) for method, solution in comparison.solutions.items()]
    ways += [
        (f"No arithmetic: nearest to “{isolate(s.terms[0].text)}”", s) for s in comparison.alone
    ]
    places = ("1st", "2nd", "3rd")
    rows = []
    for name, solution in ways:
        texts: list[str | None] = [match.text for match in solution.matches[: len(places)]]
        texts += [None] * (len(places) - len(texts))
        rows.append((name, solution.nearest.text, *texts))
    return Table(
        "The nearest texts",
        ("Method", "Input words kept in", *(f"Left out: {place}" for place in places)),
        tuple(rows),
    )


def view_methods(comparison: MethodComparison) -> View:
    """Show what each method answers."""
    return View(summarise_methods(comparison), tables=(method_table(comparison),))
