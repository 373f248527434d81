import pytest
from fakes import FakeEncoder

from embviz import InputError, search

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
