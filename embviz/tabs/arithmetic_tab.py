"""The arithmetic tab: an expression solved among candidates."""

import gradio as gr

from embviz.arithmetic import MAX_TERMS, Solution
from embviz.figures.arithmetic import plane_figure, solve_figure
from embviz.inputs import parse_index
from embviz.lesson import Analogy
from embviz.readings.arithmetic import read_odd_terms, read_plane, read_solution
from embviz.readings.notes import read_truncated
from embviz.service import MAX_CANDIDATES, Service
from embviz.tables import solve_table
from embviz.tabs.asks import (
    CLOSED,
    answer_column,
    answer_on,
    ask_row,
    details_column,
    example_buttons,
    html,
    inputs_column,
    open_panel,
)
from embviz.tabs.markup import introduction_html, reading_html, table_html


def build_arithmetic_tab(service: Service) -> None:
    """Add the tab's components and events to the Blocks being built."""
    analogies = service.lesson.arithmetic.analogies

    def show(expression, candidates, top_k, exclude_inputs, question):
        solution = service.solve(expression, candidates, top_k, exclude_inputs)
        notes = [
            read_odd_terms(solution.terms),
            read_truncated(solution.truncated, service.encoder.max_tokens),
        ]
        return (
            reading_html(read_solution(solution), notes=notes),
            solve_figure(solution),
            table_html(solve_table(solution)),
            *open_panel(PANELS, question, service, solution),
        )

    def show_example(index, *options):
        expression, candidates = _typed(analogies[parse_index(index, "Example", len(analogies))])
        return expression, candidates, *show(expression, candidates, *options)

    html(introduction_html("Can you calculate with meaning?", service.lesson.arithmetic))
    with ask_row("arithmetic"):
        first = _typed(analogies[0])
        with inputs_column():
            expression = gr.Textbox(
                first[0],
                label="Expression",
                info=f"Spaces around + and −; 0.5 * word for half of it; up to {MAX_TERMS} terms.",
            )
            candidates = gr.Textbox(
                first[1],
                label="Candidates",
                info=f"Commas between them, or one a line; up to {MAX_CANDIDATES}. "
                "None: all the lesson's words.",
                lines=2,
                max_lines=6,
            )
            button = gr.Button("Solve", variant="primary")
            examples = example_buttons([analogy.expression for analogy in analogies])
        answer = answer_column(
            show(*first, 5, True, CLOSED), list(PANELS), label="Nearest texts as bars"
        )
        with details_column():
            top_k = gr.Radio([3, 5, 10, 20], value=5, label="How many to show")
            exclude_inputs = gr.Checkbox(True, label="Leave out the words of the expression")

    options = [top_k, exclude_inputs, answer.question]
    answer_on(
        [
            button.click,
            expression.submit,
            candidates.submit,
            top_k.input,
            exclude_inputs.input,
            answer.question.input,
        ],
        show,
        [expression, candidates, *options],
        answer.outputs,
        ask="arithmetic",
    )
    answer_on(
        [examples.click],
        show_example,
        [examples, *options],
        [expression, candidates, *answer.outputs],
        ask="arithmetic",
    )


def _show_plane(service: Service, solution: Solution) -> tuple:
    plane = service.project_solution(solution)
    return reading_html(read_plane(plane)), plane_figure(plane)


PANELS = {"Where does it lead?": _show_plane}


def _typed(analogy: Analogy) -> tuple[str, str]:
    return analogy.expression, ", ".join(analogy.candidates)
