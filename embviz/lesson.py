"""examples/*.json → what the tabs start with."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parent.parent / "examples"


class Part(BaseModel):
    """What every tab has: its texts.

    Attributes:
        explanation: Paragraphs that say what the tab shows.
        exercises: Things to try.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    explanation: tuple[str, ...]
    exercises: tuple[str, ...]


class PreparedVariants(BaseModel):
    """Changed versions of a text that no rule can make."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    opposite: str | None = None
    paraphrase: str | None = None


class SimilarityPart(Part):
    """examples/similarity.json."""

    pairs: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    variants: tuple[PreparedVariants, ...]


class Analogy(BaseModel):
    """An expression and the texts to rank."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    expression: str
    candidates: tuple[str, ...]


class ArithmeticPart(Part):
    """examples/arithmetic.json."""

    analogies: tuple[Analogy, ...]


class Labelled(BaseModel):
    """A query and the documents that answer it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: str
    relevant: tuple[str, ...] = Field(min_length=1)


class SearchPart(Part):
    """examples/search.json."""

    documents: tuple[str, ...]
    queries: tuple[str, ...]
    labelled: tuple[Labelled, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _relevant_documents_exist(self) -> "SearchPart":
        for labelled in self.labelled:
            for text in labelled.relevant:
                if text not in self.documents:
                    raise ValueError(
                        f"labelled query “{labelled.query}”: “{text}” is none of the documents"
                    )
        return self


@dataclass(frozen=True)
class Lesson:
    """All that the tabs start with."""

    similarity: SimilarityPart
    arithmetic: ArithmeticPart
    search: SearchPart


def load_lesson(folder: Path = FOLDER) -> Lesson:
    """Read a lesson.

    Raises:
        OSError: A file is missing.
        pydantic.ValidationError: A file is not what it should be; the message names the place.
    """
    return Lesson(
        SimilarityPart.model_validate_json((folder / "similarity.json").read_bytes()),
        ArithmeticPart.model_validate_json((folder / "arithmetic.json").read_bytes()),
        SearchPart.model_validate_json((folder / "search.json").read_bytes()),
    )
