import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity

from embviz import compare
from embviz.analysis import baseline as module
from embviz.analysis.baseline import (
    KINDS,
    MIXED,
    SENTENCES,
    WORDS,
    Baseline,
    Chance,
    find_position,
    kind_of,
    load_baseline,
    measure_baseline,
    sample_sentences,
    sample_words,
)

FOUR = Baseline({kind: np.array([0.1, 0.2, 0.3, 0.4], dtype=np.float32) for kind in KINDS})


@pytest.mark.parametrize(
    ("similarity", "percentile"), [(-1, 0), (0.15, 25), (0.25, 50), (0.35, 75), (1, 100)]
)
def test_percentile_is_the_share_that_scores_lower(similarity, percentile):
    assert FOUR.percentile(similarity, WORDS) == percentile


def test_pairs_that_score_the_same_do_not_score_lower():
    tied = Baseline({WORDS: np.array([0.0, 0.5, 0.5, 1.0])})
    assert tied.percentile(0.5, WORDS) == 25


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_percentile_never_falls_as_the_similarity_rises(one, other):
    low, high = sorted((one, other))
    assert FOUR.percentile(low, WORDS) <= FOUR.percentile(high, WORDS)


def test_percentile_of_the_best_of_many_draws_is_what_drawing_finds():
    random = np.random.default_rng(0)
    best = random.choice(FOUR.similarities[WORDS], size=(100_000, 3)).max(axis=1)
    drawn = 100 * np.mean(best < 0.35)
    assert FOUR.percentile_of_best(0.35, WORDS, 3) == pytest.approx(drawn, abs=1)
    assert FOUR.percentile_of_best(0.35, WORDS, 1) == FOUR.percentile(0.35, WORDS)


def test_a_query_is_compared_with_those_of_about_its_length():
    queries = {1: np.array([[1, 0], [0, 1]]), 4: np.array([[1, 0], [1, 0], [0.6, 0.8]])}
    baseline = Baseline({}, queries)
    documents = np.array([[0, 1], [0.8, 0.6]])
    # One word: 0.8 and 1. Four words: 0.8, 0.8 and 0.96.
    assert baseline.percentile_of_query(0.9, "king", documents) == 50
    assert baseline.percentile_of_query(0.9, "the king of France", documents) == pytest.approx(
        200 / 3
    )
    assert baseline.percentile_of_query(0.8, "three short words", documents) == 0


def test_documents_are_compared_part_by_part(monkeypatch):
    random = np.random.default_rng(0)
    queries, documents = random.standard_normal((3, 5)), random.standard_normal((10, 5))
    baseline = Baseline({}, {1: queries})
    at_once = baseline.best_of_unrelated(1, documents)
    assert at_once == pytest.approx(cosine_similarity(queries, documents).max(axis=1))
    monkeypatch.setattr(module, "_ROWS", 4)
    assert baseline.best_of_unrelated(1, documents) == pytest.approx(at_once)


@pytest.mark.parametrize(
    ("text_a", "text_b", "kind"),
    [
        ("king", "state-of-the-art", WORDS),
        ("king", "ice cream", MIXED),
        ("ice cream", "king", MIXED),
        ("ice cream", "hot summer", SENTENCES),
    ],
)
def test_kind_of_a_pair(text_a, text_b, kind):
    assert kind_of(text_a, text_b) == kind


def test_the_sample_is_always_the_same():
    assert sample_words() == sample_words()
    assert sample_sentences() == sample_sentences()
    assert len(set(sample_words())) == module.WORD_SAMPLE
    assert len(set(sample_sentences())) == module.SENTENCE_SAMPLE


def test_baseline_of_words_is_the_known_one(baseline):
    """0.23 ± 0.07; 1 % below .08, 95 % below .35, 99 % below .43, 99.9 % below .56.

    Measured before on another sample of common words, which moves these by about 0.01.
    """
    words = baseline.similarities[WORDS]
    assert words.mean() == pytest.approx(0.23, abs=0.01)
    assert words.std() == pytest.approx(0.07, abs=0.005)
    quantiles = np.quantile(words, [0.01, 0.95, 0.99, 0.999])
    assert quantiles == pytest.approx([0.08, 0.35, 0.43, 0.56], abs=0.015)


def test_each_kind_has_its_own_baseline(baseline):
    words, mixed, sentences = (baseline.similarities[kind] for kind in KINDS)
    means = [scores.mean() for scores in (words, mixed, sentences)]
    assert means == pytest.approx([0.23, 0.05, 0.08], abs=0.01)
    for scores in (words, mixed, sentences):
        assert np.all(np.diff(scores) >= 0)
        assert -1 <= scores[0] <= scores[-1] <= 1


def test_king_and_queen_stand_beyond_the_999th_thousandth(baseline, encoder):
    similarity = compare("king", "queen", encoder).similarity
    position = find_position("king", "queen", similarity, baseline)
    assert position.percentile > 99.9
    assert position.percentile == position.word_percentile


def test_sentences_are_judged_by_sentences_and_the_scale_of_words_stands_beside_it(baseline):
    position = find_position("ice cream", "hot summer", 0.3, baseline)
    assert position.kind == SENTENCES
    assert position.percentile == baseline.percentile(0.3, SENTENCES)
    assert position.word_percentile == baseline.percentile(0.3, WORDS)
    assert position.percentile > position.word_percentile


def test_histogram_and_quartiles_are_those_of_the_baseline():
    position = find_position("king", "queen", 0.25, FOUR)
    edges, shares = position.histogram
    assert len(edges) == len(shares) + 1
    assert shares.sum() == pytest.approx(1)
    assert (edges[0], edges[-1]) == pytest.approx((0.1, 0.4))
    assert position.quartiles == pytest.approx((0.175, 0.325))


class Measuring:
    """Counts how often the baseline is measured."""

    def __init__(self, monkeypatch):
        self.count = 0
        monkeypatch.setattr(module, "measure_baseline", self)

    def __call__(self, encoder):
        self.count += 1
        return measure_baseline(encoder)


@pytest.fixture
def measuring(monkeypatch):
    return Measuring(monkeypatch)


def same(one, other):
    return all(np.array_equal(one.similarities[k], other.similarities[k]) for k in KINDS)


def test_baseline_is_measured_once_and_kept(measuring, tmp_path):
    encoder = FakeEncoder(king=(0, 1))
    measured = load_baseline(encoder, tmp_path / "new")
    assert same(load_baseline(encoder, tmp_path / "new"), measured)
    assert measuring.count == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["baseline-fake.npz"]


def test_the_file_of_another_sample_is_measured_again(measuring, monkeypatch, tmp_path):
    load_baseline(FakeEncoder(), tmp_path)
    monkeypatch.setattr(module, "SENTENCE_SAMPLE", 10)
    load_baseline(FakeEncoder(), tmp_path)
    assert measuring.count == 2


def test_chance_is_that_of_the_kind_of_texts():
    baseline = Baseline({"words": [0.1, 0.3], "a word and a sentence": [0], "sentences": [-1, 1]})
    assert baseline.chance(["a", "b", "c", "d", "e f"]) == Chance("words", 0.2, pytest.approx(0.1))
    assert baseline.chance(["a b", "b c", "c d"]) == Chance("sentences", 0, 1)
    assert baseline.chance(["a", "b c"]) == Chance("texts", 0, 0)
