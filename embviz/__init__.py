"""See and test what a language model's vectors mean."""

from embviz.analysis.arithmetic import Match, Solution, Term, solve
from embviz.analysis.attribution import Explanation, explain
from embviz.analysis.search import Hit, SearchResult, search
from embviz.analysis.similarity import (
    Comparison,
    Pair,
    SimilarityMatrix,
    compare,
    similarity_matrix,
)
from embviz.errors import InputError
from embviz.models.encoder import Encoder
from embviz.models.loading import ModelError, load_encoder

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
