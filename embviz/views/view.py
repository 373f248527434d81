"""What people see of a result: its sentences, its figure and its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go

from embviz.views.table import Table

# What a task of the guided lesson can be checked by; None where there is none.
Fact = str | float | bool | None


@dataclass(frozen=True)
class View:
    """What people see of a result.

    Attributes:
        summary: The answer in a sentence or a few.
        figure: What is drawn of it, if anything.
        tables: What is listed of it.
        numbers: The numbers that matter most, as they are printed, by name.
        notes: What must be known besides; an empty note has nothing to say.
        background: What helps to judge the answer, below the figure; an empty one says nothing.
        tokens: Texts taken apart, by name: each token and what it adds to a similarity.
        facts: What it shows that a task of the guided lesson can check, by name. All names are
            always there, whatever was asked.
        row: The two texts of that row of the answer's table which it is about, if it is about one.
        quoted: A text that is shown as it is, line breaks included, such as a prompt.
    """

    summary: str
    figure: go.Figure | None = None
    tables: tuple[Table, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    tokens: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    row: tuple[str, str] | None = None
    quoted: str = ""
