"""BERT's forward pass for short texts on a processor, at what its matrix products alone take.

Three things make it faster than the library's, none of which changes what is computed: the weights
of each linear layer are laid out for the processor once, not at every call; texts are put one
behind the other, so that none is padded to the length of another; and between two products there is
next to no Python.

The operators for packed weights are private to PyTorch, which made them for its own compiler, and
may change with any release. Compare a new Bert with the model it was built from.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, scaled_dot_product_attention

if TYPE_CHECKING:
    from transformers import BertModel

# So many texts of so many tokens each, which stand one behind the other.
_Run = tuple[int, int]


class Bert:
    """A BERT (https://arxiv.org/abs/1810.04805) that gives a text the mean of its tokens' outputs.

    Safe to share between threads.

    Args:
        model: The model whose weights to use: float32, on the CPU, with the exact GELU.

    Raises:
        AttributeError, RuntimeError, TypeError: The model is of another kind, or PyTorch has
            changed its operators.
    """

    def __init__(self, model: "BertModel"):
        embeddings = model.embeddings
        self._words = embeddings.word_embeddings.weight.detach()
        # Without a second text, every token is of the first type.
        types = embeddings.token_type_embeddings.weight[0]
        self._positions = (embeddings.position_embeddings.weight + types).detach()
        self._norm = embeddings.LayerNorm
        self._layers = [_Layer(layer) for layer in model.encoder.layer]

    def encode(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """The mean of the outputs for each text.

        Args:
            texts: The tokens' numbers, text by text. Best if texts of the same length are
                neighbours.

        Returns:
            Shape (len(texts), dimension).
        """
        return torch.cat([outputs.mean(dim=1) for outputs in self._forward(texts)])

    def read_tokens(self, text: Sequence[int]) -> Tensor:
        """The output for each token of a text: shape (len(text), dimension)."""
        [outputs] = self._forward([text])
        return outputs[0]

    def read_inputs(self, text: Sequence[int]) -> Tensor:
        """What each token of a text is before its position is added: shape (len(text), size)."""
        return embedding(torch.tensor(text), self._words)

    @torch.inference_mode()
    def read_layers(self, text: Sequence[int]) -> Tensor:
        """What enters the first layer for each token of a text, and what each layer makes of it.

        Returns:
            Shape (layers + 1, len(text), dimension).
        """
        states, runs = self._embed([text])
        states_of_layers = [states]
        for layer in self._layers:
            states_of_layers.append(layer(states_of_layers[-1], runs))
        # What fills up the input stands after the text.
        return torch.stack(states_of_layers)[:, : len(text)]

    @torch.inference_mode()
    def _forward(self, texts: Sequence[Sequence[int]]) -> list[Tensor]:
        """For each run of texts of one length, their outputs: shape (texts, tokens, dimension)."""
        states, runs = self._embed(texts)
        for layer in self._layers:
            states = layer(states, runs)
        return _split(states, runs)[:-1]

    def _embed(self, texts: Sequence[Sequence[int]]) -> tuple[Tensor, list[_Run]]:
        """What enters the first layer, all tokens one behind the other, and the runs of texts."""
        runs = [(len(list(run)), tokens) for tokens, run in groupby(map(len, texts))]
        numbers = [token for text in texts for token in text]
        places = [place for text in texts for place in range(len(text))]
        filler = _count_filler(len(numbers))
        runs.append((filler, 1))
        words = embedding(torch.tensor(numbers + filler * [0]), self._words)
        positions = embedding(torch.tensor(places + filler * [0]), self._positions)
        return self._norm(words + positions), runs


class _Layer:
    def __init__(self, layer: Any):
        # PyTorch knows no types of the parts of a module.
        own = layer.attention.self
        self._heads = own.num_attention_heads
        self._queries_keys_values = _pack(own.query, own.key, own.value)
        self._attended = _pack(layer.attention.output.dense)
        self._attended_norm = layer.attention.output.LayerNorm
        self._widened = _pack(layer.intermediate.dense, activation="gelu")
        self._narrowed = _pack(layer.output.dense)
        self._narrowed_norm = layer.output.LayerNorm

    def __call__(self, states: Tensor, runs: Sequence[_Run]) -> Tensor:
        states = self._attended_norm(self._attended(self._attend(states, runs)) + states)
        narrowed: Tensor = self._narrowed_norm(self._narrowed(self._widened(states)) + states)
        return narrowed

    def _attend(self, states: Tensor, runs: Sequence[_Run]) -> Tensor:
        attended = []
        for run in _split(self._queries_keys_values(states), runs):
            # (texts, tokens, 3 x dimension) → three of (texts, heads, tokens, part of a head)
            parts = torch.unflatten(run, 2, (3, self._heads, -1)).permute(2, 0, 3, 1, 4)
            mixed = scaled_dot_product_attention(*parts)
            attended.append(mixed.transpose(1, 2).flatten(2).flatten(0, 1))
        return torch.cat(attended)


def _count_filler(tokens: int) -> int:
    """How many tokens to add, so that there are few sizes: at most a quarter, up to a size of 8.

    For each size of its inputs an operator compiles code of half a megabyte, and keeps it.
    """
    step = 1 << max(tokens.bit_length() - 3, 0)
    return -tokens % min(max(8, step), 64)


def _split(states: Tensor, runs: Sequence[_Run]) -> list[Tensor]:
    """Tokens one behind the other → for each run, shape (texts, tokens, size)."""
    parts = torch.split(states, [texts * tokens for texts, tokens in runs])
    return [torch.unflatten(part, 0, run) for part, run in zip(parts, runs, strict=True)]


def _pack(*layers: nn.Linear, activation: str = "none") -> Callable[[Tensor], Tensor]:
    """Linear layers with the same input as one, and the activation after it."""
    weight = torch.cat([layer.weight.detach() for layer in layers])
    packed = torch.ops.mkldnn._reorder_linear_weight(weight, None)
    bias = torch.cat([layer.bias.detach() for layer in layers])

    def linear(inputs: Tensor) -> Tensor:
        outputs: Tensor = torch.ops.mkldnn._linear_pointwise(
            inputs, packed, bias, activation, [], "none"
        )
        return outputs

    return linear
