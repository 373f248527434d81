"""The endpoints: what the tabs show, as plain JSON for programs.

Each is a path of the API, an OpenAPI path and an MCP tool at once. Gradio reads the names and types
of arguments and answers from the function's signature, and the descriptions from its docstring.
"""

import functools
import inspect
import operator
from collections.abc import Callable, Mapping, Set
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, TypedDict, Union, get_args, get_origin, get_type_hints

import numpy as np

from embviz.analysis.vectors import Matrix
from embviz.capabilities import ENDPOINTS, Endpoint
from embviz.service_of_each_model import Services
from embviz.views.table import Table
from embviz.views.view import View


class FigureAnswer(TypedDict):
    """A Plotly figure, for Plotly.newPlot(div, data, layout) or plotly.graph_objects.Figure."""

    data: list[dict[str, Any]]
    layout: dict[str, Any]


class TableAnswer(TypedDict):
    """A ranked table; numbers are rounded to three decimals."""

    caption: str
    headers: list[str]
    data: list[list[Any]]


# What every endpoint that asks a model takes last.
_MODEL = inspect.Parameter(
    "model", inspect.Parameter.POSITIONAL_OR_KEYWORD, default="", annotation=str
)
_MODEL_DESCRIPTION = "    model: Which model to ask: an id of /models; empty for the first."


def build_endpoints(services: Services) -> tuple[Callable[..., object], ...]:
    """All public endpoints, each a function named like it that answers plain JSON."""
    return tuple(_build(endpoint, services) for endpoint in ENDPOINTS)


def _build(endpoint: Endpoint, services: Services) -> Callable[..., object]:
    types = get_type_hints(endpoint.function)
    _, *parameters = inspect.signature(endpoint.function).parameters.values()
    parameters = [p.replace(annotation=types[p.name]) for p in parameters]
    if not endpoint.by_models:
        parameters.append(_MODEL)
    signature = inspect.Signature(
        parameters, return_annotation=_answer_type(endpoint, types["return"])
    )

    def call(*args: object, **kwargs: object) -> object:
        arguments = signature.bind(*args, **kwargs).arguments
        asked: object = services
        if not endpoint.by_models:
            asked = services.get(arguments.pop("model", ""))
        return _answer(endpoint, endpoint.function(asked, **arguments))

    call.__name__ = call.__qualname__ = endpoint.name
    call.__doc__ = inspect.getdoc(endpoint.function) or ""
    if not endpoint.by_models:
        call.__doc__ += (
            f"\n{_MODEL_DESCRIPTION}"
            if len(parameters) > 1
            else (f"\n\nArgs:\n{_MODEL_DESCRIPTION}")
        )
    call.__signature__ = signature  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in parameters} | {
        "return": signature.return_annotation
    }
    return call


def _answer(endpoint: Endpoint, result: Any) -> object:
    if isinstance(result, View):
        return _figure(result.figure), _table(result.tables[0])
    if isinstance(result, tuple):
        return to_json(result)
    return {name: to_json(getattr(result, name)) for name in _names(endpoint, type(result))}


def _names(endpoint: Endpoint, result: type) -> tuple[str, ...]:
    return endpoint.fields or tuple(field.name for field in fields(result))


def _answer_type(endpoint: Endpoint, result: type) -> Any:
    if result is View:
        return tuple[FigureAnswer, TableAnswer]
    if get_origin(result) is tuple:
        return json_type(result)
    return _typed_dict(result, _names(endpoint, result))


def to_json(value: Any) -> Any:
    """A result as plain JSON: its fields by name, arrays and sets as lists."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted(value)
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    return value


def json_type(hint: Any) -> Any:
    """The type of what `to_json` makes of values of a type."""
    origin, args = get_origin(hint), get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _typed_dict(hint, [field.name for field in fields(hint)])
    if hint == Matrix:
        return list[list[float]]
    if origin is np.ndarray:
        return list[float]
    if origin in (tuple, frozenset):
        return list[json_type(args[0])]  # type: ignore[misc]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict[str, json_type(args[1])]  # type: ignore[misc]
    if origin in (Union, UnionType):
        return functools.reduce(operator.or_, map(json_type, args))
    return hint


def _typed_dict(result: type, names: Any) -> Any:
    of_fields = get_type_hints(result, include_extras=True)

    def type_of(name: str) -> Any:
        if name in of_fields:
            return json_type(of_fields[name])
        return json_type(get_type_hints(getattr(result, name).fget)["return"])

    return TypedDict(result.__name__, {name: type_of(name) for name in names})  # type: ignore[operator]


def _figure(figure: Any) -> FigureAnswer:
    if figure is None:
        return {"data": [], "layout": {}}
    answer: FigureAnswer = figure.to_plotly_json()
    return answer


def _table(table: Table) -> TableAnswer:
    return {
        "caption": table.caption,
        "headers": list(table.headers),
        "data": [list(row) for row in table.rows],
    }
