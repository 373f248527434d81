"""The query parameters of an address → what the inputs of a tab hold."""

from collections.abc import Mapping

from embviz.errors import InputError
from embviz.inputs.parsing import parse_flag

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def read_parameters(
    parameters: Mapping[str, str], defaults: Mapping[str, object]
) -> dict[str, object]:
    """Take from an address what a set of inputs can hold.

    Args:
        parameters: Names and values as they stand in the address; other names are passed over.
        defaults: Names and values of the inputs, which say what type each has.

    Returns:
        The parameters that are there, in the type of their default.

    Raises:
        InputError: A value has another type than its default.

    >>> read_parameters({"top_k": "3", "utm_source": "mail"}, {"query": "sea", "top_k": 5})
    {'top_k': 3}
    """
    return {
        name: _convert(name, parameters[name], default)
        for name, default in defaults.items()
        if name in parameters
    }


def _convert(name: str, value: str, default: object) -> object:
    if isinstance(default, bool):
        return parse_flag(_FLAGS.get(value.strip().lower(), value), name)
    if isinstance(default, int):
        if not value.strip().isdecimal():
            raise InputError(f"{name} must be a whole number of at least 1.")
        return int(value)
    return value
