"""Which documents share words with a query? BM25, by the bm25s package."""

import hashlib
import re
import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

import numpy as np

from embviz.analysis.vectors import Doubles
from embviz.models.disk_cache import cache_folder, file_name, hash_texts

# What bm25s takes for a word, too.
_WORD = re.compile(r"(?u)\b\w\w+\b")

# So many texts at a time are split into words.
_BLOCK = 1_000

# Beside the files of bm25s in the folder of an index.
_WORDS = "words.npy"
_CHECKSUM = "checksum"


class KeywordIndex:
    """Documents by the words that stand in them.

    Words are compared without their endings (the Snowball stemmer for English) and in small
    letters; the most common ones, such as "the", do not count.
    """

    def __init__(self, documents: Sequence[str]):
        # Loading it takes a moment, and a search by meaning does not need it.
        import bm25s

        self._count = len(documents)
        self._index = bm25s.BM25()
        self._words: dict[str, int] = {}
        places = [
            # Half as large as a list of Python's numbers.
            array("i", [self._words.setdefault(word, len(self._words)) for word in words])
            for words in _split_in_blocks(documents)
        ]
        if self._words:
            self._index.index((places, self._words), show_progress=False)
        self._find_word: Callable[[str], int | None] = self._words.get

    @property
    def has_words(self) -> bool:
        """Whether there is any word to be found; an index without one cannot be saved."""
        return bool(self._words)

    def scores(self, query: str) -> Doubles:
        """How well each document fits a query, by BM25 as Lucene computes it (k1 = 1.5, b = 0.75).

        The formula is that of Robertson & Zaragoza (2009), the implementation that of Lù (2024).

        Returns:
            Shape (number of documents,), float64, 0 where no word is shared.
        """
        (words,) = _split([query])
        known = [place for place in map(self._find_word, words) if place is not None]
        if not known:
            return np.zeros(self._count)
        return np.asarray(self._index.get_scores(known), dtype=np.float64)

    @classmethod
    def load(cls, folder: Path, count: int) -> "KeywordIndex":
        """Read the index of so many documents that `save` has written; it stays on disk.

        Raises:
            OSError: There is none, or it is damaged.
        """
        import bm25s

        if (folder / _CHECKSUM).read_bytes() != _checksum(folder):
            raise OSError(f"{folder} is damaged")
        index = cls.__new__(cls)
        index._count = count
        index._index = bm25s.BM25.load(folder, mmap=True, load_vocab=False)
        # As a dictionary, the words would take half as much memory as the documents.
        hashes, places = np.load(folder / _WORDS, mmap_mode="r")

        def find_word(word: str) -> int | None:
            wanted = _hash(word)
            row = int(np.searchsorted(hashes, wanted))
            return int(places[row]) if row < len(hashes) and hashes[row] == wanted else None

        index._find_word = find_word
        return index

    def save(self, folder: Path) -> None:
        """Write the index into a new folder.

        Raises:
            OSError: It cannot be written.
        """
        self._index.save(folder, show_progress=False)
        hashes = np.array([_hash(word) for word in self._words], dtype=np.uint64)
        places = np.array([*self._words.values()], dtype=np.uint64)
        order = np.argsort(hashes)
        np.save(folder / _WORDS, np.stack([hashes[order], places[order]]))
        (folder / _CHECKSUM).write_bytes(_checksum(folder))


def load_keyword_index(
    name: str, documents: Sequence[str], *, folder: Path | None = None
) -> KeywordIndex:
    """Read the index of documents from disk, or make it and keep it there.

    It is made again if it is damaged, or was made of other documents or by another bm25s. Several
    processes may call this at once. Where nothing can be written, the index stays in memory.

    Args:
        name: What the documents are called.
        documents: The texts.
        folder: Where the index is kept; the user's cache folder if None.
    """
    import bm25s

    stem = file_name(name)
    origin = hash_texts(chain([bm25s.__version__], documents))
    folder = folder or cache_folder()
    path = folder / f"{stem}-keywords-{origin.hexdigest()[:16]}"
    with suppress(OSError):
        return KeywordIndex.load(path, len(documents))
    index = KeywordIndex(documents)
    if index.has_words:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            # Under its name there is a whole index or none.
            with tempfile.TemporaryDirectory(dir=folder) as temporary:
                index.save(Path(temporary) / "index")
                for old in folder.glob(f"{stem}-keywords-*"):
                    shutil.rmtree(old, ignore_errors=True)
                (Path(temporary) / "index").rename(path)
            return KeywordIndex.load(path, len(documents))
    return index


def shared_words(query: str, document: str) -> tuple[str, ...]:
    """The words of a document, as they stand there, that a keyword search finds it by.

    >>> shared_words("the impact of oceans", "Ocean warming: the impact")
    ('Ocean', 'impact')
    """
    (wanted,) = _split([query])
    words = tuple(dict.fromkeys(_WORD.findall(document)))
    return tuple(
        word for word, stems in zip(words, _split(words), strict=True) if set(stems) & set(wanted)
    )


def _split_in_blocks(texts: Sequence[str]) -> Iterator[list[str]]:
    """The words of each text; those of all would take more memory than the texts."""
    for start in range(0, len(texts), _BLOCK):
        yield from _split(texts[start : start + _BLOCK])


def _split(texts: Sequence[str]) -> list[list[str]]:
    import bm25s
    from Stemmer import Stemmer

    words: list[list[str]] = bm25s.tokenize(
        list(texts),
        stopwords="en",
        stemmer=Stemmer("english"),
        return_ids=False,
        show_progress=False,
    )
    return words


def _hash(word: str) -> np.uint64:
    # That two of a million words share one happens once in 37 million collections.
    content = word.encode("utf-8", "surrogatepass")
    return np.uint64(int.from_bytes(hashlib.blake2b(content, digest_size=8).digest()))


def _checksum(folder: Path) -> bytes:
    """The hash of all files in a folder but the one that holds it."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.name != _CHECKSUM:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.digest()
