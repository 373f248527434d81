"""What do smaller vectors cost on SciFact? Printed beside what is published.

    python -m tests.benchmarks.compression FOLDER

FOLDER holds SciFact as `tests.benchmarks.scifact` reads it. The vectors of the abstracts, which
take minutes, are kept in the folder for temporary files.

What is published is the share of nDCG@10 that this model keeps over all retrieval tasks of MTEB:
https://huggingface.co/blog/embedding-quantization
"""

import sys
import tempfile
import time
from pathlib import Path

# Modules of the tests import each other as pytest lets them.
sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from benchmarks.scifact import read_collection
from sentence_transformers.util.quantization import quantize_embeddings, semantic_search_faiss

from embviz import load_encoder
from embviz.analysis.vocabulary import CommonWords
from embviz.evaluation.compression import INT8, RESCORED, CompressionTest, take_compression_test
from embviz.evaluation.retrieval import DEPTH, ndcg
from embviz.models.disk_cache import load_or_compute

PUBLISHED = {INT8: 0.908, RESCORED: 0.938}


class StoredVectors:
    """A model that looks up the vectors of texts which it was asked for in an earlier run."""

    def __init__(self, encoder, texts):
        arrays = load_or_compute(
            "scifact",
            texts,
            encoder,
            lambda: {"vectors": encoder.encode(texts)},
            version=1,
            folder=Path(tempfile.gettempdir()),
        )
        self._encoder = encoder
        self.vectors = arrays["vectors"]
        self._known = dict(zip(texts, self.vectors, strict=True))

    def encode(self, texts):
        """The vectors of texts, as `Encoder.encode` gives them."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        known = self._known | dict(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([known[text] for text in texts])


def print_test(test: CompressionTest, title: str) -> None:
    """Print the table, with what each row keeps of the model as it is."""
    print(f"\n{title}\n")
    print(
        f"| vectors | numbers | bits | bytes each | nDCG@{DEPTH} | kept | published "
        "| WordSim-353 | kept |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for row in test.rows:
        kept = [row.ndcg / test.full.ndcg, row.wordsim353 / test.full.wordsim353]
        published = f"{PUBLISHED[row.method]:.1%}" if row.method in PUBLISHED else ""
        print(
            f"| {row.method} | {row.dimensions} | {row.bits} | {row.bytes // 1_000_000:,} "
            f"| {row.ndcg:.3f} | {kept[0]:.1%} | {published} "
            f"| {row.wordsim353:.3f} | {kept[1]:.1%} |"
        )


def search_by_library(queries, vectors, documents, precision, multiplier):
    """Mean nDCG of sentence-transformers' own search, which compares 8-bit codes as they are."""
    results, _ = semantic_search_faiss(
        vectors,
        quantize_embeddings(documents, precision),
        corpus_precision=precision,
        top_k=DEPTH,
        calibration_embeddings=documents,
        rescore=multiplier > 1,
        rescore_multiplier=multiplier,
    )[:2]
    hits = [[hit["corpus_id"] for hit in result] for result in results]
    return np.mean([ndcg(h, q.relevant, DEPTH) for h, q in zip(hits, queries, strict=True)])


def main(folder: Path) -> None:
    """Print a table with components and steps by the common words, one with those by the texts."""
    documents, queries = read_collection(folder)
    print(f"SciFact: {len(documents):,} abstracts, {len(queries)} claims.")
    start = time.monotonic()
    encoder = load_encoder()
    stored = StoredVectors(encoder, [*documents, *(q.query for q in queries)])
    common = CommonWords(encoder).load().vectors
    test = take_compression_test(stored, common, queries, documents)
    print_test(test, "Components and steps by the common words")
    print_test(
        take_compression_test(stored, stored.vectors[: len(documents)], queries, documents),
        "Components and steps by the abstracts themselves",
    )
    print("\nBy the search of sentence-transformers:")
    abstracts, claims = np.split(stored.vectors, [len(documents)])
    for precision, multiplier in (("uint8", 1), ("ubinary", 1), ("ubinary", 2), ("ubinary", 4)):
        score = search_by_library(queries, claims, abstracts, precision, multiplier)
        rescored = f", {multiplier} hits rescored for each" if multiplier > 1 else ""
        print(f"{precision}{rescored}: {score:.3f}, {score / test.full.ndcg:.1%} kept")
    print(f"\n{time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
