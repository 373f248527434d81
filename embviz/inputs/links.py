"""The query parameters of an address → what the inputs of a tab hold."""

from collections.abc import Mapping
from typing import Any

from embviz.errors import InputError
from embviz.inputs.parsing import parse_flag
from embviz.language import gettext

_MOST_DIGITS = 9
_FLAGS = {"true": True, "1": True, "false": False, "0": False}

# What links held before choices had names that never change: the words on the page. Course pages
# have such links, so no line of this may go.
_FORMER_VALUES = {
    "panel": {
        "Just the answer": "none",
        # What this panel showed is now in the answer itself.
        "How high is that?": "none",
        "scale": "none",
        "league": "leaderboard",
        "Which angle is that?": "angle",
        "Which words made it?": "tokens",
        "What does the model hear?": "changes",
        "Which words are near?": "neighbours",
        "Test this claim: do people agree?": "people",
        "Which one is odd?": "odd-one-out",
        "Map: PCA": "map-pca",
        "Map: MDS": "map-mds",
        "Map: t-SNE": "map-tsne",
        "Map: random layout": "map-random",
        "Where does it lead?": "plane",
        "Did the arithmetic do it?": "methods",
        "Test this claim: how often does it work?": "analogies",
        "Meaning or keywords?": "rankings",
        "Test this claim: does meaning win?": "retrieval",
    },
    "look_among": {"My candidates": "mine", "10,000 common words": "common"},
    "colours": {"Purple to green": "purple-green", "Red to green": "red-green"},
}


def current_value(name: str, value: Any) -> Any:
    """What a value of a parameter is called now.

    >>> current_value("panel", "Which angle is that?"), current_value("panel", "angle")
    ('angle', 'angle')
    """
    return _FORMER_VALUES.get(name, {}).get(value, value) if isinstance(value, str) else value


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
        name: _convert(name, current_value(name, parameters[name]), default)
        for name, default in defaults.items()
        if name in parameters
    }


def _convert(name: str, value: str, default: object) -> object:
    if isinstance(default, bool):
        return parse_flag(_FLAGS.get(value.strip().lower(), value), name)
    if isinstance(default, int):
        typed = value.strip()
        # One that is negative has a meaning of its own, such as the last layer.
        if typed == str(default):
            return default
        # Python reads no number of thousands of digits.
        if not typed.isdecimal() or len(typed) > _MOST_DIGITS:
            raise InputError(
                gettext(
                    "{name} must be a whole number, such as {default}.", name=name, default=default
                )
            )
        return int(typed)
    return value
