"""The questions of the similarity tab: two texts, a list of words, a word in several sentences."""

import gradio as gr

from embviz.analysis.word_in_context import LAST_LAYER, MOST_SENTENCES
from embviz.capabilities import COLOUR_TITLES, CONTEXT, LIST, TWO_TEXTS
from embviz.inputs.limits import MAX_WORDS
from embviz.language import gettext
from embviz.models.encoder import Encoder
from embviz.service_of_each_model import Services
from embviz.text_direction import isolate
from embviz.ui.section import MODEL, Choice, Named, Section, Values, complete_from
from embviz.views.colours import DEFAULT_COLOURS


def connect_pairs(two_texts: Section, words: Section, chooser: gr.Tabs) -> None:
    """Let a pair that is picked in the list of words be compared by itself."""

    def compare_picked(values: Named) -> Values:
        answer = two_texts.answer(values)
        return gr.Tabs(selected=TWO_TEXTS.id), values["text_a"], values["text_b"], *answer

    two_texts.on(
        [words.table.select],
        compare_picked,
        [
            chooser,
            *(two_texts.inputs["text_a"], two_texts.inputs["text_b"]),
            *two_texts.outputs,
        ],
        inputs={name: two_texts.asked[name] for name in ("panel", MODEL)},
        picks=True,
    )


def build_two_texts(services: Services, model: gr.Textbox) -> Section:
    """Add two texts, compared, to the Blocks being built."""
    pairs = services.default.lesson.similarity.pairs
    examples = [{"text_a": text_a, "text_b": text_b} for text_a, text_b in pairs]
    section = Section(TWO_TEXTS, services, model, examples[0])
    with section.row():
        with section.inputs_column():
            section.add("text_a", gr.Textbox, label=gettext("Text A"), elem_classes="text-a")
            section.add("text_b", gr.Textbox, label=gettext("Text B"), elem_classes="text-b")
            section.add_button(gettext("Compare"))
            section.add_examples([f"{isolate(a)} · {isolate(b)}" for a, b in pairs], examples)
        section.add_answer(beside=False)
    section.connect()
    return section


def build_list(services: Services, model: gr.Textbox) -> Section:
    """Add a list of words, each compared with each, to the Blocks being built."""
    words = {"texts": ", ".join(services.default.lesson.similarity.words)}
    models = services.entries
    start = {
        **words,
        "ordered": False,
        "colours": DEFAULT_COLOURS,
        "model_b": list(models)[-1],
    }
    section = Section(LIST, services, model, start)
    with section.row():
        with section.inputs_column():
            section.add(
                "texts",
                gr.Textbox,
                label=gettext("Words"),
                info=gettext("Commas between them, or one per line; up to {most}.", most=MAX_WORDS),
                lines=4,
                max_lines=8,
            )
            section.add_file_button("texts")
            section.add("ordered", gr.Checkbox, label=gettext("Put alike words side by side"))
            section.add_button(gettext("Compare all"))
        section.add_answer(
            beside=False,
            table_js="embviz.pickPairs(element, (pair) => trigger('select', pair))",
        )
        with section.details_column():
            section.add(
                "colours",
                gr.Radio,
                choices=[(gettext(title), colours) for colours, title in COLOUR_TITLES.items()],
                label=gettext("Colours"),
                info=gettext("Purple to green can be read by colour-blind people."),
            )
            section.add(
                "model_b",
                gr.Radio,
                choices=[(entry.name, id) for id, entry in models.items()],
                label=gettext("Second model"),
                info=gettext("For “Do two models agree?”"),
                visible=len(models) > 1,
            )
            section.add_examples([gettext("The built-in words")], [words])
    section.connect()
    return section


def build_context(services: Services, model: gr.Textbox) -> Section:
    """Add a word in several sentences to the Blocks being built."""
    examples = [
        {"word": context.word, "sentences": "\n".join(context.sentences)}
        for context in services.default.lesson.similarity.contexts
    ]
    section = Section(
        CONTEXT,
        services,
        model,
        {**examples[0], "layer": LAST_LAYER},
        complete=complete_from(examples, "word"),
    )
    with section.row():
        with section.inputs_column():
            section.add("word", gr.Textbox, label=gettext("Word"))
            section.add(
                "sentences",
                gr.Textbox,
                label=gettext("Sentences"),
                info=gettext(
                    "One per line, 2 to {most}, each with the word in it.", most=MOST_SENTENCES
                ),
                lines=6,
                max_lines=8,
            )
            section.add_file_button("sentences")
            section.add_button(gettext("Compare the sentences"))
            section.add_examples([example["word"] for example in examples], examples)
        section.add_answer(beside=False)
        with section.details_column():
            section.add_choice(
                "layer",
                _list_layers,
                label=gettext("Layer"),
                info=gettext("The model reads a text in steps, its layers. 0 is before the first."),
            )
    section.connect()
    return section


def _list_layers(encoder: Encoder) -> list[Choice]:
    if encoder.layers is None:
        return [(gettext("The last"), LAST_LAYER)]
    earlier: list[Choice] = [(str(layer), layer) for layer in range(encoder.layers)]
    return [*earlier, (gettext("{layer}, the last", layer=encoder.layers), LAST_LAYER)]
