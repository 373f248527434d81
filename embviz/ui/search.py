"""The search tab: documents ranked by a query."""

import gradio as gr

from embviz.analysis.search import KEYWORD, SEMANTIC, SearchResult
from embviz.errors import InputError
from embviz.inputs.parsing import parse_index
from embviz.service import MAX_CHARACTERS, MAX_DOCUMENTS, Service
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
from embviz.views.attribution import explanation_figure, summarise_attribution
from embviz.views.csv_file import vectors_csv
from embviz.views.figure_page import page_html
from embviz.views.notes import note_truncated
from embviz.views.projection import map_figure, summarise_map
from embviz.views.rankings import rankings_figure, rankings_table, summarise_rankings
from embviz.views.retrieval import (
    lost_queries_table,
    retrieval_table,
    retrieval_test_figure,
    summarise_retrieval,
)
from embviz.views.search import (
    SEARCH_NAMES,
    note_chance,
    search_csv,
    search_figure,
    search_table,
    summarise_search,
)

TAB = "search"


def build_search_tab(service: Service) -> list[Section]:
    """Add the tab's components and events to the Blocks being built; returns its section."""
    queries = service.lesson.search.queries
    titles = "\n".join(service.lesson.search.documents)

    def show(
        query: object, documents: object, method: object, top_k: object, question: object
    ) -> AnswerValues:
        result = service.search(query, documents, top_k, method)
        words = () if result.method == SEMANTIC else result.shared_words
        notes = [
            note_chance(result, service.chance_percentile(result))
            if result.method == SEMANTIC
            else "",
            note_truncated(result.truncated, service.encoder.max_tokens),
            "Marked words stand in the query, too." if words else "",
            "Click a document to see which words make it similar." if result.matches else "",
        ]
        pairs = [(result.query, hit.text) for hit in result.matches]
        return (
            summary_html(summarise_search(result), notes=notes),
            search_figure(result),
            pickable_table_html(search_table(result), pairs, EXPLANATION, words=words),
            *open_panel(PANELS, question, service, result),
        )

    def show_panel(
        query: object, documents: object, method: object, top_k: object, question: object
    ) -> PanelValues:
        result = service.search(query, documents, top_k, method)
        return open_panel(PANELS, question, service, result)

    def show_example(index: object, *options: object) -> Values:
        query = queries[parse_index(index, "Example", len(queries))]
        return query, titles, *show(query, titles, *options)

    def explain_picked(event: gr.EventData) -> Values:
        picked = [getattr(event, name, None) for name in ("text_a", "text_b")]
        panels = {EXPLANATION: _show_tokens}
        return EXPLANATION, *open_panel(panels, EXPLANATION, service, *picked)

    def save_table(query: object, documents: object, method: object, _: object) -> str:
        return search_csv(service.search(query, documents, MAX_DOCUMENTS, method))

    def save_vectors(query: object, documents: object, method: object, top_k: object) -> str:
        result = service.search(query, documents, top_k, method)
        texts = [result.query, *result.documents]
        return vectors_csv(texts, service.encoder.encode(texts))

    def save_figure(query: object, documents: object, method: object, top_k: object) -> str:
        return page_html(search_figure(service.search(query, documents, top_k, method)))

    html(introduction_html("Which document is meant?", service.lesson.search))
    with section_row("search"):
        with inputs_column():
            query = gr.Textbox(queries[0], label="Query")
            button = gr.Button("Search", variant="primary")
            examples = example_buttons(queries)
        answer = answer_column(
            show(queries[0], titles, SEMANTIC, 3, CLOSED),
            list(PANELS),
            label="Best documents as bars",
            table_js="embviz.pickRows(element, (pair) => trigger('select', pair))",
        )
        with details_column():
            documents = gr.Textbox(
                titles,
                label="Documents",
                info=f"One a line, up to {MAX_DOCUMENTS} of {MAX_CHARACTERS:,} characters. "
                "None: the lesson's titles.",
                lines=6,
                max_lines=6,
            )
            file = file_button()
            method = gr.Radio(
                [(name, method) for method, name in SEARCH_NAMES.items()],
                value=SEMANTIC,
                label="How to rank",
            )
            top_k = gr.Radio([3, 5, 10, 20], value=3, label="How many to show")

    options = [method, top_k, answer.question]
    answer_on(
        [
            button.click,
            query.submit,
            documents.submit,
            method.input,
            top_k.input,
        ],
        show,
        [query, documents, *options],
        answer.outputs,
        section="search",
    )
    open_on(file, documents, show, [query, documents, *options], answer.outputs, section="search")
    save_route = save_on(
        answer,
        {TABLE: save_table, VECTORS: save_vectors, FIGURE: save_figure},
        [query, documents, method, top_k],
        section="search",
    )
    panel_on(answer, show_panel, [query, documents, *options], section="search")
    answer_on(
        [examples.click],
        show_example,
        [examples, *options],
        [query, documents, *answer.outputs],
        section="search",
    )
    answer_on(
        [answer.table.select],
        explain_picked,
        [],
        [answer.question, *answer.panel],
        section="search",
    )
    inputs = {
        "query": query,
        "documents": documents,
        "method": method,
        "top_k": top_k,
        "panel": answer.question,
    }
    return [Section(TAB, inputs, answer, show, save_route)]


def _show_tokens(service: Service, query: object, document: object) -> PanelContent:
    explanation = service.explain(query, document)
    text = summary_html(summarise_attribution(explanation)) + tokens_html(
        explanation, "Query", "Document"
    )
    return text, explanation_figure(explanation)


def _show_best_tokens(service: Service, result: SearchResult) -> PanelContent:
    if not result.matches:
        raise InputError("No document was found, so there is none to explain.")
    return _show_tokens(service, result.query, result.matches[0].text)


def _show_map(method: str, service: Service, result: SearchResult) -> PanelContent:
    text_map = service.map_texts([result.query, *result.documents], method)
    return summary_html(summarise_map(text_map)), map_figure(text_map, has_query=True)


def _show_rankings(service: Service, result: SearchResult) -> PanelContent:
    comparison = service.compare_rankings(result.query, list(result.documents))
    words = comparison.results[KEYWORD].shared_words
    text = summary_html(summarise_rankings(comparison))
    table = table_html(rankings_table(comparison), words=words)
    return text + table, rankings_figure(comparison)


def _show_retrieval_test(service: Service, result: SearchResult) -> PanelContent:
    test = service.take_retrieval_test()
    tables = table_html(retrieval_table(test)) + table_html(lost_queries_table(test))
    return summary_html(summarise_retrieval(test)) + tables, retrieval_test_figure(test)


EXPLANATION = "Which words made it?"
PANELS: dict[str, Panel] = (
    {EXPLANATION: _show_best_tokens, "Meaning or keywords?": _show_rankings}
    | map_panels(_show_map)
    | {"Test this claim: does meaning win?": _show_retrieval_test}
)
