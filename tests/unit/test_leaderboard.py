import time
from types import SimpleNamespace

import numpy as np
import pytest
from fakes import FakeEncoder

from embviz.analysis.model_comparison import UnavailableModel
from embviz.evaluation import analogies, human_ratings
from embviz.evaluation.analogies import Section
from embviz.evaluation.leaderboard import (
    TIMED_TEXTS,
    UNTRAINED,
    Leaderboard,
    ModelResults,
    measure_milliseconds,
)
from embviz.models.encoder import Encoder
from embviz.models.progress import part_of_job, report, reporting_to
from embviz.service import Service

COURT = FakeEncoder(
    male=(1, 0), female=(-1, 0), king=(1, 2), queen=(-1, 2), sea=(0, 1), ocean=(0, 1), Sky=(1, 1)
)
RATED = {
    "wordsim353": [("sea", "ocean", 9.0), ("sea", "land", 5.0), ("sea", "Sky", 1.0)],
    "simlex999": [("sea", "ocean", 9.0), ("sea", "Sky", 5.0), ("sea", "land", 1.0)],
}
ANALOGIES = {"family": [("male", "female", "king", "queen"), ("male", "king", "female", "queen")]}
# "land" is (1, 0), as is all that this encoder does not know.
DOCUMENTS = ("sea", "land")
QUERIES = [
    SimpleNamespace(query="ocean", relevant=["sea"]),
    SimpleNamespace(query="queen", relevant=["land"]),
]
LESSON = SimpleNamespace(search=SimpleNamespace(documents=DOCUMENTS, labelled=QUERIES))


@pytest.fixture
def small_tests(monkeypatch):
    monkeypatch.setattr(human_ratings, "read_ratings", RATED.get)
    monkeypatch.setattr(analogies, "read_analogies", lambda: ANALOGIES)


def take(encoder=COURT):
    return Service(encoder, LESSON, None, None).take_all_tests("court", "The court")


def test_results_are_what_one_computes_by_hand(small_tests):
    results = take()
    assert (results.model, results.name, results.family) == (
        "court",
        "The court",
        "transformer",
    )
    assert results.dimension == 2
    # Ranks 3 2 1 against 3 1 2: 1 - 6 (0 + 1 + 1) / (3 (9 - 1)).
    assert results.ratings == {"wordsim353": pytest.approx(0.5), "simlex999": pytest.approx(1)}
    assert results.analogies.questions == 2
    assert results.analogies.inputs_excluded == 1
    # The sea is found first for the ocean, and for the queen too, whose document stands second.
    assert results.ndcg == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert results.milliseconds > 0


def test_progress_rises_from_nothing_to_the_last_test(small_tests):
    shares = []
    with reporting_to(shares.append):
        take()
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.9 < shares[-1] < 1
    assert {0.2, 0.4, 0.6, 0.8} <= {*shares}


def test_who_stops_a_test_stops_all(small_tests):
    def stop(share):
        if share >= 0.5:
            raise KeyError(share)

    with pytest.raises(KeyError), reporting_to(stop):
        take()


def test_part_of_a_job_is_reported_as_its_share():
    shares = []
    with reporting_to(shares.append):
        with part_of_job(1, 4):
            report(0.5)
            with part_of_job(1, 2):
                report(0.5)
        report(0.9)
    assert shares == [0.25, 0.375, 0.375, 0.4375, 0.9]


def test_without_a_listener_there_is_nothing_to_report():
    with part_of_job(0, 2):
        report(0.5)


class SlowModel:
    """Takes 2 milliseconds a text, and remembers what it read."""

    family = "static"
    layers = None
    dimension = 2
    max_tokens = None

    def __init__(self):
        self.batches = []

    def read(self, texts):
        self.batches.append(texts)
        time.sleep(0.002 * len(texts))
        return (
            np.ones((len(texts), 2), dtype=np.float32),
            [False] * len(texts),
            [False] * len(texts),
        )


def test_time_is_that_of_one_text_which_no_cache_knows():
    model = SlowModel()
    encoder = Encoder(model, "slow")
    times = [measure_milliseconds(encoder) for _ in range(2)]
    assert 2 <= min(times) < 200
    texts = [text for batch in model.batches for text in batch]
    # One to warm up, and each text of both times for itself.
    assert len(model.batches) == len({*texts}) == 2 * (TIMED_TEXTS + 1)
    sentences = [text.partition(" ")[2] for text in texts]
    assert sentences[: TIMED_TEXTS + 1] == sentences[TIMED_TEXTS + 1 :]


def results(model, family):
    section = Section("overall", 2, 0.1, 0.6, 0.5)
    return ModelResults(model, model, family, 3, {"wordsim353": 0.7}, section, 0.8, 1.5)


def test_the_floor_is_the_model_without_training():
    trained, untrained = results("a", "transformer"), results("b", UNTRAINED)
    failed = UnavailableModel("c", "C", "It cannot be reached.")
    leaderboard = Leaderboard((failed, trained, untrained))
    assert leaderboard.tested == (trained, untrained)
    assert leaderboard.floor == untrained
    assert Leaderboard((failed, trained)).floor is None
    assert Leaderboard(()).tested == ()
