"""Files between the page and its visitor: texts that are opened, answers that are saved.

No file touches the server's disk. The browser reads what is opened and sends it along in place of
what was typed (page.js); what is saved is made when it is asked for, and the browser makes a file
of it.
"""

import base64
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import gradio as gr
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from embviz.capabilities import Question, show_panel
from embviz.errors import InputError
from embviz.inputs.files import MAX_BYTES, MAX_SIZE, read_columns, read_texts
from embviz.inputs.limits import MAX_LONG_FILE_BYTES
from embviz.inputs.long_text import read_long_text
from embviz.inputs.parsing import parse_choice, without_surrogates
from embviz.language import gettext, gettext_noop
from embviz.models.progress import report
from embviz.server.routes import post_route
from embviz.service import Service
from embviz.service_of_each_model import Services
from embviz.text_direction import isolate
from embviz.ui.markup import file_html, save_html
from embviz.ui.saved_map import map_tools
from embviz.views.csv_file import tables_csv, vectors_csv
from embviz.views.figure_html import page_html
from embviz.views.view import View

TABLE, VECTORS, FIGURE = KINDS = ("table", "vectors", "figure")


class FileKind(NamedTuple):
    """Files of which kind can be opened.

    Attributes:
        accept: Which ones the browser offers.
        formats: The same in words, with the {size} that they may have.
        size: How large they may be, as people read it.
        most_bytes: The same in bytes.
        read: Makes of content, name and two columns what the input holds, and the columns there
            are.
    """

    accept: str
    formats: str
    size: str
    most_bytes: int
    read: Callable[[bytes, str, str | None, str | None], tuple[str, list[str]]]

    @property
    def said(self) -> str:
        """What kind of files they are, and how large they may be."""
        return gettext(self.formats, size=self.size)


def _read_list(
    content: bytes, name: str, column: str | None, second: str | None
) -> tuple[str, list[str]]:
    texts = read_texts(content, name, column, second)
    return "\n".join(texts), list(read_columns(content, name))


def _read_long_text(content: bytes, name: str, *_: str | None) -> tuple[str, list[str]]:
    return read_long_text(content, name, partial(report, 0.0)), []


LISTS = FileKind(
    ".txt,.csv,text/plain,text/csv",
    gettext_noop(".txt or .csv, up to {size}"),
    MAX_SIZE,
    MAX_BYTES,
    _read_list,
)
LONG_TEXTS = FileKind(
    ".txt,.md,.pdf,text/plain,text/markdown,application/pdf",
    gettext_noop(".txt, .md or .pdf, up to {size}"),
    f"{MAX_LONG_FILE_BYTES // 10**6} MB",
    MAX_LONG_FILE_BYTES,
    _read_long_text,
)


def file_button(kind: FileKind) -> gr.HTML:
    """Add the button that opens a file."""
    return gr.HTML(
        file_html(kind.accept, kind.said),
        apply_default_css=False,
        js_on_load=(
            f"embviz.openFiles(element, {kind.most_bytes}, () => trigger('upload'), props, watch)"
        ),
    )


def save_buttons(*, of_panel: bool = False) -> gr.HTML:
    """Add the buttons that save an answer, or what the open panel shows."""
    return gr.HTML(
        save_html(of_panel=of_panel),
        apply_default_css=False,
        js_on_load="embviz.saveFiles(element, () => trigger('select'))",
    )


def read_file(kind: FileKind, file: object) -> tuple[str, str]:
    """What an input holds of a file, and the button that lets one choose other columns of it.

    Raises:
        InputError: The file cannot be read.
    """
    try:
        if not isinstance(file, dict):
            raise TypeError
        name, number = file["name"], file.get("number")
        chosen = [file.get(key) for key in ("column", "second")]
        content = base64.b64decode(file["content"], validate=True)
        if not isinstance(name, str) or any(not isinstance(c, str | None) for c in chosen):
            raise TypeError
    # A program sent it, not the page.
    except (TypeError, KeyError, AttributeError, ValueError):
        message = gettext("The file did not arrive as it was sent: open it again.")
        raise InputError(message) from None
    name = without_surrogates(name)
    chosen = [column and without_surrogates(column) for column in chosen]
    text, columns = kind.read(content, name, *chosen)
    return text, file_html(kind.accept, kind.said, name, columns, chosen, number)


def save_route(
    question: Question, services: Services, names: list[str], to_arguments: Callable[..., Any]
) -> Route:
    """The address where the browser gets the answer to a question as a file.

    An answer that is not the one to its inputs is veiled, the buttons with it: so what is made of
    the inputs is what is shown. The file has an address of its own, since what passes through
    Gradio's queue waits in memory until it is fetched.

    After the values may follow the id of a panel, for a file of what that shows; and then the two
    texts of the row that it shows, if it was opened on one.

    Args:
        question: The question.
        services: Who answers it.
        names: The inputs whose values arrive, after which file is meant; the last is the model.
        to_arguments: Makes the question's arguments of these values, which it gets by name.
    """

    def save(kind: object, *values: object) -> str:
        kind = parse_choice(kind, gettext_noop("Save"), KINDS)
        given, of_panel = values[: len(names)], values[len(names) :]
        if len(given) != len(names) or len(of_panel) not in (0, 1, 3):
            raise InputError(gettext("Save: {count} values must follow.", count=len(names)))
        *others, model = given
        service = services.get(model)
        arguments = to_arguments(dict(zip(names[:-1], others, strict=True)))
        if of_panel:
            return save_panel(model, kind, *of_panel, arguments=arguments)
        if kind == TABLE:
            return question.csv(service, **arguments)
        if kind == VECTORS:
            texts = question.texts(service, **arguments)
            return vectors_csv(texts, service.encoder.encode(texts))
        return save_figure(service, question.show(service, **arguments))

    def save_panel(
        model: object, kind: str, panel_id: object, *row: Any, arguments: dict[str, Any]
    ) -> str:
        service = services.get(model)
        name = gettext_noop("The closer look that is open")
        panel = panels[parse_choice(panel_id, name, tuple(panels))]
        if kind == VECTORS:
            raise InputError(
                gettext("A closer look has no vectors of its own: save those of the answer.")
            )
        if row and panel.show_row:
            view = panel.show_row(service, *row, **arguments)
        else:
            view = show_panel(panel, services, model, arguments)
        if kind == FIGURE:
            return save_figure(service, view)
        if not view.tables:
            raise InputError(gettext("There is no table to save here."))
        return tables_csv(view.tables)

    def save_figure(service: Service, view: View) -> str:
        if view.figure is None:
            raise InputError(gettext("There is no figure to save here."))
        return page_html(view, source_of(service), tools=map_tools(view))

    panels = {panel.id: panel for panel in question.panels}
    return post_route(f"/save/{question.id}", save, PlainTextResponse)


def source_of(service: Service) -> str:
    """Where a figure comes from, as people read it under one."""
    model = isolate(service.encoder.name.rpartition("/")[2])
    return gettext("{course} · model {model}", course=service.lesson.course.title, model=model)
