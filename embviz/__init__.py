"""See and test what a language model's vectors mean."""

from embviz.analysis.arithmetic import Match, Solution
from embviz.analysis.attribution import Explanation
from embviz.analysis.search import Hit, SearchResult
from embviz.analysis.similarity import Comparison, Pair, SimilarityMatrix
from embviz.errors import InputError
from embviz.inputs.expressions import Term
from embviz.models.encoder import Encoder
from embviz.models.loading import ModelError, load_encoder
from embviz.notebook import compare, explain, search, similarity_matrix, solve

__version__ = "1.0.0"

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
