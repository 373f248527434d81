"""The question of the search tab: documents ranked by a query."""

import gradio as gr

from embviz.analysis.search import SEMANTIC
from embviz.capabilities import DOCUMENTS, show_document_tokens
from embviz.inputs.limits import MAX_CHARACTERS, MAX_DOCUMENTS
from embviz.services import Services
from embviz.ui.section import MODEL, Named, Section, Values, show_in_panel
from embviz.views.search import SEARCH_NAMES


def build_documents(services: Services, model: gr.Textbox) -> Section:
    """Add documents, ranked by a query, to the Blocks being built."""
    titles = "\n".join(services.default.lesson.search.documents)
    queries = services.default.lesson.search.queries
    examples = [{"query": query, "documents": titles} for query in queries]
    section = Section(DOCUMENTS, services, model, {**examples[0], "method": SEMANTIC, "top_k": 3})
    with section.row():
        with section.inputs_column():
            section.add("query", gr.Textbox, label="Query")
            section.add_button("Search")
            section.add_examples(queries, examples)
        section.add_answer(
            label="Best documents as bars",
            table_js="embviz.pickRows(element, (pair) => trigger('select', pair))",
        )
        with section.details_column():
            section.add(
                "documents",
                gr.Textbox,
                label="Documents",
                info=f"One a line, up to {MAX_DOCUMENTS} of {MAX_CHARACTERS:,} characters. "
                "Leave empty to use the lesson's titles.",
                lines=6,
                max_lines=6,
            )
            section.add_file_button("documents")
            section.add(
                "method",
                gr.Radio,
                choices=[(name, method) for method, name in SEARCH_NAMES.items()],
                label="How to rank",
            )
            section.add("top_k", gr.Radio, choices=[3, 5, 10, 20], label="How many to show")
    section.connect()

    def explain_picked(values: Named) -> Values:
        query, document = values["text_a"], values["text_b"]
        service = services.get(values[MODEL])
        return "tokens", *show_in_panel(lambda: show_document_tokens(service, query, document))

    section.on(
        [section.table.select],
        explain_picked,
        [section.inputs["panel"], *section.panel],
        inputs={MODEL: model},
        picks=True,
    )
    return section
