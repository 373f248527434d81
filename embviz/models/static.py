"""A static model: the vector of a text is the average of its tokens' vectors, which never change.

Such models have no layers and look at no context. GloVe (https://aclanthology.org/D14-1162/) and
model2vec's models are of this kind.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sentence_transformers.sentence_transformer.modules import StaticEmbedding, WordEmbeddings
from sentence_transformers.sentence_transformer.modules.tokenizer import WhitespaceTokenizer

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

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


def is_static(model: "SentenceTransformer") -> bool:
    """Whether a model looks up the vectors of its tokens, and does nothing else to them."""
    return isinstance(model[0], StaticEmbedding | WordEmbeddings)


class StaticModel:
    """A static model of the sentence-transformers library.

    A text of which the model knows no token has the zero vector.

    Attributes: see `embviz.models.model.Model`.
    """

    family: Family = "static"
    layers = None

    def __init__(self, model: "SentenceTransformer"):
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise TypeError("This model does not make vectors of texts.")
        self.dimension = dimension
        self._model = model.eval()
        # PyTorch knows no types of the parts of a module.
        tokens: Any = model[0]
        self._tokenizer: Any = tokens.tokenizer
        self._splits_at_spaces = isinstance(tokens, WordEmbeddings)
        self._prompt = model.prompts.get(model.default_prompt_name or "") or ""
        if self._splits_at_spaces:
            limit = tokens.max_seq_length
        else:
            limit = (self._tokenizer.truncation or {}).get("max_length", NO_LIMIT)
        self.max_tokens = int(limit) if limit < NO_LIMIT else None

    def read(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.float32], list[bool], list[bool]]:
        """Read n texts, see `Model.read`."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32), [], []
        vectors = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        ).astype(np.float32)
        limit = self.max_tokens
        truncated = [
            limit is not None and self._is_longer(self._prompt + text, limit) for text in texts
        ]
        return vectors, truncated, [self._is_unknown(text) for text in texts]

    def read_tokens(self, text: str) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
        """Refuse: what a token adds in its context is what such a model does not know.

        Raises:
            InputError: Always.
        """
        raise InputError(
            gettext(
                "This model gives each token the same vector in every text, so it has no tokens in "
                "context to show: choose another model for this."
            )
        )

    def read_layers(self, text: str) -> HiddenStates:
        """Refuse: such a model has no layers.

        Raises:
            InputError: Always.
        """
        raise InputError(
            gettext(
                "This model looks up one vector for each token and has no layers to look into: "
                "choose another model for this."
            )
        )

    def find_tokens(self, text: str) -> TokenPlaces:
        """Where all tokens of a text stand, see `Model.find_tokens`.

        Words that a model of words does not know are no tokens.

        Raises:
            InputError: The tokenizer, one that joins words to phrases, does not tell.
        """
        places = leave_out_prompt(self._find_places(self._prompt + text), len(self._prompt))
        limit = self.max_tokens
        if limit is not None:
            limit = max(limit - len(self._find_places(self._prompt)), 0)
        return TokenPlaces(places, limit)

    def _find_places(self, text: str) -> list[Place]:
        if not self._splits_at_spaces:
            encoding = self._tokenizer.encode(text, add_special_tokens=False)
            # If the tokenizer has a limit, what is beyond it stands in further encodings.
            return [place for part in (encoding, *encoding.overflowing) for place in part.offsets]
        if not isinstance(self._tokenizer, WhitespaceTokenizer):
            raise InputError(
                gettext(
                    "This model does not tell where in a text its tokens stand: choose another "
                    "model for this."
                )
            )
        words = re.finditer(r"\S+", text)
        return [word.span() for word in words if self._tokenizer.tokenize(word[0])]

    def _is_longer(self, text: str, limit: int) -> bool:
        if self._splits_at_spaces:
            return len(self._tokenizer.tokenize(text)) > limit
        return bool(self._tokenizer.encode(text, add_special_tokens=False).overflowing)

    def _is_unknown(self, text: str) -> bool:
        if self._splits_at_spaces:
            return not self._tokenizer.tokenize(text)
        # Tokenizers that spell out in bytes what they do not know have no such token.
        unknown = getattr(self._tokenizer.model, "unk_token", None)
        return {unknown} >= set(self._tokenizer.encode(text, add_special_tokens=False).tokens)
