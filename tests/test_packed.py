import numpy as np
import pytest
import torch
from torch import nn
from transformers.activations import GELUActivation, GELUTanh

from embviz import packed
from embviz.packed import PackedLinear, pack


class Block(nn.Module):
    """Named as the layers of BERT are named."""

    def __init__(self, size, activation):
        super().__init__()
        self.size = size
        self.dense = nn.Linear(size, 2 * size + 1)
        self.intermediate_act_fn = activation
        self.output = nn.Linear(2 * size + 1, 3, bias=False)

    def forward(self, inputs):
        return self.output(self.intermediate_act_fn(self.dense(inputs)))


def encode_with(block):
    def encode(texts):
        generator = torch.Generator().manual_seed(len(texts))
        inputs = torch.randn(len(texts), 4, block.size, generator=generator)
        with torch.inference_mode():
            return nn.functional.normalize(block(inputs).mean(1)).numpy()

    return encode


def build(size=7, activation=None):
    torch.manual_seed(size)
    return Block(size, activation or GELUActivation()).eval()


@pytest.mark.parametrize("size", [1, 7, 16, 33])
@pytest.mark.parametrize("activation", [GELUActivation, GELUTanh, nn.ReLU])
def test_packed_layers_compute_the_same(size, activation):
    block = build(size, activation())
    encode = encode_with(block)
    expected = encode(["a", "b"])
    assert pack(block, encode)
    assert isinstance(block.dense, PackedLinear)
    assert isinstance(block.output, PackedLinear)
    assert np.abs(encode(["a", "b"]) - expected).max() <= 1e-6


def test_the_exact_gelu_alone_is_computed_with_the_layer_before_it():
    exact, approximate = build(activation=GELUActivation()), build(activation=GELUTanh())
    assert pack(exact, encode_with(exact))
    assert pack(approximate, encode_with(approximate))
    assert isinstance(exact.intermediate_act_fn, nn.Identity)
    assert isinstance(approximate.intermediate_act_fn, GELUTanh)


def test_no_weight_is_kept_twice():
    block = build()
    pack(block, encode_with(block))
    assert not list(block.parameters())


def raise_error(*arguments):
    raise RuntimeError("no such operator")


def compute_wrong(inputs, weight, bias, *options):
    return torch.zeros(*inputs.shape[:-1], weight.shape[0]) + 1


def compute_nothing(inputs, weight, bias, *options):
    return torch.full((*inputs.shape[:-1], weight.shape[0]), torch.nan)


@pytest.mark.parametrize("operator", [raise_error, compute_wrong, compute_nothing])
def test_layers_that_raise_or_disagree_are_put_back(monkeypatch, operator):
    block = build()
    before = dict(block.named_modules())
    expected = encode_with(block)(["a"])
    monkeypatch.setattr(packed.torch.ops.mkldnn, "_linear_pointwise", operator)
    assert not pack(block, encode_with(block))
    assert dict(block.named_modules()) == before
    assert np.array_equal(encode_with(block)(["a"]), expected)


def test_other_precisions_and_other_kinds_of_layers_stay_as_they_are():
    class Doubled(nn.Linear):
        def forward(self, inputs):
            return 2 * super().forward(inputs)

    layers = nn.Sequential(nn.Linear(2, 2, dtype=torch.float64), Doubled(2, 2))
    assert not pack(layers, lambda texts: np.zeros((1, 2)))
    assert [type(layer) for layer in layers] == [nn.Linear, Doubled]
