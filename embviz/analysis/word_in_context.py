"""Does a word mean the same in every sentence? → WordInContext.

A static model gives a word one vector. A transformer starts with one, to which only its position is
added, and each layer mixes in what stands around it (Ethayarajh 2019, "How Contextual are
Contextualized Word Representations?", https://aclanthology.org/D19-1006/).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.cluster import KMeans
from Stemmer import Stemmer

from embviz.analysis.vectors import Doubles, Matrix, cosine_similarities
from embviz.errors import InputError
from embviz.language import gettext, grouped
from embviz.models.encoder import Encoder
from embviz.models.model import HiddenStates, Place
from embviz.models.progress import report

MOST_SENTENCES = 30
# Two occurrences fall into two groups whatever they are.
FEWEST_GROUPED = 3
LAST_LAYER = -1
SEED = 0

# Vectors more alike than this are the same up to rounding.
_SAME = 1 - 1e-6

_WORD = re.compile(r"\w+")

# So many words tell which occurrence it is: those that follow, or else those before it, too.
_WORDS_AROUND = 3
# What tokenizers put before a piece that begins or that continues a word, or behind one that ends.
_MARK = re.compile(r"^(##|[▁Ġ]+)|</w>$")


@dataclass(frozen=True)
class ReadySentences:
    """A word in sentences that need not be typed.

    Attributes:
        word: The word.
        sentences: Three with one meaning of it, then three with another.
    """

    word: str
    sentences: tuple[str, ...]


# The default model tells the first two and the last apart, and a crane not from a crane.
READY_SENTENCES = (
    ReadySentences(
        "bank",
        (
            "They had a picnic on the bank of the river.",
            "Reeds grow along the muddy bank of the stream.",
            "The boat reached the far bank of the lake.",
            "She opened an account at the bank.",
            "The bank raised its interest rates.",
            "He borrowed money from the bank.",
        ),
    ),
    ReadySentences(
        "crane",
        (
            "The crane stood in the marsh on one leg.",
            "The crane spread its wings and flew south.",
            "We saw a crane feeding its chicks in the nest.",
            "The crane lifted steel beams to the roof.",
            "A tall crane stands over the building site.",
            "The driver of the crane lowered the container.",
        ),
    ),
    ReadySentences(
        "bat",
        (
            "The bat hung upside down in its cave.",
            "A bat hunts insects at night by their echo.",
            "A bat flew out of the old barn at dusk.",
            "He swung the bat and missed the ball.",
            "She bought a wooden bat for her cricket match.",
            "The player hit the ball with his bat.",
        ),
    ),
    ReadySentences(
        "light",
        (
            "The light in the hall was too bright to sleep.",
            "A ray of light fell through the window.",
            "Turn off the light when you leave.",
            "The suitcase was light enough for a child to carry.",
            "He prefers a light jacket in summer.",
            "We had a light meal before the journey.",
        ),
    ),
)


@dataclass(frozen=True)
class Occurrence:
    """The word in one sentence.

    Attributes:
        index: Which of the sentences it is, from 0.
        text: The sentence.
        tokens: The tokens of the word in this sentence.
        start: Where the word begins, in characters.
        end: Where it ends.
    """

    index: int
    text: str
    tokens: tuple[str, ...]
    start: int
    end: int

    @property
    def around(self) -> str:
        """The word and the words that stand next to it."""
        before, after = self.text[: self.start].split(), self.text[self.start :].split()
        after = after[: 1 + _WORDS_AROUND]
        missing = 1 + _WORDS_AROUND - len(after)
        return " ".join([*before[max(len(before) - missing, 0) :], *after])


@dataclass(frozen=True)
class LayerMean:
    """How alike the occurrences are at one layer.

    Attributes:
        layer: 0 is what enters the first layer.
        mean: Mean cosine of all pairs.
        within: That of the pairs within one group of `WordInContext.groups`; None without groups.
        across: That of the pairs across these groups; None without groups.
        finds_groups: Whether this layer alone leads to the same groups.
    """

    layer: int
    mean: float
    within: float | None
    across: float | None
    finds_groups: bool


@dataclass(frozen=True)
class WordInContext:
    """A word in several sentences.

    Attributes:
        word: The word.
        layer: The layer that was looked at, from 0.
        occurrences: Where the word stands: n sentences, the first time in each.
        missing: Indices of the sentences in which it does not stand, as far as the model reads.
        similarities: Cosines of the occurrences at that layer: shape (n, n).
        without_context: Cosines of the vectors that the word's tokens have in every text, averaged:
            shape (n, n); 1 where the word has the same form.
        groups: For each occurrence, which of two groups it falls into at that layer, 0 or 1; the
            first is in group 0. Empty where there are fewer than three, or where all are the same.
        by_layer: One record a layer, from 0.
        vectors: The occurrences at that layer: shape (n, dimension), unit vectors.
    """

    word: str
    layer: int
    occurrences: tuple[Occurrence, ...]
    missing: tuple[int, ...]
    similarities: Matrix
    without_context: Matrix
    groups: tuple[int, ...]
    by_layer: tuple[LayerMean, ...]
    vectors: Doubles = field(repr=False, compare=False)

    @property
    def groups_from(self) -> int | None:
        """From which layer on each layer up to that which was looked at leads to the same groups.

        None without groups.
        """
        if not self.groups:
            return None
        others = [row.layer for row in self.by_layer[: self.layer] if not row.finds_groups]
        return max(others, default=-1) + 1


def compare_occurrences(
    word: str, sentences: Sequence[str], encoder: Encoder, *, layer: int = LAST_LAYER
) -> WordInContext:
    """Compare what a model makes of a word in several sentences.

    In each sentence the word is the mean of its tokens. It may be inflected: see `find_word`.

    Two groups are made by k-means on unit vectors, at each layer anew. They are found in anything,
    also where a word has one meaning, and so few occurrences allow no test of whether they are
    more than chance: an ambiguous word often scores no higher than one that is not. What can be
    said is how much more alike the occurrences are within a group than across, and from which layer
    on the groups stay the same. A random split into groups of the same sizes makes no difference
    between within and across on average. Whether the groups are meanings, a reader must see.

    Args:
        word: The word; it may be several that follow each other.
        sentences: From 2 to 30.
        encoder: The model.
        layer: From 0, which is what enters the first layer; -1 is the last.

    Raises:
        InputError: There are too many sentences, or fewer than two with the word; there is no such
            layer; or the model has no layers to look into.
    """
    if len(sentences) > MOST_SENTENCES:
        raise InputError(
            gettext(
                "Sentences: {count} are too many; at most {most} can be compared.",
                count=grouped(len(sentences)),
                most=MOST_SENTENCES,
            )
        )
    occurrences: list[Occurrence] = []
    inputs: list[Doubles] = []
    states: list[Doubles] = []
    for index, text in enumerate(sentences):
        report(index / len(sentences))
        place = find_word(word, text)
        if place is None:
            continue
        inside = encoder.read_layers(text)
        _check_layer(layer, len(inside.states) - 1)
        tokens = _find_tokens(inside, text, place)
        if tokens:
            names = tuple(inside.tokens[i] for i in tokens)
            occurrences.append(Occurrence(index, text, names, *place))
            inputs.append(inside.inputs[tokens].mean(axis=0, dtype=np.float64))
            states.append(inside.states[:, tokens].mean(axis=1, dtype=np.float64))
    if len(occurrences) < 2:
        raise InputError(_too_few(len(occurrences)))

    by_layer = _unit(np.stack(states, axis=1))
    similarities = [cosine_similarities(vectors, vectors) for vectors in by_layer]
    groups = [_split(vectors) for vectors in by_layer]
    layer %= len(by_layer)
    found = {occurrence.index for occurrence in occurrences}
    return WordInContext(
        word,
        layer,
        tuple(occurrences),
        tuple(index for index in range(len(sentences)) if index not in found),
        similarities[layer],
        cosine_similarities(np.stack(inputs), np.stack(inputs)),
        groups[layer],
        tuple(
            _summarise(n, similarities[n], groups[layer], finds_groups=groups[n] == groups[layer])
            for n in range(len(by_layer))
        ),
        by_layer[layer],
    )


def find_word(word: str, text: str) -> Place | None:
    """Where a word stands in a text for the first time, in characters; None if it does not.

    The word as it was typed counts first (capitals make no difference), then any with the same stem
    by the Snowball stemmer for English: banks and banked for bank, but not banker. Irregular forms
    such as mice for mouse are not found. An inflected form is another token, whose vector differs
    before the first layer already.

    >>> find_word("bank", "The banks of the Thames")
    (4, 9)
    """
    found = list(_WORD.finditer(text))
    for forms in (_fold, _stem):
        wanted, words = forms(_WORD.findall(word)), forms([match[0] for match in found])
        for first in range(len(words) - len(wanted) + 1):
            if wanted and words[first : first + len(wanted)] == wanted:
                return found[first].start(), found[first + len(wanted) - 1].end()
    return None


def _fold(words: list[str]) -> list[str]:
    return [word.casefold() for word in words]


def _stem(words: list[str]) -> list[str]:
    # A stemmer must not be shared between threads.
    stems: list[str] = Stemmer("english").stemWords(_fold(words))
    return stems


def _find_tokens(inside: HiddenStates, text: str, place: Place) -> list[int]:
    """Which tokens make up the word at some place; none if it was not read."""
    start, end = place
    if inside.places is not None:
        return [
            i
            for i, (first, last) in enumerate(inside.places)
            if first < last and first < end and last > start
        ]
    return _match_tokens(inside.tokens, text[start:end])


def _match_tokens(tokens: Sequence[str], word: str) -> list[int]:
    """The first tokens that spell a word, where the tokenizer does not know where they stand."""
    pieces = [_MARK.sub("", token).casefold() for token in tokens]
    wanted = "".join(word.casefold().split())
    for first in range(len(pieces)):
        for end in range(first + 1, len(pieces) + 1):
            spelt = "".join(pieces[first:end])
            if spelt == wanted:
                return list(range(first, end))
            if not wanted.startswith(spelt):
                break
    return []


def _check_layer(layer: int, last: int) -> None:
    if layer not in range(LAST_LAYER, last + 1):
        raise InputError(
            gettext(
                "Layer must be a whole number from 0 to {last}, or {value} for the last.",
                last=last,
                value=LAST_LAYER,
            )
        )


def _too_few(count: int) -> str:
    if count:
        return gettext(
            "The word stands in one of the sentences only: type at least two sentences with it."
        )
    return gettext("The word stands in none of the sentences: type at least two sentences with it.")


def _split(unit_vectors: Doubles) -> tuple[int, ...]:
    """Two groups of vectors, see `compare_occurrences`; none of two vectors, or of equal ones."""
    if len(unit_vectors) < FEWEST_GROUPED or (unit_vectors @ unit_vectors.T).min() > _SAME:
        return ()
    labels = KMeans(2, n_init=10, random_state=SEED).fit_predict(unit_vectors)
    return tuple(int(label != labels[0]) for label in labels)


def _unit(vectors: Doubles) -> Doubles:
    lengths: Doubles = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / lengths


def _summarise(
    layer: int, similarities: Doubles, groups: tuple[int, ...], *, finds_groups: bool
) -> LayerMean:
    pairs = np.triu_indices(len(similarities), k=1)
    scores = similarities[pairs]
    mean = float(scores.mean())
    if not groups:
        return LayerMean(layer, mean, None, None, finds_groups=False)
    together = np.equal.outer(groups, groups)[pairs]
    within, across = float(scores[together].mean()), float(scores[~together].mean())
    return LayerMean(layer, mean, within, across, finds_groups)
