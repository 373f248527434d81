"""An association test taken by every model → sentence, figure, table."""

from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.analysis.model_comparison import UnavailableModel
from embviz.evaluation.association import ModelAssociation
from embviz.language import gettext
from embviz.views.canvas import bar_figure, label
from embviz.views.colours import GREY, MODEL_COLOUR
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import number, quote

Rows = Sequence[ModelAssociation | UnavailableModel]

# Without noise, an effect size lies between -2 and 2.
_LARGEST_EFFECT = 2
_LONGEST_NAME = 20


def view_association_by_model(rows: Rows) -> View:
    """Show the effect that each model has.

    Args:
        rows: One a model, in the order of the catalogue; at least one was tested.
    """
    tested = [row for row in rows if isinstance(row, ModelAssociation)]
    return View(
        _summarise(tested),
        _draw(tested),
        (_list(rows),),
        notes=(
            gettext(
                "Effect sizes can be compared between models, since each is measured in standard "
                "deviations of the model’s own associations. A model without training has learnt "
                "nothing from anybody: what it scores comes from the spelling of the words and "
                "from chance."
            ),
        ),
    )


def _summarise(tested: Sequence[ModelAssociation]) -> str:
    first, second = (quote(gettext(target.name)) for target in tested[0].test.targets)
    if len(tested) == 1:
        return gettext(
            "One model could be asked: {model}, with an effect size of {effect}.",
            model=tested[0].name,
            effect=number(tested[0].test.effect_size, 2),
        )
    strongest = max(tested, key=lambda row: row.test.effect_size)
    weakest = min(tested, key=lambda row: row.test.effect_size)
    return gettext(
        "That {first} is nearer to {attribute} than {second} is: of {count} models {strongest} "
        "shows it most ({largest}) and {weakest} least ({smallest}). 0 would be no difference.",
        first=first,
        second=second,
        attribute=quote(gettext(tested[0].test.attributes[0].name)),
        count=len(tested),
        strongest=strongest.name,
        largest=number(strongest.test.effect_size, 2),
        weakest=weakest.name,
        smallest=number(weakest.test.effect_size, 2),
    )


def _draw(tested: Sequence[ModelAssociation]) -> go.Figure:
    figure = bar_figure(
        values=[row.test.effect_size for row in tested],
        texts=[row.name for row in tested],
        colours=[GREY if row.is_untrained else MODEL_COLOUR for row in tested],
        title=gettext("effect size (grey: untrained)"),
        best=_LARGEST_EFFECT,
    )
    figure.update_yaxes(
        tickvals=list(range(len(tested))),
        ticktext=[f"{label(row.name, _LONGEST_NAME)} " for row in tested],
    )
    return figure


def _list(rows: Rows) -> Table:
    failed = any(isinstance(row, UnavailableModel) for row in rows)
    cells = [
        (row.name, rounded(row.test.effect_size), rounded(row.test.p_value), None)
        if isinstance(row, ModelAssociation)
        else (row.name, None, None, row.error)
        for row in rows
    ]
    # Where nothing went wrong, there is no column for it.
    width = 4 if failed else 3
    return Table(
        gettext("The same words by every model"),
        (gettext("Model"), gettext("Effect size"), "p", gettext("Remark"))[:width],
        tuple(row[:width] for row in cells),
    )
