"""The place of a figure in the page."""

from typing import Any

import gradio as gr


def place_figure(figure: Any = None) -> gr.HTML:
    """Add the place of a figure, which figures.js draws; without a figure nobody sees it.

    Args:
        figure: What is shown first: a figure of Plotly, or None.
    """
    return gr.HTML(
        show_figure(figure),
        html_template='<div class="figure"></div>',
        js_on_load="embviz.showFigure(element, props, watch)",
        apply_default_css=False,
        elem_classes="place",
    )


def show_figure(figure: Any) -> str:
    """What fills the place of a figure: it as JSON, or nothing."""
    return "" if figure is None else str(figure.to_json())
