"""The arithmetic tab: an expression solved among candidates."""

import gradio as gr

from embviz.analysis.arithmetic import MAX_TERMS, Solution
from embviz.analysis.vocabulary import MOST_FREQUENT
from embviz.course.schema import Analogy
from embviz.inputs.parsing import parse_choice, parse_index
from embviz.service import MAX_CANDIDATES, Service
from embviz.ui.file_transfer import FIGURE, TABLE, VECTORS, file_button, open_on, save_on
from embviz.ui.markup import introduction_html, summary_html, table_html
from embviz.ui.section import (
    CLOSED,
    AnswerValues,
    Panel,
    PanelContent,
    PanelValues,
    Section,
    Values,
    answer_column,
    answer_on,
    details_column,
    example_buttons,
    html,
    inputs_column,
    open_panel,
    panel_on,
    section_row,
)
from embviz.views.analogies import analogy_table, analogy_test_figure, summarise_analogies
from embviz.views.arithmetic import (
    note_choices,
    note_odd_terms,
    solution_csv,
    solve_figure,
    solve_table,
    summarise_solution,
)
from embviz.views.csv_file import vectors_csv
from embviz.views.figure_page import page_html
from embviz.views.method_comparison import method_table, summarise_methods
from embviz.views.notes import note_truncated
from embviz.views.plane import plane_figure, summarise_plane

SOURCES = MY_CANDIDATES, COMMON_WORDS = ("My candidates", "10,000 common words")


TAB = "arithmetic"


def build_arithmetic_tab(service: Service) -> list[Section]:
    """Add the tab's components and events to the Blocks being built; returns its section."""
    analogies = service.lesson.arithmetic.analogies

    def look_among(source: object, candidates: object) -> object:
        return [] if parse_choice(source, "Look among", SOURCES) == COMMON_WORDS else candidates

    def show(
        expression: object,
        source: object,
        candidates: object,
        top_k: object,
        exclude_inputs: object,
        question: object,
    ) -> AnswerValues:
        candidates = look_among(source, candidates)
        solution = service.solve(expression, candidates, top_k, exclude_inputs)
        notes = [
            note_odd_terms(solution.terms),
            note_choices(solution),
            note_truncated(solution.truncated, service.encoder.max_tokens),
        ]
        return (
            summary_html(summarise_solution(solution), notes=notes),
            solve_figure(solution),
            table_html(solve_table(solution)),
            *open_panel(PANELS, question, service, solution, expression, candidates),
        )

    def show_panel(
        expression: object,
        source: object,
        candidates: object,
        top_k: object,
        exclude_inputs: object,
        question: object,
    ) -> PanelValues:
        solution = solve(expression, source, candidates, top_k, exclude_inputs)
        candidates = look_among(source, candidates)
        return open_panel(PANELS, question, service, solution, expression, candidates)

    def show_example(
        index: object,
        source: object,
        top_k: object,
        exclude_inputs: object,
        question: object,
    ) -> Values:
        expression, candidates = _typed(analogies[parse_index(index, "Example", len(analogies))])
        answer = show(expression, source, candidates, top_k, exclude_inputs, question)
        return expression, candidates, *answer

    def solve(
        expression: object,
        source: object,
        candidates: object,
        top_k: object,
        exclude_inputs: object,
    ) -> Solution:
        return service.solve(expression, look_among(source, candidates), top_k, exclude_inputs)

    def save_table(
        expression: object, source: object, candidates: object, _: object, exclude_inputs: object
    ) -> str:
        return solution_csv(solve(expression, source, candidates, MOST_FREQUENT, exclude_inputs))

    def save_vectors(
        expression: object, source: object, candidates: object, _: object, exclude_inputs: object
    ) -> str:
        # Of the common words, only as many as there may be candidates.
        solution = solve(expression, source, candidates, MAX_CANDIDATES, exclude_inputs)
        terms, matches = (t.text for t in solution.terms), (m.text for m in solution.matches)
        texts = tuple(dict.fromkeys((*terms, *matches)))
        return vectors_csv(texts, service.encoder.encode(texts))

    def save_figure(*values: object) -> str:
        return page_html(solve_figure(solve(*values)))

    html(introduction_html("Can you calculate with meaning?", service.lesson.arithmetic))
    with section_row("arithmetic"):
        first = _typed(analogies[0])
        with inputs_column():
            expression = gr.Textbox(
                first[0],
                label="Expression",
                info=f"Spaces around + and −; 0.5 * word for half of it; up to {MAX_TERMS} terms.",
            )
            source = gr.Radio(SOURCES, value=MY_CANDIDATES, label="Look among")
            candidates = gr.Textbox(
                first[1],
                label="Candidates",
                info=f"Commas between them, or one a line; up to {MAX_CANDIDATES}.",
                lines=2,
                max_lines=6,
            )
            file = file_button()
            button = gr.Button("Solve", variant="primary")
            examples = example_buttons([analogy.expression for analogy in analogies])
        answer = answer_column(
            show(first[0], MY_CANDIDATES, first[1], 5, True, CLOSED),
            list(PANELS),
            label="Nearest texts as bars",
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
            source.input,
            top_k.input,
            exclude_inputs.input,
        ],
        show,
        [expression, source, candidates, *options],
        answer.outputs,
        section="arithmetic",
    )
    open_on(
        file,
        candidates,
        show,
        [expression, source, candidates, *options],
        answer.outputs,
        section="arithmetic",
        implies={source: MY_CANDIDATES},
    )
    save_route = save_on(
        answer,
        {TABLE: save_table, VECTORS: save_vectors, FIGURE: save_figure},
        [expression, source, candidates, top_k, exclude_inputs],
        section="arithmetic",
    )
    panel_on(answer, show_panel, [expression, source, candidates, *options], section="arithmetic")
    answer_on(
        [examples.click],
        show_example,
        [examples, source, *options],
        [expression, candidates, *answer.outputs],
        section="arithmetic",
    )
    inputs = {
        "expression": expression,
        "look_among": source,
        "candidates": candidates,
        "top_k": top_k,
        "exclude_inputs": exclude_inputs,
        "panel": answer.question,
    }
    return [
        Section(
            TAB, inputs, answer, show, save_route, _complete, always=["expression", "candidates"]
        )
    ]


def _complete(given: dict[str, object]) -> dict[str, object]:
    # As at the endpoint: whoever gives an expression and no candidates means the common words.
    alone = "expression" in given and not str(given.get("candidates", "")).strip()
    return ({"look_among": COMMON_WORDS} if alone else {}) | given


def _show_plane(service: Service, solution: Solution, *_: object) -> PanelContent:
    plane = service.project_solution(solution)
    return summary_html(summarise_plane(plane)), plane_figure(plane)


def _show_methods(
    service: Service,
    solution: Solution,
    expression: object,
    candidates: object,
) -> PanelContent:
    comparison = service.compare_methods(expression, candidates)
    return summary_html(summarise_methods(comparison)) + table_html(method_table(comparison)), None


def _show_analogy_test(
    service: Service,
    solution: Solution,
    expression: object,
    candidates: object,
) -> PanelContent:
    test = service.take_analogy_test()
    text = summary_html(summarise_analogies(test)) + table_html(analogy_table(test))
    return text, analogy_test_figure(test)


PANELS: dict[str, Panel] = {
    "Where does it lead?": _show_plane,
    "Did the arithmetic do it?": _show_methods,
    "Test this claim: how often does it work?": _show_analogy_test,
}


def _typed(analogy: Analogy) -> tuple[str, str]:
    return analogy.expression, ", ".join(analogy.candidates)
