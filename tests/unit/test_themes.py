"""Documents grouped by meaning, and how the groups are named."""

import re
import warnings
from functools import cache, partial
from itertools import pairwise

import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import normalize

from embviz.analysis import themes as module
from embviz.analysis.baseline import sample_sentences, sample_words
from embviz.analysis.themes import DRAWS, MOST_THEMES, find_themes
from embviz.errors import InputError
from embviz.evaluation.datasets import read_ratings

# Three directions, and texts near each of them; a fourth text lies nearest to its group's centre.
SKY = FakeEncoder(
    sun=(10, 1), moon=(10, 2), star=(10, 3), carp=(1, 10), eel=(2, 10), cod=(3, 10), oak=(-10, 1)
)


def partition(themes):
    """The groups, whatever their order."""
    return {frozenset(themes.documents[i] for i in theme.documents) for theme in themes.themes}


def test_alike_documents_make_a_theme_the_largest_first_and_the_nearest_to_its_centre_first():
    themes = find_themes(["oak", "sun", "eel", "star", "carp", "moon", "cod", "sun"], SKY, 3)
    texts = [[themes.documents[i] for i in theme.documents] for theme in themes.themes]
    # Equal texts keep their order. In degrees, sun, moon and star lie at 5.7, 11.3 and 16.7, and
    # the centre of the four at 9.9; cod, eel and carp at 73.3, 78.7 and 84.3, and theirs at 78.8.
    assert texts == [["moon", "sun", "sun", "star"], ["eel", "cod", "carp"], ["oak"]]
    assert themes.themes[0].documents == (5, 1, 7, 3)
    assert not themes.chosen


def test_the_number_of_themes_is_the_one_with_the_highest_silhouette():
    documents = list(SKY.points)
    themes = find_themes(documents, SKY)
    assert themes.chosen
    vectors = SKY.encode(documents)
    scores = {
        count: silhouette_score(
            vectors, KMeans(count, n_init=10, random_state=1).fit_predict(vectors), metric="cosine"
        )
        # At most half as many themes as documents.
        for count in (2, 3)
    }
    assert len(themes.themes) == max(scores, key=scores.get)
    assert themes.silhouette == pytest.approx(max(scores.values()), abs=1e-6)
    for count, score in scores.items():
        assert find_themes(documents, SKY, count).silhouette == pytest.approx(score, abs=1e-6)


def test_at_most_half_as_many_themes_as_documents_are_chosen():
    documents = ["sun", "moon", "carp", "oak"]
    assert len(find_themes(documents, SKY).themes) == 2
    assert find_themes(documents, SKY).silhouette < find_themes(documents, SKY, 3).silhouette


class Scattered:
    """Gives every text a random direction, always the same one, near that of its first letter."""

    def __init__(self, spread, dimension=8):
        self.spread, self.dimension = spread, dimension

    def encode(self, texts):
        point = partial(_point, self.dimension)
        return normalize([point(t[0]) + self.spread * point(t) for t in texts])

    def truncated(self, texts):
        return ()


@cache
def _point(dimension, text):
    seed = int.from_bytes(text.encode()[:60], "big")
    return np.random.default_rng(seed).normal(size=dimension)


LETTERS = [letter + str(n) for letter in "abc" for n in range(6)]


@pytest.mark.parametrize("count", [0, 2, 3])
def test_groups_and_silhouette_are_those_of_scikit_learn(count):
    encoder = Scattered(0.4)
    themes = find_themes(LETTERS, encoder, count)
    vectors = encoder.encode(LETTERS)
    labels = np.empty(len(LETTERS))
    for label, theme in enumerate(themes.themes):
        labels[list(theme.documents)] = label
    assert themes.silhouette == pytest.approx(silhouette_score(vectors, labels, metric="cosine"))
    # No grouping that scikit-learn finds from a hundred starts is tighter.
    found = KMeans(len(themes.themes), n_init=100, random_state=7).fit(vectors)
    centres = np.stack([vectors[labels == label].mean(axis=0) for label in range(len(set(labels)))])
    inertia = ((vectors - centres[labels.astype(int)]) ** 2).sum()
    assert inertia == pytest.approx(found.inertia_, rel=1e-6)


