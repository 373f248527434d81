"""How well does each way of searching do on SciFact? Printed beside what is published.

    python -m tests.benchmarks.scifact FOLDER

FOLDER holds SciFact (Wadden et al. 2020) as BEIR prepared it: corpus.jsonl.gz, queries.jsonl and
qrels.tsv of the test split. Ends with status 1 where a figure differs from the published one, or
from what was measured here before.
"""

import gzip
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from embviz import load_encoder
from embviz.analysis.search import FUSED, KEYWORD, METHODS, SEMANTIC, load_index
from embviz.evaluation.retrieval import LabelledQuery, take_retrieval_test

# nDCG@10 on title and text: the model's authors' MTEB figure, and that of bm25s (Lù 2024).
PUBLISHED = {SEMANTIC: 0.645, KEYWORD: 0.687, FUSED: None}
TOLERANCE = 0.01
# What was measured here; processors round differently.
MEASURED = {SEMANTIC: 0.649, KEYWORD: 0.686, FUSED: 0.720}
ROUNDING = 0.002
RECALL_DEPTH = 100


def read_collection(folder: Path) -> tuple[list[str], list[LabelledQuery]]:
    """The documents, and the queries with the documents that answer them."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        corpus = [json.loads(line) for line in file]
    places = {document["id"]: place for place, document in enumerate(corpus)}
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    relevant = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, label = line.split("\t")
        if int(label) > 0:
            relevant[query].add(places[document])
    return (
        [f"{document['title']} {document['text']}" for document in corpus],
        [LabelledQuery(q["text"], frozenset(relevant[q["id"]])) for q in queries],
    )


def main(folder: Path) -> int:
    """Print the table; returns 1 if a figure is another than expected."""
    documents, queries = read_collection(folder)
    print(f"SciFact: {len(documents):,} abstracts, {len(queries)} claims. Encoding takes minutes.")
    start = time.monotonic()
    with TemporaryDirectory() as name:
        # As a course's own collection is searched.
        index = load_index("scifact", documents, load_encoder(), folder=Path(name))
        test = take_retrieval_test(queries, index, recall_depth=RECALL_DEPTH)
    print(
        f"{'method':10} {'nDCG@10':>8} {'before':>8} {'published':>10} "
        f"{f'recall@{RECALL_DEPTH}':>11}"
    )
    wrong = False
    for method in METHODS:
        score, before, published = test.ndcg[method], MEASURED[method], PUBLISHED[method]
        wrong |= abs(score - before) > ROUNDING
        wrong |= published is not None and abs(score - published) > TOLERANCE
        print(
            f"{method:10} {score:8.3f} {before:8.3f} {published or '':>10} "
            f"{test.recall[method]:11.3f}"
        )
    print(f"{time.monotonic() - start:.0f} s")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
