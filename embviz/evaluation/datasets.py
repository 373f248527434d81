"""The public data sets that the installed packages carry, as they were published."""

from typing import Literal

from embviz.analysis.corpus import read_lines
from embviz.inputs.parsing import parse_choice

# What people were asked to rate from 0 to 10, and where that is published.
Dataset = Literal["wordsim353", "simlex999"]
RATINGS: dict[Dataset, str] = {
    "wordsim353": "wordsim353.tsv",  # Finkelstein et al. 2002
    "simlex999": "simlex999.txt",  # Hill, Reichart & Korhonen 2015
}


def read_ratings(dataset: Dataset) -> list[tuple[str, str, float]]:
    """Pairs of words and how people rated them on average, 0..10.

    Args:
        dataset: "wordsim353" (how related are two words?) or "simlex999" (how similar?).

    Raises:
        InputError: There is no data set of that name.
    """
    file = RATINGS[parse_choice(dataset, "Dataset", tuple(RATINGS))]
    lines = [line for line in read_lines(file) if not line.startswith("#")]
    pairs = [line.split("\t") for line in lines]
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
