import itertools

import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness

from embviz import InputError, solve
from embviz.analysis import projection
from embviz.analysis.baseline import sample_words
from embviz.analysis.projection import METHODS, map_texts, project_solution
from embviz.analysis.vectors import weighted_sum
from embviz.capabilities import DOCUMENTS
from embviz.inputs.limits import MAX_DOCUMENTS

WORDS = st.sampled_from(sample_words())
ON_THE_MODEL = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def position(point):
    return np.array([point.x, point.y])


@ON_THE_MODEL
@given(st.lists(WORDS, min_size=6, max_size=6, unique=True), st.permutations([0, 1, 2]))
def test_the_parallelogram_is_drawn_true(encoder, words, order):
    a, b, c, *candidates = words
    terms = [f"+ {a}", f"- {b}", f"+ {c}"]
    solution = solve(" ".join(terms[i] for i in order), candidates, encoder)
    plane = project_solution(solution, encoder)
    by_text = {point.text: position(point) for point in plane.points}
    result = by_text[solution.expression]
    assert by_text[a] - by_text[b] == pytest.approx(result - by_text[c], abs=1e-6)
    assert plane.kept == pytest.approx(1, abs=1e-9)

    arrows = [(plane.points[i].text, plane.points[j].text) for i, j in plane.arrows]
    ends = [(b, a), (c, solution.expression)]
    # a and c may change places: it is the same parallelogram.
    assert arrows == ends or arrows == [(b, c), (a, solution.expression)]

    vectors = dict(zip(words, encoder.encode(words).astype(float), strict=True))
    vectors[solution.expression] = vectors[a] - vectors[b] + vectors[c]
    for one, other in itertools.combinations((a, b, c, solution.expression), 2):
        in_truth = np.linalg.norm(vectors[one] - vectors[other])
        assert np.linalg.norm(by_text[one] - by_text[other]) == pytest.approx(in_truth, abs=1e-6)
    for point in plane.points:
        if point.role == "candidate":
            # Pythagoras: along the plane, and off it.
            in_truth = np.linalg.norm(vectors[point.text] - vectors[b])
            along = np.linalg.norm(position(point) - by_text[b])
            assert np.hypot(along, point.distance) == pytest.approx(in_truth, abs=1e-6)
        else:
            assert point.distance == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("expression", ["king + car", "2 * king - car", "king + king - car"])
def test_two_terms_and_their_result_lie_in_a_plane(encoder, expression):
    plane = project_solution(solve(expression, ["queen"], encoder), encoder)
    assert plane.kept == pytest.approx(1)
    assert max(p.distance for p in plane.points if p.role != "candidate") < 1e-6


def test_more_terms_keep_the_share_of_variance_that_principal_components_keep(encoder):
    from sklearn.decomposition import PCA

    texts = ["king", "male", "female", "car", "dog"]
    solution = solve(" + ".join(texts), ["queen"], encoder)
    vectors = encoder.encode(texts).astype(float)
    points = np.vstack([vectors, weighted_sum([1] * 5, vectors)])
    kept = PCA(2).fit(points).explained_variance_ratio_.sum()
    assert project_solution(solution, encoder).kept == pytest.approx(kept)
    assert kept < 0.99


@pytest.mark.parametrize("expression", ["king", "2 * king", "king + king"])
def test_one_term_has_no_plane(encoder, expression):
    with pytest.raises(InputError, match="at least two different terms"):
        project_solution(solve(expression, ["queen"], encoder), encoder)


def test_an_expression_without_matches_has_a_plane(encoder):
    solution = solve("king - male + female", ["king"], encoder)
    assert len(project_solution(solution, encoder).points) == 4


@pytest.fixture
def words(lesson):
    return lesson.similarity.words


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("count", [6, 7, 14])
def test_trustworthiness_and_continuity_are_those_of_scikit_learn(encoder, words, method, count):
    text_map = map_texts(words[:count], encoder, method=method)
    vectors = encoder.encode(words[:count]).astype(float)
    n = text_map.neighbours
    assert n < count / 2
    assert text_map.trustworthiness == pytest.approx(
        trustworthiness(vectors, text_map.positions, n_neighbors=n)
    )
    assert text_map.continuity == pytest.approx(
        trustworthiness(text_map.positions, vectors, n_neighbors=n)
    )


