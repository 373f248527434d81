"""The table of endpoints in the README, as the code has it.

    python -m tests.readme_table

writes it again.
"""

import inspect
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

from embviz.capabilities import ENDPOINTS, Endpoint
from embviz.views.view import View

README = Path(__file__).parent.parent / "README.md"
HEAD = "| endpoint | arguments | answer |\n|---|---|---|\n"


def table() -> str:
    """One row an endpoint."""
    return HEAD + "".join(map(_row, ENDPOINTS))


def replace_table(page: str) -> str:
    """A page with its table of endpoints written again."""
    before, rest = page.split(HEAD)
    rows = rest.splitlines(keepends=True)
    end = next(n for n, line in enumerate(rows) if not line.startswith("|"))
    return before + table() + "".join(rows[end:])


def _row(endpoint: Endpoint) -> str:
    _, *arguments = inspect.signature(endpoint.function).parameters
    result = get_type_hints(endpoint.function)["return"]
    is_list = get_origin(result) is tuple
    if is_list:
        result = get_args(result)[0]
    names = endpoint.fields or tuple(field.name for field in fields(result))
    answer = "a Plotly figure and a table" if result is View else _codes(names)
    if is_list:
        answer = f"a list of {answer}"
    return f"| `/{endpoint.name}` | {_codes(arguments)} | {answer} |\n".replace("|  |", "| |")


def _codes(names: object) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    README.write_text(replace_table(README.read_text()))
