"""The questions of the search tab: documents ranked by a query, and passages of a long text."""

import gradio as gr

from embviz.analysis.passages import OVERLAP, TOKENS
from embviz.analysis.search import SEMANTIC
from embviz.analysis.themes import MOST_THEMES
from embviz.capabilities import DOCUMENTS, PASSAGES
from embviz.inputs.limits import MAX_CHARACTERS, MAX_DOCUMENTS, MAX_LONG_TEXT
from embviz.language import gettext, grouped
from embviz.service_of_each_model import Services
from embviz.ui.file_transfer import LONG_TEXTS
from embviz.ui.section import Section
from embviz.views.search import SEARCH_NAMES


def build_documents(services: Services, model: gr.Textbox) -> Section:
    """Add documents, ranked by a query, to the Blocks being built."""
    part = services.default.lesson.search
    index = services.default.collection
    limit = gettext(
        "One per line: at most {documents}, each up to {characters} characters.",
        documents=MAX_DOCUMENTS,
        characters=grouped(MAX_CHARACTERS),
    )
    if index is None:
        documents = "\n".join(part.documents)
        if_empty = gettext("Leave empty to search the built-in titles.")
    else:
        documents = ""
        if_empty = gettext(
            "Leave empty to search the collection of this course ({texts} texts).",
            texts=grouped(len(index.collection.texts)),
        )
    examples = [{"query": query, "documents": documents} for query in part.queries]
    start = {**examples[0], "method": SEMANTIC, "top_k": 3, "count": 0}
    # The first start makes a collection ready while visitors are there already.
    section = Section(DOCUMENTS, services, model, start, is_lazy=index is not None)
    pick_rows = "embviz.pickRows(element, (pair) => trigger('select', pair))"
    with section.row():
        with section.inputs_column():
            section.add("query", gr.Textbox, label=gettext("Query"))
            section.add_button(gettext("Search"))
            section.add_examples(part.queries, examples)
        section.add_answer(table_js=pick_rows, panel_js=pick_rows)
        with section.details_column():
            section.add(
                "documents",
                gr.Textbox,
                label=gettext("Documents"),
                info=f"{limit} {if_empty}",
                lines=6,
                max_lines=6,
            )
            section.add_file_button("documents")
            section.add(
                "method",
                gr.Radio,
                choices=[(gettext(name), method) for method, name in SEARCH_NAMES.items()],
                label=gettext("How to rank"),
            )
            section.add(
                "top_k", gr.Radio, choices=[3, 5, 10, 20], label=gettext("How many to show")
            )
            section.add(
                "count",
                gr.Radio,
                choices=[
                    (gettext("chosen for you"), 0),
                    *((str(n), n) for n in range(2, MOST_THEMES + 1)),
                ],
                label=gettext("Number of themes"),
                info=gettext("For “Which themes are there?”"),
            )
    section.connect()

    section.connect_picks("similar")
    return section


def build_passages(services: Services, model: gr.Textbox) -> Section:
    """Add a long text, searched by its passages, to the Blocks being built."""
    long_text = services.default.lesson.search.long_text
    examples = [{"query": query, "text": long_text.text} for query in long_text.queries]
    start = {**examples[0], "tokens": TOKENS, "overlap": OVERLAP, "top_k": 3}
    section = Section(PASSAGES, services, model, start)
    with section.row():
        with section.inputs_column():
            section.add("query", gr.Textbox, label=gettext("Query"))
            section.add(
                "text",
                gr.Textbox,
                label=gettext("Text"),
                info=gettext("Up to {characters} characters.", characters=grouped(MAX_LONG_TEXT)),
                lines=8,
                max_lines=8,
            )
            section.add_file_button("text", LONG_TEXTS)
            section.add_button(gettext("Find the passages"))
            section.add_examples(long_text.queries, examples)
        section.add_answer(beside=False)
        with section.details_column():
            section.add(
                "tokens",
                gr.Radio,
                choices=[32, 64, 128, 200],
                label=gettext("Tokens in a passage, at most"),
            )
            section.add(
                "overlap",
                gr.Radio,
                choices=[0, 16, 32],
                label=gettext("Tokens shared with the passage before, at most"),
            )
            section.add("top_k", gr.Radio, choices=[1, 3, 5, 10], label=gettext("How many to show"))
    section.connect()
    return section
