import numpy as np
import pytest

from embviz.analysis.bm25 import KeywordIndex, shared_words

DOCUMENTS = ["The ocean is warming", "Oceans and coral reefs", "Quantum computing with BERT"]


def test_score_is_the_formula_of_bm25():
    # One of three documents has the word; it has 3 words of 3 on average ("the" is none).
    documents = ["red red fish", "blue bird sky", "green grass hill"]
    idf = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2 / (2 + 1.5 * (1 - 0.75 + 0.75 * 3 / 3))
    assert KeywordIndex(documents).scores("red") == pytest.approx([expected, 0, 0])


def test_endings_and_capitals_make_no_difference():
    scores = KeywordIndex(DOCUMENTS).scores("OCEANS")
    assert np.all(scores[:2] > 0)
    assert scores[2] == 0


def test_rare_words_count_more_than_frequent_ones():
    scores = KeywordIndex(DOCUMENTS).scores("ocean BERT")
    assert scores.argmax() == 2


@pytest.mark.parametrize("query", ["the", "is and", "unheard", "?", "😀", "a"])
def test_a_query_without_a_keyword_scores_nothing(query):
    assert KeywordIndex(DOCUMENTS).scores(query).tolist() == [0, 0, 0]


@pytest.mark.parametrize("documents", [["the"], ["?", "😀"], ["a", "I"]])
def test_documents_without_a_keyword_score_nothing(documents):
    assert KeywordIndex(documents).scores("king").tolist() == [0] * len(documents)


@pytest.mark.parametrize(
    ("query", "document", "words"),
    [
        ("ocean", "Oceans and the ocean: OCEAN", ("Oceans", "ocean", "OCEAN")),
        ("the sea", "the land", ()),
        ("crispr cas9", "Editing with CRISPR-Cas9", ("CRISPR", "Cas9")),
        ("<b>", "<b> bold </b>", ()),
        ("ocean", "", ()),
    ],
)
def test_shared_words_are_those_of_the_document(query, document, words):
    assert shared_words(query, document) == words


def test_a_document_shares_words_exactly_where_it_scores():
    index = KeywordIndex(DOCUMENTS)
    for query in ("ocean", "the computing of reefs", "nothing here"):
        shared = [bool(shared_words(query, document)) for document in DOCUMENTS]
        assert shared == (index.scores(query) > 0).tolist()
