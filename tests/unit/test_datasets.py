import pytest

from embviz.analysis.corpus import read_articles
from embviz.evaluation.datasets import read_analogies, read_ratings


@pytest.mark.parametrize(("dataset", "count"), [("wordsim353", 353), ("simlex999", 999)])
def test_ratings_are_pairs_rated_from_0_to_10(dataset, count):
    pairs = read_ratings(dataset)
    assert len(pairs) == count
    assert all(text_a and text_b and 0 <= rating <= 10 for text_a, text_b, rating in pairs)


def test_similar_is_not_related():
    assert ("closet", "clothes", 8.0) in read_ratings("wordsim353")
    assert ("clothes", "closet", 3.27) in read_ratings("simlex999")


def test_analogies_are_those_that_were_published():
    sections = read_analogies()
    questions = [q for section in sections.values() for q in section]
    assert len(sections) == 14
    assert len(questions) == 19_544
    assert len({word for q in questions for word in q}) == 905
    assert questions[0] == ("athens", "greece", "baghdad", "iraq")


def test_articles_are_news():
    articles = read_articles()
    assert len(articles) == 300
    assert all(len(article.split()) > 20 for article in articles)
