import json
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import NearestNeighbors

from embviz import InputError
from embviz.analysis.baseline import KINDS, Baseline
from embviz.analysis.model_comparison import measure_agreement

# As many random pairs as there are percent, so that a similarity of 0.45 stands at 45.
EVEN = Baseline({kind: np.arange(100) / 100 + 0.005 for kind in KINDS})
DEGREES = np.radians([0, 10, 30, 80])
FAN = np.stack([np.cos(DEGREES), np.sin(DEGREES)], axis=1)


def agree(vectors_a, vectors_b, texts=None, baselines=(EVEN, EVEN)):
    texts = texts or [f"w{n}" for n in range(len(vectors_a))]
    return measure_agreement(texts, vectors_a, vectors_b, *baselines)


def cloud(count, dimension, seed):
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


clouds = st.builds(cloud, st.just(9), st.integers(2, 12), st.integers(0, 1_000))


def pairs_of(vectors):
    return cosine_similarity(np.asarray(vectors, dtype=float))[np.triu_indices(len(vectors), k=1)]


def test_four_texts_are_what_one_computes_by_hand():
    # Two texts change places. The angles of the six pairs are 10 30 80 20 70 50 degrees, and then
    # 10 80 30 70 20 50; their ranks are 1 3 6 2 5 4 and 1 6 3 5 2 4.
    agreement = agree(FAN, FAN[[0, 1, 3, 2]])
    assert agreement.spearman == pytest.approx(1 - 6 * 36 / 210)
    # The nearest to each, first by the one model, then by the other: 1 0 1 2, and 1 0 3 1.
    assert agreement.neighbours == 1
    assert agreement.neighbour_overlap == pytest.approx((1 + 1 + 0 + 0) / 4)


def test_percentiles_stand_on_the_baseline_of_each_model():
    twice = Baseline({kind: np.array([0.0, 0.9]) for kind in KINDS})
    agreement = agree(FAN[[0, 2, 3]], FAN[[0, 2, 3]], baselines=(EVEN, twice))
    # cos 30° = .866, cos 80° = .174, cos 50° = .643.
    assert agreement.percentiles_a.tolist() == [[100, 87, 17], [87, 100, 64], [17, 64, 100]]
    assert agreement.percentiles_b.tolist() == [[100, 50, 50], [50, 100, 50], [50, 50, 100]]
    assert [(p.text_a, p.text_b) for p in agreement.disputed] == [
        ("w0", "w1"),
        ("w0", "w2"),
        ("w1", "w2"),
    ]
    assert [p.difference for p in agreement.disputed] == [37, -33, 14]
    assert (agreement.disputed[1].percentile_a, agreement.disputed[1].percentile_b) == (17, 50)


def test_each_pair_stands_among_random_pairs_of_its_kind():
    scores = {"words": [0.9], "a word and a sentence": [0.1], "sentences": [0.9]}
    baseline = Baseline({kind: np.array(values) for kind, values in scores.items()})
    texts = ["king", "queen", "the old king"]
    agreement = agree(FAN[[0, 2, 2]], FAN[[0, 2, 2]], texts, (baseline, baseline))
    assert agreement.percentiles_a.tolist() == [[100, 0, 100], [0, 100, 100], [100, 100, 100]]


@settings(max_examples=20, deadline=None)
@given(clouds, clouds)
def test_spearman_is_that_of_scipy_over_all_pairs(vectors_a, vectors_b):
    expected = spearmanr(pairs_of(vectors_a), pairs_of(vectors_b)).statistic
    assert agree(vectors_a, vectors_b).spearman == pytest.approx(expected, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(clouds, clouds)
def test_neighbours_are_those_of_scikit_learn(vectors_a, vectors_b):
    for vectors in (vectors_a, vectors_b):
        # Of equally near ones, another library may take others.
        assume(np.diff(np.sort(cosine_similarity(vectors)), axis=1).min() > 1e-8)
    agreement = agree(vectors_a, vectors_b)
    # The nearest of all is the text itself.
    sets_a, sets_b = (
        NearestNeighbors(n_neighbors=5, metric="cosine").fit(v).kneighbors(v)[1][:, 1:]
        for v in (vectors_a, vectors_b)
    )
    overlaps = [len({*a} & {*b}) / len({*a} | {*b}) for a, b in zip(sets_a, sets_b, strict=True)]
    assert agreement.neighbours == 4
    assert agreement.neighbour_overlap == pytest.approx(np.mean(overlaps))


def hsic_cka(vectors_a, vectors_b):
    """Kornblith et al. 2019, equations 3 and 4: by Gram matrices, not by features."""
    count = len(vectors_a)
    centring = np.eye(count) - 1 / count
    grams = [
        np.asarray(v, dtype=float) @ np.asarray(v, dtype=float).T for v in (vectors_a, vectors_b)
    ]

    def hsic(one, other):
        return np.trace(one @ centring @ other @ centring) / (count - 1) ** 2

    a, b = grams
    return hsic(a, b) / np.sqrt(hsic(a, a) * hsic(b, b))


@settings(max_examples=20, deadline=None)
@given(clouds, clouds)
def test_cka_is_that_of_the_gram_matrices(vectors_a, vectors_b):
    assert agree(vectors_a, vectors_b).cka == pytest.approx(hsic_cka(vectors_a, vectors_b))


@settings(max_examples=20, deadline=None)
@given(clouds, st.integers(0, 1_000))
def test_a_model_agrees_with_itself_and_with_its_rotation(vectors, seed):
    dimension = vectors.shape[1]
    rotation, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(dimension, dimension)))
    for other in (vectors, vectors.astype(float) @ rotation):
        agreement = agree(vectors, other)
        assert agreement.cka == pytest.approx(1)
        assert agreement.spearman == pytest.approx(1)
        assert agreement.neighbour_overlap == 1
        assert agreement.disputed[0].difference == pytest.approx(0, abs=1)


