"""Linear layers whose weights are laid out for the processor once, not at every call.

Most of the time that a model takes goes to its linear layers. PyTorch has what it takes to pack
their weights for oneDNN, but only for its own compiler: the operators are private and may change.
So nothing here is taken on trust: where an operator is missing, or one vector comes out different,
the model keeps the layers it had.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import nn
from transformers.activations import GELUActivation

# Single precision, summed in another order; where vectors differ by more, something is wrong.
_SAME = 1e-6

# Short, long and in between, a batch of one and a batch with padding.
_PROBES = (["king"], ["queen", "Ocean acidification and coral reefs", "word " * 300])


class PackedLinear(nn.Module):
    """What a linear layer computes, and the activation after it if there is one.

    Args:
        linear: A layer of float32 on the CPU.
        activation: "none" or "gelu", the exact one.
    """

    def __init__(self, linear: nn.Linear, activation: str = "none"):
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), None)
        self._bias = None if linear.bias is None else linear.bias.detach()
        self._activation = activation

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return torch.ops.mkldnn._linear_pointwise(
            inputs, self._weight, self._bias, self._activation, [], "none"
        )


def pack(model: nn.Module, encode: Callable[[list[str]], np.ndarray]) -> bool:
    """Replace the linear layers of a model by packed ones, or leave it as it is.

    Args:
        model: The model.
        encode: Encodes texts with it as unit vectors, shape (n, dimension).

    Returns:
        Whether the layers were replaced.
    """
    expected = [encode(probe) for probe in _PROBES]
    plain: list[tuple[nn.Module, str, nn.Module]] = []
    try:
        for parent, name, replacement in _replacements(model):
            plain.append((parent, name, getattr(parent, name)))
            setattr(parent, name, replacement)
        differences = [
            np.abs(encode(probe) - vectors).max()
            for probe, vectors in zip(_PROBES, expected, strict=True)
        ]
        # Written so that what is not a number fails too.
        if max(differences) <= _SAME:
            return bool(plain)
    # The operators can go missing or change their arguments in any release.
    except (AttributeError, RuntimeError, TypeError, ValueError):
        pass
    for parent, name, layer in plain:
        setattr(parent, name, layer)
    return False


def _replacements(model: nn.Module) -> Iterator[tuple[nn.Module, str, nn.Module]]:
    for parent in list(model.modules()):
        for name, layer in list(parent.named_children()):
            if not _can_be_packed(layer):
                continue
            # BERT and its relatives all name the activation after this layer so.
            if name == "dense" and _is_gelu(getattr(parent, "intermediate_act_fn", None)):
                yield parent, name, PackedLinear(layer, "gelu")
                yield parent, "intermediate_act_fn", nn.Identity()
            else:
                yield parent, name, PackedLinear(layer)


def _can_be_packed(layer: nn.Module) -> bool:
    # A layer derived from Linear may compute something else.
    return (
        type(layer) is nn.Linear
        and layer.weight.dtype == torch.float32
        and layer.weight.device.type == "cpu"
    )


def _is_gelu(activation: object) -> bool:
    return isinstance(activation, GELUActivation) and activation.act is nn.functional.gelu
