"""Changed versions of a text → sentence, table."""

from embviz.analysis.perturbation import PerturbationTest
from embviz.language import gettext
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import number, quote


def summarise_perturbations(test: PerturbationTest) -> str:
    """Say which change moves the vector most."""
    lowest = test.variants[-1]
    return gettext(
        "Each row is a changed version of {text}. The vector moves most with this change: {change} "
        "(similarity {similarity}). A change with a similarity near 1 goes almost unnoticed.",
        text=quote(test.text),
        change=gettext(lowest.change),
        similarity=number(lowest.similarity),
    )


def perturbation_table(test: PerturbationTest) -> Table:
    """The changed versions of a text, the most alike first."""
    return Table(
        gettext("Changed versions, the most alike first"),
        (gettext("Change"), gettext("Text"), gettext("Similarity")),
        tuple((gettext(v.change), v.text, rounded(v.similarity)) for v in test.variants),
    )


def view_perturbations(test: PerturbationTest) -> View:
    """Show how far changes to a text move its vector."""
    return View(summarise_perturbations(test), tables=(perturbation_table(test),))
