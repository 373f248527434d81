"""Files between the page and its visitor: texts that are opened, answers that are saved.

No file touches the server's disk. The browser reads what is opened and sends it along in place of
what was typed (page.js); what is saved is made when it is asked for, and the browser makes a file
of it.
"""

import base64
import functools
from collections.abc import Callable, Mapping, Sequence

import gradio as gr
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from embviz.errors import InputError
from embviz.inputs.files import MAX_BYTES, MAX_SIZE, read_columns, read_texts
from embviz.inputs.parsing import parse_choice
from embviz.server.routes import post_route
from embviz.ui.markup import file_html
from embviz.ui.section import AnswerColumn, Values, answer_on, html

TABLE, VECTORS, FIGURE = "table", "vectors", "figure"


def file_button() -> gr.HTML:
    """Add the button that opens a file."""
    return html(
        file_html(MAX_SIZE),
        js_on_load=(
            f"embviz.openFiles(element, {MAX_BYTES}, () => trigger('upload'), props, watch)"
        ),
    )


def open_on(
    button: gr.HTML,
    field: gr.Textbox,
    answer: Callable[..., Values],
    inputs: Sequence[gr.Component],
    outputs: Sequence[gr.Component],
    *,
    section: str,
    implies: Mapping[gr.Component, object] | None = None,
) -> None:
    """Fill a text box from the file that is opened, and answer as if its texts had been typed.

    Args:
        button: The button that opens a file.
        field: The text box, one of the inputs.
        answer: Makes the outputs from the values of the inputs.
        inputs: What `answer` is called with.
        outputs: What it fills.
        section: The id of the section.
        implies: Other inputs, and what they hold once a file is opened.
    """
    implies = implies or {}
    place = inputs.index(field)

    @functools.wraps(answer)
    def open_file(*given: object) -> Values:
        values = list(given)
        values[place], columns = _read(values[place])
        for component, value in implies.items():
            values[inputs.index(component)] = value
        return values[place], columns, *implies.values(), *answer(*values)

    answer_on(
        [button.upload],
        open_file,
        inputs,
        [field, button, *implies, *outputs],
        section=section,
        file_at=place,
    )


def save_on(
    column: AnswerColumn,
    files: Mapping[str, Callable[..., str]],
    inputs: Sequence[gr.Component],
    *,
    section: str,
) -> Route:
    """Let the visitor save an answer.

    An answer that is not the one to its inputs is veiled, the buttons with it: so what is made of
    the inputs is what is shown. The browser gets the file at an address of its own, since what
    passes through Gradio's queue waits in memory until it is fetched.

    Args:
        column: The column that holds the answer.
        files: For TABLE, VECTORS and FIGURE, what makes the text of the file.
        inputs: What these are called with.
        section: The id of the section.

    Returns:
        The route of the address.
    """

    def save(kind: object, *values: object) -> str:
        kind = parse_choice(kind, "Save", tuple(files))
        if len(values) != len(inputs):
            raise InputError(f"Save: {len(inputs)} values must follow.")
        return files[kind](*values)

    column.save.select(
        None,
        list(inputs),
        None,
        js=f"(...values) => embviz.save('{section}', values.slice(0, {len(inputs)}))",
        api_visibility="private",
    )
    return post_route(f"/save/{section}", save, PlainTextResponse)


def _read(file: object) -> tuple[str, str]:
    """The texts of a file, one a line, and the button that lets one choose another column."""
    try:
        if not isinstance(file, dict):
            raise TypeError
        name, number, column = file["name"], file.get("number"), file.get("column")
        content = base64.b64decode(file["content"], validate=True)
        if not isinstance(name, str) or not isinstance(column, str | None):
            raise TypeError
    # A program sent it, not the page.
    except (TypeError, KeyError, AttributeError, ValueError):
        raise InputError("The file did not arrive as it was sent: open it again.") from None
    texts = read_texts(content, name, column)
    columns = list(read_columns(content, name))
    return "\n".join(texts), file_html(MAX_SIZE, name, columns, column, number)
