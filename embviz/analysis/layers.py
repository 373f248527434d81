"""How alike are two texts at each layer of a model? → LayerComparison.

Inside a transformer nearly everything is alike: all states point into a narrow cone (Ethayarajh
2019, "How Contextual are Contextualized Word Representations?", https://aclanthology.org/D19-1006/,
calls this anisotropy). So each layer needs a baseline of its own, what random pairs score there. It
is measured once a model and kept on disk.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embviz.analysis.baseline import (
    KINDS,
    MIXED,
    SENTENCES,
    WORDS,
    kind_of,
    sample_sentences,
    sample_words,
)
from embviz.analysis.vectors import Doubles, Floats, Matrix, cosine_similarities, descending
from embviz.errors import InputError
from embviz.language import gettext
from embviz.models.disk_cache import load_or_compute
from embviz.models.encoder import Encoder
from embviz.models.model import HiddenStates
from embviz.models.progress import report

# All pairs of these count: 44,850 of words, 18,000 of a word and a sentence, 1,770 of sentences.
WORD_SAMPLE = 300
SENTENCE_SAMPLE = 60
# Between these percentiles lie nine of ten random pairs.
BAND = (5, 95)

# Single precision adds up to this much; a model that does not average misses by far more.
_EXACT = 1e-4


@dataclass(frozen=True)
class LayerBaseline:
    """What random pairs of texts score at each layer.

    Attributes:
        similarities: For each kind of pair, one of KINDS, those of many random pairs: shape
            (layers + 1, pairs), each row rising.
    """

    similarities: Mapping[str, Floats]


@dataclass(frozen=True)
class LayerSimilarity:
    """How alike two texts are at one layer, and random pairs of their kind.

    Attributes:
        layer: 0 is what enters the first layer.
        similarity: Cosine, -1..1.
        random_mean: What random pairs score on average.
        random_low: 5 % of the random pairs score lower.
        random_high: 5 % of the random pairs score higher.
        percentile: Share of the random pairs that score lower than the texts, 0..100.
    """

    layer: int
    similarity: float
    random_mean: float
    random_low: float
    random_high: float
    percentile: float


@dataclass(frozen=True)
class TokenPair:
    """A token of each text, and how alike both are before the first layer and after the last."""

    token_a: str
    token_b: str
    first: float
    last: float


@dataclass(frozen=True)
class LayerComparison:
    """Two texts compared at each layer.

    Attributes:
        text_a: The first text.
        text_b: The second text.
        kind: Which kind of pair they are, one of KINDS.
        layers: One record a layer, from 0.
        tokens_a: n tokens of the first text, without those that mark start and end.
        tokens_b: m tokens of the second text, likewise.
        first: Cosine of each pair of tokens before the first layer: shape (n, m).
        last: The same after the last layer.
    """

    text_a: str
    text_b: str
    kind: str
    layers: tuple[LayerSimilarity, ...]
    tokens_a: tuple[str, ...]
    tokens_b: tuple[str, ...]
    first: Matrix
    last: Matrix

    @property
    def most_alike(self) -> LayerSimilarity:
        """The layer at which random pairs score the most."""
        return max(self.layers, key=lambda layer: layer.random_mean)

    @property
    def apart_from(self) -> int | None:
        """From which layer on random pairs score less than half of the most they ever score.

        None if they do not at the last layer.
        """
        limit = self.most_alike.random_mean / 2
        start = 1 + max(
            (layer.layer for layer in self.layers if layer.random_mean >= limit), default=-1
        )
        return start if start < len(self.layers) else None

    @property
    def stands_out_at(self) -> int:
        """The layer at which the two texts score most above the mean of random pairs."""
        return max(self.layers, key=lambda layer: layer.similarity - layer.random_mean).layer

    @property
    def token_pairs(self) -> tuple[TokenPair, ...]:
        """All n × m pairs of tokens, those first that the layers bring nearest to each other."""
        width = len(self.tokens_b)
        return tuple(
            TokenPair(
                self.tokens_a[place // width],
                self.tokens_b[place % width],
                float(self.first.flat[place]),
                float(self.last.flat[place]),
            )
            for place in descending((self.last - self.first).ravel())
        )


def compare_layers(
    text_a: str, text_b: str, encoder: Encoder, baseline: LayerBaseline
) -> LayerComparison:
    """Compare two texts at each layer of the model.

    At each layer a text is the mean of all its tokens, [CLS] and [SEP] included. The model does the
    same after its last layer, so that what it answers is the last of the similarities.

    Args:
        text_a: The first text.
        text_b: The second text.
        encoder: The model.
        baseline: What random pairs score at each of its layers.

    Raises:
        InputError: The model has no layers to look into, or does not average its tokens.
    """
    inside_a, inside_b = encoder.read_layers(text_a), encoder.read_layers(text_b)
    similarities = _cosines_by_layer(_means(inside_a), _means(inside_b))
    vectors = encoder.encode([text_a, text_b])
    if abs(similarities[-1] - cosine_similarities(vectors[:1], vectors[1:])[0, 0]) > _EXACT:
        raise InputError(
            gettext(
                "This model does not average its tokens, so its layers cannot be compared with "
                "what it answers: choose another model for this."
            )
        )
    kind = kind_of(text_a, text_b)
    of_text_a, of_text_b = _tokens_of_text(inside_a), _tokens_of_text(inside_b)
    first, last = (
        cosine_similarities(inside_a.states[layer][of_text_a], inside_b.states[layer][of_text_b])
        for layer in (0, -1)
    )
    return LayerComparison(
        text_a,
        text_b,
        kind,
        tuple(
            _judge(layer, float(similarity), scores)
            for layer, (similarity, scores) in enumerate(
                zip(similarities, baseline.similarities[kind], strict=True)
            )
        ),
        tuple(inside_a.tokens[i] for i in of_text_a),
        tuple(inside_b.tokens[i] for i in of_text_b),
        first,
        last,
    )


def measure_layer_baseline(encoder: Encoder) -> LayerBaseline:
    """Measure what random pairs of common words and of news sentences score at each layer.

    The texts are the first of those of `embviz.analysis.baseline`. Takes some seconds.

    Raises:
        InputError: The model has no layers to look into.
    """
    texts = _sample()
    means = []
    for done, text in enumerate(texts):
        report(done / len(texts))
        means.append(_means(encoder.read_layers(text)))
    layers = np.stack(means, axis=1)
    words, sentences = layers[:, :WORD_SAMPLE], layers[:, WORD_SAMPLE:]
    similarities = {
        WORDS: _all_pairs(words),
        MIXED: np.stack(
            [cosine_similarities(*pair).ravel() for pair in zip(words, sentences, strict=True)]
        ),
        SENTENCES: _all_pairs(sentences),
    }
    return LayerBaseline(
        {kind: np.sort(scores).astype(np.float32) for kind, scores in similarities.items()}
    )


def load_layer_baseline(encoder: Encoder, folder: Path | None = None) -> LayerBaseline:
    """Load what random pairs score at each layer from disk, or measure it and keep it there.

    Args:
        encoder: The model.
        folder: Where the file is kept; the user's cache folder if None.

    Raises:
        InputError: The model has no layers to look into.
    """
    arrays = load_or_compute(
        "layers",
        _sample(),
        encoder,
        lambda: measure_layer_baseline(encoder).similarities,
        version=1,
        folder=folder,
    )
    return LayerBaseline({kind: arrays[kind] for kind in KINDS})


def _sample() -> list[str]:
    return [*sample_words()[:WORD_SAMPLE], *sample_sentences()[:SENTENCE_SAMPLE]]


def _means(inside: HiddenStates) -> Doubles:
    """The mean of all tokens at each layer: shape (layers + 1, dimension)."""
    means: Doubles = inside.states.mean(axis=1, dtype=np.float64)
    return means


def _cosines_by_layer(means_a: Doubles, means_b: Doubles) -> Doubles:
    return np.array(
        [cosine_similarities(a[None], b[None])[0, 0] for a, b in zip(means_a, means_b, strict=True)]
    )


def _all_pairs(layers: Doubles) -> Doubles:
    """Shape (layers + 1, texts, dimension) → (layers + 1, pairs)."""
    above_diagonal = np.triu_indices(layers.shape[1], k=1)
    return np.stack([cosine_similarities(means, means)[above_diagonal] for means in layers])


def _tokens_of_text(inside: HiddenStates) -> npt.NDArray[np.intp]:
    """Which tokens are of the text itself; all, if that is not known or if none is."""
    is_of_text = [start < end for start, end in inside.places or ()]
    if not any(is_of_text):
        return np.arange(len(inside.tokens))
    return np.flatnonzero(is_of_text)


def _judge(layer: int, similarity: float, scores: Floats) -> LayerSimilarity:
    low, high = np.percentile(scores, BAND)
    return LayerSimilarity(
        layer,
        similarity,
        float(scores.mean(dtype=np.float64)),
        float(low),
        float(high),
        100.0 * float(np.searchsorted(scores, similarity)) / len(scores),
    )
