"""A sentence-transformers model, called in batches that suit a processor with few cores."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from sentence_transformers.util import batch_to_device

from embviz.packed import pack

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# About what one more call of the model costs: so many tokens of padding are worth one.
_PADDING = 50

# Twice as many are no faster, and take twice the memory.
_BATCH_TOKENS = 1_024


class Model:
    """Computes what `SentenceTransformer.encode` computes, without its work around each call.

    Not safe to share between threads: the tokenizer is not.

    Attributes:
        dimension: Length of a vector.
        max_tokens: How many tokens of a text the model reads.
        tokenizer: The tokenizer of the model.
    """

    def __init__(self, model: "SentenceTransformer"):
        self._model = model.eval()
        self._device = model.device
        self._prompt = model.prompts.get(model.default_prompt_name)
        self.dimension = model.get_embedding_dimension()
        self.max_tokens = model.max_seq_length
        self.tokenizer = model.tokenizer
        pack(model, self.encode)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Encode texts as unit vectors: shape (len(texts), dimension), float32."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for places in _batches(self._count_tokens(texts) if texts else []):
            outputs = self._forward([texts[place] for place in places])["sentence_embedding"]
            # Some models are trained to have the first of their dimensions stand for all.
            outputs = outputs[:, : self.dimension].float()
            vectors[places] = torch.nn.functional.normalize(outputs).cpu().numpy()
        return vectors

    def read_tokens(self, text: str) -> tuple[tuple[str, ...], np.ndarray]:
        """The tokens of a text, and the output for each: shape (tokens, dimension), float32."""
        outputs = self._forward([text])["token_embeddings"][0].float()
        ids = self.tokenizer(text, truncation=True, max_length=self.max_tokens)["input_ids"]
        return tuple(self.tokenizer.convert_ids_to_tokens(ids)), outputs.cpu().numpy()

    def _count_tokens(self, texts: Sequence[str]) -> list[int]:
        tokens = self.tokenizer(list(texts), truncation=True, max_length=self.max_tokens)
        return [len(ids) for ids in tokens["input_ids"]]

    @torch.inference_mode()
    def _forward(self, texts: list[str]) -> dict[str, torch.Tensor]:
        features = self._model.preprocess(texts, prompt=self._prompt)
        return self._model(batch_to_device(features, self._device))


def _batches(tokens: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of about as many tokens each, since a batch is padded to its longest."""
    batch: list[int] = []
    for place in sorted(range(len(tokens)), key=lambda place: tokens[place]):
        count = tokens[place]
        if batch and (
            len(batch) * (count - tokens[batch[-1]]) > _PADDING
            or (len(batch) + 1) * count > _BATCH_TOKENS
        ):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
