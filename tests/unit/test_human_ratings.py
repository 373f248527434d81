import pytest
from fakes import FakeEncoder

from embviz.evaluation import human_ratings as module
from embviz.evaluation.human_ratings import compare_with_ratings

RATED = [("sea", "ocean", 9.0), ("sea", "land", 5.0), ("sea", "Sky", 1.0)]


@pytest.fixture
def three(monkeypatch):
    """Three rated pairs, of which the model has the last two the wrong way round."""
    monkeypatch.setattr(module, "read_ratings", lambda dataset: RATED)
    return compare_with_ratings(
        "wordsim353", FakeEncoder(sea=(0, 1), ocean=(0, 1), land=(1, 0), Sky=(1, 1))
    )


def test_spearman_and_similarities_are_what_one_computes_by_hand(three):
    assert [p.similarity for p in three.pairs] == pytest.approx([1, 0, 0.5**0.5])
    # Ranks 3 2 1 against 3 1 2: 1 - 6 (0 + 1 + 1) / (3 (9 - 1)).
    assert three.spearman == pytest.approx(0.5)


def test_disagreement_is_the_difference_of_places(three):
    assert [p.disagreement for p in three.pairs] == pytest.approx([0, -1 / 3, 1 / 3])
    assert [p.text_b for p in three.presentable] == ["land", "Sky", "ocean"]


def test_a_rated_pair_is_found_in_either_order_and_any_case(three):
    assert three.find("SKY", "sea").human == 1.0
    assert three.find("sea", "sea") is None
    assert three.find("sea", "king") is None


def test_a_rated_pair_is_found_however_it_is_typed(three):
    assert three.find("s\u00adea", "o\u200bcean").human == 9.0


@pytest.mark.parametrize(("dataset", "spearman"), [("wordsim353", 0.729), ("simlex999", 0.446)])
def test_the_model_agrees_with_people_as_far_as_is_known(encoder, dataset, spearman):
    assert compare_with_ratings(dataset, encoder).spearman == pytest.approx(spearman, abs=0.003)


def test_similarities_are_those_of_compare(encoder):
    from embviz import compare

    pair = compare_with_ratings("wordsim353", encoder).pairs[10]
    similarity = compare(pair.text_a, pair.text_b, encoder).similarity
    assert pair.similarity == pytest.approx(similarity, abs=1e-6)


def test_a_class_is_not_shown_profane_words(encoder):
    ratings = compare_with_ratings("wordsim353", encoder)
    assert len(ratings.pairs) == 353
    shown = {word for pair in ratings.presentable for word in (pair.text_a, pair.text_b)}
    assert "soap" in shown
    assert not shown & {"fuck", "sex"}


def test_a_model_that_tells_nothing_apart_has_no_correlation():
    # Every text it does not know is the same to this encoder.
    assert compare_with_ratings("wordsim353", FakeEncoder()).spearman == 0
