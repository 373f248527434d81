"""A section of a tab: one question, its answer, and the events between them.

A section has three columns: its inputs, its answer, and its details (inputs that seldom change). On
wide pages, inputs and details stand on the left, the answer on the right. On a phone, the answer
follows the inputs, and the details follow the answer.

page.css and page.js know a section by its class names and its id. While the inputs are newer than
the answer, page.js hides the answer, so that an old answer never stands beside new inputs. Below
the answer, one panel at a time can be opened. It is filled whenever the answer is, so it is never
older.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr
from starlette.routing import Route

from embviz.capabilities import Question, show_panel
from embviz.errors import InputError
from embviz.inputs.parsing import parse_choice, parse_index
from embviz.language import gettext, gettext_noop
from embviz.models.encoder import Encoder
from embviz.service_of_each_model import Services
from embviz.ui.errors import to_gradio_error
from embviz.ui.figure import place_figure, show_figure
from embviz.ui.file_transfer import (
    LISTS,
    FileKind,
    file_button,
    read_file,
    save_buttons,
    save_route,
)
from embviz.ui.markup import below_html, closer_html, refusal_html, summary_html, tables_html
from embviz.views.view import View

# No panel is open.
CLOSED = "none"

# The name under which the id of the model is sent.
MODEL = "model"

# The values of inputs, and the arguments of a question, by name.
Named = dict[str, Any]
# What fills any components, in their order.
Values = tuple[Any, ...]
# What one can choose: what is shown, and the value it stands for.
Choice = tuple[str, str | int]

# In place of an answer: once this is in sight, page.js asks as the button does.
_UNASKED = "<p data-unasked></p>"


class Section:
    """One question in a tab: built column by column, then connected.

    Args:
        question: What it answers.
        services: Who answers it.
        model: The component that holds the id of the model that is asked.
        start: What its inputs hold at the start, by the name of the endpoint's argument.
        to_arguments: Makes the question's arguments of what the inputs hold, where these differ.
        complete: Adds to what a link gives what that implies.
        always: Names that a link always carries, also where they hold what they started with.
        is_lazy: Whether its first answer is computed when somebody looks at it, whatever the
            question.

    Attributes:
        inputs: The components to fill in, by name; the panel that is open is the last.
        asked: All whose values are sent, by name: the inputs and the model.
        facts: What a task can check of its answer, by name, with the values at the start.
        is_lazy: Whether its first answer is computed when somebody looks at it.
        route: Where the browser gets the files that are saved.
    """

    def __init__(
        self,
        question: Question,
        services: Services,
        model: gr.Textbox,
        start: Named,
        *,
        to_arguments: Callable[[Named], Named] = dict,
        complete: Callable[[Named], Named] = dict,
        always: Sequence[str] = (),
        is_lazy: bool = False,
    ):
        self.question = question
        self.always = always
        self.complete = complete
        self.inputs: dict[str, Any] = {}
        self.is_lazy = is_lazy or question.is_lazy
        self._services = services
        self._model = model
        self._start = start
        self._to_arguments = to_arguments
        self._triggers: list[Any] = []
        self._choices: dict[str, Callable[[Encoder], list[Choice]]] = {}
        self._panels = {panel.id: panel for panel in question.panels}
        self._examples: tuple[gr.Dataset, Sequence[Named]] | None = None
        self._ready: tuple[str, Mapping[str, Named]] | None = None
        self._file: tuple[gr.HTML, FileKind, str, Named] | None = None

    @property
    def outputs(self) -> list[Any]:
        """The components of the answer: reading, figure, table, and the open panel's three."""
        return [self._reading, self._figure, self.table, *self.panel]

    @property
    def components(self) -> list[Any]:
        """All that changes when the section is opened in another state."""
        return [*self.inputs.values(), *self.outputs]

    @property
    def asked(self) -> dict[str, Any]:
        """The components whose values are sent, by name; the model is the last."""
        return {**self.inputs, MODEL: self._model}

    @property
    def defaults(self) -> Named:
        """What its inputs hold at the start, by name."""
        return {**self._start, "panel": CLOSED, MODEL: ""}

    @property
    def choices(self) -> dict[str, list[object]]:
        """What can be chosen, by the name of each input that has a list of choices."""
        radios = {n: c for n, c in self.inputs.items() if isinstance(c, gr.Radio)}
        choices: dict[str, list[object]] = {
            name: [value for _, value in radio.choices] for name, radio in radios.items()
        }
        # A panel that the first model cannot fill says so where a link opens it.
        return choices | {"panel": [CLOSED, *self._panels]}

    def open(self, given: Named, model: str) -> Values:
        """Values for the components: the inputs as given by a link, and the answer to them.

        Raises:
            InputError: There is no answer to these inputs.
        """
        values = self.defaults | self.complete(given) | {MODEL: model}
        filled = values | self._offer(values)
        return *(filled[name] for name in self.inputs), *self.answer(values)

    def ask_again(self, values: Named) -> Values:
        """Values for the components, after another model was chosen: the inputs stay as they are.

        Args:
            values: What `asked` holds, the new model included.
        """
        encoder = self._services.get(values[MODEL]).encoder
        for name, list_choices in self._choices.items():
            if values[name] not in [value for _, value in list_choices(encoder)]:
                values = values | {name: self._start[name]}
        if self.is_lazy:
            answer: Values = _UNASKED, show_figure(None), "", *_closed()
        else:
            try:
                answer = self.answer(values)
            except InputError as error:
                answer = self._refuse(error, self.outputs)
        offered = self._offer(values)
        return *(offered.get(name, gr.skip()) for name in self.inputs), *answer

    # Building it.

    def row(self) -> gr.Row:
        """The row that holds the section."""
        return gr.Row(elem_id=self.question.id, elem_classes="section")

    def inputs_column(self) -> gr.Column:
        """The column that holds what everybody types."""
        return gr.Column(elem_classes="inputs")

    def details_column(self) -> gr.Column:
        """The column that holds what has a good default."""
        return gr.Column(elem_classes="details")

    def add(self, name: str, kind: type[gr.Component], **options: Any) -> None:
        """Add an input: a text box, whose answer is asked for by Enter, or one to choose with."""
        component: Any = kind(value=self._start[name], **options)
        self.inputs[name] = component
        self._triggers.append(
            component.submit if isinstance(component, gr.Textbox) else component.input
        )

    def add_choice(
        self, name: str, list_choices: Callable[[Encoder], list[Choice]], **options: Any
    ) -> None:
        """Add an input to choose with, whose choices depend on the model that is asked."""
        self._choices[name] = list_choices
        choices = list_choices(self._services.default.encoder)
        self.add(name, gr.Radio, choices=choices, **options)

    def add_ready(
        self, name: str, choices: Sequence[Choice], examples: Sequence[Named], **options: Any
    ) -> None:
        """Add an input to choose one of the examples with, which fills the others that it names."""
        self.inputs[name] = gr.Radio(value=self._start[name], choices=list(choices), **options)
        self._ready = name, {example[name]: example for example in examples}

    def add_button(self, label: str) -> None:
        """Add the button that asks."""
        self._triggers.append(gr.Button(label, variant="primary").click)

    def add_file_button(self, name: str, kind: FileKind = LISTS, **implied: object) -> None:
        """Add the button that fills an input from a file, which implies what others hold."""
        self._file = file_button(kind), kind, name, implied

    def add_examples(self, labels: Sequence[str], examples: Sequence[Named]) -> None:
        """Add a row of buttons, each of which fills the inputs that its example names."""
        buttons = gr.Dataset(
            components=[gr.Textbox(render=False)],
            samples=[[label] for label in labels],
            type="index",
            label=gettext("Examples"),
        )
        self._examples = buttons, examples

    def add_answer(self, *, beside: bool = True, table_js: str = "", panel_js: str = "") -> None:
        """Add the column that holds the answer.

        Args:
            beside: Whether the table stands beside the figure, where there is room, or below it.
            table_js: JavaScript that runs once the table is in the page.
            panel_js: JavaScript that runs once the place for the open panel's tables is.
        """
        default = self._services.default
        if self.is_lazy or not self.question.is_for(default.encoder):
            view, reading = View("", facts=self.question.facts), _UNASKED
        else:
            view = self.question.show(default, **self._read(self.defaults))
            reading = summary_html(view)
        self.facts = view.facts
        with gr.Column(elem_classes="answer"):
            self._reading = html(reading)
            with gr.Row() if beside else gr.Column():
                self._figure = place_figure(view.figure)
                with gr.Column(scale=3, min_width=280):
                    self.table = html(tables_html(view), js_on_load=table_js or None)
            self._save = save_buttons()
            self._open = gr.Radio(
                self._panel_choices("", CLOSED),
                value=CLOSED,
                label=gettext("Look closer"),
                elem_classes="questions",
            )
            with gr.Column(elem_classes="closer"):
                panel_text = html("")
                panel_figure = place_figure()
                self.panel_tables = html("", js_on_load=panel_js or None)
                self._save_panel = save_buttons(of_panel=True)
        self.panel = panel_text, panel_figure, self.panel_tables
        self._figures = self._figure, panel_figure

    def connect(self) -> None:
        """Connect the components, once all are there, with the answer to them."""
        names = [*self.inputs, MODEL]
        self.route: Route = save_route(self.question, self._services, names, self._to_arguments)
        self.inputs["panel"] = self._open
        self.on(self._triggers, self.answer, self.outputs)
        self._connect_panel()
        self._connect_saving()
        if self._ready:
            self._connect_ready(*self._ready)
        if self._examples:
            self._connect_examples(*self._examples)
        if self._file:
            self._connect_file(*self._file)

    # Answering.

    def answer(self, values: Named) -> Values:
        """What the outputs show for what the inputs hold.

        Raises:
            InputError: There is no answer to these inputs.
        """
        service = self._services.get(values[MODEL])
        view = self.question.show(service, **self._read(values))
        answer = summary_html(view), show_figure(view.figure), tables_html(view)
        return *answer, *self.answer_panel(values)

    def _refuse(self, error: InputError, outputs: Sequence[Any]) -> Values:
        """Why there is no answer, in place of its first part; page.js shows it beside the input."""
        refusal = refusal_html(str(error), error.input)
        return tuple(refusal if o is self._reading else gr.skip() for o in outputs)

    def answer_panel(self, values: Named) -> Values:
        """What the open panel shows; nothing is computed for a closed one."""
        if values["panel"] == CLOSED:
            return _closed()
        panel = self._panels[
            parse_choice(values["panel"], gettext_noop("Look closer"), tuple(self._panels))
        ]
        return show_in_panel(
            lambda: show_panel(panel, self._services, values[MODEL], self._read(values))
        )

    def answer_row(self, values: Named, default: str) -> Values:
        """Which panel looks closer at a row that was picked, and what it shows.

        Args:
            values: What `asked` holds, and the two texts of the row as text_a and text_b.
            default: The panel that does if the open one cannot.
        """
        row = values.pop("text_a"), values.pop("text_b")
        shows_rows = {panel.id: panel.show_row for panel in self.question.panels}
        is_open = values["panel"] in [id for id, show_row in shows_rows.items() if show_row]
        id = values["panel"] if is_open else default
        show_row, service = shows_rows[id], self._services.get(values[MODEL])
        assert show_row is not None
        return id, *show_in_panel(lambda: show_row(service, *row, **self._read(values)))

    def _read(self, values: Named) -> Named:
        return self._to_arguments({n: v for n, v in values.items() if n not in ("panel", MODEL)})

    def _offer(self, values: Named) -> Named:
        """The inputs whose choices depend on the model, such as the panels, by name."""
        encoder = self._services.get(values[MODEL]).encoder
        choices = {name: list_choices(encoder) for name, list_choices in self._choices.items()}
        choices["panel"] = self._panel_choices(values[MODEL], values["panel"])
        return {
            name: gr.Radio(choices=offered, value=values[name], render=False)
            for name, offered in choices.items()
        }

    def _panel_choices(self, model: object, open_panel: object) -> list[Choice]:
        encoder = self._services.get(model).encoder
        # page.css sets the title of a panel apart from its promise, by the line break.
        return [
            (gettext("Just the answer"), CLOSED),
            *(
                (f"{gettext(panel.title)}\n{gettext(panel.promise)}", panel.id)
                for panel in self.question.panels
                if panel.is_for(encoder) or panel.id == open_panel
            ),
        ]

    # Events.

    def on(
        self,
        triggers: Sequence[Any],
        answer: Callable[[Named], Values],
        outputs: Sequence[Any],
        *,
        inputs: Mapping[str, Any] | None = None,
        file_into: str = "",
        picks: bool = False,
        veil: str = "",
        progress_on: Sequence[Any] = (),
    ) -> None:
        """Fill outputs when one of the triggers fires.

        The values arrive as the browser sent them: the service checks them all, since the checks
        that Gradio's components make would answer in Gradio's words.

        Args:
            triggers: Events of components.
            answer: Makes the values of the outputs from those of the inputs, by name.
            outputs: What is filled.
            inputs: The components whose values are sent, by name; those of the section if None.
            file_into: The input in whose place the file arrives that is open.
            picks: Whether the trigger is a row that is picked: its texts are text_a and text_b.
            veil: The part of the section that page.js veils meanwhile, a CSS selector; all of it if
                empty.
            progress_on: Where progress is shown; on the figures that are filled if nowhere.
        """
        named = self.asked if inputs is None else inputs
        part = f"#{self.question.id}{veil}"
        shown = list(self.asked.values())
        values = f"values.slice(0, {len(named)})"
        if file_into:
            values += f".with({list(named).index(file_into)}, embviz.file)"

        def answer_or_refuse(values: Named) -> Values:
            try:
                return answer(values)
            except InputError as error:
                if self._reading not in outputs:
                    raise
                return self._refuse(error, outputs)

        def answer_values(*values: object) -> Values:
            return answer_or_refuse(dict(zip(named, values, strict=True)))

        def answer_pick(event: gr.EventData, *values: object) -> Values:
            picked = {name: getattr(event, name, None) for name in ("text_a", "text_b")}
            return answer_or_refuse(dict(zip(named, values, strict=True)) | picked)

        event = gr.on(
            triggers,
            to_gradio_error(answer_pick if picks else answer_values),
            list(named.values()),
            list(outputs),
            js=f"(...values) => embviz.asked('{part}', {values})",
            preprocess=False,
            show_progress="minimal",
            show_progress_on=progress_on or [o for o in outputs if o in self._figures],
            trigger_mode="always_last",
            api_visibility="private",
        )
        # What the inputs hold now, for the address.
        event.success(
            None,
            shown,
            None,
            js=f"(...values) => embviz.answered('{part}', '{self.question.id}', values)",
            api_visibility="private",
        )
        event.failure(None, js=f"() => embviz.refused('{part}')", api_visibility="private")

    def connect_picks(self, default: str) -> None:
        """Look closer at a row of a table that is picked: in the open panel, if it can show one.

        Args:
            default: The id of the panel that is opened, if it cannot.
        """
        self.on(
            [self.table.select, self.panel_tables.select],
            lambda values: self.answer_row(values, default),
            [self.inputs["panel"], *self.panel],
            picks=True,
            veil=" .closer",
        )

    def _connect_panel(self) -> None:
        text, *_ = self.panel
        self.on(
            [self._open.input], self.answer_panel, self.panel, veil=" .closer", progress_on=[text]
        )

    def _connect_saving(self) -> None:
        for buttons in (self._save, self._save_panel):
            buttons.select(
                None,
                list(self.asked.values()),
                None,
                js=f"(...values) => embviz.save('{self.question.id}', values)",
                api_visibility="private",
            )

    def _connect_examples(self, buttons: gr.Dataset, examples: Sequence[Named]) -> None:
        filled = examples[0].keys()
        others = {name: part for name, part in self.asked.items() if name not in filled}

        def show_example(values: Named) -> Values:
            index = parse_index(values.pop("example"), gettext_noop("Example"), len(examples))
            return *examples[index].values(), *self.answer(values | examples[index])

        self.on(
            [buttons.click],
            show_example,
            [*(self.inputs[name] for name in filled), *self.outputs],
            inputs={"example": buttons, **others},
        )

    def _connect_ready(self, name: str, examples: Mapping[str, Named]) -> None:
        chooser = self.inputs[name]
        filled = [other for other in next(iter(examples.values())) if other != name]

        def show_chosen(values: Named) -> Values:
            example = examples[parse_choice(values[name], chooser.label, tuple(examples))]
            return *(example[other] for other in filled), *self.answer(values | example)

        outputs = [*(self.inputs[other] for other in filled), *self.outputs]
        self.on([chooser.input], show_chosen, outputs)

    def _connect_file(self, button: gr.HTML, kind: FileKind, name: str, implied: Named) -> None:
        filled = [self.inputs[name] for name in (name, *implied)]

        def open_file(values: Named) -> Values:
            texts, columns = read_file(kind, values[name])
            values |= {name: texts, **implied}
            return columns, texts, *implied.values(), *self.answer(values)

        self.on([button.upload], open_file, [button, *filled, *self.outputs], file_into=name)


def complete_from(examples: Sequence[Named], name: str) -> Callable[[Named], Named]:
    """Let a link that names an example mean all that the example fills, but for what it gives.

    Args:
        examples: What they fill, by name.
        name: What the examples are told apart by.
    """
    known = {example[name]: example for example in examples}
    return lambda given: known.get(given.get(name), {}) | given


def show_in_panel(show: Callable[[], View]) -> tuple[str, str, str]:
    """What fills a panel: what stands above its figure, the figure, and what stands below."""
    try:
        view = show()
    except InputError as error:
        # The answer above stands, even where there is nothing more to say about it.
        view = View(str(error))
    return closer_html(view), show_figure(view.figure), below_html(view)


def _closed() -> Values:
    return "", show_figure(None), ""


def html(markup: str, **options: Any) -> gr.HTML:
    """Add markup that page.css alone gives its look."""
    return gr.HTML(markup, apply_default_css=False, **options)
