"""Do people agree with the model? → HumanRatings."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from embviz.analysis.rank_correlation import rank_correlation
from embviz.analysis.vectors import cosine_similarities
from embviz.analysis.vocabulary import is_profane
from embviz.evaluation.datasets import RATING_SETS, RatingSet, RatingSetName, read_ratings
from embviz.inputs.parsing import comparison_key
from embviz.models.encoder import Encoder


@dataclass(frozen=True)
class RatedPair:
    """Two words as people and as the model see them.

    Attributes:
        text_a: The first word.
        text_b: The second word.
        human: What people rated on average, 0..10.
        similarity: Cosine, -1..1.
        disagreement: How many places further up the model ranks the pair than people do, as a share
            of all places, -1..1.
    """

    text_a: str
    text_b: str
    human: float
    similarity: float
    disagreement: float


@dataclass(frozen=True)
class HumanRatings:
    """A set of rated pairs and how well the model's similarities fit them.

    Attributes:
        published: The set as it was published.
        spearman: Spearman's rank correlation of ratings and similarities, -1..1.
        pairs: All pairs, in the order they were published.
    """

    published: RatingSet
    spearman: float
    pairs: tuple[RatedPair, ...]

    @property
    def presentable(self) -> tuple[RatedPair, ...]:
        """The pairs that can be shown to a class, those first whose ranks differ most."""
        pairs = (p for p in self.pairs if not is_profane(p.text_a) and not is_profane(p.text_b))
        return tuple(sorted(pairs, key=lambda pair: -abs(pair.disagreement)))

    def find(self, text_a: str, text_b: str) -> RatedPair | None:
        """The pair of these two words in either order, however they are typed."""
        wanted = _keys(text_a, text_b)
        return next((p for p in self.pairs if _keys(p.text_a, p.text_b) == wanted), None)


def _keys(*texts: str) -> set[str]:
    return {*map(comparison_key, texts)}


def compare_with_ratings(name: RatingSetName, encoder: Encoder) -> HumanRatings:
    """Compare the model's similarities with what people rated."""
    texts_a, texts_b, ratings = zip(*read_ratings(name), strict=True)
    # One call to the model for both sides; many words stand in several pairs.
    vectors_a, vectors_b = np.split(encoder.encode(texts_a + texts_b), 2)
    similarities = np.array(
        [
            cosine_similarities(a[None], b[None])[0, 0]
            for a, b in zip(vectors_a, vectors_b, strict=True)
        ]
    )
    places = (rankdata(similarities) - rankdata(ratings)) / len(ratings)
    pairs = zip(texts_a, texts_b, ratings, similarities.tolist(), places.tolist(), strict=True)
    return HumanRatings(
        RATING_SETS[name],
        rank_correlation(ratings, similarities),
        tuple(RatedPair(*pair) for pair in pairs),
    )
