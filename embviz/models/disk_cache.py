"""What a model makes of a fixed list of texts, computed once and kept on disk."""

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import platformdirs

from embviz.models.encoder import Encoder

# Two runs of one model agree to 1e-6; another model differs everywhere.
_SAME_MODEL = 1e-4
_PROBES = 5


def load_or_compute(
    name: str,
    texts: Sequence[str],
    encoder: Encoder,
    compute: Callable[[], Mapping[str, npt.NDArray[Any]]],
    *,
    version: int,
    folder: Path | None = None,
) -> dict[str, npt.NDArray[Any]]:
    """Read arrays from disk, or compute them and keep them there.

    Each model has a file of its own. It is replaced if it is damaged, or if it was made of other
    texts, by another model of that name, or by another version of the algorithm. Where nothing can
    be written, the arrays are computed at every start.

    Args:
        name: What the arrays are.
        texts: The texts that the arrays are made of.
        encoder: The model that they are made with.
        compute: Makes the arrays.
        version: Counts the changes to what `compute` does.
        folder: Where the file is kept; the user's cache folder if None.
    """
    path = (folder or cache_folder()) / f"{file_name(f'{name}-{encoder.name}')}.npz"
    origin: dict[str, npt.NDArray[Any]] = {
        "probe": encoder.encode(texts[:_PROBES]),
        "version": np.array(version),
        "texts": np.frombuffer(hashlib.sha256("\n".join(texts).encode()).digest(), dtype=np.uint8),
    }
    arrays = _read(path, origin)
    if arrays is None:
        arrays = dict(compute())
        _write(path, origin | arrays)
    return arrays


def cache_folder() -> Path:
    """Where files are kept, unless another folder is given."""
    return platformdirs.user_cache_path("embviz")


def file_name(text: str) -> str:
    """A text as a part of the name of a file.

    >>> file_name("common_words-sentence-transformers/all-MiniLM-L6-v2")
    'common_words-sentence-transformers-all-MiniLM-L6-v2'
    """
    return re.sub(r"[^\w.-]+", "-", text)


def hash_texts(texts: Iterable[str]) -> "hashlib._Hash":
    """A hash of texts in their order, to which more can be added."""
    digest = hashlib.sha256()
    for text in texts:
        content = text.encode("utf-8", "surrogatepass")
        # So that no two lists of texts are the same run of bytes.
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)
    return digest


def _read(path: Path, origin: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]] | None:
    try:
        # The archive carries a checksum of each array, so half a file is an error here.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        probe, texts = arrays.pop("probe"), arrays.pop("texts")
        found_version = arrays.pop("version")
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    if probe.shape != origin["probe"].shape:
        return None
    if not np.array_equal(texts, origin["texts"]) or found_version != origin["version"]:
        return None
    return arrays if np.abs(probe - origin["probe"]).max() <= _SAME_MODEL else None


def _write(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    with suppress(OSError), ExitStack() as stack:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A reader finds the old file or the new one meanwhile, never half of it.
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            temporary = Path(file.name)
            # Once it has taken its place, there is no such file any more.
            stack.callback(temporary.unlink, missing_ok=True)
            np.savez(file, allow_pickle=False, **arrays)
        temporary.replace(path)
