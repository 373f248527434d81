"""examples/*.json → what the tabs start with."""

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticKnownError

from embviz.analysis.axes import READY_AXES
from embviz.analysis.word_in_context import READY_SENTENCES
from embviz.course.course_settings import Course, read_logo
from embviz.course.fields import Expression, Line, Text, Url, Word, distinct
from embviz.course.json_file import Content, read_json
from embviz.course.templates import QuickTemplate, Template
from embviz.course.truths import TRUTHS

FOLDER = Path(__file__).parent.parent.parent / "examples"

# Of a slider: the page for a class counts each.
MOST_GUESSES = 10_000
_SMALLEST_STEP = 1e-6


class Part(Content):
    """What every tab has: its texts.

    Attributes:
        explanation: Paragraphs that say what the tab shows.
        exercises: Things to try.
    """

    explanation: tuple[QuickTemplate, ...]
    exercises: tuple[QuickTemplate, ...]


class PreparedVariants(Content):
    """Changed versions of a text that no rule can make."""

    text: Text
    opposite: Text | None = None
    paraphrase: Text | None = None


class Context(Content):
    """A word and sentences in which it stands."""

    word: Line
    sentences: tuple[Line, ...] = Field(min_length=2)


class SimilarityPart(Part):
    """examples/similarity.json."""

    pairs: tuple[tuple[Text, Text], ...] = Field(min_length=1)
    words: tuple[Word, ...] = Field(min_length=2)
    variants: tuple[PreparedVariants, ...]
    contexts: tuple[Context, ...] = Field(
        default=tuple(
            Context(word=ready.word, sentences=ready.sentences) for ready in READY_SENTENCES
        ),
        min_length=1,
    )


class Analogy(Content):
    """An expression and the texts to rank."""

    expression: Expression
    candidates: Annotated[tuple[Word, ...], Field(min_length=1), AfterValidator(distinct)]


class Axis(Content):
    """An axis between two ends, and words to place on it."""

    name: Line
    low: tuple[Word, ...] = Field(min_length=1)
    high: tuple[Word, ...] = Field(min_length=1)
    texts: tuple[Word, ...] = Field(min_length=2)


class ArithmeticPart(Part):
    """examples/arithmetic.json."""

    analogies: tuple[Analogy, ...] = Field(min_length=1)
    axes: tuple[Axis, ...] = Field(
        default=tuple(
            Axis(name=ready.name, low=ready.low, high=ready.high, texts=ready.texts)
            for ready in READY_AXES
        ),
        min_length=1,
    )


class Labelled(Content):
    """A query and the documents that answer it."""

    query: Text
    relevant: tuple[Text, ...] = Field(min_length=1)


class LongText(Content):
    """A text that is searched by its passages, and queries for it."""

    text: Text
    queries: tuple[Text, ...] = Field(min_length=1)


_READY_TEXT = LongText(
    text=(Path(__file__).parent / "tides.txt").read_text("utf-8"),
    queries=(
        "Who pays for the harbour wall?",
        "why the sea rises twice a day",
        "what to do when the siren sounds",
    ),
)


def _collection_file(name: str) -> str:
    path = PurePath(name)
    if path.suffix.lower() not in (".jsonl", ".csv", ".parquet"):
        raise ValueError("the name of a .jsonl, .csv or .parquet file must stand here")
    if path.is_absolute() or ".." in path.parts:
        raise ValueError("the file must lie in the folder of this one")
    return name


