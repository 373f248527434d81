"""The similarity tab: two texts compared, and a map of a list of words."""

import gradio as gr

from embviz.figures import COLOURS, DEFAULT_COLOURS, compare_figure, similarity_matrix_figure
from embviz.inputs import parse_choice, parse_flag, parse_index
from embviz.readings import read_comparison, read_similarity_matrix, read_truncated
from embviz.service import MAX_CHARACTERS, MAX_WORDS, Service
from embviz.tables import compare_table, similarity_matrix_table
from embviz.tabs.asks import (
    answer_column,
    answer_on,
    ask_row,
    details_column,
    example_buttons,
    html,
    inputs_column,
)
from embviz.tabs.markup import introduction_html, pairs_html, reading_html, table_html


def build_similarity_tab(service: Service) -> None:
    """Add the tab's components and events to the Blocks being built."""
    html(introduction_html("How alike are two texts?", service.lesson.similarity))
    text_a, text_b, comparison = _build_comparison(service)
    html("<h2>How alike are the words of a list?</h2>")
    pairs = _build_matrix(service)

    def compare_picked(event: gr.EventData):
        picked = [getattr(event, name, None) for name in ("text_a", "text_b")]
        return *picked, *_show_comparison(service, *picked)

    answer_on([pairs.select], compare_picked, [], [text_a, text_b, *comparison], ask="comparison")


def _build_comparison(service: Service) -> tuple[gr.Textbox, gr.Textbox, list[gr.Component]]:
    pairs = service.lesson.similarity.pairs
    with ask_row("comparison"):
        with inputs_column():
            text_a = gr.Textbox(pairs[0][0], label="Text A", elem_classes="text-a")
            text_b = gr.Textbox(pairs[0][1], label="Text B", elem_classes="text-b")
            button = gr.Button("Compare", variant="primary")
            examples = example_buttons([f"{a} · {b}" for a, b in pairs])
        outputs = answer_column(
            *_show_comparison(service, *pairs[0]), label="Both vectors as colours", beside=False
        )
        with details_column():
            html(
                f"<p class='limit'>A word, a sentence or a paragraph, up to {MAX_CHARACTERS:,} "
                f"characters; the model reads the first {service.encoder.max_tokens} tokens.</p>"
            )

    def show(text_a, text_b):
        return _show_comparison(service, text_a, text_b)

    def show_example(index):
        pair = pairs[parse_index(index, "Example", len(pairs))]
        return *pair, *_show_comparison(service, *pair)

    answer_on(
        [button.click, text_a.submit, text_b.submit],
        show,
        [text_a, text_b],
        outputs,
        ask="comparison",
    )
    answer_on(
        [examples.click], show_example, [examples], [text_a, text_b, *outputs], ask="comparison"
    )
    return text_a, text_b, outputs


def _show_comparison(service: Service, text_a: object, text_b: object) -> tuple:
    comparison = service.compare(text_a, text_b)
    numbers = {
        "similarity": f"{comparison.similarity:.3f}",
        "angle": f"{comparison.angle_degrees:.1f}°",
    }
    notes = [read_truncated(comparison.truncated, service.encoder.max_tokens)]
    return (
        reading_html(read_comparison(comparison), numbers=numbers, notes=notes),
        compare_figure(comparison),
        table_html(compare_table(comparison)),
    )


def _build_matrix(service: Service) -> gr.HTML:
    words = ", ".join(service.lesson.similarity.words)

    def show(texts, ordered, colours):
        matrix = service.similarity_matrix(texts)
        drawn = matrix.reordered() if parse_flag(ordered, "Order") else matrix
        colours = parse_choice(colours, "Colours", tuple(COLOURS))
        notes = [read_truncated(matrix.truncated, service.encoder.max_tokens)]
        return (
            reading_html(read_similarity_matrix(matrix), notes=notes),
            similarity_matrix_figure(drawn, colours=colours),
            pairs_html(similarity_matrix_table(matrix), matrix.pairs),
        )

    with ask_row("matrix"):
        with inputs_column():
            texts = gr.Textbox(
                words,
                label="Words",
                info=f"Commas between them, or one a line; up to {MAX_WORDS}.",
                lines=4,
                max_lines=8,
            )
            ordered = gr.Checkbox(False, label="Put alike words side by side")
            button = gr.Button("Draw the map", variant="primary")
        outputs = answer_column(
            *show(words, False, DEFAULT_COLOURS),
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
            html("<p class='limit'>Click a cell or a row to compare that pair above.</p>")

    inputs = [texts, ordered, colours]
    answer_on([button.click, ordered.input, colours.input], show, inputs, outputs, ask="matrix")
    answer_on(
        [lesson_words.click],
        lambda ordered, colours: (words, *show(words, ordered, colours)),
        [ordered, colours],
        [texts, *outputs],
        ask="matrix",
    )
    return outputs[-1]