def test_chance_is_the_same_vectors_with_each_dimension_shuffled():
    """The same numbers by other shuffles: their mean and their highest twentieth agree roughly."""
    encoder = Scattered(0.4)
    themes = find_themes(LETTERS, encoder, 3)
    vectors = encoder.encode(LETTERS)
    random = np.random.default_rng(5)
    scores = []
    for _ in range(200):
        columns = [random.permutation(column) for column in vectors.T]
        shuffled = normalize(np.stack(columns, axis=1))
        labels = KMeans(3, n_init=4, random_state=2).fit_predict(shuffled)
        scores.append(silhouette_score(shuffled, labels, metric="cosine"))
    error = np.std(scores) / DRAWS**0.5
    assert themes.random_silhouette == pytest.approx(np.mean(scores), abs=4 * error)
    assert themes.random_high > themes.random_silhouette
    assert themes.random_high <= np.max(scores) + np.std(scores)


def test_unrelated_texts_are_of_the_kind_of_the_documents():
    asked = []

    class Listening(Scattered):
        def encode(self, texts):
            asked.append(list(texts))
            return super().encode(texts)

    assert find_themes(LETTERS, Listening(0.4)).unrelated == "words"
    assert set(asked[-1]) <= set(sample_words())
    assert find_themes([f"{t} {t}" for t in LETTERS], Listening(0.4)).unrelated == "sentences"
    assert set(asked[-1]) <= set(sample_sentences())


def test_groups_are_clear_if_neither_shuffled_vectors_nor_unrelated_texts_are_grouped_as_well():
    far, near = find_themes(LETTERS, Scattered(0.1)), find_themes(LETTERS, Scattered(3))
    assert far.silhouette > 0.8 > far.unrelated_high
    assert far.clear
    assert partition(far) == {frozenset(LETTERS[i : i + 6]) for i in (0, 6, 12)}
    assert not near.clear


@settings(max_examples=6, deadline=None)
@given(st.permutations(LETTERS + LETTERS[:4]), st.sampled_from([0, 4]))
def test_the_order_of_the_documents_makes_no_difference(documents, count):
    with pytest.MonkeyPatch.context() as patch:
        # Three draws of chance depend on the order if any do.
        patch.setattr(module, "DRAWS", 3)
        encoder = Scattered(0.8)
        one, other = (find_themes(d, encoder, count) for d in (LETTERS + LETTERS[:4], documents))
    assert partition(one) == partition(other)
    for number in ("silhouette", "random_silhouette", "random_high", "unrelated_high"):
        assert getattr(one, number) == pytest.approx(getattr(other, number), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(list(SKY.points)), min_size=4, max_size=20),
    st.integers(0, MOST_THEMES),
)
def test_every_document_is_in_one_theme_and_no_two_themes_have_the_same_label(documents, count):
    try:
        themes = find_themes(documents, SKY, count)
    except InputError:
        assert count == 1 or len({*documents}) <= max(count - 1, 1) or len(documents) <= count
        return
    indices = [i for theme in themes.themes for i in theme.documents]
    assert sorted(indices) == list(range(len(documents)))
    assert len(themes.themes) == count or not count
    assert len({theme.label for theme in themes.themes}) == len(themes.themes)
    assert -1 <= themes.silhouette <= 1


@pytest.mark.parametrize(
    ("documents", "count", "message"),
    [
        (["sun", "eel", "oak"], 0, "Themes need at least 4 documents: add some more."),
        (["sun"] * 9, 0, "To the model all these documents are the same: add different ones."),
        (["sun"] * 9, 2, "To the model all these documents are the same: add different ones."),
        (["sun", "eel", "oak", "cod"], 1, "Choose 2 to 12 themes, or 0 to let their number be"),
        (["sun", "eel", "oak", "cod"], 13, "Choose 2 to 12 themes, or 0 to let their number be"),
        (["sun", "eel", "oak", "cod"], -1, "Choose 2 to 12 themes, or 0 to let their number be"),
        (["sun", "eel", "oak", "cod"], 5, "These documents make at most 3 themes: choose fewer,"),
        (["sun", "eel", "oak", "cod"], 4, "These documents make at most 3 themes: choose fewer,"),
        (["sun", "eel"] * 5, 3, "These documents make at most 2 themes: choose fewer, or add"),
    ],
)
def test_what_cannot_be_grouped_is_refused_in_one_sentence(documents, count, message):
    with pytest.raises(InputError, match=f"^{re.escape(message)}"):
        find_themes(documents, SKY, count)


def test_duplicates_stay_together_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        themes = find_themes(["sun", "eel"] * 5, SKY)
    assert [theme.documents for theme in themes.themes] == [(0, 2, 4, 6, 8), (1, 3, 5, 7, 9)]
    assert themes.silhouette == pytest.approx(1)


