"""The questions of the arithmetic tab: an expression, words on an axis, a test of prejudice."""

import gradio as gr

from embviz.analysis.axes import READY_AXES
from embviz.capabilities import (
    ASSOCIATION,
    AXES,
    COMMON_WORDS,
    EQUATION,
    LOOK_AMONG,
    MY_CANDIDATES,
)
from embviz.course.course_files import Axis
from embviz.errors import InputError
from embviz.evaluation.association import AssociationLists, read_association_tests
from embviz.inputs.expressions import MAX_TERMS
from embviz.inputs.limits import MAX_CANDIDATES, MAX_WORDS
from embviz.inputs.parsing import parse_choice
from embviz.language import gettext, gettext_noop
from embviz.service import is_blank
from embviz.service_of_each_model import Services
from embviz.ui.section import Named, Section, complete_from


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
                label=gettext("Expression"),
                info=gettext(
                    "Put spaces around + and −. 0.5 * word counts half. Up to {most} terms.",
                    most=MAX_TERMS,
                ),
            )
            section.add(
                "look_among",
                gr.Radio,
                choices=[(gettext(title), id) for id, title in LOOK_AMONG.items()],
                label=gettext("Look among"),
            )
            section.add(
                "candidates",
                gr.Textbox,
                label=gettext("Candidates"),
                info=gettext(
                    "Commas between them, or one per line; up to {most}.", most=MAX_CANDIDATES
                ),
                lines=2,
                max_lines=6,
            )
            section.add_button(gettext("Solve"))
            section.add_file_button("candidates", look_among=MY_CANDIDATES)
            section.add_examples([example["expression"] for example in examples], examples)
        section.add_answer()
        with section.details_column():
            section.add(
                "top_k", gr.Radio, choices=[3, 5, 10, 20], label=gettext("How many to show")
            )
            section.add(
                "exclude_inputs",
                gr.Checkbox,
                label=gettext("Leave out the words of the expression"),
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
    look_among = parse_choice(
        arguments.pop("look_among"), gettext_noop("Look among"), tuple(LOOK_AMONG)
    )
    if look_among == COMMON_WORDS:
        return arguments | {"candidates": []}
    # The endpoint takes this for the common words; the page says what is ranked.
    if is_blank(arguments["candidates"]):
        choice = gettext(LOOK_AMONG[COMMON_WORDS])
        error = InputError(gettext("Type candidates, or choose “{choice}”.", choice=choice))
        error.input = gettext("Candidates")
        raise error
    return arguments


def _complete(given: Named) -> Named:
    # As at the endpoint: no candidates means the common words, also beside an empty box.
    if "candidates" in given:
        return given | ({"look_among": COMMON_WORDS} if is_blank(given["candidates"]) else {})
    return ({"look_among": COMMON_WORDS} if "expression" in given else {}) | given


def build_axes(services: Services, model: gr.Textbox) -> Section:
    """Add words on an axis between two ends to the Blocks being built."""
    axes = services.default.lesson.arithmetic.axes
    examples = [
        {name: ", ".join(getattr(axis, name)) for name in ("texts", "low", "high")} for axis in axes
    ]
    first, second = examples[0], examples[1 % len(examples)]
    start = {**first, "low_2": second["low"], "high_2": second["high"]}
    section = Section(AXES, services, model, start)
    with section.row():
        with section.inputs_column():
            section.add(
                "low",
                gr.Textbox,
                label=gettext("Low end"),
                info=gettext("One or more words, with commas."),
            )
            section.add("high", gr.Textbox, label=gettext("High end"))
            section.add(
                "texts",
                gr.Textbox,
                label=gettext("Words"),
                info=gettext("Commas between them, or one per line; 2 to {most}.", most=MAX_WORDS),
                lines=3,
                max_lines=6,
            )
            section.add_file_button("texts")
            section.add_button(gettext("Place the words"))
            section.add_examples([_name(axis) for axis in axes], examples)
        section.add_answer(beside=False)
        with section.details_column():
            section.add(
                "low_2",
                gr.Textbox,
                label=gettext("Second low end"),
                info=gettext("For “And on a second axis?”"),
            )
            section.add("high_2", gr.Textbox, label=gettext("Second high end"))
    section.connect()
    return section


_LISTS = {
    "first_group": gettext_noop("First group"),
    "second_group": gettext_noop("Second group"),
    "first_attribute": gettext_noop("First attribute"),
    "second_attribute": gettext_noop("Second attribute"),
}


def build_association(services: Services, model: gr.Textbox) -> Section:
    """Add an association test, whose words can be changed, to the Blocks being built."""
    tests = read_association_tests()
    examples = [_example(test) for test in tests.values()]
    section = Section(
        ASSOCIATION,
        services,
        model,
        examples[0],
        complete=complete_from(examples, "test"),
        always=["test"],
    )
    with section.row():
        with section.inputs_column():
            titles = [(test.title, id) for id, test in tests.items()]
            section.add_ready("test", titles, examples, label=gettext("Test"))
            section.add_button(gettext("Test the model"))
        section.add_answer(beside=False)
        with section.details_column():
            for name, label in _LISTS.items():
                section.add(name, gr.Textbox, label=gettext(label), lines=2, max_lines=6)
    section.connect()
    return section


def _example(test: AssociationLists) -> dict[str, str]:
    lists = (test.first_target, test.second_target, test.first_attribute, test.second_attribute)
    return {"test": test.id} | {
        name: ", ".join(words.words) for name, words in zip(_LISTS, lists, strict=True)
    }


def _name(axis: Axis) -> str:
    # Those that are ready are ours; a course names its own.
    return gettext(axis.name) if axis.name in [r.name for r in READY_AXES] else axis.name
