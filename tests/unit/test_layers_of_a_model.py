"""Two texts at each layer: by hand, and as transformers and scikit-learn have it."""

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from fakes import FakeEncoder
from sentence_transformers import SentenceTransformer
from sklearn.metrics.pairwise import cosine_similarity

from embviz import InputError, compare
from embviz.analysis import layers as module
from embviz.analysis.baseline import KINDS, MIXED, SENTENCES, WORDS
from embviz.analysis.layers import (
    LayerBaseline,
    compare_layers,
    load_layer_baseline,
    measure_layer_baseline,
)
from embviz.models.loading import find_wheel_folder
from embviz.models.model import HiddenStates
from embviz.models.progress import reporting_to
from embviz.models.static import StaticModel


class LayeredEncoder(FakeEncoder):
    """Reads the marks [CLS] and [SEP] around the words of a text, at two layers and before them.

    Before the first layer every token is (1, 0). The first layer makes a word what `points` say,
    and leaves the marks as they are. The last makes all tokens of a text the same.
    """

    layers = 2

    def read_layers(self, text):
        words = text.split()
        inside = np.array([(1, 0), *(self.points.get(word, (1, 0)) for word in words), (1, 0)])
        states = np.stack([np.tile((1, 0), (len(inside), 1)), inside, self._last(text, inside)])
        places, end = [(0, 0)], -1
        for word in words:
            places.append((end + 1, end + 1 + len(word)))
            end = places[-1][1]
        return HiddenStates(
            ("[CLS]", *words, "[SEP]"), states.astype(np.float32), (*places, (0, 0)), states[0]
        )

    def _last(self, text, inside):
        return np.tile(self.encode([text])[0], (len(inside), 1))


FALLING = LayerBaseline(
    {
        kind: np.array([[0.8, 0.9, 1.0, 1.0], [0.5, 0.6, 0.7, 0.8], [0.0, 0.1, 0.2, 0.7]])
        for kind in KINDS
    }
)


def test_each_layer_by_hand():
    comparison = compare_layers("sea", "land", LayeredEncoder(sea=(1, 0), land=(0, 1)), FALLING)
    # Of land, the first layer makes the mean of (1, 0), (0, 1) and (1, 0).
    expected = [1, 2 / 5**0.5, 0]
    assert [layer.layer for layer in comparison.layers] == [0, 1, 2]
    assert [layer.similarity for layer in comparison.layers] == pytest.approx(expected)
    assert [layer.percentile for layer in comparison.layers] == [50, 100, 0]
    assert [layer.random_mean for layer in comparison.layers] == pytest.approx([0.925, 0.65, 0.25])
    last = comparison.layers[-1]
    assert (last.random_low, last.random_high) == pytest.approx((0.015, 0.625))


@pytest.mark.parametrize(
    ("similarities", "layer"), [([0.9, 0.8, 0.7], 2), ([0.9, 0.9, 0.2], 1), ([1, 0.7, 0.3], 0)]
)
def test_a_pair_stands_out_where_it_is_farthest_above_chance(similarities, layer):
    encoder = LayeredEncoder(sea=(1, 0), land=(0, 1))
    comparison = compare_layers("sea", "land", encoder, FALLING)
    # Random pairs score 0.925, 0.65 and 0.25 there.
    layers = [
        replace(layer, similarity=similarity)
        for layer, similarity in zip(comparison.layers, similarities, strict=True)
    ]
    assert replace(comparison, layers=layers).stands_out_at == layer


def test_marks_are_no_tokens_of_a_text():
    encoder = LayeredEncoder(sea=(1, 0), land=(0, 1))
    comparison = compare_layers("sea sea", "land", encoder, FALLING)
    assert (comparison.tokens_a, comparison.tokens_b) == (("sea", "sea"), ("land",))
    assert comparison.first.tolist() == [[1], [1]]
    assert comparison.last.shape == (2, 1)


def test_where_the_places_of_tokens_are_not_known_all_of_them_count():
    class Placeless(LayeredEncoder):
        def read_layers(self, text):
            return super().read_layers(text)._replace(places=None)

    comparison = compare_layers("sea", "land", Placeless(), FALLING)
    assert comparison.tokens_a == ("[CLS]", "sea", "[SEP]")


def test_the_pair_of_tokens_that_approaches_most_comes_first():
    class Approaching(LayeredEncoder):
        def read_layers(self, text):
            inside = super().read_layers(text)
            # Turned about: what the last layer makes of the tokens comes first.
            return inside._replace(states=inside.states[[1, 0, 2]])

    encoder = Approaching(sea=(1, 0), land=(0, 1), coast=(0.6, 0.8))
    pairs = compare_layers("sea coast", "land", encoder, FALLING).token_pairs
    assert [(pair.token_a, pair.token_b) for pair in pairs] == [("sea", "land"), ("coast", "land")]
    assert [pair.first for pair in pairs] == pytest.approx([0, 0.8])
    # The fake's last layer makes land what it was, and both others (1, 0).
    assert [pair.last for pair in pairs] == pytest.approx([0, 0])


