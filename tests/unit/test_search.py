import pytest
from fakes import FakeEncoder
from typed import compare_rankings

from embviz import InputError, search
from embviz.analysis.search import DocumentIndex

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


def test_an_index_answers_like_a_search():
    index = DocumentIndex(DOCUMENTS, MIXED)
    for method in ("semantic", "keyword", "fused"):
        assert index.search("sea ships", method=method).matches == ranking(method)
