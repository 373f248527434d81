"""The table of endpoints in the README, as the code has it.

    python -m tests.readme_table

writes it again.
"""

import inspect
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

from embviz.capabilities import ENDPOINTS, Endpoint

README = Path(__file__).parent.parent / "README.md"
HEAD = "| endpoint | arguments | answer |\n|---|---|---|\n"


def table() -> str:
    """One row an endpoint, and one for all that draw."""
    drawing = [endpoint for endpoint in ENDPOINTS if endpoint.name.startswith("plot_")]
    others = [endpoint for endpoint in ENDPOINTS if endpoint not in drawing]
    names = ", ".join(f"`/{endpoint.name}`" for endpoint in drawing)
    drawn = f"| {names} | as without `plot_` | a Plotly figure and a table |\n"
    return HEAD + "".join(map(_row, others)) + drawn


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
    # Where some items cannot be had, others stand in their place.
    kinds = get_args(result) or (result,)
    names = endpoint.fields or tuple(field.name for field in fields(kinds[0]))
    answer = f"a list of {_codes(names)}" if is_list else _codes(names)
    return f"| `/{endpoint.name}` | {_codes(arguments)} | {answer} |\n".replace("|  |", "| |")


def _codes(names: object) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    README.write_text(replace_table(README.read_text()))