def test_random_layouts_score_what_is_known(encoder, words):
    """0.54 for 14 words and 5 neighbours, trustworthiness and continuity alike."""
    text_map = map_texts(words, encoder)
    assert text_map.neighbours == 5
    assert text_map.random_trustworthiness == pytest.approx(0.54, abs=0.02)
    vectors = encoder.encode(words).astype(float)
    random = np.random.default_rng(1)
    continuities = [
        trustworthiness(random.normal(size=(14, 2)), vectors, n_neighbors=5) for _ in range(100)
    ]
    assert text_map.random_trustworthiness == pytest.approx(np.mean(continuities), abs=0.01)
    trusts = [
        trustworthiness(vectors, random.normal(size=(14, 2)), n_neighbors=5) for _ in range(100)
    ]
    assert text_map.random_trustworthiness == pytest.approx(np.mean(trusts), abs=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_a_map_is_the_same_every_time(encoder, words, method):
    one, other = (map_texts(words, encoder, method=method) for _ in range(2))
    assert np.array_equal(one.positions, other.positions)


def test_a_real_map_is_better_than_a_random_one(encoder, words):
    *real, random = (map_texts(words, encoder, method=m).trustworthiness for m in METHODS)
    assert min(real) > random


def test_more_texts_are_scaled_as_well_from_one_start(lesson, monkeypatch):
    points = {
        f"w{i}": tuple(p) for i, p in enumerate(np.random.default_rng(0).normal(size=(60, 2)))
    }
    encoder = FakeEncoder(**points)
    few = map_texts(list(points), encoder, method="MDS")
    monkeypatch.setattr(projection, "FEW_TEXTS", 59)
    many = map_texts(list(points), encoder, method="MDS")
    assert not np.array_equal(few.positions, many.positions)
    assert many.trustworthiness >= few.trustworthiness - 0.005


def test_a_query_and_all_documents_it_searched_have_a_map(service):
    documents = [f"{word} {number}" for number in range(10) for word in sample_words()[:50]]
    result = service.search("music", documents)
    for method in METHODS:
        text_map = service.map_search(result, method)
        assert text_map.texts == ("music", *documents)
        assert text_map.positions.shape == (MAX_DOCUMENTS + 1, 2)


def test_too_many_documents_are_called_documents(service):
    with pytest.raises(InputError, match=r"^Documents: 501 texts are too many; at most 500 can"):
        show_map(service, "map-pca", query="music", documents=["a"] * 501, top_k=3)


def test_the_map_of_a_search_knows_its_hits(service, lesson):
    view = show_map(service, "map-mds", query="oceans", documents=[], top_k=2)
    labels = view.figure.data[0].text
    best = service.search("oceans").matches[0].text
    assert (labels[-1], labels[-2][:12]) == ("oceans", f"1. {best[:9]}")
    assert "2. " in labels[-3]
    assert "Ringed texts have the wrong neighbours" in view.summary


def show_map(service, panel, **arguments):
    (show,) = (p.show for p in DOCUMENTS.panels if p.id == panel)
    return show(service, **arguments)


def test_nearest_are_the_true_neighbours(encoder, words):
    text_map = map_texts(words, encoder, method="random layout")
    nearest = {words[i]: words[js[0]] for i, js in enumerate(text_map.nearest)}
    assert nearest["car"] == "vehicle"
    assert nearest["puppy"] == "dog"
    assert all(i not in js and len(js) == 5 for i, js in enumerate(text_map.nearest))


def hexagon(count=7):
    angles = 2 * np.pi * np.arange(count) / count
    return {f"w{i}": (np.cos(a), np.sin(a)) for i, a in enumerate(angles)}


def test_texts_that_lie_in_a_plane_are_mapped_perfectly():
    points = hexagon()
    text_map = map_texts(list(points), FakeEncoder(**points))
    assert text_map.trustworthiness == 1
    assert text_map.continuity == 1
    assert text_map.worst == ()


def test_the_worst_placed_are_those_with_the_falsest_neighbours(encoder, words):
    text_map = map_texts(words, encoder)
    vectors = encoder.encode(words).astype(float)
    # Without one of the worst the others' neighbourhoods are truer than without one of the best.
    kept = [i for i in range(len(words)) if i not in text_map.worst]
    better = trustworthiness(vectors[kept], text_map.positions[kept], n_neighbors=5)
    assert better > text_map.trustworthiness


@pytest.mark.parametrize(
    "texts",
    [["a", "b", "c", "d", "e"], ["a"] * 8, ["same", "Same", "SAME", "sAme", "saMe", "samE"]],
)
def test_fewer_than_six_different_texts_have_no_map(encoder, texts):
    with pytest.raises(InputError, match="at least 6 different texts"):
        map_texts(texts, encoder)


def test_method_must_be_known(service, words):
    with pytest.raises(InputError, match=r"^Method must be one of"):
        service.map_texts(list(words), "UMAP")
