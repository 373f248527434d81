import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from embviz.models import packed_bert
from embviz.models.packed_bert import Bert


def build(layers=2, size=24, heads=3):
    torch.manual_seed(size)
    config = BertConfig(
        vocab_size=50,
        hidden_size=size,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=2 * size + 1,
        max_position_embeddings=40,
        # Large, so that none of the weights could be left out unseen.
        initializer_range=0.5,
    )
    model = BertModel(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(std=0.5)
    return model


def texts_of(*lengths):
    generator = torch.Generator().manual_seed(sum(lengths))
    return [torch.randint(50, (length,), generator=generator).tolist() for length in lengths]


def outputs_of(model, text):
    with torch.inference_mode():
        return model(torch.tensor([text])).last_hidden_state[0].numpy()


@pytest.mark.parametrize("size, heads, layers", [(24, 3, 2), (8, 1, 1), (48, 12, 3)])
def test_outputs_are_those_of_the_model(size, heads, layers):
    model = build(layers, size, heads)
    ours = Bert(model)
    texts = texts_of(1, 4, 4, 4, 9, 40, 2, 4)
    expected = [outputs_of(model, text) for text in texts]
    means = np.stack([outputs.mean(axis=0) for outputs in expected])
    assert ours.encode(texts).numpy() == pytest.approx(means, abs=1e-5)
    for text, outputs in zip(texts, expected, strict=True):
        assert ours.read_tokens(text).numpy() == pytest.approx(outputs, abs=1e-5)


@pytest.mark.parametrize("length", [1, 9, 40])
def test_the_states_of_all_layers_are_those_of_the_model(length):
    model = build(layers=3)
    [text] = texts_of(length)
    with torch.inference_mode():
        expected = model(torch.tensor([text]), output_hidden_states=True).hidden_states
    ours = Bert(model)
    states = ours.read_layers(text)
    assert states.shape == (4, length, 24)
    assert not states.requires_grad
    assert (states - torch.cat(expected)).abs().max() <= 1e-5
    assert torch.equal(states[-1], ours.read_tokens(text))


def test_a_text_is_the_same_in_any_company():
    ours = Bert(build())
    texts = texts_of(3, 3, 3, 7, 8, 30)
    alone = torch.cat([ours.encode([text]) for text in texts])
    assert ours.encode(texts).numpy() == pytest.approx(alone.numpy(), abs=1e-5)


def test_products_come_in_few_sizes_none_much_larger_than_the_text(monkeypatch):
    operators, sizes = packed_bert.torch.ops.mkldnn, []

    class Watched:
        _reorder_linear_weight = operators._reorder_linear_weight

        @staticmethod
        def _linear_pointwise(inputs, *options):
            sizes.append(len(inputs))
            return operators._linear_pointwise(inputs, *options)

    monkeypatch.setattr(packed_bert.torch.ops, "mkldnn", Watched)
    ours = Bert(build(layers=1))
    seen = set()
    for count in range(1, 1025, 5):
        sizes.clear()
        ours.encode(texts_of(*[16] * (count // 16), count % 16 or 1))
        tokens = count if count % 16 else count + 1
        assert tokens <= sizes[0] <= max(tokens + 7, 1.25 * tokens)
        seen.update(sizes)
    assert len(seen) <= 30


def test_no_gradients_are_kept():
    assert not Bert(build()).encode(texts_of(3)).requires_grad


def test_another_kind_of_model_is_refused():
    with pytest.raises(AttributeError):
        Bert(torch.nn.Linear(2, 2))


def test_a_missing_operator_is_not_hidden(monkeypatch):
    monkeypatch.delattr(packed_bert.torch.ops.mkldnn, "_reorder_linear_weight", raising=False)
    monkeypatch.setattr(packed_bert.torch.ops, "mkldnn", object())
    with pytest.raises(AttributeError):
        Bert(build())
