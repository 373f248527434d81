"""An expression answered by each method → sentence, table."""

from embviz.analysis.arithmetic import ADD, MULTIPLY, MethodComparison
from embviz.language import gettext, gettext_noop
from embviz.text_direction import isolate
from embviz.views.table import Table
from embviz.views.view import View
from embviz.views.wording import join, quote

_METHOD_NAMES = {
    ADD: gettext_noop("Adding (3CosAdd)"),
    MULTIPLY: gettext_noop("Multiplying (3CosMul)"),
}


def summarise_methods(comparison: MethodComparison) -> str:
    """Judge whether the arithmetic did something."""
    added, multiplied = comparison.solutions[ADD], comparison.solutions[MULTIPLY]
    answer = added.matches[0].text
    if len(added.terms) == 1:
        return gettext(
            "There is no arithmetic in {text} alone: try + and −.", text=quote(added.terms[0].text)
        )
    if comparison.next_door:
        verdict = gettext(
            "The arithmetic was not needed: without it, {answer} is already the nearest candidate "
            "to {texts}.",
            answer=quote(answer),
            texts=join([quote(text) for text in comparison.next_door]),
        )
    else:
        others = [
            gettext(
                "{text} alone is nearest to {nearest}",
                text=quote(alone.terms[0].text),
                nearest=quote(alone.matches[0].text),
            )
            for alone in comparison.alone
        ]
        verdict = gettext(
            "The arithmetic made a difference: its result is nearest to {answer}, while {others}.",
            answer=quote(answer),
            others=join(others),
        )
    if multiplied.matches[0].text == answer:
        return verdict
    product = gettext(
        "Multiplying instead of adding gives {answer}.", answer=quote(multiplied.matches[0].text)
    )
    return f"{verdict} {product}"


def method_table(comparison: MethodComparison) -> Table:
    """One row a way of answering: the nearest text of all, and the nearest without input words."""
    ways = [(gettext(_METHOD_NAMES[method]), s) for method, s in comparison.solutions.items()]
    ways += [
        (gettext("No arithmetic: nearest to “{text}”", text=isolate(s.terms[0].text)), s)
        for s in comparison.alone
    ]
    places = (gettext("Left out: 1st"), gettext("Left out: 2nd"), gettext("Left out: 3rd"))
    rows = []
    for name, solution in ways:
        texts: list[str | None] = [match.text for match in solution.matches[: len(places)]]
        texts += [None] * (len(places) - len(texts))
        rows.append((name, solution.nearest.text, *texts))
    return Table(
        gettext("The nearest texts"),
        (gettext("Method"), gettext("Input words kept in"), *places),
        tuple(rows),
    )


def view_methods(comparison: MethodComparison) -> View:
    """Show what each method answers."""
    return View(summarise_methods(comparison), tables=(method_table(comparison),))
