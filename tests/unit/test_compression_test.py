"""A model with smaller vectors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sentence_transformers.util.quantization import quantize_embeddings, semantic_search_faiss
from sklearn.decomposition import PCA
from sklearn.metrics import ndcg_score
from sklearn.metrics.pairwise import cosine_similarity

from embviz.analysis.search import SEMANTIC, DocumentIndex
from embviz.analysis.vocabulary import CommonWords
from embviz.evaluation import compression as module
from embviz.evaluation.compression import (
    COMPONENTS,
    FIRST,
    RANDOM,
    CompressedModel,
    CompressionTest,
    take_compression_test,
)
from embviz.evaluation.datasets import read_ratings
from embviz.evaluation.human_ratings import compare_with_ratings
from embviz.evaluation.retrieval import DEPTH, LabelledQuery, take_retrieval_test
from embviz.models.loading import load_wordllama

DOCUMENTS = [f"document {n}" for n in range(40)]
QUERIES = [LabelledQuery(f"query {n}", frozenset({n, n + 7})) for n in range(12)]
TEXTS_A, TEXTS_B, RATINGS = zip(*read_ratings("wordsim353"), strict=True)


class Random:
    """Gives every text a random unit vector, always the same one."""

    def __init__(self, dimension):
        self.dimension = dimension

    def encode(self, texts):
        points = [
            np.random.default_rng(int.from_bytes(text.encode(), "big")).normal(size=self.dimension)
            for text in texts
        ]
        vectors = np.array(points, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


COMMON = Random(64).encode([f"common {n}" for n in range(300)])
TEST = take_compression_test(Random(64), COMMON, QUERIES, DOCUMENTS)


def scores(compress, encoder, queries=QUERIES, documents=DOCUMENTS):
    """Agreement and nDCG by SciPy and scikit-learn."""
    vectors_a, vectors_b, asked, searched = (
        compress(encoder.encode(texts).astype(float))
        for texts in (TEXTS_A, TEXTS_B, [q.query for q in queries], documents)
    )
    found = cosine_similarity(vectors_a, vectors_b).diagonal().round(9)
    labels = [[float(i in q.relevant) for i in range(len(documents))] for q in queries]
    # Of documents that are equally near, the first is found first; scikit-learn takes a mean.
    ranked = cosine_similarity(asked, searched).round(9) - 1e-10 * np.arange(len(documents))
    return spearmanr(RATINGS, found).statistic, ndcg_score(labels, ranked, k=DEPTH)


def reached(test, id):
    row = test.find(id)
    return row.wordsim353, row.ndcg


def test_the_first_row_is_the_model_as_it_is():
    assert TEST.full is TEST.rows[0]
    assert (TEST.full.id, TEST.full.dimensions, TEST.full.bits) == ("full", 64, 32)
    assert reached(TEST, "full") == pytest.approx(scores(lambda vectors: vectors, Random(64)))


def test_first_dimensions_are_the_first_ones():
    assert reached(TEST, "first-32") == pytest.approx(scores(lambda v: v[:, :32], Random(64)))


def test_components_are_those_of_the_common_texts_and_nothing_is_subtracted():
    common = COMMON * np.linspace(3, 0.1, 64)
    test = take_compression_test(Random(64), common, QUERIES, DOCUMENTS)
    axes = PCA(32, svd_solver="full").fit(common.astype(float)).components_
    assert reached(test, "components-32") == pytest.approx(scores(lambda v: v @ axes.T, Random(64)))


def test_random_dimensions_are_a_mean_of_draws_without_repetition(monkeypatch):
    drawn = []
    pick = module._pick
    monkeypatch.setattr(module, "_pick", lambda chosen: drawn.append(chosen) or pick(chosen))
    test = take_compression_test(Random(64), COMMON, QUERIES, DOCUMENTS)
    draws = [chosen for chosen in drawn if isinstance(chosen, list)]
    assert len(draws) == module.DRAWS
    assert all(len({*chosen}) == 32 for chosen in draws)
    assert len({tuple(chosen) for chosen in draws}) == module.DRAWS
    each = [scores(lambda v, c=chosen: v[:, c], Random(64)) for chosen in draws]
    assert reached(test, "random-32") == pytest.approx(tuple(np.mean(each, axis=0)))


def test_eight_bits_are_those_of_sentence_transformers_in_the_middle_of_their_steps():
    # The lowest is 0 and the highest 255, so that each step is 1 and single precision is exact.
    common = np.array([[0.0, 0, 0], [255, 255, 255]])
    vectors = np.array([[0.2, 17.9, 254.5], [-30, 300, 128.1]])
    codes = quantize_embeddings(vectors, "int8", ranges=common)
    assert codes.tolist() == [[-128, -111, 126], [-128, 127, 0]]
    restored = module._quantise(common)(vectors)
    assert (restored == codes.astype(float) + 128.5).all()


@settings(deadline=None)
@given(st.integers(0, 1_000))
def test_eight_bits_are_at_most_half_a_step_away(seed):
    random = np.random.default_rng(seed)
    common = random.normal(size=(50, 5))
    low, high = common.min(axis=0), common.max(axis=0)
    vectors = random.uniform(low, high, size=(20, 5))
    restored = module._quantise(common)(vectors)
    assert (np.abs(restored - vectors) <= (high - low) / 255 / 2 + 1e-12).all()


def test_a_number_that_is_always_the_same_has_one_step():
    common = np.array([[0.5, 0], [0.5, 1]])
    assert np.isfinite(module._quantise(common)(common)).all()


def test_one_bit_has_the_order_of_the_hamming_distance():
    vectors = Random(64).encode(DOCUMENTS)
    bits = np.unpackbits(quantize_embeddings(vectors, "ubinary"), axis=1)
    hamming = (bits[:, None] != bits[None]).sum(axis=2)
    signs = module._signs(vectors)
    assert cosine_similarity(signs) == pytest.approx(1 - 2 * hamming / 64)
    assert reached(TEST, "binary") == pytest.approx(scores(module._signs, Random(64)))


def test_rescored_hits_are_those_that_sentence_transformers_finds():
    # So long that hardly any two documents are at the same distance from a query.
    encoder = Random(4_096)
    documents, queries = DOCUMENTS, [q.query for q in QUERIES]
    results, _ = semantic_search_faiss(
        encoder.encode(queries),
        quantize_embeddings(encoder.encode(documents), "ubinary"),
        corpus_precision="ubinary",
        top_k=DEPTH,
        rescore_multiplier=module.RESCORED_PER_HIT,
    )[:2]
    labels = [[float(i in q.relevant) for i in range(len(documents))] for q in QUERIES]
    found = np.zeros((len(queries), len(documents)))
    for row, hits in zip(found, results, strict=True):
        row[[hit["corpus_id"] for hit in hits]] = range(DEPTH, 0, -1)
    tasks = module._Tasks(
        encoder.encode(TEXTS_A),
        encoder.encode(TEXTS_B),
        RATINGS,
        encoder.encode(queries),
        encoder.encode(documents),
        [q.relevant for q in QUERIES],
    )
    agreement, ndcg = module._measure_rescored(tasks)
    assert ndcg == pytest.approx(ndcg_score(labels, found, k=DEPTH), abs=1e-9)
    signs = np.where(tasks.texts_b > 0, 1, -1)
    products = np.einsum("ij,ij->i", tasks.texts_a.astype(float), signs)
    assert agreement == pytest.approx(spearmanr(RATINGS, products.round(9)).statistic, abs=1e-4)


def test_hits_beyond_the_rescored_ones_do_not_come_back():
    """One bit finds twenty wrong documents first, so the one that fits best is never compared."""
    query = np.array([[1.0, 0.1, 0.1]])
    wrong, right = [[0.1, 1.0, 1.0]] * 20, [[1.0, 0.1, -0.01]]
    tasks = module._Tasks(
        np.eye(3), np.eye(3), [1, 2, 3], query, np.array(wrong + right), [frozenset({20})]
    )
    assert module._measure(tasks, np.asarray)[1] == 1
    assert module._measure_rescored(tasks)[1] == 0


def test_a_million_documents_take_whole_bytes():
    sizes = {row.id: row.bytes for row in TEST.rows}
    assert sizes["full"] == 256 * 10**6
    assert sizes["first-32"] == sizes["random-32"] == sizes["components-32"] == 128 * 10**6
    assert (sizes["int8"], sizes["binary"]) == (64 * 10**6, 8 * 10**6)
    odd = take_compression_test(Random(9), np.eye(9), QUERIES, DOCUMENTS)
    assert odd.find("binary").bytes == 2 * 10**6


@pytest.mark.parametrize(
    ("dimension", "sizes"),
    [
        (384, [256, 192, 128, 64, 32]),
        (256, [192, 128, 64, 32]),
        (300, [256, 192, 150, 128, 64, 32]),
        (64, [32]),
        (20, [10]),
        (1, []),
    ],
)
def test_a_model_of_any_dimension_has_the_rows_that_it_can_have(dimension, sizes):
    encoder = Random(dimension)
    common = encoder.encode([str(n) for n in range(400)])
    test = take_compression_test(encoder, common, QUERIES, DOCUMENTS)
    for method in (FIRST, COMPONENTS, RANDOM):
        assert [row.dimensions for row in test.rows if row.method == method] == sizes
    assert [row.id for row in test.rows[-3:]] == ["int8", "binary", "binary-rescored"]
    assert len({row.id for row in test.rows}) == len(test.rows)
    assert all(np.isfinite([row.wordsim353, row.ndcg]).all() for row in test.rows)


def test_a_model_that_tells_nothing_apart_scores_no_agreement():
    class Same(Random):
        def encode(self, texts):
            return np.ones((len(texts), 4), dtype=np.float32) / 2

    test = take_compression_test(Same(4), COMMON[:, :4], QUERIES, DOCUMENTS)
    assert {row.wordsim353 for row in test.rows} == {0}


def made_up(*rows):
    """A test of rows of an id, dimensions, bits and nDCG."""
    return CompressionTest(
        tuple(CompressedModel(id, id, size, bits, 1, 0.5, ndcg) for id, size, bits, ndcg in rows), 3
    )


def test_the_smallest_good_vector_keeps_95_percent():
    full = ("full", 384, 32, 0.8)
    test = made_up(full, ("a", 192, 32, 0.76), ("b", 64, 32, 0.7599), ("c", 32, 1, 0.8))
    assert test.smallest_good == 192
    assert made_up(full, ("a", 192, 32, 0.1)).smallest_good == 384
    assert made_up(("full", 384, 32, 0.0)).smallest_good is None


def test_a_row_that_is_not_there_is_none():
    assert TEST.find("first-1") is None


@pytest.fixture(scope="module")
def lesson_queries(lesson):
    part = lesson.search
    return [
        LabelledQuery(labelled.query, frozenset(map(part.documents.index, labelled.relevant)))
        for labelled in part.labelled
    ]


def test_the_model_as_it_is_scores_what_its_own_tests_say(
    encoder, lesson, lesson_queries, tmp_path_factory
):
    documents = lesson.search.documents
    common = CommonWords(encoder, tmp_path_factory.mktemp("words")).load().vectors
    test = take_compression_test(encoder, common, lesson_queries, documents)
    retrieval = take_retrieval_test(lesson_queries, DocumentIndex(documents, encoder))
    assert test.full.ndcg == pytest.approx(retrieval.ndcg[SEMANTIC])
    ratings = compare_with_ratings("wordsim353", encoder)
    assert test.full.wordsim353 == pytest.approx(ratings.spearman, abs=1e-6)
    # Published: half of the dimensions, removed at random, cost less than a tenth.
    assert test.find("random-192").wordsim353 > 0.9 * test.full.wordsim353
    assert test.find("random-192").ndcg > 0.9 * test.full.ndcg
    assert test.find("int8").wordsim353 == pytest.approx(test.full.wordsim353, abs=0.005)
    assert test.find("binary-rescored").wordsim353 > test.find("binary").wordsim353
    assert test.queries == len(lesson_queries)
    assert test == take_compression_test(encoder, common, lesson_queries, documents)


def test_a_static_model_can_be_made_smaller(lesson, lesson_queries):
    encoder = load_wordllama()
    common = encoder.encode([f"{a} {b}" for a, b, _ in read_ratings("simlex999")])
    test = take_compression_test(encoder, common, lesson_queries, lesson.search.documents)
    assert (test.full.dimensions, test.full.bytes) == (256, 1_024 * 10**6)
    assert test.find("first-128").ndcg > 0.9 * test.full.ndcg
