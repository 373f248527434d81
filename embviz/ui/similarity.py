"""The similarity tab: two texts compared, and a map of a list of words."""

from functools import partial
from typing import Any

import gradio as gr
import numpy as np

from embviz.analysis.similarity import Comparison, SimilarityMatrix
from embviz.display import isolate
from embviz.inputs.parsing import parse_choice, parse_flag, parse_index
from embviz.service import MAX_CHARACTERS, MAX_WORDS, Service
from embviz.ui.file_transfer import FIGURE, TABLE, VECTORS, file_button, open_on, save_on
from embviz.ui.markup import (
    introduction_html,
    pickable_table_html,
    summary_html,
    table_html,
    tokens_html,
)
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
    map_panels,
    open_panel,
    panel_on,
    section_row,
)
from embviz.views.angle import angle_figure, summarise_angle
from embviz.views.attribution import explanation_figure, summarise_attribution
from embviz.views.baseline import position_figure, summarise_position
from embviz.views.canvas import COLOURS, DEFAULT_COLOURS
from embviz.views.csv_file import vectors_csv
from embviz.views.figure_page import page_html
from embviz.views.human_ratings import (
    human_ratings_figure,
    human_ratings_table,
    note_rated_pair,
    summarise_human_ratings,
)
from embviz.views.neighbours import neighbours_table, summarise_neighbours
from embviz.views.notes import note_commas, note_truncated, note_unknown
from embviz.views.odd_one_out import belonging_figure, summarise_odd_one_out
from embviz.views.perturbation import perturbation_table, summarise_perturbations
from embviz.views.phrases import number
from embviz.views.projection import map_figure, summarise_map
from embviz.views.similarity import (
    compare_figure,
    compare_table,
    comparison_csv,
    summarise_comparison,
)
from embviz.views.similarity_matrix import (
    similarity_matrix_csv,
    similarity_matrix_figure,
    similarity_matrix_table,
    summarise_matrix,
)

TAB = "similarity"


def build_similarity_tab(service: Service) -> list[Section]:
    """Add the tab's components and events to the Blocks being built; returns its sections."""
    html(introduction_html("How alike are two texts?", service.lesson.similarity))
    comparison = _build_comparison(service)
    html("<h2>How alike are the words of a list?</h2>")
    matrix = _build_matrix(service)

    def compare_picked(question: object, event: gr.EventData) -> Values:
        text_a, text_b = getattr(event, "text_a", None), getattr(event, "text_b", None)
        return text_a, text_b, *_show_comparison(service, text_a, text_b, question)

    answer_on(
        [matrix.column.table.select],
        compare_picked,
        [comparison.column.question],
        [
            comparison.inputs["text_a"],
            comparison.inputs["text_b"],
            *comparison.column.outputs,
        ],
        section="comparison",
    )
    return [comparison, matrix]


def _build_comparison(service: Service) -> Section:
    pairs = service.lesson.similarity.pairs

    def show(text_a: object, text_b: object, question: object) -> AnswerValues:
        return _show_comparison(service, text_a, text_b, question)

    def show_panel(text_a: object, text_b: object, question: object) -> PanelValues:
        comparison = service.compare(text_a, text_b)
        return open_panel(COMPARISON_PANELS, question, service, comparison)

    def show_example(index: object, question: object) -> Values:
        pair = pairs[parse_index(index, "Example", len(pairs))]
        return *pair, *show(*pair, question)

    def save_vectors(text_a: object, text_b: object) -> str:
        comparison = service.compare(text_a, text_b)
        vectors = np.stack([comparison.vector_a, comparison.vector_b])
        return vectors_csv([comparison.text_a, comparison.text_b], vectors)

    with section_row("comparison"):
        with inputs_column():
            text_a = gr.Textbox(pairs[0][0], label="Text A", elem_classes="text-a")
            text_b = gr.Textbox(pairs[0][1], label="Text B", elem_classes="text-b")
            button = gr.Button("Compare", variant="primary")
            examples = example_buttons([f"{isolate(a)} · {isolate(b)}" for a, b in pairs])
        answer = answer_column(
            show(*pairs[0], CLOSED),
            list(COMPARISON_PANELS),
            label="Both vectors as colours",
            beside=False,
        )
        with details_column():
            html(
                f"<p class='limit'>A word, a sentence or a paragraph, up to {MAX_CHARACTERS:,} "
                f"characters; the model reads the first {service.encoder.max_tokens} tokens.</p>"
            )

    answer_on(
        [button.click, text_a.submit, text_b.submit],
        show,
        [text_a, text_b, answer.question],
        answer.outputs,
        section="comparison",
    )
    panel_on(answer, show_panel, [text_a, text_b, answer.question], section="comparison")
    save_route = save_on(
        answer,
        {
            TABLE: lambda *texts: comparison_csv(service.compare(*texts)),
            VECTORS: save_vectors,
            FIGURE: lambda *texts: page_html(compare_figure(service.compare(*texts))),
        },
        [text_a, text_b],
        section="comparison",
    )
    answer_on(
        [examples.click],
        show_example,
        [examples, answer.question],
        [text_a, text_b, *answer.outputs],
        section="comparison",
    )
    inputs = {"text_a": text_a, "text_b": text_b, "panel": answer.question}
    return Section(TAB, inputs, answer, show, save_route)


