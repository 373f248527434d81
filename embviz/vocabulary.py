"""Common English words and their vectors, to look for an answer among more than a short list."""

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from glin_profanity import Filter
from Stemmer import Stemmer

from embviz.encoder import Encoder
from embviz.kept import keep

MOST_FREQUENT = 10_000

# The list of coarse words lacks these.
_COARSE = {"horny", "whore"}
_SLICE = 512

# Called with the share of a long job that is done, 0..1.
Progress = Callable[[float], None]


def unwatched(share: float) -> None:
    """The progress that nobody wants to know."""


@dataclass(frozen=True)
class Vocabulary:
    """Texts that are there to be ranked.

    Attributes:
        texts: n texts, each once.
        vectors: Shape (n, dimension), one unit vector a text.
        truncated: Those of the texts that the model did not read to the end.
    """

    texts: tuple[str, ...]
    vectors: np.ndarray
    truncated: tuple[str, ...] = ()


@cache
def common_words() -> tuple[str, ...]:
    """The most frequent English words of three letters or more (wordfreq), no coarse ones."""
    from wordfreq import top_n_list

    words = top_n_list("en", MOST_FREQUENT)
    return tuple(w for w in words if re.fullmatch("[a-z]{3,}", w) and not is_coarse(w))


def is_coarse(word: str) -> bool:
    """Whether a class should not be shown this word unasked (by the list of glin-profanity)."""
    coarse, stemmer = _coarse_words()
    # The list has some words without their endings only.
    return word in _COARSE or coarse.is_profane(f"{word} {stemmer.stemWord(word)}")


@cache
def _coarse_words() -> tuple[Filter, Stemmer]:
    return Filter({"languages": ["english"]}), Stemmer("english")


class CommonWords:
    """The common words with their vectors, which are encoded when they are first asked for.

    Safe to share between threads: whoever asks meanwhile waits for the first to finish.
    """

    def __init__(self, encoder: Encoder, folder: Path | None = None):
        self._encoder = encoder
        self._folder = folder
        self._lock = threading.Lock()
        self._vocabulary: Vocabulary | None = None

    def load(self, progress: Progress = unwatched) -> Vocabulary:
        """The words and their vectors: from memory, from disk, or encoded now and kept there.

        Args:
            progress: Called with the share that is done, 0..1.
        """
        with self._lock:
            if self._vocabulary is None:
                words = common_words()
                arrays = keep(
                    "common_words",
                    words,
                    self._encoder,
                    lambda: {"vectors": encode_in_slices(words, self._encoder, progress)},
                    self._folder,
                )
                self._vocabulary = Vocabulary(words, arrays["vectors"])
            return self._vocabulary


def encode_in_slices(
    texts: Sequence[str], encoder: Encoder, progress: Progress, at_once: int = _SLICE
) -> np.ndarray:
    """Encode many texts a slice at a time, so that others who wait for the model get their turn.

    Args:
        texts: n texts.
        encoder: The model.
        progress: Called with the share that is done, 0..1.
        at_once: How many texts a slice has.

    Returns:
        Shape (n, dimension).
    """
    slices = []
    for start in range(0, len(texts), at_once):
        progress(start / len(texts))
        slices.append(encoder.encode(texts[start : start + at_once]))
    return np.concatenate(slices)
