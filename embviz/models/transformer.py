"""A transformer of the sentence-transformers library, as suits a processor with few cores."""

import inspect
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers.util import batch_to_device

from embviz.errors import InputError
from embviz.language import gettext
from embviz.models.model import (
    NO_LIMIT,
    Family,
    HiddenStates,
    Place,
    TokenPlaces,
    leave_out_prompt,
)
from embviz.models.packed_bert import Bert

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Twice as many are no faster, and take twice the memory.
_BATCH_TOKENS = 1_024

# Single precision, summed in another order; where vectors differ by more, something is wrong.
_SAME = 1e-6

# One text, and some of all lengths.
_PROBES = (["king"], ["queen", "Ocean acidification and coral reefs", "word " * 300])


class TransformerModel:
    """Computes what `SentenceTransformer.encode` computes, without its work around each call.

    Safe to share between threads.

    Attributes: see `embviz.models.model.Model`.
    """

    def __init__(self, model: "SentenceTransformer", *, family: Family = "transformer"):
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise TypeError("This model does not make vectors of texts.")
        self.family = family
        self.dimension = dimension
        limit = model.max_seq_length
        self.max_tokens = limit if limit is not None and limit < NO_LIMIT else None
        config = getattr(getattr(model[0], "auto_model", None), "config", None)
        self.layers: int | None = getattr(config, "num_hidden_layers", None)
        self._model: SentenceTransformer | None = model.eval()
        self._prompt = model.prompts.get(model.default_prompt_name or "") or ""
        self._tokenizer = model.tokenizer
        self._truncate_dim = model.truncate_dim
        # A tokenizer is not safe to share: a call with another length disturbs one that runs.
        self._tokenizer_lock = threading.Lock()
        # What is part of every text: special tokens, and those of the prompt.
        self._tokens_of_its_own = len(self._tokenize([""], None)[0])
        self._bert: Bert | None = None
        self._use_bert(model[0])

    def read(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.float32], list[bool], list[bool]]:
        """Read n texts, see `Model.read`."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors, [], []
        ids = self._tokenize(texts, self.max_tokens)
        for places in _batches([len(tokens) for tokens in ids]):
            outputs = self._encode([texts[n] for n in places], [ids[n] for n in places])
            # Some models are trained to have the first of their dimensions stand for all.
            outputs = outputs[:, : self.dimension].float()
            vectors[places] = torch.nn.functional.normalize(outputs).cpu().numpy()
        truncated = [
            len(tokens) == self.max_tokens and self._is_longer(text, len(tokens))
            for text, tokens in zip(texts, ids, strict=True)
        ]
        special = set(self._tokenizer.all_special_ids)
        return vectors, truncated, [special.issuperset(tokens) for tokens in ids]

    def read_tokens(self, text: str) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
        """The tokens of a text, and the output for each, see `Model.read_tokens`."""
        [ids] = self._tokenize([text], self.max_tokens)
        if self._bert is not None:
            outputs = self._bert.read_tokens(ids)
        else:
            outputs = self._forward([text])["token_embeddings"][0]
        return tuple(self._tokenizer.convert_ids_to_tokens(ids)), self._keep(outputs)

    def read_layers(self, text: str) -> HiddenStates:
        """The tokens of a text, and what each layer makes of them, see `Model.read_layers`."""
        [ids] = self._tokenize([text], self.max_tokens)
        if self._bert is not None:
            inputs, states = self._bert.read_inputs(ids), self._bert.read_layers(ids)
        else:
            inputs, states = self._look_up(ids), self._forward_by_layer(text)
        tokens = tuple(self._tokenizer.convert_ids_to_tokens(ids))
        return HiddenStates(
            tokens, self._keep(states), self._find_places(text), inputs.float().cpu().numpy()
        )

    def find_tokens(self, text: str) -> TokenPlaces:
        """Where all tokens of a text stand, see `Model.find_tokens`.

        Raises:
            InputError: The tokenizer, one of those written in Python, cannot tell.
        """
        if not self._tokenizer.is_fast:
            raise InputError(
                gettext(
                    "This model does not tell where in a text its tokens stand: choose another "
                    "model for this."
                )
            )
        with self._tokenizer_lock:
            places = self._tokenizer(
                self._prompt + text,
                add_special_tokens=False,
                truncation=False,
                return_offsets_mapping=True,
                # That the text is longer than the model reads is known.
                verbose=False,
            )["offset_mapping"]
        limit = self.max_tokens
        if limit is not None:
            limit = max(limit - self._tokens_of_its_own, 0)
        return TokenPlaces(leave_out_prompt(places, len(self._prompt)), limit)

    def _keep(self, outputs: torch.Tensor) -> npt.NDArray[np.float32]:
        kept: npt.NDArray[np.float32] = outputs[..., : self._truncate_dim].float().cpu().numpy()
        return kept

    def _encode(self, texts: list[str], ids: list[list[int]]) -> torch.Tensor:
        if self._bert is not None:
            return self._bert.encode(ids)
        return self._forward(texts)["sentence_embedding"]

    @torch.inference_mode()
    def _forward(self, texts: list[str]) -> dict[str, torch.Tensor]:
        # Once it is gone, our own forward pass takes all texts.
        assert self._model is not None
        outputs: dict[str, torch.Tensor] = self._model(self._prepare(self._model, texts))
        return outputs

    @torch.inference_mode()
    def _forward_by_layer(self, text: str) -> torch.Tensor:
        assert self._model is not None
        # PyTorch knows no types of the parts of a module.
        transformer: Any = self._model[0].auto_model
        accepted = inspect.signature(transformer.forward).parameters
        features = self._prepare(self._model, [text])
        inputs = {name: value for name, value in features.items() if name in accepted}
        return torch.cat(transformer(**inputs, output_hidden_states=True).hidden_states)

    @torch.inference_mode()
    def _look_up(self, ids: list[int]) -> torch.Tensor:
        assert self._model is not None
        # PyTorch knows no types of the parts of a module.
        transformer: Any = self._model[0].auto_model
        inputs: torch.Tensor = transformer.get_input_embeddings()(
            torch.tensor(ids, device=self._model.device)
        )
        return inputs

    def _prepare(self, model: "SentenceTransformer", texts: list[str]) -> dict[str, Any]:
        with self._tokenizer_lock:
            features = model.preprocess(texts, prompt=self._prompt)
        prepared: dict[str, Any] = batch_to_device(features, model.device)
        return prepared

    def _tokenize(self, texts: Sequence[str], at_most: int | None) -> list[list[int]]:
        prompted = [self._prompt + text for text in texts]
        with self._tokenizer_lock:
            ids: list[list[int]] = self._tokenizer(
                prompted, truncation=at_most is not None, max_length=at_most
            )["input_ids"]
        return ids

    def _find_places(self, text: str) -> tuple[Place, ...] | None:
        # Those that are written in Python cannot tell.
        if not self._tokenizer.is_fast:
            return None
        with self._tokenizer_lock:
            places = self._tokenizer(
                self._prompt + text,
                truncation=self.max_tokens is not None,
                max_length=self.max_tokens,
                return_offsets_mapping=True,
            )["offset_mapping"]
        # Tokens of the prompt are before the text, where there is nothing of it.
        skipped = len(self._prompt)
        return tuple((max(start - skipped, 0), max(end - skipped, 0)) for start, end in places)

    def _is_longer(self, text: str, tokens: int) -> bool:
        [ids] = self._tokenize([text], tokens + 1)
        return len(ids) > tokens

    def _use_bert(self, transformer: Any) -> None:
        """Let our own forward pass take over, if it is shown to compute the same."""
        expected = [self.read(probe)[0] for probe in _PROBES]
        try:
            self._bert = Bert(transformer.auto_model)
            found = [self.read(probe)[0] for probe in _PROBES]
            is_same = all(
                np.abs(a - b).max() <= _SAME for a, b in zip(expected, found, strict=True)
            )
        # The model is of another kind, or an operator has gone or takes other arguments.
        except (AttributeError, RuntimeError, TypeError, ValueError):
            is_same = False
        if is_same:
            # The weights are packed, and not needed twice.
            self._model = None
        else:
            self._bert = None


def _batches(tokens: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts, batch by batch, the shortest texts first."""
    batch: list[int] = []
    for place in sorted(range(len(tokens)), key=lambda place: tokens[place]):
        if batch and (len(batch) + 1) * tokens[place] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
