"""The least that Gradio can do: an event that does nothing, and a page with one Plotly figure."""

import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr
import plotly.graph_objects as go

# The same figure as in the tab, made before: what is left is what Gradio takes to show it.
FIGURES = [go.Figure(figure) for figure in gr.utils.orjson.loads(os.environ["FIGURES"])]


def nothing(text_a: str, text_b: str) -> dict:
    return {}


with gr.Blocks(title="bare", analytics_enabled=False) as page:
    shown = gr.State(0)
    figure = gr.Plot(FIGURES[0], show_label=False)
    gr.Button("Show").click(
        lambda n: (1 - n, FIGURES[1 - n]), shown, [shown, figure], show_progress="minimal"
    )
    gr.api(nothing, api_name="nothing", queue=False)

page.launch(ssr_mode=False, run_history=False, pwa=False, mcp_server=False)