@settings(max_examples=20, deadline=None)
@given(clouds, clouds)
def test_agreement_is_the_same_both_ways(vectors_a, vectors_b):
    one, other = agree(vectors_a, vectors_b), agree(vectors_b, vectors_a)
    for measure in ("spearman", "neighbour_overlap", "cka", "chance_cka", "chance_overlap"):
        assert getattr(one, measure) == pytest.approx(getattr(other, measure))
    assert (one.percentiles_a == other.percentiles_b).all()
    assert [p.difference for p in one.disputed] == [-p.difference for p in other.disputed]


@pytest.mark.parametrize(
    ("count", "neighbours"), [(3, 1), (4, 1), (5, 2), (7, 3), (10, 4), (11, 5), (50, 5)]
)
def test_short_lists_have_fewer_neighbours(count, neighbours):
    agreement = agree(cloud(count, 3, 0), cloud(count, 4, 1))
    assert agreement.neighbours == neighbours
    assert 0 <= agreement.neighbour_overlap <= 1


def test_chance_overlap_is_what_drawing_finds():
    agreement = agree(cloud(11, 3, 0), cloud(11, 4, 1))
    random = np.random.default_rng(0)
    drawn = [{*random.choice(10, 5, replace=False)} for _ in range(20_000)]
    overlaps = [len({*range(5)} & one) / len({*range(5)} | one) for one in drawn]
    assert agreement.chance_overlap == pytest.approx(np.mean(overlaps), abs=0.005)


def test_chance_cka_is_the_mean_over_all_ways_to_shuffle():
    vectors_a, vectors_b = cloud(5, 8, 0), cloud(5, 3, 1)
    shuffled = [hsic_cka(vectors_a, vectors_b[list(order)]) for order in permutations(range(5))]
    assert agree(vectors_a, vectors_b).chance_cka == pytest.approx(np.mean(shuffled))


def test_few_long_vectors_agree_by_chance():
    """Why chance stands beside it: unrelated vectors of 384 values have a CKA near 1."""
    agreement = agree(cloud(10, 384, 0), cloud(10, 384, 1))
    assert agreement.cka > 0.9
    assert agreement.chance_cka == pytest.approx(agreement.cka, abs=0.02)


SAME = np.ones((4, 3), dtype=np.float32) / np.float32(3**0.5)
# As two batches may round it.
ALMOST_SAME = SAME + np.float32(6e-8) * (np.arange(12, dtype=np.float32).reshape(4, 3) % 3)


@pytest.mark.parametrize("same", [SAME, ALMOST_SAME], ids=["same", "almost the same"])
@pytest.mark.parametrize("other", [FAN, SAME], ids=["some model", "such a model"])
def test_a_model_to_which_all_is_the_same_agrees_with_none(same, other):
    for agreement in (agree(same, other), agree(other, same)):
        assert (agreement.spearman, agreement.cka, agreement.chance_cka) == (0, 0, 0)
        numbers = (agreement.neighbour_overlap, agreement.percentiles_a.tolist())
        json.dumps(numbers, allow_nan=False)


def test_a_text_that_stands_twice_gives_numbers():
    vectors = FAN[[0, 0, 1, 2, 3]]
    agreement = agree(vectors, vectors, ["king", "king", "queen", "lady", "male"])
    assert (agreement.spearman, agreement.neighbour_overlap) == (pytest.approx(1), 1)
    assert agreement.percentiles_a[0, 1] == 100


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_texts_are_refused(count):
    with pytest.raises(InputError, match="at least three texts"):
        agree(FAN[:count], FAN[:count], list("ab")[:count])


def test_both_models_need_a_vector_for_each_text():
    with pytest.raises(ValueError):
        agree(FAN, FAN[:3])
