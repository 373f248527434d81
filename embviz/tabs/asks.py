"""One question in a tab: what is asked, the answer to it, and the wire between them.

An ask has three columns: its inputs, its answer, and its details (inputs that seldom change). Wide
pages have inputs and details on the left, the answer on the right; on a phone the answer follows
the inputs, and the details follow the answer.

page.css and page.js know an ask by its class names and its id. While the inputs are newer than the
answer, page.js veils the answer: an old answer never stands beside new inputs.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import gradio as gr

from embviz.tabs.refusal import refuse_kindly


def ask_row(name: str) -> AbstractContextManager:
    """The row that holds one ask; `name` is its id in the page."""
    return gr.Row(elem_id=name, elem_classes="ask")


def inputs_column() -> AbstractContextManager:
    """The column of an ask that holds what everybody types."""
    return gr.Column(elem_classes="inputs")


def details_column() -> AbstractContextManager:
    """The column of an ask that holds what has a good default."""
    return gr.Column(elem_classes="details")


def answer_column(
    reading: str, figure: Any, table: str, *, label: str, beside: bool = True, table_js: str = ""
) -> list[gr.Component]:
    """Add the column of an ask that holds the answer.

    Args:
        reading: The answer in words, HTML.
        figure: The figure that is drawn at the start.
        table: The table, HTML.
        label: What the figure shows, for those who cannot see it.
        beside: Whether the table stands beside the figure, where there is room, or below it.
        table_js: JavaScript that runs once the table is in the page.

    Returns:
        The three components, the outputs of an event that answers the ask.
    """
    with gr.Column(elem_classes="answer"):
        reading_component = html(reading)
        with gr.Row() if beside else gr.Column():
            figure_component = gr.Plot(
                figure, show_label=False, label=label, scale=4, min_width=300, elem_classes="figure"
            )
            with gr.Column(scale=3, min_width=280):
                table_component = html(table, js_on_load=table_js or None)
    return [reading_component, figure_component, table_component]


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
    triggers: Sequence[Callable],
    answer: Callable,
    inputs: Sequence[gr.Component],
    outputs: Sequence[gr.Component],
    *,
    ask: str,
) -> None:
    """Call `answer` when one of the triggers fires.

    The values arrive as the browser sent them: `answer` checks them all, since the checks that
    Gradio's components make would answer in Gradio's words.
    """
    gr.on(
        triggers,
        refuse_kindly(answer),
        list(inputs),
        list(outputs),
        js=f"(...values) => embviz.asked('{ask}', values.slice(0, {len(inputs)}))",
        preprocess=False,
        show_progress="minimal",
        show_progress_on=outputs[-2],
        trigger_mode="always_last",
        api_visibility="private",
    ).success(None, js=f"() => embviz.answered('{ask}')", api_visibility="private")
