"""The public data sets that the installed packages carry, as they were published."""

from dataclasses import dataclass
from typing import Literal

from embviz.analysis.corpus import read_lines
from embviz.language import gettext_noop


@dataclass(frozen=True)
class RatingSet:
    """Pairs of words that people rated from 0 to 10.

    Attributes:
        title: What the set is called.
        asked: What people rated, in a word.
        question: What they were asked, as it follows "for".
        file: Where its pairs stand.
    """

    title: str
    asked: str
    question: str
    file: str


# Another set is a line in both of these.
RatingSetName = Literal["wordsim353", "simlex999"]
RATING_SETS: dict[RatingSetName, RatingSet] = {
    # Finkelstein et al. 2002
    "wordsim353": RatingSet(
        "WordSim-353",
        gettext_noop("related"),
        gettext_noop("how related they are"),
        "wordsim353.tsv",
    ),
    # Hill, Reichart & Korhonen 2015
    "simlex999": RatingSet(
        "SimLex-999",
        gettext_noop("similar"),
        gettext_noop("how similar in meaning, a stricter question"),
        "simlex999.txt",
    ),
}


def read_ratings(name: RatingSetName) -> list[tuple[str, str, float]]:
    """Pairs of words and how people rated them on average, 0..10."""
    lines = read_lines(RATING_SETS[name].file)
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(text_a, text_b, float(rating)) for text_a, text_b, rating in pairs]


def read_analogies() -> dict[str, list[tuple[str, str, str, str]]]:
    """The Google analogy test (Mikolov et al. 2013) by section: a is to b as c is to d.

    Words are in small letters, since the default model does not see case.
    """
    sections: dict[str, list[tuple[str, str, str, str]]] = {}
    for line in read_lines("questions-words.txt"):
        if line.startswith(": "):
            questions = sections.setdefault(line.removeprefix(": "), [])
        else:
            a, b, c, d = line.lower().split()
            questions.append((a, b, c, d))
    return sections
