from collections.abc import Sequence

import numpy as np
import pytest
from fakes import FakeEncoder
from typed import compare_rankings

from embviz import InputError, search
from embviz.analysis import search as module
from embviz.analysis.bm25 import KeywordIndex
from embviz.analysis.search import METHODS, DocumentIndex, find_similar, load_index
from embviz.models.stored_vectors import StoredVectors

LIBRARY = FakeEncoder(sea=(0, 1), oceans=(0.1, 1), ships=(1, 1), stars=(1, 0))


def test_documents_are_ranked_by_their_cosine_with_the_query():
    result = search("sea", ["stars", "oceans", "ships"], LIBRARY, top_k=2)
    assert [(hit.rank, hit.index, hit.text) for hit in result.matches] == [
        (1, 1, "oceans"),
        (2, 2, "ships"),
    ]
    assert result.matches[1].score == pytest.approx(0.5**0.5)


def test_the_same_document_may_stand_twice():
    result = search("sea", ["oceans", "oceans"], LIBRARY)
    assert [hit.index for hit in result.matches] == [0, 1]


def test_fewer_documents_than_asked_for_are_all_returned():
    assert len(search("sea", ["stars"], LIBRARY, top_k=50).matches) == 1


def test_commas_do_not_separate_documents():
    assert len(search("sea", "oceans, ships\nstars", LIBRARY).matches) == 2


def test_result_names_the_document_that_was_not_read_to_the_end():
    assert search("sea", ["more than ten", "stars"], LIBRARY).truncated == ("more than ten",)


def test_query_documents_and_method_are_checked():
    with pytest.raises(InputError, match=r"^The query is empty"):
        search(" ", ["stars"], LIBRARY)
    with pytest.raises(InputError, match=r"^Documents: type at least one"):
        search("sea", [], LIBRARY)
    with pytest.raises(InputError, match=r"^Method must be one of"):
        search("sea", ["stars"], LIBRARY, method="magic")


# By meaning: oceans, ships, stars. By keyword: ships (twice), stars (once).
MIXED = FakeEncoder(
    **LIBRARY.points, **{"sea ships": (0, 1), "ships and ships": (1, 1), "stars over ships": (1, 0)}
)
DOCUMENTS = ["stars over ships", "oceans", "ships and ships"]


def ranking(method, query="sea ships", **options):
    return search(query, DOCUMENTS, MIXED, method=method, **options).matches


def test_keyword_search_leaves_out_what_shares_no_word():
    assert [(hit.rank, hit.index) for hit in ranking("keyword")] == [(1, 2), (2, 0)]
    assert ranking("keyword")[0].score > ranking("keyword")[1].score > 0
    assert ranking("keyword", "water") == ()


def test_fusion_adds_the_reciprocal_ranks():
    # ships: 2nd and 1st; stars: 3rd and 2nd; oceans: 1st by meaning alone.
    assert [(hit.index, hit.score) for hit in ranking("fused")] == [
        (2, pytest.approx(1 / 62 + 1 / 61)),
        (0, pytest.approx(1 / 63 + 1 / 62)),
        (1, pytest.approx(1 / 61)),
    ]


def test_fusion_looks_at_whole_rankings_and_not_only_at_what_is_shown():
    assert ranking("fused", top_k=1)[0].score == ranking("fused", top_k=3)[0].score


def test_the_model_reads_nothing_of_a_keyword_search():
    class Illiterate:
        pass

    result = search("ships", DOCUMENTS, Illiterate(), method="keyword")
    assert len(result.matches) == 2
    assert result.truncated == ()


def test_comparison_of_rankings_knows_every_rank():
    comparison = compare_rankings("sea ships", DOCUMENTS, MIXED, top_k=2)
    assert list(comparison.results) == ["semantic", "keyword", "fused"]
    assert comparison.found == (1, 2, 0)
    assert comparison.ranks(1) == (1, None, None)
    assert comparison.ranks(2) == (2, 1, 1)
    assert comparison.ranks(0) == (None, 2, 2)


def test_a_document_is_like_others_and_not_like_itself():
    comparison = find_similar(1, DocumentIndex(DOCUMENTS, MIXED), top_k=5)
    expected = {
        method: [hit.index for hit in result.matches if hit.index != 1]
        for method, result in compare_rankings("oceans", DOCUMENTS, MIXED).results.items()
    }
    assert {m: [h.index for h in r.matches] for m, r in comparison.results.items()} == expected
    assert [hit.rank for hit in comparison.results["semantic"].matches] == [1, 2]
    assert comparison.results["keyword"].matches == ()