@pytest.mark.parametrize(
    ("means", "layer"),
    [
        ([0.8, 0.9, 0.2], 2),
        ([0.8, 0.3, 0.2], 1),
        ([0.8, 0.3, 0.5], None),
        ([0.2, 0.3, 0.8], None),
        ([0.8, 0.8, 0.41], None),
        ([-0.1, -0.2, -0.3], 0),
    ],
)
def test_random_pairs_are_apart_once_they_score_less_than_half_of_the_most(means, layer):
    baseline = LayerBaseline(dict.fromkeys(KINDS, np.array(means)[:, None]))
    comparison = compare_layers("sea", "land", LayeredEncoder(), baseline)
    assert comparison.apart_from == layer
    assert comparison.most_alike.random_mean == max(means)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [(("sea", "land"), WORDS), (("a sea", "land"), MIXED), (("a sea", "a land"), SENTENCES)],
)
def test_a_pair_is_held_against_pairs_of_its_kind(texts, kind):
    scores = {other: np.full((3, 1), 0.1 if other == kind else 0.9) for other in KINDS}
    comparison = compare_layers(*texts, LayeredEncoder(), LayerBaseline(scores))
    assert comparison.kind == kind
    assert [layer.random_mean for layer in comparison.layers] == pytest.approx([0.1] * 3)


def test_a_model_that_does_not_average_its_tokens_is_refused():
    class FirstToken(LayeredEncoder):
        def _last(self, text, inside):
            return inside

    with pytest.raises(InputError, match=r"does not average its tokens.*choose another model.*\.$"):
        compare_layers("sea", "land", FirstToken(sea=(1, 0), land=(0, 1)), FALLING)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(module, "WORD_SAMPLE", 6)
    monkeypatch.setattr(module, "SENTENCE_SAMPLE", 3)


def test_the_baseline_holds_all_pairs_of_each_kind(few, encoder):
    baseline = measure_layer_baseline(encoder)
    assert {kind: scores.shape for kind, scores in baseline.similarities.items()} == {
        WORDS: (7, 15),
        MIXED: (7, 18),
        SENTENCES: (7, 3),
    }
    words, sentences = encoder.encode(module._sample()[:6]), encoder.encode(module._sample()[6:])
    last = {kind: scores[-1] for kind, scores in baseline.similarities.items()}
    assert last[MIXED] == pytest.approx(np.sort((words @ sentences.T).ravel()), abs=1e-6)
    assert last[WORDS] == pytest.approx(np.sort((words @ words.T)[np.triu_indices(6, 1)]), abs=1e-6)
    assert all((np.diff(scores) >= 0).all() for scores in baseline.similarities.values())


def test_the_baseline_is_measured_once_and_kept(few, encoder, tmp_path, monkeypatch):
    shares = []
    with reporting_to(shares.append):
        measured = load_layer_baseline(encoder, tmp_path)
    assert shares == [n / 9 for n in range(9)]
    monkeypatch.setattr(module, "measure_layer_baseline", None)
    kept = load_layer_baseline(encoder, tmp_path)
    for kind in KINDS:
        assert np.array_equal(kept.similarities[kind], measured.similarities[kind])


def test_a_model_without_layers_is_refused(tmp_path):
    class Static(FakeEncoder):
        read_layers = StaticModel.read_layers

    for ask in (
        lambda: load_layer_baseline(Static(), tmp_path),
        lambda: compare_layers("sea", "land", Static(), FALLING),
    ):
        with pytest.raises(InputError, match="no layers to look into"):
            ask()


@pytest.fixture(scope="module")
def king_and_queen(encoder, tmp_path_factory):
    baseline = load_layer_baseline(encoder, tmp_path_factory.mktemp("layers"))
    return compare_layers("king", "queen", encoder, baseline)


def test_king_and_queen_and_random_pairs_at_each_layer(king_and_queen):
    layers = king_and_queen.layers
    assert [layer.similarity for layer in layers] == pytest.approx(
        [0.804, 0.874, 0.886, 0.892, 0.885, 0.880, 0.681], abs=5e-4
    )
    assert [layer.random_mean for layer in layers] == pytest.approx(
        [0.492, 0.654, 0.685, 0.653, 0.611, 0.589, 0.230], abs=5e-4
    )
    assert all(layer.percentile > 99.9 for layer in layers)
    assert king_and_queen.apart_from == 6


@pytest.mark.parametrize(
    "texts", [("king", "queen"), ("A short sentence.", "word " * 300), ("😀", "a")]
)
def test_similarities_are_those_of_transformers(encoder, texts):
    library = SentenceTransformer(str(find_wheel_folder()), local_files_only=True)
    means = []
    for text in texts:
        features = library.tokenizer(text, truncation=True, max_length=256, return_tensors="pt")
        with torch.inference_mode():
            states = library[0].auto_model(**features, output_hidden_states=True).hidden_states
        means.append(torch.cat(states).mean(dim=1).numpy())
    flat = LayerBaseline(dict.fromkeys(KINDS, np.zeros((7, 1))))
    comparison = compare_layers(*texts, encoder, flat)
    expected = [cosine_similarity(a[None], b[None])[0, 0] for a, b in zip(*means, strict=True)]
    assert [layer.similarity for layer in comparison.layers] == pytest.approx(expected, abs=1e-5)
    ordinary = compare(*texts, encoder).similarity
    assert comparison.layers[-1].similarity == pytest.approx(ordinary, abs=1e-6)


def test_layers_are_read_in_the_models_own_thread(encoder, monkeypatch):
    names = []
    read = encoder._model.read_layers

    def note(text):
        names.append(threading.current_thread().name)
        return read(text)

    monkeypatch.setattr(encoder._model, "read_layers", note)
    assert encoder.read_layers("king").tokens == ("[CLS]", "king", "[SEP]")
    assert names[0].startswith("model")
