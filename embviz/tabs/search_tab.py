"""The search tab: documents ranked by a query."""

import gradio as gr

from embviz.figures import search_figure
from embviz.inputs import parse_index
from embviz.readings import read_search, read_truncated
from embviz.service import MAX_CHARACTERS, MAX_DOCUMENTS, Service
from embviz.tables import search_table
from embviz.tabs.asks import (
    answer_column,
    answer_on,
    ask_row,
    details_column,
    example_buttons,
    html,
    inputs_column,
)
from embviz.tabs.markup import introduction_html, reading_html, table_html


def build_search_tab(service: Service) -> None:
    """Add the tab's components and events to the Blocks being built."""
    queries = service.lesson.search.queries
    titles = "\n".join(service.lesson.search.documents)

    def show(query, documents, top_k):
        result = service.search(query, documents, top_k)
        notes = [read_truncated(result.truncated, service.encoder.max_tokens)]
        return (
            reading_html(read_search(result), notes=notes),
            search_figure(result),
            table_html(search_table(result)),
        )

    def show_example(index, top_k):
        query = queries[parse_index(index, "Example", len(queries))]
        return query, titles, *show(query, titles, top_k)

    html(introduction_html("Which document is meant?", service.lesson.search))
    with ask_row("search"):
        with inputs_column():
            query = gr.Textbox(queries[0], label="Query")
            button = gr.Button("Search", variant="primary")
            examples = example_buttons(queries)
        outputs = answer_column(*show(queries[0], titles, 3), label="Best documents as bars")
        with details_column():
            documents = gr.Textbox(
                titles,
                label="Documents",
                info=f"One a line, up to {MAX_DOCUMENTS} of {MAX_CHARACTERS:,} characters. "
                "None: the lesson's titles.",
                lines=6,
                max_lines=6,
            )
            top_k = gr.Slider(1, 20, value=3, step=1, label="How many to show")

    answer_on(
        [button.click, query.submit, top_k.input],
        show,
        [query, documents, top_k],
        outputs,
        ask="search",
    )
    answer_on(
        [examples.click],
        show_example,
        [examples, top_k],
        [query, documents, *outputs],
        ask="search",
    )
