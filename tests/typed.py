"""Functions of the analysis, called with what people type, as the service calls them."""

from embviz.analysis import arithmetic, search
from embviz.analysis.vocabulary import encode_vocabulary
from embviz.inputs.expressions import parse_expression


def compare_methods(expression, candidates, encoder):
    vocabulary = encode_vocabulary(candidates, encoder)
    return arithmetic.compare_methods(parse_expression(expression), vocabulary, encoder)


def find_neighbours(text, candidates, encoder):
    return arithmetic.find_neighbours(text, encode_vocabulary(candidates, encoder), encoder)


def compare_rankings(query, documents, encoder, **options):
    return search.compare_rankings(query, search.DocumentIndex(documents, encoder), **options)