def test_what_was_not_read_to_the_end_is_named():
    themes = find_themes(["sun", "eel", "carp", "a long long text"], SKY, 2)
    assert themes.truncated == ("a long long text",)


def named(*groups):
    """The themes of groups of texts."""
    documents = [text for group in groups for text in group]
    starts = np.cumsum([0, *map(len, groups)])
    indices = [tuple(range(start, end)) for start, end in pairwise(starts)]
    return module._name(indices, documents)


def test_words_are_weighed_by_class_based_tf_idf():
    # Nine words in two themes, so A = 4.5. In the first, red weighs 2 · log(1 + 4.5 / 3) = 1.83 and
    # blue 1 · log(1 + 4.5 / 1) = 1.70.
    one, other = named(["blue red red"], ["red gold gold gold gold gold"])
    assert (one.words, other.words) == (("red", "blue"), ("gold",))
    # Seven words in three themes, so A = 2.33. Red weighs 2 · log(1 + 2.33 / 4) = 0.92 now, and
    # blue log(1 + 2.33 / 1) = 1.20: a word that stands everywhere tells little apart.
    one, *_ = named(["blue red red"], ["red gold"], ["red sea"])
    assert one.words == ("blue", "red")


def test_a_word_that_two_themes_have_as_often_names_neither():
    one, other = named(["deep learning"], ["machine learning"])
    assert (one.label, other.label) == ("deep", "machine")


def test_at_most_three_words_and_no_stop_words_nor_numbers_make_a_label():
    one, other = named(["the sea and the ship in 2024", "sea waves"], ["of oaks"])
    assert one.label == "sea, ship, waves"
    assert other.label == "oaks"


def test_endings_make_no_difference_and_the_most_frequent_form_is_shown():
    one, _ = named(["network networks", "networks"], ["trees"])
    assert one.words == ("networks",)


@pytest.mark.parametrize(
    "text",
    ["😀😀", "⁉️", "the", "1984", "?", "x"],
)
def test_a_theme_without_words_is_named_by_its_nearest_text(text):
    one, other = named([text, "😀"], ["trees"])
    assert (one.label, one.words, other.label) == (text, (), "trees")


def test_labels_of_long_texts_without_words_are_short_and_differ():
    one, other = named(["🌊" * 50, "🌊"], ["🌊" * 60])
    assert (one.label, other.label) == ("🌊" * 40, "🌊" * 40 + " (2)")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("क्वांटम कंप्यूटिंग", "जलवायु परिवर्तन"),
        ("การเรียนรู้ของเครื่อง", "มหาสมุทร"),
        ("الحوسبة الكمومية", "تغير المناخ"),
        ("量子计算", "气候变化"),
        ("Квантовые вычисления", "Изменение климата"),
    ],
)
def test_words_of_other_scripts_stay_whole(one, other):
    first, second = named([one], [other])
    assert list(first.words) == one.lower().split()
    assert list(second.words) == other.lower().split()


def test_the_titles_of_the_lesson_stand_in_pairs(encoder, lesson):
    themes = find_themes(lesson.search.documents, encoder)
    assert themes.clear
    groups = partition(themes)
    for pair in (("Quantum", "Quantum"), ("Climate", "Ocean"), ("Renewable", "Solar")):
        assert any(sorted(t.split()[0] for t in group) == sorted(pair) for group in groups)
    (quantum,) = (t for t in themes.themes if any(i in (4, 5) for i in t.documents))
    assert quantum.words[0] == "quantum"


def test_equal_documents_keep_their_order_with_the_real_model(encoder):
    themes = find_themes(["horse", "ant", "cat"] * 15, encoder, 2)
    for theme in themes.themes:
        for text in range(3):
            indices = [i for i in theme.documents if i % 3 == text]
            assert indices == sorted(indices)


def test_random_words_are_clearer_than_shuffled_vectors_but_no_themes(encoder):
    words = sorted({word for word, _, _ in read_ratings("simlex999")})
    chosen = np.random.default_rng(3).choice(words, 30, replace=False).tolist()
    themes = find_themes(chosen, encoder)
    assert themes.unrelated == "words"
    assert themes.silhouette > themes.random_high
    assert not themes.clear


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# A blank document is refused before.
@given(
    st.lists(
        st.text(min_size=1, max_size=12).filter(str.strip), min_size=4, max_size=8, unique=True
    )
)
def test_any_texts_can_be_grouped_by_the_model(encoder, documents):
    try:
        themes = find_themes(documents, encoder)
    except InputError:
        return
    assert all(theme.label for theme in themes.themes)