class CollectionSource(Content):
    """A file of texts to search, and which of its columns hold what.

    Attributes:
        file: A .jsonl, .csv or .parquet file in the same folder, or in a folder in it.
        text: The column of the texts.
        title: That of their titles.
        link: That of their web addresses.
        labelled: Queries, and the titles of the texts that answer them; where there are no titles,
            these texts themselves. They are looked for when the file is read.
    """

    file: Annotated[Line, AfterValidator(_collection_file)]
    text: Line
    title: Line | None = None
    link: Line | None = None
    labelled: tuple[Labelled, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read, each once."""
        named = (self.title, self.text, self.link)
        return tuple(dict.fromkeys(column for column in named if column is not None))


class SearchPart(Part):
    """examples/search.json."""

    documents: Annotated[tuple[Line, ...], Field(min_length=1), AfterValidator(distinct)]
    queries: tuple[Text, ...] = Field(min_length=1)
    labelled: tuple[Labelled, ...] = Field(min_length=1)
    long_text: LongText = _READY_TEXT
    collection: CollectionSource | None = None

    @model_validator(mode="after")
    def _relevant_documents_exist(self) -> "SearchPart":
        for n, labelled in enumerate(self.labelled):
            for text in labelled.relevant:
                if text not in self.documents:
                    message = "“{text}” is not one of the documents"
                    error = PydanticCustomError("unknown_document", message, {"text": text})
                    # Only in this shape does an error name a place below the model it is raised in.
                    details: InitErrorDetails = {
                        "type": error,
                        "loc": ("labelled", n, "relevant"),
                        "input": text,
                    }
                    raise ValidationError.from_exception_data("search", [details])
        return self


def _known_truth(name: object) -> object:
    if name not in tuple(TRUTHS):
        *first, last = map(repr, TRUTHS)
        raise PydanticKnownError("literal_error", {"expected": f"{', '.join(first)} or {last}"})
    return name


# How long the lessons are that there is a plan for.
Minutes = Literal[15, 45, 90]


class Slider(Content):
    """What a number is guessed with.

    Attributes:
        low: Its left end.
        high: Its right end.
        step: How far apart two guesses are at least.
        unit: What stands behind each number, such as " %".
    """

    low: float
    high: float
    step: float = Field(gt=0)
    unit: str = ""

    @model_validator(mode="after")
    def _has_a_length(self) -> "Slider":
        if self.low >= self.high:
            raise ValueError("low must be less than high")
        if self.step < _SMALLEST_STEP or (self.high - self.low) / self.step > MOST_GUESSES:
            raise ValueError(
                f"step is too small: write one of at least {_SMALLEST_STEP:f} that makes at most "
                f"{MOST_GUESSES:,} guesses"
            )
        return self


class Source(Content):
    """Where one can read more."""

    title: Text
    url: Url


Value = str | float | bool


def _plain(value: object) -> object:
    # JSON writes a whole number without a point.
    if not isinstance(value, Value | int):
        raise ValueError("write a text, a number, true or false here")
    return value


class Condition(Content):
    """What a fact must be; if several are given, all hold.

    Attributes:
        above: It is higher than this number.
        below: It is lower than this number.
        is_: It is this; capitals make no difference.
    """

    above: float | None = None
    below: float | None = None
    is_: Annotated[Value | None, BeforeValidator(_plain)] = Field(default=None, alias="is")

    @model_validator(mode="after")
    def _can_hold(self) -> "Condition":
        if not self.values:
            raise ValueError("give at least one of above, below and is")
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise ValueError("above must be less than below")
        return self

    @property
    def values(self) -> tuple[Value, ...]:
        """What the fact is compared with."""
        return tuple(v for v in (self.above, self.below, self.is_) if v is not None)


class Task(Content):
    """Something to make; the page checks the live answer and marks it as done.

    Attributes:
        text: What is to be made.
        check: What must hold of the answer, by the name of a fact: those of a View.
        done: What it shows, said when it is done.
    """

    text: Text
    check: dict[str, Condition] = Field(min_length=1)
    done: Template | None = None


class Notes(Content):
    """What a teacher wants to know of a step.

    Attributes:
        misconception: What students often believe before it.
        follow_up: A question to talk about after it.
        solution: What solves its task: inputs, as in the state of a step, which they add to.
    """

    misconception: Text | None = None
    follow_up: Text | None = None
    solution: dict[str, Text] | None = None


class Step(Content):
    """A step of the guided lesson: guess, see, understand.

    Attributes:
        title: What it is about.
        tab: The tab that shows the answer.
        state: What the inputs of the tab hold then: the parameters of a link.
        question: What is guessed.
        slider: What a number is guessed with; None if texts are chosen from.
        options: The texts to choose from; None if a number is guessed.
        truth: What is guessed, one of TRUTHS; the model says what it is.
        explanation: Paragraphs that follow the answer, true whatever it is.
        task: What is to be made then; None if nothing is.
        shortest_lesson: The lesson plans that have this step: that of so many minutes, and longer
            ones.
        notes: For teachers.
        source: Where one can read more.
    """

    title: Line
    tab: Literal["similarity", "arithmetic", "search"]
    state: dict[str, Text]
    question: Text
    slider: Slider | None = None
    options: Annotated[tuple[Line, ...], Field(min_length=2), AfterValidator(distinct)] | None = (
        None
    )
    truth: Annotated[str, BeforeValidator(_known_truth)]
    explanation: tuple[Template, ...]
    task: Task | None = None
    shortest_lesson: Minutes = 45
    notes: Notes = Notes()
    source: Source

    @model_validator(mode="after")
    def _truth_can_be_guessed(self) -> "Step":
        truth = TRUTHS[self.truth]
        if truth.tab != self.tab:
            raise ValueError(
                f"“{self.truth}” belongs to the {truth.tab} tab: write that as its tab"
            )
        guess, other = ("slider", "options") if truth.is_number else ("options", "slider")
        if getattr(self, guess) is None or getattr(self, other) is not None:
            raise ValueError(
                f"“{self.truth}” is guessed with “{guess}”: give that, and no “{other}”"
            )
        for name in truth.needs:
            if name not in self.state:
                raise ValueError(f"its state needs “{name}”, which “{self.truth}” is about")
        if self.notes.solution and not self.task:
            raise ValueError(
                "its notes have a solution, but it has no task: write one, or leave it"
            )
        return self

    @property
    def solved(self) -> dict[str, str]:
        """The state in which its task is solved; that of the step itself without a solution."""
        return self.state | (self.notes.solution or {})


class GuidedLesson(Content):
    """examples/lesson.json; without steps the page shows no guided lesson.

    Attributes:
        steps: In their order.
        takeaways: Sentences that end the lesson: what to remember.
    """

    steps: tuple[Step, ...]
    takeaways: tuple[QuickTemplate, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """All that the tabs start with, and the steps that lead through them."""

    similarity: SimilarityPart
    arithmetic: ArithmeticPart
    search: SearchPart
    steps: tuple[Step, ...]
    takeaways: tuple[str, ...] = ()
    course: Course = field(default_factory=Course)
    # An address that holds the picture; empty if there is none.
    logo: str = ""


def load_lesson(folder: Path = FOLDER) -> Lesson:
    """Read a lesson.

    Raises:
        LessonError: A file is missing or has a mistake.
    """
    settings = folder / "course.json"
    course = read_json(settings, Course) if settings.exists() else Course()
    guided = read_json(folder / "lesson.json", GuidedLesson)
    search = read_json(folder / "search.json", SearchPart)
    return Lesson(
        read_json(folder / "similarity.json", SimilarityPart),
        read_json(folder / "arithmetic.json", ArithmeticPart),
        search,
        tuple(_complete(step, search) for step in guided.steps),
        guided.takeaways,
        course,
        read_logo(folder / course.logo) if course.logo else "",
    )


def _complete(step: Step, search: SearchPart) -> Step:
    """A step whose state says what is searched, also where it leaves that to the course."""
    built_in = {"text": search.long_text.text}
    if search.collection is not None:
        # Else the step would be about the collection.
        built_in["documents"] = "\n".join(search.documents)
    name = TRUTHS[step.truth].searches
    if name not in built_in:
        return step
    return step.model_copy(update={"state": {name: built_in[name]} | step.state})
