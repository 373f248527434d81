"""How fast a collection of 100,000 texts is searched, and what memory that takes.

    python -m tests.benchmarks.collection

The texts are made up, of words as frequent as those of a language, with titles, links and, in every
fifth text, one character beyond Latin-1; the vectors are random. All of it is made first, in
another process; then a new one opens it, as after a restart. The files have just been written then,
so that no disk is waited for. Some minutes on two cores.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

# Modules of the tests import each other as pytest lets them.
sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from benchmarks.table import Row, print_table, side_by_side

from embviz.analysis.search import METHODS, DocumentIndex, load_index
from embviz.course.collection_file import Collection, read_collection
from embviz.course.course_files import CollectionSource

SHAPE = (100_000, 384)
WORDS_A_TEXT = 200
VOCABULARY = 300_000
QUERY = "word12 word345 word6789 word23456"
FIRST_SEARCH_SECONDS = 2.0
MEMORY = 1.2
SOURCE = CollectionSource(file="texts.jsonl", title="title", text="text", link="url")


class RandomEncoder:
    """Gives texts random vectors, which it takes no time to compute."""

    name = "random"
    dimension = SHAPE[1]

    def encode_once(self, texts):
        """Vectors that depend on the first text, and which of the texts are too long: none."""
        random = np.random.default_rng(sum(texts[0].encode()))
        vectors = random.standard_normal((len(texts), self.dimension), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors, np.zeros(len(texts), dtype=bool)

    def encode(self, texts):
        """Vectors of a query."""
        return self.encode_once(texts)[0]

    def truncated(self, texts):
        """None."""
        return ()


def write_texts(path: Path) -> None:
    """Write one text a line, of words by Zipf's law."""
    random = np.random.default_rng(0)
    shares = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
    with path.open("w", encoding="utf-8") as file:
        for n in range(SHAPE[0]):
            words = np.searchsorted(shares, shares[-1] * random.random(WORDS_A_TEXT))
            text = " ".join(f"word{word}" for word in words)
            row = {
                "title": f"Word {words[0]} and word {words[1]}",
                "text": f"{text} – the end" if n % 5 == 0 else text,
                "url": f"https://example.org/wiki/Word_{words[0]}_and_word_{words[1]}",
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def load(collection: Collection, encoder: RandomEncoder, folder: Path) -> DocumentIndex:
    """The index of a collection, as a course has it."""
    return load_index(
        collection.name,
        collection.texts,
        encoder,
        titles=collection.titles,
        links=collection.links,
        folder=folder,
    )


def main() -> int:
    """Print the table; returns 1 if a goal is missed."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_texts(folder / SOURCE.file)
        module = [sys.executable, "-m", "tests.benchmarks.collection"]
        codes = [run([*module, step, name], cwd=_ROOT).returncode for step in _STEPS]
    return int(any(codes))


def start(folder: Path) -> bool:
    """Make everything."""
    began = time.perf_counter()
    load(read_collection(SOURCE, folder), RandomEncoder(), folder)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"First start, without a model: {took:.0f} s, at most {peak:.0f} MB\n")
    return True


def restart(folder: Path) -> bool:
    """Open everything, and measure."""
    return print_table(rows_of_collection(folder))


def rows_of_collection(folder: Path) -> Iterator[Row]:
    """The first search, one by each method, and memory."""
    # These are imported when somebody searches, but belong to no collection.
    import bm25s  # noqa: F401
    import Stemmer  # noqa: F401

    before = _resident_bytes()
    collection = read_collection(SOURCE, folder)
    began = time.perf_counter()
    encoder = RandomEncoder()
    index = load(collection, encoder, folder)
    opened = time.perf_counter() - began
    index.search(QUERY, method="fused")
    first = time.perf_counter() - began
    what = f"{SHAPE[0]:,} texts: "
    figures = f"{first:.2f} s, of which opening takes {opened:.2f} s, and 2 s"
    ratio = first / FIRST_SEARCH_SECONDS
    yield Row(what + "first search after a restart", "two seconds", ratio, 1.0, figures)
    for method in METHODS:
        index.search(QUERY, method=method)
    took = _resident_bytes() - before
    size = sum(len(text.encode()) for text in index.documents)
    vectors = 4 * SHAPE[0] * SHAPE[1]
    figures = f"{took / 1e6:.0f} MB; {vectors / 1e6:.0f} and {size / 1e6:.0f} MB"
    beyond = (took - vectors) / size
    yield Row(what + "memory beyond the vectors", "the texts", beyond, MEMORY, figures)

    import faiss

    by_faiss = faiss.IndexFlatIP(SHAPE[1])
    by_faiss.add(index.vectors)
    query = encoder.encode([QUERY])
    *ours, theirs = side_by_side(
        9,
        *(lambda method=method: index.search(QUERY, method=method) for method in METHODS),
        lambda: by_faiss.search(query, 3),
        rest=0.05,
    )
    for method, seconds in zip(METHODS, ours, strict=True):
        goal = 1.5 if method == "semantic" else None
        figures = f"{1000 * seconds:.0f} and {1000 * theirs:.0f} ms"
        yield Row(f"{what}{method} search", "faiss `IndexFlatIP`", seconds / theirs, goal, figures)


def _resident_bytes() -> int:
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split("VmRSS:")[1].split()[0])


_ROOT = Path(__file__).parent.parent.parent
_STEPS = {"start": start, "restart": restart}

if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(main())
    sys.exit(not _STEPS[sys.argv[1]](Path(sys.argv[2])))
