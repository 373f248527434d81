"""Links that open the page in a given state, and the buttons that copy them.

The state is in the address alone, under the names of the endpoints' arguments: the server keeps
nothing, and a link outlives it.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape

import gradio as gr

from embviz.errors import InputError
from embviz.inputs.links import read_parameters
from embviz.inputs.parsing import parse_choice
from embviz.ui.section import Ask, Values, html

_SHARE = """
<p class="share" role="status" hidden>
<span></span> <textarea readonly rows="2" aria-label="What was copied"></textarea>
</p>
"""


def build_share_buttons(tab: str, asks: Sequence[Ask]) -> None:
    """Add the buttons that copy a link to what a tab shows, and the code that embeds it."""
    inputs = [component for ask in asks for component in ask.inputs.values()]
    names = [
        {"name": name, "value": component.value, "always": name in ask.always}
        for ask in asks
        for name, component in ask.inputs.items()
    ]
    with gr.Row(elem_classes="share-buttons"):
        for label, kind in (("Copy link", "link"), ("Copy embed code", "embed")):
            gr.Button(label, size="sm", min_width=140, scale=0).click(
                None,
                inputs,
                js=f"(...values) => embviz.share({json.dumps([tab, kind, names])}, values)",
                api_visibility="private",
            )
    html(_SHARE, elem_id=f"share-{tab}")


def open_links(page: gr.Blocks, tabs: gr.Tabs, asks: Sequence[Ask], steps: int) -> None:
    """Let the page open in the state that its address asks for, the answers drawn.

    A step of the guided lesson, of which there are so many, is opened by lesson.js.
    """
    names = tuple(dict.fromkeys(ask.tab for ask in asks))

    def open_link(request: gr.Request) -> Values:
        parameters = dict(request.query_params)
        selected: object = gr.skip()
        updates: list[object] = [gr.skip() for ask in asks for _ in ask.components]
        try:
            _check_step(parameters, steps)
            if "tab" in parameters:
                selected = gr.Tabs(selected=parse_choice(parameters["tab"], "tab", names))
            tab = parameters.get("tab", names[0])
            if "panel" in parameters:
                of_tab = [question for ask in asks if ask.tab == tab for question in ask.questions]
                parse_choice(parameters["panel"], "panel", tuple(dict.fromkeys(of_tab)))
            updates = [
                update
                for ask in asks
                for update in _open(ask, parameters if ask.tab == tab else {})
            ]
        except InputError as error:
            # What was asked for is not to be had: the page stays as it opens, and says why.
            gr.Warning(escape(str(error), quote=False), duration=10, title="This link")
        return selected, *updates

    # Most addresses ask for nothing: then the server is not asked either, and the browser need not
    # watch every component for the progress of an event.
    address = gr.Textbox("", visible=False)
    page.load(None, None, address, js="() => location.search", api_visibility="private")
    address.change(
        open_link,
        None,
        [tabs, *(component for ask in asks for component in ask.components)],
        show_progress="hidden",
        api_visibility="private",
    )


def read_state(ask: Ask, parameters: Mapping[str, str]) -> dict[str, object]:
    """Take from a link what the inputs of an ask can hold, which may be nothing.

    Raises:
        InputError: A value has a wrong type.
    """
    defaults = ask.defaults
    given = read_parameters(parameters, defaults)
    if given.get("panel", defaults["panel"]) not in ask.questions:
        # Another ask of the tab may have it.
        del given["panel"]
    return given


def open_state(ask: Ask, given: dict[str, object]) -> Sequence[object]:
    """Values for the components of an ask: its inputs as given, and the answer to them.

    Raises:
        InputError: There is no answer to these inputs.
    """
    values = ask.defaults | ask.complete(given)
    return [*values.values(), *ask.show(*values.values())]


def _open(ask: Ask, parameters: dict[str, str]) -> Sequence[object]:
    given = read_state(ask, parameters)
    return open_state(ask, given) if given else [gr.skip() for _ in ask.components]


def _check_step(parameters: dict[str, str], steps: int) -> None:
    step = read_parameters(parameters, {"step": 1}).get("step", 1)
    if "step" in parameters and step not in range(1, steps + 1):
        raise InputError(
            f"step must be a whole number from 1 to {steps}."
            if steps
            else "step: this course has no guided lesson."
        )
