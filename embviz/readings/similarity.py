"""How alike? → one plain sentence."""

import numpy as np

from embviz.background import WORDS, Standing
from embviz.explanation import Explanation
from embviz.human_ratings import HumanRatings, RatedPair
from embviz.readings.phrases import number, percent, quote
from embviz.similarity import Comparison, SimilarityMatrix
from embviz.stress import StressTest


def read_comparison(comparison: Comparison, standing: Standing) -> str:
    """Say how high the similarity of two texts is, in one sentence."""
    texts = f"{quote(comparison.text_a)} and {quote(comparison.text_b)}"
    return f"{texts} score higher than {_read_percentile(standing)}."


def read_standing(standing: Standing) -> str:
    """Say what the scale is that a similarity is judged by."""
    pairs = f"{len(standing.background):,} random pairs of {standing.kind}"
    low, high = standing.quartiles
    middle = f"half of {pairs} score between {number(low, 2)} and {number(high, 2)}"
    return (
        f"0 is not what unrelated texts score with this model: {middle}. The line marks this pair, "
        f"higher than {_read_percentile(standing)}."
    )


def read_angle(comparison: Comparison) -> str:
    """Say what the drawing of the angle and the products shows."""
    products = comparison.products
    agreeing, differing = products[products > 0].sum(), products[products < 0].sum()
    return (
        "Drawn to scale, in the one plane that holds both vectors: each has length 1, they are "
        f"{comparison.angle_degrees:.1f}° apart, and the cosine of that angle is the similarity, "
        f"{number(comparison.similarity)}. Below it, the {len(products)} products of their "
        f"values sum to the same number: {number(agreeing)} from those that agree in sign, "
        f"{number(differing)} from those that do not."
    )


def read_explanation(explanation: Explanation) -> str:
    """Say what the contributions of tokens sum to, and what they do not mean."""
    total, similarity = explanation.contributions.sum(), explanation.similarity
    return (
        f"What each pair of tokens adds sums to {number(total)}; the similarity is "
        f"{number(similarity)}. Each token is shaded by its share. This is about tokens as the "
        "model puts them out, after each has taken in the whole text around it, not about what "
        "the word would mean alone."
    )


def read_stress(test: StressTest) -> str:
    """Say what to look for in a stress test."""
    lowest = test.variants[-1]
    return (
        f"{quote(test.text)} and changed versions of it. What the model hears most is the "
        f"{lowest.change} ({number(lowest.similarity)}); to what stays near 1 it is deaf."
    )


def read_similarity_matrix(matrix: SimilarityMatrix) -> str:
    """Name the most and the least alike pair."""
    most, least = matrix.pairs[0], matrix.pairs[-1]
    sentence = (
        f"Most alike: {quote(most.text_a)} and {quote(most.text_b)} ({number(most.similarity)})"
    )
    if most == least:
        return f"{sentence}."
    return (
        f"{sentence}. Least alike: {quote(least.text_a)} and {quote(least.text_b)} "
        f"({number(least.similarity)})."
    )


def read_neighbours(text_a: str, text_b: str, choices: int) -> str:
    """Say which neighbours a table shows."""
    return (
        f"Of {choices:,} common English words, these are the nearest to {quote(text_a)} and to "
        f"{quote(text_b)}."
    )


def read_odd_one_out(matrix: SimilarityMatrix) -> str:
    """Name the text that belongs least to the others, and how clear that is."""
    if matrix.odd_one_out is None:
        return "Of two texts neither is the odd one out: type at least three."
    by_belonging = np.argsort(matrix.belonging)
    odd, next_odd = (matrix.texts[i] for i in by_belonging[:2])
    lowest, next_lowest = matrix.belonging[by_belonging[:2]]
    return (
        f"The odd one out is {quote(odd)}: its mean similarity to the others is {number(lowest)}. "
        f"Next comes {quote(next_odd)} with {number(next_lowest)}; the closer the two numbers, the "
        "less it means."
    )


def read_human_ratings(related: HumanRatings, similar: HumanRatings) -> str:
    """Say how well the model agrees with people, and with which of their answers."""
    return (
        f"People rated {len(related.pairs)} pairs of words for how related they are (WordSim-353) "
        f"and {len(similar.pairs)} for how similar, which is more than related (SimLex-999). The "
        "model's order agrees with theirs at a Spearman correlation of "
        f"{number(related.spearman)} for related and {number(similar.spearman)} for similar; "
        "1 would be the same order, 0 none at all. A high cosine says that two words belong "
        "together, not that they mean the same: opposites belong together, too."
    )


def read_rated_pair(pair: RatedPair | None, name: str) -> str:
    """Say what people rated a pair; nothing if they did not."""
    if pair is None:
        return ""
    words = f"{quote(pair.text_a)} and {quote(pair.text_b)}"
    return f"{name} has your pair: people gave {words} {pair.human:.2f} of 10."


def _read_percentile(standing: Standing) -> str:
    share = f"{percent(standing.percentile)} of random pairs of {standing.kind}"
    if standing.kind == WORDS:
        return share
    # Words score higher by chance than longer texts do: their scale would judge these too hard.
    return f"{share} (of random pairs of words: {percent(standing.word_percentile)})"
