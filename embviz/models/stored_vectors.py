"""The vectors of many texts, encoded once and kept in a file that is read in place."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from embviz.models.disk_cache import cache_folder, file_name, hash_texts
from embviz.models.encoder import Encoder
from embviz.models.progress import report

_LOG = logging.getLogger(__name__)
_SECONDS_BETWEEN_LOGS = 5

# So many texts are encoded before they are written: seconds of work, and enough to make batches of.
_BLOCK = 256
_DIGEST_BYTES = 32

# They tell models apart, also those that read different numbers of tokens. Two runs of one model
# agree to 1e-6; another model differs everywhere.
_PROBES = ("king", "The ocean is warming.", " ".join(map(str, range(600))))
_SAME_MODEL = 1e-4

_Array = npt.NDArray[Any]
# Called with a field, the row where it begins, and what is put there.
_Put = Callable[[str, int, _Array], object]


@dataclass(frozen=True)
class StoredVectors:
    """The vectors of a list of texts. Those on disk take memory only as they are used.

    Attributes:
        vectors: Shape (number of texts, dimension), float32; as `Encoder.encode` returns them.
        truncated: Which texts the model did not read to the end, shape (number of texts,).
    """

    vectors: npt.NDArray[np.float32]
    truncated: npt.NDArray[np.bool_]


def load_or_encode(
    name: str, texts: Sequence[str], encoder: Encoder, *, folder: Path | None = None
) -> StoredVectors:
    """Read the vectors of texts from disk, or encode the texts and keep the vectors there.

    Each model has a file of its own. The texts are encoded block by block, and each block is kept
    with a hash of its texts and vectors. One that is half written, damaged or made of other texts
    is encoded again. So a job that was interrupted goes on where it stopped, and where texts have
    changed but not their number, only their blocks are encoded. A file that another model of that
    name has made is replaced.

    Several processes may call this at once: one encodes, the others wait for it. Where nothing can
    be written, the vectors stay in memory, and the log says what to do.

    Progress is reported, and logged every few seconds.

    Args:
        name: What the texts are called.
        texts: At least one text.
        encoder: The model.
        folder: Where the file is kept; the user's cache folder if None.
    """
    folder = folder or cache_folder()
    job = _Job(name, texts, encoder, folder)
    kept = job.map(job.path)
    if kept is None or job.find_missing(kept):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            kept = job.encode_on_disk()
        except OSError as error:
            _LOG.warning(
                "The vectors of %s cannot be kept (%s) and will be computed at every start: make "
                "%s a folder that can be written to, with %d MB free.",
                name,
                error.strerror or error,
                folder,
                job.layout.itemsize // 1_000_000 + 1,
            )
            kept = job.encode_in_memory()
    return StoredVectors(np.asarray(kept["vectors"]), np.asarray(kept["truncated"]))


@dataclass(frozen=True)
class _Job:
    """Texts to encode, and where their vectors are kept."""

    name: str
    texts: Sequence[str]
    encoder: Encoder
    folder: Path

    @property
    def path(self) -> Path:
        """The finished file."""
        return self.folder / f"{file_name(f'{self.name}-{self.encoder.name}')}.vectors"

    @property
    def part(self) -> Path:
        """The file that is being written."""
        return self.path.with_suffix(".part")

    @cached_property
    def layout(self) -> np.dtype[np.void]:
        """What stands where in a file; numpy allows it 2 GB."""
        count, dimension = len(self.texts), self.encoder.dimension
        return np.dtype(
            [
                ("vectors", "<f4", (count, dimension)),
                ("truncated", "?", (count,)),
                ("digests", "u1", (-(-count // _BLOCK), _DIGEST_BYTES)),
                ("probe", "<f4", (len(_PROBES), dimension)),
            ]
        )

    @cached_property
    def probe(self) -> npt.NDArray[np.float32]:
        return self.encoder.encode(_PROBES)

    def map(self, path: Path) -> _Array | None:
        """What a file holds, read only; None if it has another size or is of another model."""
        try:
            kept = np.memmap(path, self.layout, "r", shape=())
        except (OSError, ValueError):
            return None
        return kept if np.abs(kept["probe"] - self.probe).max() <= _SAME_MODEL else None

    def find_missing(self, kept: _Array) -> list[int]:
        """The first rows of the blocks that are not there, or not as they should be."""
        starts = range(0, len(self.texts), _BLOCK)
        return [start for start in starts if not self._is_whole(kept, start)]

    def encode_on_disk(self) -> _Array:
        """What the finished file holds, after it was written."""
        with _one_process(self.path.with_suffix(".lock"), self.name):
            kept = self.map(self.path)
            # Another process may have written it by now.
            if kept is None or self.find_missing(kept):
                if self.map(self.part) is None:
                    # A new file, since somebody may be reading the old one.
                    self.part.unlink(missing_ok=True)
                    with self.part.open("xb") as file:
                        self._reserve(file)
                        self._put_in(file, "probe", 0, self.probe)
                self._encode_part(kept)
                # Whoever reads the old file goes on reading that.
                self.part.replace(self.path)
        return np.memmap(self.path, self.layout, "r", shape=())

    def encode_in_memory(self) -> _Array:
        """What a file would hold."""
        kept = np.zeros((), self.layout)

        def put(field: str, row: int, values: _Array) -> None:
            kept[field][row : row + len(values)] = values

        self._fill(kept, put, self.map(self.path), self.map(self.part))
        return kept

    def _encode_part(self, other: _Array | None) -> None:
        with self.part.open("r+b") as file:
            self._reserve(file)
            kept = np.memmap(self.part, self.layout, "r", shape=())
            self._fill(kept, partial(self._put_in, file), other)

    def _reserve(self, file: BinaryIO) -> None:
        """Take the room on disk for the whole part.

        Where a part has holes on a full tmpfs, reading one through a map ends the process.
        """
        try:
            # macOS and Windows do not have it.
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, self.layout.itemsize)
            else:
                file.truncate(self.layout.itemsize)
        except OSError:
            self.part.unlink()
            raise

    def _put_in(self, file: BinaryIO, field: str, row: int, values: _Array) -> None:
        fields = self.layout.fields
        assert fields is not None
        kind, offset = fields[field][:2]
        file.seek(offset + row * (kind.itemsize // kind.shape[0]))
        file.write(values.tobytes())
        # Now, that a full disk is known before more is encoded.
        file.flush()

    def _fill(self, kept: _Array, put: _Put, *others: _Array | None) -> None:
        """Put the blocks that `kept` misses where they belong; those of other files are copied."""
        missing = self.find_missing(kept)
        started = logged = time.monotonic()
        for done, start in enumerate(missing):
            report(done / len(missing))
            now = time.monotonic()
            if done and now - logged > _SECONDS_BETWEEN_LOGS:
                logged = now
                left = (now - started) / done * (len(missing) - done)
                message = "%s: %.0f %% of the texts are encoded, about %.0f s are left"
                _LOG.info(message, self.name, 100 * start / len(self.texts), left)
            rows = slice(start, start + _BLOCK)
            source = next((o for o in others if o is not None and self._is_whole(o, start)), None)
            if source is None:
                vectors, truncated = self.encoder.encode_once(self.texts[rows])
            else:
                vectors, truncated = source["vectors"][rows], source["truncated"][rows]
            put("vectors", start, vectors)
            put("truncated", start, truncated)
            put("digests", start // _BLOCK, self._digest(start, vectors, truncated)[None])

    def _is_whole(self, kept: _Array, start: int) -> bool:
        rows = slice(start, start + _BLOCK)
        digest = self._digest(start, kept["vectors"][rows], kept["truncated"][rows])
        return np.array_equal(kept["digests"][start // _BLOCK], digest)

    def _digest(self, start: int, vectors: _Array, truncated: _Array) -> _Array:
        """The hash of a block: of its texts, in their order, and of what the model made of them."""
        digest = hash_texts(self.texts[start : start + _BLOCK])
        digest.update(vectors.tobytes())
        digest.update(truncated.tobytes())
        return np.frombuffer(digest.digest(), np.uint8)


@contextmanager
def _one_process(path: Path, name: str) -> Iterator[None]:
    """Hold a lock; the operating system gives it back if this process dies."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _LOG.info("%s: another process encodes the texts; waiting for it", name)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
