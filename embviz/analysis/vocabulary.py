"""Common English words and their vectors, to look for an answer among more than a short list."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from glin_profanity import Filter
from Stemmer import Stemmer

from embviz.analysis.vectors import Floats
from embviz.models.disk_cache import load_or_compute
from embviz.models.encoder import Encoder

MOST_FREQUENT = 10_000

# The list of profane words lacks these.
_PROFANE = {"horny", "whore"}


@dataclass(frozen=True)
class Vocabulary:
    """Texts that are there to be ranked.

    Attributes:
        texts: n texts, each once.
        vectors: Shape (n, dimension), one unit vector a text.
        truncated: Those of the texts that the model did not read to the end.
    """

    texts: tuple[str, ...]
    vectors: Floats
    truncated: tuple[str, ...] = ()


def encode_vocabulary(texts: Sequence[str], encoder: Encoder) -> Vocabulary:
    """Make texts ready to be ranked; each stands there once."""
    return Vocabulary(tuple(texts), encoder.encode(texts), encoder.truncated(texts))


@cache
def common_words() -> tuple[str, ...]:
    """The most frequent English words of three letters or more (wordfreq), no profane ones."""
    from wordfreq import top_n_list

    words = top_n_list("en", MOST_FREQUENT)
    return tuple(w for w in words if re.fullmatch("[a-z]{3,}", w) and not is_profane(w))


def is_profane(word: str) -> bool:
    """Whether a class should not be shown this word unasked (by the list of glin-profanity)."""
    profane, stemmer = _profanity_filter()
    # The list has some words without their endings only.
    return word in _PROFANE or profane.is_profane(f"{word} {stemmer.stemWord(word)}")


@cache
def _profanity_filter() -> tuple[Filter, Stemmer]:
    return Filter({"languages": ["english"]}), Stemmer("english")


class CommonWords:
    """The common words with their vectors, which are encoded when they are first asked for.

    Safe to share between threads: threads that ask meanwhile wait for the first to finish.
    """

    def __init__(self, encoder: Encoder, folder: Path | None = None):
        self._encoder = encoder
        self._folder = folder
        self._lock = threading.Lock()
        self._vocabulary: Vocabulary | None = None

    def load(self) -> Vocabulary:
        """The words and their vectors: from memory, from disk, or encoded now and kept there."""
        with self._lock:
            if self._vocabulary is None:
                words = common_words()
                arrays = load_or_compute(
                    "common_words",
                    words,
                    self._encoder,
                    lambda: {"vectors": self._encoder.encode(words)},
                    version=1,
                    folder=self._folder,
                )
                self._vocabulary = Vocabulary(words, arrays["vectors"])
            return self._vocabulary
