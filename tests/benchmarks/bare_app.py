"""The least that Gradio can do: an event that does nothing, and a page with one Plotly figure."""

import json
import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr
import plotly.graph_objects as go


def nothing(text_a: str, text_b: str) -> dict:
    return {}


def main() -> None:
    """Show two figures in turn, which FIGURES holds as JSON."""
    # The same figures as in the tab, made before: what is left is what Gradio takes to show them.
    figures = [go.Figure(figure) for figure in json.loads(os.environ["FIGURES"])]
    with gr.Blocks(title="bare", analytics_enabled=False) as page:
        shown = gr.State(0)
        figure = gr.Plot(figures[0], show_label=False)
        gr.Button("Show").click(
            lambda n: (1 - n, figures[1 - n]), shown, [shown, figure], show_progress="minimal"
        )
        gr.api(nothing, api_name="nothing", queue=False)
    page.launch(ssr_mode=False, run_history=False, pwa=False, mcp_server=False)


if __name__ == "__main__":
    main()
