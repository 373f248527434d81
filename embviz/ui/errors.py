"""InputError → the error message that Gradio shows."""

import functools
from collections.abc import Callable
from html import escape

import gradio as gr

from embviz.errors import InputError


def to_gradio_error(answer: Callable[..., object]) -> Callable[..., object]:
    """Let an InputError reach the visitor as the one sentence it is.

    The sentence may quote what was typed, and Gradio renders it as HTML: so it is escaped.
    """

    @functools.wraps(answer)
    def answer_or_refuse(*args: object, **kwargs: object) -> object:
        try:
            return answer(*args, **kwargs)
        except InputError as error:
            message = escape(str(error), quote=False)
            raise gr.Error(message, duration=6, print_exception=False) from error

    return answer_or_refuse
