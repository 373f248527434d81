"""Links that open the page in a given state.

The state is in the address alone, under the names of the endpoints' arguments: the server keeps
nothing, and a link outlives it. While a visitor asks, page.js lets the address follow.
"""

from html import escape
from urllib.parse import parse_qsl

import gradio as gr

from embviz.errors import InputError
from embviz.inputs.links import read_parameters
from embviz.inputs.parsing import parse_choice
from embviz.language import gettext
from embviz.ui.section import Section, Values, html
from embviz.ui.tabs import Tabs


def describe_inputs(section: Section) -> dict[str, object]:
    """What page.js must know to write a link to what a section shows."""
    return {
        "tab": section.question.tab,
        "inputs": [
            {"name": name, "value": section.defaults[name], "always": name in section.always}
            for name in section.inputs
        ],
    }


def open_links(tabs: Tabs, steps: int) -> None:
    """Let the page open in the state that its address asks for, the answers drawn.

    A step of the guided lesson, of which there are so many, is opened by lesson.js.
    """

    def open_link(event: gr.EventData, *shown: object) -> Values:
        search = str(getattr(event, "search", ""))
        parameters = dict(parse_qsl(search.removeprefix("?"), keep_blank_values=True))
        try:
            _check_step(parameters, steps)
            tab = parse_choice(parameters.get("tab", tabs.names[0]), "tab", tabs.names)
            return tabs.open(tabs.find(tab, parameters), parameters, shown)
        except InputError as error:
            # What was asked for is not to be had: the page stays as it is, and says why.
            gr.Warning(escape(str(error), quote=False), duration=10, title=gettext("This link"))
            return tuple(gr.skip() for _ in tabs.outputs)

    # Most addresses ask for nothing: then page.js does not ask the server either.
    address = html(
        "",
        elem_id="address",
        js_on_load="embviz.followAddress((search) => trigger('select', { search }))",
    )
    event = address.select(
        open_link,
        tabs.asked,
        tabs.outputs,
        preprocess=False,
        show_progress="minimal",
        show_progress_on=tabs.model_choice,
        api_visibility="private",
    )
    for done in (event.success, event.failure):
        done(None, js="() => embviz.opened()", api_visibility="private")


def _check_step(parameters: dict[str, str], steps: int) -> None:
    step = read_parameters(parameters, {"step": 1}).get("step", 1)
    if "step" in parameters and step not in range(1, steps + 1):
        raise InputError(
            gettext("step must be a whole number from 1 to {steps}.", steps=steps)
            if steps
            else gettext("This course has no guided lesson: leave out step.")
        )
