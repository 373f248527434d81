"""Which tokens make up a similarity? → Explanation."""

from dataclasses import dataclass

import numpy as np

from embviz.analysis.vectors import Doubles, Floats, Matrix, cosine_similarities
from embviz.errors import InputError
from embviz.language import gettext
from embviz.models.encoder import Encoder

# Single precision adds up to this much; a model that does not average misses by far more.
_EXACT = 1e-4


@dataclass(frozen=True)
class Explanation:
    """A similarity, taken apart into what each pair of tokens adds to it.

    Attributes:
        text_a: The first text.
        text_b: The second text.
        tokens_a: Tokens of the first text as the model reads it, [CLS] and [SEP] included.
        tokens_b: Tokens of the second text.
        contributions: Shape (len(tokens_a), len(tokens_b)); sums to the similarity.
        similarity: Cosine of the angle between the texts' vectors, -1..1.
    """

    text_a: str
    text_b: str
    tokens_a: tuple[str, ...]
    tokens_b: tuple[str, ...]
    contributions: Matrix
    similarity: float

    @property
    def shares_a(self) -> Doubles:
        """What each token of the first text adds; sums to the similarity."""
        shares: Doubles = self.contributions.sum(axis=1)
        return shares

    @property
    def shares_b(self) -> Doubles:
        """What each token of the second text adds; sums to the similarity."""
        shares: Doubles = self.contributions.sum(axis=0)
        return shares


def explain(text_a: str, text_b: str, encoder: Encoder) -> Explanation:
    """Take the similarity of two texts apart.

    The model averages the vectors of a text's tokens, so the cosine is a sum over pairs of tokens:

        cos(A, B) = Σᵢⱼ aᵢ·bⱼ / (n m ‖ā‖ ‖b̄‖)

    with n and m tokens aᵢ and bⱼ, and their means ā and b̄. These are the model's output tokens:
    each has already taken in the whole text around it.

    Raises:
        InputError: The model does not average its tokens.
    """
    tokens_a, vectors_a = encoder.read_tokens(text_a)
    tokens_b, vectors_b = encoder.read_tokens(text_b)
    contributions = _parts_of_mean(vectors_a) @ _parts_of_mean(vectors_b).T
    vector_a, vector_b = encoder.encode([text_a, text_b])
    similarity = float(cosine_similarities(vector_a[None], vector_b[None])[0, 0])
    if abs(contributions.sum() - similarity) > _EXACT:
        raise InputError(
            gettext(
                "This model does not average its tokens, so they have no shares to show: choose "
                "another model for this."
            )
        )
    return Explanation(text_a, text_b, tokens_a, tokens_b, contributions, similarity)


def _parts_of_mean(vectors: Floats) -> Doubles:
    doubles = np.asarray(vectors, dtype=np.float64)
    return doubles / (len(doubles) * np.linalg.norm(doubles.mean(axis=0)))
