"""Does the model link words as people do in tests of prejudice? → AssociationTest."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from math import comb
from pathlib import Path
from typing import Any, Literal

import numpy as np

from embviz.analysis.vectors import Doubles, Floats, cosine_similarities
from embviz.errors import InputError
from embviz.language import gettext, gettext_noop
from embviz.models.encoder import Encoder

FOLDER = Path(__file__).parent / "bias"

# In the order of Caliskan et al. (2017).
AssociationTestId = Literal[
    "flowers-insects",
    "instruments-weapons",
    "names-1",
    "names-2",
    "names-3",
    "career-family",
    "math-arts",
    "science-arts",
    "illness",
    "age",
]

# What the lists of the published tests stand for, as their file names them.
NAMES = {
    gettext_noop("Flowers"),
    gettext_noop("Insects"),
    gettext_noop("Instruments"),
    gettext_noop("Weapons"),
    gettext_noop("European American names"),
    gettext_noop("African American names"),
    gettext_noop("Male names"),
    gettext_noop("Female names"),
    gettext_noop("Math"),
    gettext_noop("Science"),
    gettext_noop("Arts"),
    gettext_noop("Mental disease"),
    gettext_noop("Physical disease"),
    gettext_noop("Young people’s names"),
    gettext_noop("Old people’s names"),
    gettext_noop("Pleasant"),
    gettext_noop("Unpleasant"),
    gettext_noop("Career"),
    gettext_noop("Family"),
    gettext_noop("Male terms"),
    gettext_noop("Female terms"),
    gettext_noop("Temporary"),
    gettext_noop("Permanent"),
}

# Where there are fewer ways to split the targets, all are counted.
SHUFFLES = 10_000
SEED = 0

# Sums nearer to each other than this are the same up to rounding.
_SAME = 1e-9


@dataclass(frozen=True)
class WordList:
    """Words that stand for one thing.

    Attributes:
        name: What they stand for.
        words: The words.
    """

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class PublishedEffects:
    """Effect sizes that others found; None where nobody has measured one.

    Attributes:
        people: Of people, by implicit association tests.
        glove: Of GloVe (840B), by Caliskan et al. 2017.
        word2vec: Of word2vec (Google News), by the same.
    """

    people: float | None
    glove: float | None
    word2vec: float | None


@dataclass(frozen=True)
class AssociationLists:
    """The four lists of words that a test compares.

    Attributes:
        id: What links call the test.
        first_target: Words that are expected nearer to the first attribute.
        second_target: Words that are expected nearer to the second attribute.
        first_attribute: What the targets are compared with.
        second_attribute: The opposite of it.
        published: What others found with these lists.
    """

    id: AssociationTestId
    first_target: WordList
    second_target: WordList
    first_attribute: WordList
    second_attribute: WordList
    published: PublishedEffects

    @property
    def title(self) -> str:
        """What people call the test: its groups, and a number where several tests have them."""
        title = gettext(
            "{first} or {second}",
            first=gettext(self.first_target.name),
            second=gettext(self.second_target.name),
        )
        number = self.id.rpartition("-")[2]
        return f"{title} ({number})" if number.isdigit() else title

    @property
    def changed(self) -> bool:
        """Whether these are other words than the published ones."""
        return self != read_association_tests()[self.id]

    def with_words(
        self,
        first_target: Sequence[str],
        second_target: Sequence[str],
        first_attribute: Sequence[str],
        second_attribute: Sequence[str],
    ) -> "AssociationLists":
        """The same test of other words, with its names and what was published."""
        return replace(
            self,
            first_target=WordList(self.first_target.name, tuple(first_target)),
            second_target=WordList(self.second_target.name, tuple(second_target)),
            first_attribute=WordList(self.first_attribute.name, tuple(first_attribute)),
            second_attribute=WordList(self.second_attribute.name, tuple(second_attribute)),
        )


@dataclass(frozen=True)
class AssociatedWord:
    """A word and which of two lists it is nearer to.

    Attributes:
        text: The word.
        association: Its mean cosine with the first list minus that with the second, -2..2. A target
            is compared with the attributes, an attribute with the targets.
    """

    text: str
    association: float


@dataclass(frozen=True)
class AssociatedWords:
    """A list of a test and what was found for each of its words.

    Attributes:
        name: What the words stand for.
        words: The words, in the order given.
    """

    name: str
    words: tuple[AssociatedWord, ...]

    @property
    def mean(self) -> float:
        """The mean association of the words."""
        return float(np.mean([word.association for word in self.words]))


@dataclass(frozen=True)
class AssociationTest:
    """A Word-Embedding Association Test, taken by a model.

    Attributes:
        lists: The words it was taken with.
        effect_size: How far the means of the two targets lie apart, in standard deviations.
        hits: In how many splits of the targets the difference is as large or larger.
        splits: How many splits were tried.
        exact: Whether these were all splits there are, that of the test itself among them.
        targets: The two targets and each word's association with the attributes.
        attributes: The two attributes and each word's association with the targets.
        truncated: Those of all words that the model did not read to the end.
    """

    lists: AssociationLists
    effect_size: float
    hits: int
    splits: int
    exact: bool
    targets: tuple[AssociatedWords, AssociatedWords]
    attributes: tuple[AssociatedWords, AssociatedWords]
    truncated: tuple[str, ...]

    @property
    def p_value(self) -> float:
        """Share of splits that do as well, 0..1 and never 0.

        If all splits were tried, that of the test itself is among them. If not, it is counted with
        the random ones: (1 + hits) / (1 + splits) (Phipson & Smyth 2010).
        """
        own = 0 if self.exact else 1
        return (own + self.hits) / (own + self.splits)

    @property
    def published(self) -> PublishedEffects:
        """What others found with the published lists."""
        return self.lists.published


@dataclass(frozen=True)
class ModelAssociation:
    """What one of several models associates.

    Attributes:
        model: Its id.
        name: What people call it.
        is_untrained: Whether it has learnt nothing.
        test: The test it took.
    """

    model: str
    name: str
    is_untrained: bool
    test: AssociationTest


@cache
def read_association_tests() -> Mapping[AssociationTestId, AssociationLists]:
    """The ten tests of Caliskan et al. (2017), by id and in their order."""
    tests = json.loads((FOLDER / "association_tests.json").read_text("utf-8"))["tests"]

    def read(words: dict[str, Any]) -> WordList:
        return WordList(words["name"], tuple(words["words"]))

    return {
        test["id"]: AssociationLists(
            test["id"],
            read(test["first_target"]),
            read(test["second_target"]),
            read(test["first_attribute"]),
            read(test["second_attribute"]),
            PublishedEffects(**test["published"]),
        )
        for test in tests
    }


def take_association_test(lists: AssociationLists, encoder: Encoder) -> AssociationTest:
    """Measure how far two targets differ in which of two attributes they are nearer to.

    For a target word w, s(w) is its mean cosine with the first attribute minus that with the
    second. The effect size is the mean of s over the first target minus that over the second,
    divided by the sample standard deviation (n - 1) of s over all target words. The p-value is
    one-sided: in how many splits of all target words into two lists of these sizes the difference
    is as large or larger. Fewer than 10,000 splits are all counted; otherwise 10,000 are drawn,
    always the same ones. See Caliskan, Bryson & Narayanan (2017).

    Args:
        lists: Targets of at least two words each, attributes of at least one.
        encoder: The model.

    Raises:
        InputError: A list has too few words, or all target words have the same association.
    """
    targets = (lists.first_target, lists.second_target)
    attributes = (lists.first_attribute, lists.second_attribute)
    for words in (*targets, *attributes):
        if not words.words:
            raise InputError(
                gettext(
                    "The list “{name}” is empty: give it at least one word.",
                    name=gettext(words.name),
                )
            )
    for message, words in (
        (
            gettext_noop("The first group (“{name}”) has one word only: give it at least two."),
            lists.first_target,
        ),
        (
            gettext_noop("The second group (“{name}”) has one word only: give it at least two."),
            lists.second_target,
        ),
    ):
        if len(words.words) == 1:
            raise InputError(gettext(message, name=gettext(words.name)))

    target_vectors = [encoder.encode(words.words) for words in targets]
    attribute_vectors = [encoder.encode(words.words) for words in attributes]
    first, second = (_associations(vectors, *attribute_vectors) for vectors in target_vectors)
    everything = np.concatenate([first, second])
    if np.ptp(everything) < _SAME:
        raise InputError(
            gettext("To the model all target words are the same here: use other words.")
        )
    hits, splits = _count_splits(everything, len(first))
    return AssociationTest(
        lists,
        float((first.mean() - second.mean()) / everything.std(ddof=1)),
        hits,
        splits,
        comb(len(everything), len(first)) < SHUFFLES,
        (_name(targets[0], first), _name(targets[1], second)),
        (
            _name(attributes[0], _associations(attribute_vectors[0], *target_vectors)),
            _name(attributes[1], _associations(attribute_vectors[1], *target_vectors)),
        ),
        encoder.truncated([text for words in (*targets, *attributes) for text in words.words]),
    )


def _associations(vectors: Floats, first: Floats, second: Floats) -> Doubles:
    """Mean cosine of each row with the rows of the first list, minus that with the second."""
    to_first: Doubles = cosine_similarities(vectors, first).mean(axis=1)
    to_second: Doubles = cosine_similarities(vectors, second).mean(axis=1)
    return to_first - to_second


def _count_splits(associations: Doubles, size: int) -> tuple[int, int]:
    """How many splits do as well as the given one, whose first list comes first; and of how many.

    All splits have lists of the same sizes, so the sum over the first list orders them as the
    difference of the means does.
    """
    count = len(associations)
    if comb(count, size) < SHUFFLES:
        chosen = associations[np.array(list(combinations(range(count), size)))]
    else:
        rows = np.tile(associations, (SHUFFLES, 1))
        chosen = np.random.default_rng(SEED).permuted(rows, axis=1)[:, :size]
    hits = chosen.sum(axis=1) >= associations[:size].sum() - _SAME
    return int(hits.sum()), len(hits)


def _name(words: WordList, associations: Doubles) -> AssociatedWords:
    pairs = zip(words.words, associations.tolist(), strict=True)
    return AssociatedWords(words.name, tuple(AssociatedWord(*pair) for pair in pairs))
