"""Links that open the page in a given state, and the buttons that copy them.

The state is in the address alone, under the names of the endpoints' arguments: the server keeps
nothing, and a link outlives it.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape

import gradio as gr

from embviz.errors import InputError
from embviz.inputs.links import current_value, read_parameters
from embviz.inputs.parsing import parse_choice
from embviz.ui.section import CLOSED, Section, Values, html

_SHARE = """
<p class="share" role="status" hidden>
<span></span> <textarea readonly rows="2" aria-label="What was copied"></textarea>
</p>
"""


def build_share_buttons(tab: str, sections: Sequence[Section]) -> None:
    """Add the buttons that copy a link to what a tab shows, and the code that embeds it."""
    inputs = [component for section in sections for component in section.inputs.values()]
    names = [
        {"name": name, "value": section.defaults[name], "always": name in section.always}
        for section in sections
        for name in section.inputs
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


def open_links(page: gr.Blocks, tabs: gr.Tabs, sections: Sequence[Section], steps: int) -> None:
    """Let the page open in the state that its address asks for, the answers drawn.

    A step of the guided lesson, of which there are so many, is opened by lesson.js.
    """
    names = tuple(dict.fromkeys(section.question.tab for section in sections))

    def open_link(request: gr.Request) -> Values:
        parameters = dict(request.query_params)
        selected: object = gr.skip()
        updates: list[object] = [gr.skip() for section in sections for _ in section.components]
        try:
            _check_step(parameters, steps)
            if "tab" in parameters:
                selected = gr.Tabs(selected=parse_choice(parameters["tab"], "tab", names))
            tab = parameters.get("tab", names[0])
            if "panel" in parameters:
                panel = current_value("panel", parameters["panel"])
                parse_choice(panel, "panel", panels_of_tab(sections, tab))
            updates = [
                update
                for section in sections
                for update in _open(section, parameters if section.question.tab == tab else {})
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
        [tabs, *(component for section in sections for component in section.components)],
        show_progress="hidden",
        api_visibility="private",
    )


def read_state(section: Section, parameters: Mapping[str, str]) -> dict[str, object]:
    """Take from a link what the inputs of a section can hold, which may be nothing.

    Raises:
        InputError: A value has a wrong type.
    """
    given = read_parameters(parameters, section.defaults)
    if given.get("panel", CLOSED) not in section.choices["panel"]:
        # Another section of the tab may have it.
        del given["panel"]
    return given


def panels_of_tab(sections: Sequence[Section], tab: str) -> tuple[str, ...]:
    """The ids of all panels that the sections of a tab have, that of none among them."""
    panels = (p for s in sections if s.question.tab == tab for p in s.choices["panel"])
    return tuple(dict.fromkeys(map(str, panels)))


def open_state(section: Section, given: dict[str, object]) -> Sequence[object]:
    """Values for the components of a section: its inputs as given, and the answer to them.

    Raises:
        InputError: There is no answer to these inputs.
    """
    values = section.defaults | section.complete(given)
    return [*(values[name] for name in section.inputs), *section.answer(values)]


def _open(section: Section, parameters: dict[str, str]) -> Sequence[object]:
    given = read_state(section, parameters)
    return open_state(section, given) if given else [gr.skip() for _ in section.components]


def _check_step(parameters: dict[str, str], steps: int) -> None:
    step = read_parameters(parameters, {"step": 1}).get("step", 1)
    if "step" in parameters and step not in range(1, steps + 1):
        raise InputError(
            f"step must be a whole number from 1 to {steps}."
            if steps
            else "step: this course has no guided lesson."
        )
