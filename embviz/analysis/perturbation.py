"""What does the model hear, and what is it deaf to? → PerturbationTest."""

from collections.abc import Sequence
from dataclasses import dataclass

from embviz.analysis.vectors import cosine_similarities, descending
from embviz.language import gettext_noop
from embviz.models.encoder import Encoder

_NEGATABLE = set("am is are was were can could may might must should will would".split())  # noqa: SIM905


@dataclass(frozen=True)
class Edit:
    """A change to a text.

    Attributes:
        change: What was done: "negation", "typo".
        text: The text after it.
    """

    change: str
    text: str


@dataclass(frozen=True)
class Variant:
    """A changed text and how alike the model finds it to the original."""

    change: str
    text: str
    similarity: float


@dataclass(frozen=True)
class PerturbationTest:
    """A text and its changed versions, the most alike first."""

    text: str
    variants: tuple[Variant, ...]


def perturb(text: str, prepared: Sequence[Edit], encoder: Encoder) -> PerturbationTest:
    """Compare a text with its changed versions.

    Args:
        text: The text.
        prepared: Versions that no rule can make, such as an opposite or a paraphrase.
        encoder: The model.
    """
    edits = (*prepared, *vary(text))
    vectors = encoder.encode([text, *(edit.text for edit in edits)])
    similarities = cosine_similarities(vectors[:1], vectors[1:])[0]
    variants = tuple(
        Variant(edits[i].change, edits[i].text, float(similarities[i]))
        for i in descending(similarities)
    )
    return PerturbationTest(text, variants)


def vary(text: str) -> tuple[Edit, ...]:
    """Change a text by rule; a change that leaves it as it was is left out.

    >>> [edit.text for edit in vary("this is fine")]
    ['this is not fine', 'fine is this', 'THIS IS FINE', 'tihs is fine']
    """
    edits = (
        Edit(gettext_noop("negation"), _negated(text)),
        Edit(gettext_noop("reversed word order"), " ".join(reversed(text.split()))),
        Edit(gettext_noop("all capitals"), text.upper())
        if text != text.upper()
        else Edit(gettext_noop("no capitals"), text.lower()),
        Edit(gettext_noop("typo"), _mistyped(text)),
    )
    return tuple(edit for edit in edits if edit.text != text)


def _negated(text: str) -> str:
    words = text.split()
    for place, word in enumerate(words):
        if word.lower() in _NEGATABLE:
            return " ".join([*words[: place + 1], "not", *words[place + 1 :]])
    return f"not {text}" if len(words) == 1 else f"it is not true that {text}"


def _mistyped(text: str) -> str:
    word = max(text.split(), key=len)
    for place in range(len(word) // 2 - 1, len(word) - 1):
        if place >= 0 and word[place] != word[place + 1]:
            swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
            return text.replace(word, swapped, 1)
    return text