def _show_comparison(
    service: Service, text_a: object, text_b: object, question: object
) -> AnswerValues:
    comparison = service.compare(text_a, text_b)
    numbers = {
        "similarity": number(comparison.similarity),
        "angle": f"{comparison.angle_degrees:.1f}°",
    }
    reading = summarise_comparison(comparison, service.find_position(comparison))
    notes = [
        note_unknown(service.encoder.unknown([comparison.text_a, comparison.text_b])),
        note_truncated(comparison.truncated, service.encoder.max_tokens),
    ]
    return (
        summary_html(reading, numbers=numbers, notes=notes),
        compare_figure(comparison),
        table_html(compare_table(comparison)),
        *open_panel(COMPARISON_PANELS, question, service, comparison),
    )


def _show_position(service: Service, comparison: Comparison) -> PanelContent:
    position = service.find_position(comparison)
    return summary_html(summarise_position(position)), position_figure(position)


def _show_angle(service: Service, comparison: Comparison) -> PanelContent:
    return summary_html(summarise_angle(comparison)), angle_figure(comparison)


def _show_tokens(service: Service, comparison: Comparison) -> PanelContent:
    explanation = service.explain(comparison.text_a, comparison.text_b)
    text = summary_html(summarise_attribution(explanation)) + tokens_html(
        explanation, "Text A", "Text B"
    )
    return text, explanation_figure(explanation)


def _show_perturbations(service: Service, comparison: Comparison) -> PanelContent:
    test = service.perturb(comparison.text_a)
    return summary_html(summarise_perturbations(test)) + table_html(perturbation_table(test)), None


def _show_neighbours(service: Service, comparison: Comparison) -> PanelContent:
    texts = comparison.text_a, comparison.text_b
    nearest = [service.find_neighbours(text) for text in texts]
    choices = len(service.common_words.load().texts)
    table = neighbours_table(*texts, *nearest)
    return summary_html(summarise_neighbours(*texts, choices)) + table_html(table), None


def _show_human_ratings(service: Service, comparison: Comparison) -> PanelContent:
    texts = comparison.text_a, comparison.text_b
    related, similar = service.rate("wordsim353"), service.rate("simlex999")
    notes = [
        note_rated_pair(related.find(*texts), "WordSim-353"),
        note_rated_pair(similar.find(*texts), "SimLex-999"),
    ]
    ratings = {"related": related, "similar": similar}
    text = summary_html(summarise_human_ratings(related, similar), notes=notes)
    table = table_html(human_ratings_table(ratings, *texts))
    return text + table, human_ratings_figure(ratings, *texts)


COMPARISON_PANELS: dict[str, Panel] = {
    "How high is that?": _show_position,
    "Which angle is that?": _show_angle,
    "Which words made it?": _show_tokens,
    "What does the model hear?": _show_perturbations,
    "Which words are near?": _show_neighbours,
    "Test this claim: do people agree?": _show_human_ratings,
}


