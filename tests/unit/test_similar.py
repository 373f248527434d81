"""Documents like one of them, as people see it."""

import pytest
from fakes import FakeEncoder

from embviz.analysis.search import DocumentIndex, find_similar
from embviz.views.similar_documents import similar_table, summarise_similar, view_similar

SHELF = FakeEncoder(
    **{"the sea": (1, 0), "sea salt": (0.6, 0.8), "the ocean": (0.98, 0.2), "tax": (0, 1)}
)
DOCUMENTS = ["the sea", "sea salt", "the ocean", "tax"]


def similar(place, documents=DOCUMENTS, **options):
    return find_similar(place, DocumentIndex(documents, SHELF), **options)


def test_the_sentence_says_what_keywords_would_have_found():
    assert summarise_similar("the sea", similar(0)) == (
        "More like “the sea”: “the ocean” is nearest (0.980). Keywords put “sea salt” first."
    )
    assert summarise_similar("tax", similar(3)) == (
        "More like “tax”: “sea salt” is nearest (0.800). Keywords find nothing, since no other "
        "document shares a word with it."
    )
    assert summarise_similar("the sea", similar(0, ["the sea", "sea salt", "tax"])) == (
        "More like “the sea”: “sea salt” is nearest (0.600). Keywords put the same one first."
    )
    assert summarise_similar("tax", similar(0, ["tax"])) == (
        "This is the only document, so there is none like it."
    )


def test_the_table_has_the_rank_by_each_method_and_leads_on():
    table = similar_table("the sea", similar(0, top_k=2))
    assert table.headers == (
        "Rank",
        "Document",
        "Similarity",
        "Rank by keywords",
        "Rank by both",
    )
    # Reciprocal ranks: salt 1/62 by meaning (behind the document and the ocean) and 1/61.
    assert table.rows == (
        (1, "the ocean", 0.98, "not in first 2", 2),
        (2, "sea salt", 0.6, 1, 1),
    )
    assert table.pairs == (("the sea", "the ocean"), ("the sea", "sea salt"))
    assert table.marked == ("sea",)


def test_titles_stand_for_texts_and_sources_beside_them():
    titles, links = ["", "Salt", "", ""], ["", "https://a.example", "", ""]
    index = DocumentIndex(DOCUMENTS, SHELF, titles=titles, links=links)
    comparison = find_similar(3, index, top_k=1)
    assert "“Salt” is nearest" in summarise_similar("tax", comparison)
    assert similar_table("tax", comparison).links == ("https://a.example",)
    assert similar_table("tax", similar(3)).links == ()


@pytest.mark.parametrize(("place", "documents"), [(3, DOCUMENTS), (0, ["tax"])])
def test_nothing_is_drawn_where_there_is_nothing_to_compare(place, documents):
    view = view_similar("tax", similar(place, documents), None)
    assert view.figure is None
    assert bool(view.tables) is (len(documents) > 1)
    assert dict(view.tokens) == {}


def test_the_real_model_says_why(service):
    document = "Ocean Acidification and Coral Reef Degradation"
    comparison = service.more_like_this(document, "")
    explanation = service.explain_nearest(document, comparison)
    view = view_similar(document, comparison, explanation)
    assert comparison.results["semantic"].matches[0].text.startswith("Climate Change Impact on")
    shares = [share for _, share in view.tokens["This document"]]
    assert sum(shares) == pytest.approx(comparison.results["semantic"].matches[0].score, abs=1e-5)
