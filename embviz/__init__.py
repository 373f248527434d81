"""See and test what a language model's vectors mean."""

from embviz.arithmetic import Match, Solution, Term, solve
from embviz.encoder import Encoder, ModelError, load_encoder
from embviz.errors import InputError
from embviz.explanation import Explanation, explain
from embviz.search import Hit, SearchResult, search
from embviz.similarity import Comparison, Pair, SimilarityMatrix, compare, similarity_matrix

__all__ = [
    "Comparison",
    "Encoder",
    "Explanation",
    "Hit",
    "InputError",
    "Match",
    "ModelError",
    "Pair",
    "SearchResult",
    "SimilarityMatrix",
    "Solution",
    "Term",
    "compare",
    "explain",
    "load_encoder",
    "search",
    "similarity_matrix",
    "solve",
]
