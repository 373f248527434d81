"""Texts → unit vectors, each computed once."""

import hashlib
import secrets
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from embviz.models.batching import Batcher, cut_into_slices, new_model_thread
from embviz.models.model import HiddenStates, Model, TokenPlaces
from embviz.models.progress import report

# About 20,000 vectors of 384 float32, whatever the length of their texts.
CACHE_BYTES = 40_000_000

# What an entry takes beside the numbers of its vector: the array around them, the encoding, the
# key, and the three dictionaries of the cache.
_ENTRY_BYTES = 450


class _Encoding(NamedTuple):
    vector: npt.NDArray[np.float32]
    truncated: bool
    unknown: bool


class Cached(NamedTuple):
    """How many texts have vectors in the cache, and the bytes that these take."""

    texts: int
    bytes: int


class Encoder:
    """A model with a cache, so that each text is encoded once.

    Long lists are encoded slice by slice: other requests are served in between, and progress is
    reported after each slice.

    Safe to share between threads. The model encodes one batch at a time, since it already uses
    every core; requests that arrive meanwhile are encoded together.

    Attributes:
        name: What the model is called on the Hugging Face Hub, or what its folder is called.
        family: What kind of model it is, see `embviz.models.model.Model`.
        dimension: Length of a vector.
        max_tokens: How many tokens of a text the model reads; it drops the rest silently. None if
            it reads all.
        layers: How many layers the model has; None if there are none to look into.
    """

    def __init__(
        self,
        model: Model,
        name: str,
        *,
        thread: ThreadPoolExecutor | None = None,
        cache_bytes: int = CACHE_BYTES,
    ):
        self.name = name
        self.family = model.family
        self.dimension = model.dimension
        self.max_tokens = model.max_tokens
        self.layers = model.layers
        self._model = model
        self._batcher: Batcher[_Encoding] = Batcher(self._compute, thread or new_model_thread())
        # By the key of each text, so that nothing that visitors typed is kept.
        self._cache: LRUCache[bytes, _Encoding] = LRUCache(cache_bytes, getsizeof=_count_bytes)
        self._cache_lock = threading.Lock()
        self._secret = secrets.token_bytes()

    @property
    def cached(self) -> Cached:
        """What is in the cache."""
        with self._cache_lock:
            return Cached(len(self._cache), int(self._cache.currsize))

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Encode texts as unit vectors.

        Args:
            texts: Any number of texts.

        Returns:
            Shape (len(texts), dimension), float32, row i of norm 1 belonging to texts[i]. A static
            model gives a text of which it knows no token the zero vector.
        """
        encodings = self._read(texts)
        if not encodings:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([encoding.vector for encoding in encodings])

    def encode_once(
        self, texts: Sequence[str]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """Encode texts as `encode` does, but keep nothing of them in the cache.

        Meant for more texts than the cache holds, which would push out all others. Requests are
        served after each slice.

        Args:
            texts: At least one text.

        Returns:
            Their vectors, and which of the texts were not read to the end: shape (len(texts),).
        """
        found: dict[str, tuple[npt.NDArray[np.float32], bool]] = {}
        for part in cut_into_slices(list(dict.fromkeys(texts))):
            vectors, truncated, _ = self._batcher.run(partial(self._model.read, part))
            found |= zip(part, zip(vectors, truncated, strict=True), strict=True)
        return (
            np.stack([found[text][0] for text in texts]),
            np.array([found[text][1] for text in texts], dtype=np.bool_),
        )

    def truncated(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Those of the texts that are longer than the `max_tokens` tokens the model reads."""
        encodings = self._read(texts)
        return tuple(t for t, encoding in zip(texts, encodings, strict=True) if encoding.truncated)

    def unknown(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Those of the texts of which the model knows no token, which it cannot tell apart."""
        encodings = self._read(texts)
        return tuple(t for t, encoding in zip(texts, encodings, strict=True) if encoding.unknown)

    def read_tokens(self, text: str) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
        """Read one text token by token.

        Returns:
            The tokens, those at the start and the end included, and the model's output for each:
            shape (len(tokens), dimension), float32, before they are averaged.
        """
        return self._batcher.run(lambda: self._model.read_tokens(text))

    def read_layers(self, text: str) -> HiddenStates:
        """Read one text token by token, and look at what each layer makes of it.

        Raises:
            InputError: The model has no layers to look into.
        """
        return self._batcher.run(lambda: self._model.read_layers(text))

    def find_tokens(self, text: str) -> TokenPlaces:
        """Where all tokens of a text stand, also those that the model does not read.

        Does not wait for the model, so that it can be called for each of many parts of a text.

        Raises:
            InputError: The model does not tell its tokens.
        """
        return self._model.find_tokens(text)

    def _read(self, texts: Sequence[str]) -> list[_Encoding]:
        known = self._recall(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        slices = list(cut_into_slices(missing))
        found = 0
        for part in slices:
            if found:
                report(found / len(missing))
            known |= self._batcher.compute(part, is_slice=len(slices) > 1)
            found += len(part)
        return [known[text] for text in texts]

    def _recall(self, texts: Sequence[str]) -> dict[str, _Encoding]:
        keys = {text: self._key(text) for text in texts}
        with self._cache_lock:
            return {text: self._cache[key] for text, key in keys.items() if key in self._cache}

    def _key(self, text: str) -> bytes:
        # With a secret, since nobody can then tell from the keys whether a text was ever typed.
        content = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(content, digest_size=16, key=self._secret).digest()

    def _compute(self, texts: list[str]) -> dict[str, _Encoding]:
        # Others may have sent these very texts while they waited for their turn.
        known = self._recall(texts)
        missing = [text for text in texts if text not in known]
        if missing:
            vectors, truncated, unknown = self._model.read(missing)
            # Copies, lest one vector that is kept keep all the others of its call.
            encodings = map(_Encoding, map(np.copy, vectors), truncated, unknown)
            found = dict(zip(missing, encodings, strict=True))
            kept = {self._key(text): encoding for text, encoding in found.items()}
            with self._cache_lock:
                self._cache.update(kept)
            known |= found
        return known


def _count_bytes(encoding: _Encoding) -> int:
    return encoding.vector.nbytes + _ENTRY_BYTES
