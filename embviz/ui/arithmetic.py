"""The question of the arithmetic tab: an expression solved among candidates."""

import gradio as gr

from embviz.capabilities import COMMON_WORDS, EQUATION, LOOK_AMONG, MY_CANDIDATES
from embviz.errors import InputError
from embviz.inputs.expressions import MAX_TERMS
from embviz.inputs.limits import MAX_CANDIDATES
from embviz.inputs.parsing import parse_choice
from embviz.service import is_blank
from embviz.services import Services
from embviz.ui.section import Named, Section


def build_equation(services: Services, model: gr.Textbox) -> Section:
    """Add an expression, solved among candidates, to the Blocks being built."""
    examples = [
        {"expression": analogy.expression, "candidates": ", ".join(analogy.candidates)}
        for analogy in services.default.lesson.arithmetic.analogies
    ]
    section = Section(
        EQUATION,
        services,
        model,
        {**examples[0], "look_among": MY_CANDIDATES, "top_k": 5, "exclude_inputs": True},
        to_arguments=_to_arguments,
        complete=_complete,
        always=["expression", "candidates"],
    )
    with section.row():
        with section.inputs_column():
            section.add(
                "expression",
                gr.Textbox,
                label="Expression",
                info=f"Spaces around + and −; 0.5 * word for half of it; up to {MAX_TERMS} terms.",
            )
            section.add(
                "look_among",
                gr.Radio,
                choices=[(title, id) for id, title in LOOK_AMONG.items()],
                label="Look among",
            )
            section.add(
                "candidates",
                gr.Textbox,
                label="Candidates",
                info=f"Commas between them, or one a line; up to {MAX_CANDIDATES}.",
                lines=2,
                max_lines=6,
            )
            section.add_file_button("candidates", look_among=MY_CANDIDATES)
            section.add_button("Solve")
            section.add_examples([example["expression"] for example in examples], examples)
        section.add_answer(label="Nearest texts as bars")
        with section.details_column():
            section.add("top_k", gr.Radio, choices=[3, 5, 10, 20], label="How many to show")
            section.add(
                "exclude_inputs", gr.Checkbox, label="Leave out the words of the expression"
            )
    section.connect()
    # Who types candidates wants them ranked; who empties the box wants the common words. A box
    # that a link or an example fills leaves the choice as it is.
    candidates, look_among = section.inputs["candidates"], section.inputs["look_among"]
    is_typing = f"document.querySelector('#{EQUATION.id}[data-stale=edited] :focus')"
    candidates.change(
        None,
        [candidates, look_among],
        look_among,
        js=f"(typed, chosen) => typed.trim() ? ({is_typing} ? '{MY_CANDIDATES}' : chosen) "
        f": '{COMMON_WORDS}'",
        api_visibility="private",
    )
    return section


def _to_arguments(values: Named) -> Named:
    arguments = dict(values)
    look_among = parse_choice(arguments.pop("look_among"), "Look among", tuple(LOOK_AMONG))
    if look_among == COMMON_WORDS:
        return arguments | {"candidates": []}
    # The endpoint takes this for the common words; the page says what is ranked.
    if is_blank(arguments["candidates"]):
        error = InputError(f"Type candidates, or choose “{LOOK_AMONG[COMMON_WORDS]}”.")
        error.input = "Candidates"
        raise error
    return arguments


def _complete(given: Named) -> Named:
    # As at the endpoint: no candidates means the common words, also beside an empty box.
    if "candidates" in given:
        return given | ({"look_among": COMMON_WORDS} if is_blank(given["candidates"]) else {})
    return ({"look_among": COMMON_WORDS} if "expression" in given else {}) | given