def test_its_equals_are_like_a_document():
    index = DocumentIndex(["sea ships", "stars", "sea ships"], LIBRARY)
    comparison = find_similar(2, index, top_k=1)
    assert [[hit.index for hit in r.matches] for r in comparison.results.values()] == [[0]] * 3


def test_a_lonely_document_is_like_none():
    comparison = find_similar(0, DocumentIndex(["sea"], LIBRARY))
    assert [result.matches for result in comparison.results.values()] == [()] * 3


def test_an_index_answers_like_a_search():
    index = DocumentIndex(DOCUMENTS, MIXED)
    for method in ("semantic", "keyword", "fused"):
        assert index.search("sea ships", method=method).matches == ranking(method)


class OnceEncoder(FakeEncoder):
    """Encodes the documents once, and after that only queries."""

    def __init__(self, **points):
        super().__init__(**points)
        self.encoded = []

    def encode_once(self, texts):
        self.encoded += texts
        return super().encode(texts), np.array([len(text) > self.max_tokens for text in texts])

    def encode(self, texts):
        assert not set(texts) & set(DOCUMENTS)
        return super().encode(texts)

    def truncated(self, texts):
        assert not set(texts) & set(DOCUMENTS)
        return super().truncated(texts)


def test_an_index_on_disk_answers_like_one_in_memory(tmp_path):
    for _ in range(2):
        encoder = OnceEncoder(**MIXED.points)
        index = load_index("it", tuple(DOCUMENTS), encoder, folder=tmp_path)
        for method in METHODS:
            assert index.search("sea ships", method=method) == search(
                "sea ships", DOCUMENTS, MIXED, method=method
            )
    assert encoder.encoded == []


def test_whether_a_stored_text_was_truncated_is_not_asked_again():
    stored = StoredVectors(MIXED.encode(DOCUMENTS), np.array([False, True, False]))
    index = DocumentIndex(DOCUMENTS, OnceEncoder(**MIXED.points), vectors=stored)
    assert index.search("sea").truncated == ("oceans",)


def test_documents_that_were_given_are_not_copied():
    documents = tuple(DOCUMENTS)
    index = DocumentIndex(documents, MIXED, keywords=KeywordIndex(documents))
    assert index.search("sea").documents is documents


class Watched(Sequence):
    """Remembers which of its texts were asked for."""

    def __init__(self, texts):
        self.texts = texts
        self.asked = []

    def __len__(self):
        return len(self.texts)

    def __getitem__(self, place):
        self.asked.append(place)
        return self.texts[place]


@pytest.mark.parametrize("method", METHODS)
def test_of_stored_documents_only_those_found_are_read(method):
    documents = Watched(DOCUMENTS)
    stored = StoredVectors(MIXED.encode(DOCUMENTS), np.array([False, False, False]))
    keywords = KeywordIndex(DOCUMENTS)
    index = DocumentIndex(documents, MIXED, vectors=stored, keywords=keywords)
    result = index.search("ships", top_k=1, method=method)
    assert documents.asked == [hit.index for hit in result.matches]


def test_fusion_of_many_documents_is_that_of_their_whole_rankings(monkeypatch):
    monkeypatch.setattr(module, "_ROWS", 7)
    random = np.random.default_rng(0)
    # Each text stands there five times: the ranks of equal ones follow their order.
    points = {f"text w{n % 4} x{n}": tuple(random.standard_normal(2)) for n in range(20)}
    documents, encoder = [*points] * 5, FakeEncoder(sea=(0, 1), **points)
    index = DocumentIndex(documents, encoder)
    for query in ("w1 x7", "x3", "sea"):
        expected = np.zeros(100)
        for method in ("semantic", "keyword"):
            for hit in index.search(query, top_k=100, method=method).matches:
                expected[hit.index] += 1 / (60 + hit.rank)
        order = sorted(range(100), key=lambda i, expected=expected: (-expected[i], i))
        matches = index.search(query, top_k=100, method="fused").matches
        assert [hit.index for hit in matches] == order
        assert [hit.score for hit in matches] == pytest.approx(expected[order])


def test_fusion_puts_a_text_of_no_known_token_between_like_and_unlike():
    stored = StoredVectors(np.array([[-1, 0], [0, 0], [1, 0]], np.float32), np.zeros(3, bool))
    index = DocumentIndex(["aa", "bb", "cc"], FakeEncoder(), vectors=stored)
    assert [hit.index for hit in index.search("sea", method="fused").matches] == [2, 1, 0]
