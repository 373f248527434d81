import numpy as np
import pytest
from fakes import FakeEncoder

from embviz import compare
from embviz.analysis.arithmetic import Match
from embviz.analysis.baseline import KINDS, Baseline
from embviz.analysis.model_comparison import (
    ModelAnswers,
    UnavailableModel,
    compare_by_model,
    count_first_answers,
)
from embviz.analysis.search import Hit

LOW = Baseline({kind: np.array([0.1, 0.2, 0.3, 0.4], dtype=np.float32) for kind in KINDS})
HIGH = Baseline({kind: np.array([0.6, 0.7, 0.8, 0.9], dtype=np.float32) for kind in KINDS})
COURT = FakeEncoder(king=(0, 1), queen=(1, 1))


class Forgetful(FakeEncoder):
    def unknown(self, texts):
        return tuple(text for text in texts if text not in self.points)


def test_the_same_similarity_stands_elsewhere_among_the_random_pairs_of_another_model():
    # cos 45° is above all random pairs of the one model, and above two of four of the other.
    low, high = (
        compare_by_model(model, model.title(), COURT, baseline, "king", "queen")
        for model, baseline in (("low", LOW), ("high", HIGH))
    )
    assert (low.model, low.name) == ("low", "Low")
    assert low.comparison.similarity == high.comparison.similarity == pytest.approx(0.5**0.5)
    assert (low.position.percentile, high.position.percentile) == (100, 50)
    assert low.position.similarity == low.comparison.similarity


def test_a_pair_is_measured_by_random_pairs_of_its_kind():
    scores = {kind: np.array([0.9]) for kind in KINDS} | {"a word and a sentence": np.array([0.1])}
    record = compare_by_model("m", "M", COURT, Baseline(scores), "king", "the old queen")
    # Any text that is not known is (1, 0), and king is (0, 1).
    assert record.comparison.similarity == pytest.approx(0)
    record = compare_by_model("m", "M", COURT, Baseline(scores), "queen", "the old queen")
    assert record.position.kind == "a word and a sentence"
    assert (record.position.percentile, record.position.word_percentile) == (100, 0)


def test_what_the_model_cannot_read_is_named():
    record = compare_by_model("m", "M", Forgetful(king=(0, 1)), LOW, "king", "🜁")
    assert record.unknown == ("🜁",)
    assert compare_by_model("m", "M", COURT, LOW, "king", "queen").unknown == ()
    assert compare_by_model("m", "M", COURT, LOW, "king", "x" * 11).comparison.truncated


def test_a_record_says_what_the_model_says_alone(encoder, baseline):
    record = compare_by_model("minilm", "MiniLM", encoder, baseline, "king", "queen")
    assert record.comparison.similarity == compare("king", "queen", encoder).similarity
    assert record.position.percentile > 99.9


def answers(model, *texts):
    return ModelAnswers(model, model, tuple(Match(n, t, 0.5, 0.5) for n, t in enumerate(texts, 1)))


def test_first_answers_are_counted_once_a_model():
    rows = [
        answers("a", "queen", "man"),
        answers("b", "lady", "man"),
        UnavailableModel("c", "C", "It cannot be reached."),
        answers("d", "lady"),
        answers("e"),
    ]
    assert count_first_answers(rows) == (("lady", 2), ("queen", 1))


def test_first_answers_to_a_query_are_counted_too():
    hits = ModelAnswers("a", "A", (Hit(1, 3, "A title", 0.4),), ndcg=0.5)
    assert count_first_answers([hits]) == (("A title", 1),)
    assert count_first_answers([]) == ()
