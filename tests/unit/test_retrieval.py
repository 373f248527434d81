import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from embviz.analysis.search import DocumentIndex
from embviz.errors import Stopped
from embviz.evaluation.retrieval import LabelledQuery, ndcg, recall, take_retrieval_test
from embviz.models.progress import reporting_to

PLANE = FakeEncoder(sea=(0, 1), ocean=(0.1, 1), ship=(1, 1), star=(1, 0))
INDEX = DocumentIndex(["star", "ocean", "ship"], PLANE)


@given(st.permutations(range(12)), st.sets(st.integers(0, 11), min_size=1))
def test_ndcg_is_that_of_scikit_learn(hits, relevant):
    labels = [float(i in relevant) for i in range(12)]
    scores = -np.argsort(hits)
    assert ndcg(hits, relevant, 10) == pytest.approx(ndcg_score([labels], [scores], k=10))


def test_a_relevant_document_that_is_not_found_gains_nothing():
    assert ndcg([], {1}, 10) == 0
    assert ndcg([2], {1, 2}, 10) == pytest.approx(1 / (1 + 1 / np.log2(3)))


@pytest.mark.parametrize(
    ("hits", "relevant", "share"), [([1, 2, 3], {1, 3}, 0.5), ([3, 1], {1, 3}, 1), ([], {1}, 0)]
)
def test_recall_is_the_share_found_among_the_first(hits, relevant, share):
    assert recall(hits, relevant, 2) == share


def test_every_method_is_judged():
    queries = [
        LabelledQuery("sea", frozenset({1})),
        LabelledQuery("star", frozenset({0})),
        LabelledQuery("ship sea", frozenset({2})),
    ]
    test = take_retrieval_test(queries, INDEX, recall_depth=1)
    sea, star, ship = test.queries
    assert sea.ndcg == {"semantic": 1, "keyword": 0, "fused": 1}
    assert star.recall == {"semantic": 1, "keyword": 1, "fused": 1}
    # "ship sea" is unknown to the fake, and so looks like "star" to it.
    assert ship.ndcg == {"semantic": pytest.approx(0.631, abs=1e-3), "keyword": 1, "fused": 1}
    assert test.ndcg["keyword"] == pytest.approx(2 / 3)
    assert test.recall["semantic"] == pytest.approx(2 / 3)
    assert [q.query for q in test.lost("semantic")] == ["ship sea"]
    assert [q.query for q in test.lost("keyword")] == ["sea"]
    assert test.lost("fused") == ()


def test_who_asked_can_stop_between_two_queries():
    shares = []

    def stop(share):
        shares.append(share)
        if share == 0.5:
            raise Stopped

    queries = [LabelledQuery("sea", frozenset({1}))] * 4
    with pytest.raises(Stopped), reporting_to(stop):
        take_retrieval_test(queries, INDEX)
    assert shares == [0, 0.25, 0.5]


def test_all_queries_are_encoded_at_once():
    # A busy model would let each wait for its turn.
    class Encoder(FakeEncoder):
        asked = ()

        def encode(self, texts):
            self.asked += (list(texts),)
            return super().encode(texts)

    encoder = Encoder(sea=(0, 1))
    index = DocumentIndex(["star", "ocean"], encoder)
    queries = [LabelledQuery("sea", frozenset({1})), LabelledQuery("star", frozenset({0}))]
    take_retrieval_test(queries, index)
    # The real encoder knows each of them from then on.
    assert encoder.asked.index(["sea", "star"]) < encoder.asked.index(["sea"])
