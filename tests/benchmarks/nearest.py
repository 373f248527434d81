"""How fast the nearest of a million vectors are found."""

from collections.abc import Iterator

import faiss
import numpy as np
from benchmarks.table import Row, side_by_side
from sklearn.metrics.pairwise import cosine_similarity

from embviz.analysis.vectors import nearest_rows

SHAPE = (1_000_000, 384)


def rows_of_nearest() -> Iterator[Row]:
    """The ten nearest to a vector, exactly."""
    random = np.random.default_rng(0)
    vectors = random.standard_normal(SHAPE, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    query = vectors[:1] + 0.1 * vectors[1:2]
    index = faiss.IndexFlatIP(SHAPE[1])
    index.add(vectors)
    ours, by_faiss, by_sklearn = side_by_side(
        3,
        lambda: nearest_rows(vectors, query[0], 10),
        lambda: index.search(query, 10),
        lambda: np.argsort(-cosine_similarity(query, vectors)[0])[:10],
    )
    what = "ten nearest of 1,000,000"
    yield Row.of_times(what, "faiss `IndexFlatIP`", ours, by_faiss, 1.0)
    yield Row.of_times(what, "scikit-learn and argsort", ours, by_sklearn, 0.2)