def _build_matrix(service: Service) -> Section:
    words = ", ".join(service.lesson.similarity.words)
    show = partial(_show_matrix, service)

    def show_panel(
        typed: object, ordered: object, colours: object, question: object
    ) -> PanelValues:
        return open_panel(MATRIX_PANELS, question, service, service.similarity_matrix(typed))

    def show_lesson(*options: object) -> Values:
        return words, *show(words, *options)

    def save_vectors(typed: object, *_: object) -> str:
        texts = service.similarity_matrix(typed).texts
        return vectors_csv(texts, service.encoder.encode(texts))

    def save_figure(texts: object, ordered: object, colours: object) -> str:
        return page_html(_draw(service.similarity_matrix(texts), ordered, colours))

    with section_row("matrix"):
        with inputs_column():
            texts = gr.Textbox(
                words,
                label="Words",
                info=f"Commas between them, or one a line; up to {MAX_WORDS}.",
                lines=4,
                max_lines=8,
            )
            file = file_button()
            ordered = gr.Checkbox(False, label="Put alike words side by side")
            button = gr.Button("Draw the map", variant="primary")
        answer = answer_column(
            show(words, False, DEFAULT_COLOURS, CLOSED),
            list(MATRIX_PANELS),
            label="Heat map of all pairs",
            beside=False,
            table_js="embviz.pickPairs(element, (pair) => trigger('select', pair))",
        )
        with details_column():
            colours = gr.Radio(
                list(COLOURS),
                value=DEFAULT_COLOURS,
                label="Colours",
                info="Purple to green can be read by colour-blind people.",
            )
            lesson_words = gr.Button("The lesson's words", size="sm")

    options = [ordered, colours, answer.question]
    answer_on(
        [button.click, texts.submit, ordered.input, colours.input],
        show,
        [texts, *options],
        answer.outputs,
        section="matrix",
    )
    open_on(file, texts, show, [texts, *options], answer.outputs, section="matrix")
    panel_on(answer, show_panel, [texts, *options], section="matrix")
    save_route = save_on(
        answer,
        {
            TABLE: lambda texts, *_: similarity_matrix_csv(service.similarity_matrix(texts)),
            VECTORS: save_vectors,
            FIGURE: save_figure,
        },
        [texts, ordered, colours],
        section="matrix",
    )
    answer_on(
        [lesson_words.click], show_lesson, options, [texts, *answer.outputs], section="matrix"
    )
    inputs = {"texts": texts, "ordered": ordered, "colours": colours, "panel": answer.question}
    return Section(TAB, inputs, answer, show, save_route)


def _show_matrix(
    service: Service,
    texts: object,
    ordered: object,
    colours: object,
    question: object,
) -> AnswerValues:
    matrix = service.similarity_matrix(texts)
    notes = [
        note_commas(matrix.texts),
        note_truncated(matrix.truncated, service.encoder.max_tokens),
        "Click a cell or a row to compare that pair above.",
    ]
    pairs = [(pair.text_a, pair.text_b) for pair in matrix.pairs]
    return (
        summary_html(summarise_matrix(matrix), notes=notes),
        _draw(matrix, ordered, colours),
        pickable_table_html(similarity_matrix_table(matrix), pairs, "Compare these two above"),
        *open_panel(MATRIX_PANELS, question, service, matrix),
    )


def _draw(matrix: SimilarityMatrix, ordered: object, colours: object) -> Any:
    drawn = matrix.reordered() if parse_flag(ordered, "Order") else matrix
    return similarity_matrix_figure(drawn, colours=parse_choice(colours, "Colours", tuple(COLOURS)))


def _show_map(method: str, service: Service, matrix: SimilarityMatrix) -> PanelContent:
    text_map = service.map_texts(list(matrix.texts), method)
    return summary_html(summarise_map(text_map)), map_figure(text_map)


def _show_odd_one_out(service: Service, matrix: SimilarityMatrix) -> PanelContent:
    figure = belonging_figure(matrix) if matrix.odd_one_out is not None else None
    return summary_html(summarise_odd_one_out(matrix)), figure


MATRIX_PANELS: dict[str, Panel] = {"Which one is odd?": _show_odd_one_out} | map_panels(_show_map)
