"""How often does the arithmetic work? → AnalogyTest."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embviz.analysis.vectors import Doubles, cosine_similarities
from embviz.evaluation.datasets import read_analogies
from embviz.models.encoder import Encoder

Question = tuple[str, str, str, str]


@dataclass(frozen=True)
class Section:
    """Questions of one kind and how many were answered right.

    Attributes:
        name: What is asked, in the words of the test.
        questions: How many questions.
        inputs_allowed: Share that b - a + c answers right, 0..1.
        inputs_excluded: The same where a, b and c cannot be the answer.
        no_arithmetic: The same for the nearest neighbour of c, where a, b and c cannot be it.
    """

    name: str
    questions: int
    inputs_allowed: float
    inputs_excluded: float
    no_arithmetic: float

    @property
    def title(self) -> str:
        """The name as people write it: "gram3-comparative" is "comparative"."""
        return re.sub(r"^gram\d-", "", self.name).replace("-", " ")


@dataclass(frozen=True)
class AnalogyTest:
    """The Google analogy test, taken by a model.

    Attributes:
        sections: The kinds of questions, in the order they were published.
        overall: All questions together.
        words: How many words could be the answer: all that stand in the test.
        stays: Share of all questions where b - a + c is nearest to c itself, 0..1.
    """

    sections: tuple[Section, ...]
    overall: Section
    words: int
    stays: float


def take_analogy_test(
    encoder: Encoder,
    questions: dict[str, list[Question]] | None = None,
) -> AnalogyTest:
    """Ask a model "a is to b as c is to what?", question by question.

    The test is that of Mikolov et al. (2013). Which words may be the answer matters more than the
    arithmetic: Linzen (2016); Nissim, van Noord & van der Goot (2020).

    Args:
        encoder: The model.
        questions: Sections of questions (a, b, c, d); the published test if None.
    """
    sections = questions or read_analogies()
    words = sorted({word for section in sections.values() for q in section for word in q})
    places = {word: place for place, word in enumerate(words)}
    vectors = encoder.encode(words)
    similarities = cosine_similarities(vectors, vectors)

    # Per section one row a question and one column a way of answering.
    right = {
        name: _answer(np.array([[places[word] for word in q] for q in section]), similarities)
        for name, section in sections.items()
    }
    everything = np.concatenate(list(right.values()))
    return AnalogyTest(
        tuple(_summarise(name, answers) for name, answers in right.items()),
        _summarise("overall", everything),
        len(words),
        float(everything[:, 3].mean()),
    )


def _answer(questions: npt.NDArray[np.int64], similarities: Doubles) -> npt.NDArray[np.bool_]:
    """Whether each question, a row of four places, is answered right in each way."""
    a, b, c, d = questions.T
    rows = np.arange(len(questions))
    # The length of b - a + c is the same for all words, so it does not change which is nearest.
    offset = similarities[b] - similarities[a] + similarities[c]
    alone = similarities[c]
    nearest = offset.argmax(axis=1)
    for scores in (offset, alone):
        for place in (a, b, c):
            scores[rows, place] = -np.inf
    return np.stack(
        [nearest == d, offset.argmax(axis=1) == d, alone.argmax(axis=1) == d, nearest == c], axis=1
    )


def _summarise(name: str, answers: npt.NDArray[np.bool_]) -> Section:
    allowed, excluded, alone = answers[:, :3].mean(axis=0).tolist()
    return Section(name, len(answers), allowed, excluded, alone)
