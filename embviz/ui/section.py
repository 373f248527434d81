"""A section of a tab: one question, its answer, and the events between them.

A section has three columns: its inputs, its answer, and its details (inputs that seldom change). On
wide pages, inputs and details stand on the left, the answer on the right. On a phone, the answer
follows the inputs, and the details follow the answer.

page.css and page.js know a section by its class names and its id. While the inputs are newer than
the answer, page.js hides the answer, so that an old answer never stands beside new inputs. Below
the answer, one panel at a time can be opened. It is filled whenever the answer is, so it is never
older.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from starlette.routing import Route

from embviz.analysis.projection import METHODS
from embviz.errors import InputError
from embviz.inputs.parsing import parse_choice
from embviz.ui.errors import to_gradio_error
from embviz.ui.markup import save_html, summary_html

# No panel is open.
CLOSED = "Just the answer"

# The text (HTML) and the figure of a panel, the figure None if there is none; and what makes them.
PanelContent = tuple[str, Any]
Panel = Callable[..., PanelContent]

# What fills the text and the figure of a panel.
PanelValues = tuple[str, gr.Plot]
# What fills the outputs of a section: reading, figure and table, then text and figure of the panel.
AnswerValues = tuple[str, Any, str, str, gr.Plot]
# What fills any components, in their order.
Values = tuple[object, ...]


def section_row(name: str) -> gr.Row:
    """The row that holds one section; `name` is its id in the page."""
    return gr.Row(elem_id=name, elem_classes="section")


def inputs_column() -> gr.Column:
    """The column of a section that holds what everybody types."""
    return gr.Column(elem_classes="inputs")


def details_column() -> gr.Column:
    """The column of a section that holds what has a good default."""
    return gr.Column(elem_classes="details")


@dataclass(frozen=True)
class AnswerColumn:
    """The column of a section that holds its answer.

    Attributes:
        outputs: Reading, figure and table, then text and figure of the panel.
        question: Which panel is open.
        save: The buttons that save the answer.
        table: The table, whose rows can be picked.
        panel: The last two of the outputs.
    """

    outputs: tuple[gr.HTML, gr.Plot, gr.HTML, gr.HTML, gr.Plot]
    question: gr.Radio
    save: gr.HTML

    @property
    def table(self) -> gr.HTML:
        return self.outputs[2]

    @property
    def panel(self) -> tuple[gr.HTML, gr.Plot]:
        return self.outputs[3:]


@dataclass(frozen=True)
class Section:
    """One question in a tab, as links know it.

    Attributes:
        tab: The tab it stands in.
        inputs: The components to fill in, by the name of the endpoint's argument; the panel last.
        column: The column that holds the answer.
        show: Makes the outputs of the column from the values of the inputs.
        save_route: Where the browser gets the files that are saved.
        complete: Adds to what a link gives what that implies.
        always: Names that a link always carries, also where they hold what they started with.
    """

    tab: str
    inputs: Mapping[str, gr.Component]
    column: AnswerColumn
    show: Callable[..., AnswerValues]
    save_route: Route
    complete: Callable[[dict[str, object]], dict[str, object]] = dict
    always: Sequence[str] = ()

    @property
    def components(self) -> list[gr.Component]:
        """All that changes when the section is opened in another state."""
        return [*self.inputs.values(), *self.column.outputs]

    @property
    def defaults(self) -> dict[str, object]:
        """What its inputs hold at the start, by name."""
        return {name: component.value for name, component in self.inputs.items()}

    @property
    def choices(self) -> dict[str, list[object]]:
        """What can be chosen, by the name of each input that has a list of choices."""
        radios = {n: c for n, c in self.inputs.items() if isinstance(c, gr.Radio)}
        return {name: [value for _, value in radio.choices] for name, radio in radios.items()}

    @property
    def questions(self) -> list[str]:
        """What its panels can answer, closed included."""
        return [str(value) for _, value in self.column.question.choices]


def answer_column(
    answer: AnswerValues,
    questions: Sequence[str],
    *,
    label: str,
    beside: bool = True,
    table_js: str = "",
) -> AnswerColumn:
    """Add the column of a section that holds the answer.

    Args:
        answer: Reading, figure and table that are shown at the start.
        questions: What a panel below can answer.
        label: What the figure shows, for those who cannot see it.
        beside: Whether the table stands beside the figure, where there is room, or below it.
        table_js: JavaScript that runs once the table is in the page.
    """
    reading, figure, table, *_ = answer
    with gr.Column(elem_classes="answer"):
        reading_component = html(reading)
        with gr.Row() if beside else gr.Column():
            figure_component = gr.Plot(
                figure, show_label=False, label=label, scale=4, min_width=300, elem_classes="figure"
            )
            with gr.Column(scale=3, min_width=280):
                table_component = html(table, js_on_load=table_js or None)
        save = html(
            save_html(),
            js_on_load="embviz.saveFiles(element, () => trigger('select'))",
        )
        question = gr.Radio(
            [CLOSED, *questions], value=CLOSED, label="Look closer", elem_classes="questions"
        )
        with gr.Column(elem_classes="closer"):
            panel_text = html("")
            panel_figure = gr.Plot(
                show_label=False, label="Look closer", visible=False, elem_classes="figure"
            )
    outputs = (reading_component, figure_component, table_component, panel_text, panel_figure)
    return AnswerColumn(outputs, question, save)


def open_panel(panels: Mapping[str, Panel], question: object, *results: object) -> PanelValues:
    """Fill the panel that answers a question; nothing is computed for a closed one.

    Args:
        panels: What each question calls.
        question: The question that is open.
        results: What the panel is called with.

    Returns:
        Values for the panel's text and figure.
    """
    if question == CLOSED:
        return "", gr.Plot(value=None, visible=False)
    panel = panels[parse_choice(question, "Look closer", tuple(panels))]
    try:
        text, figure = panel(*results)
    except InputError as error:
        # The answer above stands, even where there is nothing more to say about it.
        text, figure = summary_html(str(error)), None
    return text, gr.Plot(value=figure, visible=figure is not None)


def map_panels(show: Panel) -> dict[str, Panel]:
    """A panel for each way to draw a map; `show` is called with the method first."""
    return {f"Map: {method}": functools.partial(show, method) for method in METHODS}


def html(markup: str, **options: Any) -> gr.HTML:
    """Add markup that page.css alone gives its look."""
    return gr.HTML(markup, apply_default_css=False, **options)


def example_buttons(labels: Sequence[str]) -> gr.Dataset:
    """Add a row of buttons, one an example; a click passes on the index of the example."""
    return gr.Dataset(
        components=[gr.Textbox(render=False)],
        samples=[[label] for label in labels],
        type="index",
        label="Examples",
    )


def answer_on(
    triggers: Sequence[Callable[..., Any]],
    answer: Callable[..., Values],
    inputs: Sequence[gr.Component],
    outputs: Sequence[gr.Component],
    *,
    section: str,
    file_at: int | None = None,
) -> None:
    """Call `answer` when one of the triggers fires.

    The values arrive as the browser sent them: `answer` checks them all, since the checks that
    Gradio's components make would answer in Gradio's words. In place of the input of index
    `file_at`, the file arrives that is open.
    """
    progress_on = [output for output in outputs if isinstance(output, gr.Plot)]
    _wire(triggers, answer, inputs, outputs, progress_on, f"#{section}", file_at)


def panel_on(
    column: AnswerColumn,
    show_panel: Callable[..., PanelValues],
    inputs: Sequence[gr.Component],
    *,
    section: str,
) -> None:
    """Fill the panel alone when another one is opened; the answer above it stays.

    Args:
        column: The column that holds both.
        show_panel: Makes the panel's text and figure.
        inputs: What `show_panel` is called with, the question among them.
        section: The id of the section.
    """
    text, _ = column.panel
    _wire([column.question.input], show_panel, inputs, column.panel, [text], f"#{section} .closer")


def _wire(
    triggers: Sequence[Callable[..., Any]],
    answer: Callable[..., Values],
    inputs: Sequence[gr.Component],
    outputs: Sequence[gr.Component],
    progress_on: Sequence[gr.Component],
    part: str,
    file_at: int | None = None,
) -> None:
    """Fill outputs; page.js veils their part of the page meanwhile, which is a CSS selector."""
    values = f"values.slice(0, {len(inputs)})"
    if file_at is not None:
        values += f".with({file_at}, embviz.file)"
    event = gr.on(
        triggers,
        to_gradio_error(answer),
        list(inputs),
        list(outputs),
        js=f"(...values) => embviz.asked('{part}', {values})",
        preprocess=False,
        show_progress="minimal",
        show_progress_on=list(progress_on),
        trigger_mode="always_last",
        api_visibility="private",
    )
    event.success(None, js=f"() => embviz.answered('{part}')", api_visibility="private")
    event.failure(None, js=f"() => embviz.refused('{part}')", api_visibility="private")
