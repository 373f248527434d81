"""The core functions as one calls them in a notebook, with whatever was typed.

A notebook has its machine to itself, so there are no limits here; `Service` has them.
"""

from collections.abc import Sequence

from embviz.analysis import arithmetic, attribution, similarity
from embviz.analysis.arithmetic import ADD, METHODS, Method, Solution
from embviz.analysis.attribution import Explanation
from embviz.analysis.search import METHODS as SEARCH_METHODS
from embviz.analysis.search import SEMANTIC, DocumentIndex, SearchResult
from embviz.analysis.search import Method as SearchMethod
from embviz.analysis.similarity import Comparison, SimilarityMatrix
from embviz.analysis.vocabulary import encode_vocabulary
from embviz.inputs.expressions import parse_expression
from embviz.inputs.parsing import parse_choice, parse_count, parse_flag, parse_text, parse_texts
from embviz.language import gettext_noop
from embviz.models.encoder import Encoder


def compare(text_a: str, text_b: str, encoder: Encoder) -> Comparison:
    """Compare two texts.

    Raises:
        InputError: One of them is empty.
    """
    return similarity.compare(
        parse_text(text_a, gettext_noop("Text A")),
        parse_text(text_b, gettext_noop("Text B")),
        encoder,
    )


def explain(text_a: str, text_b: str, encoder: Encoder) -> Explanation:
    """Take the similarity of two texts apart, token by token.

    Raises:
        InputError: One of them is empty, or the model does not average its tokens.
    """
    return attribution.explain(
        parse_text(text_a, gettext_noop("Text A")),
        parse_text(text_b, gettext_noop("Text B")),
        encoder,
    )


def similarity_matrix(texts: Sequence[str], encoder: Encoder) -> SimilarityMatrix:
    """Compare every text of a list with every other.

    Raises:
        InputError: There are fewer than two texts, or one is empty.
    """
    return similarity.similarity_matrix(
        parse_texts(texts, gettext_noop("Words"), commas=True), encoder
    )


def solve(
    expression: str,
    candidates: Sequence[str],
    encoder: Encoder,
    *,
    top_k: int = 5,
    exclude_inputs: bool = True,
    method: Method = ADD,
) -> Solution:
    """Find the texts nearest to the result of an expression.

    Args:
        expression: Terms joined by + and -, see `inputs.expressions.parse_expression`.
        candidates: The texts to rank, each once.
        encoder: The model.
        top_k: How many of the nearest to return.
        exclude_inputs: Whether the input words are left out of the ranking.
        method: "3CosAdd" adds the vectors, "3CosMul" multiplies the similarities to each term.

    Raises:
        InputError: The expression cannot be read or its terms cancel out, a candidate is empty or
            stands twice, or an option has a wrong type.
    """
    terms = parse_expression(parse_text(expression, gettext_noop("The expression")))
    texts = parse_texts(candidates, gettext_noop("Candidates"), commas=True, distinct=True)
    return arithmetic.solve(
        terms,
        encode_vocabulary(texts, encoder),
        encoder,
        top_k=parse_count(top_k, gettext_noop("Top k")),
        exclude_inputs=parse_flag(exclude_inputs, gettext_noop("Exclude inputs")),
        method=parse_choice(method, gettext_noop("Method"), METHODS),
    )


def search(
    query: str,
    documents: Sequence[str],
    encoder: Encoder,
    *,
    top_k: int = 3,
    method: SearchMethod = SEMANTIC,
) -> SearchResult:
    """Rank documents by how well they fit a query.

    Args:
        query: What to look for.
        documents: The texts to search.
        encoder: The model.
        top_k: How many of the best to return.
        method: "semantic" ranks by the cosine of the vectors; "keyword" by BM25, which leaves out
            documents that share no word with the query; "fused" by reciprocal rank fusion of both.

    Raises:
        InputError: The query or a document is empty, or an option has a wrong type.
    """
    query = parse_text(query, gettext_noop("The query"))
    texts = parse_texts(documents, gettext_noop("Documents"))
    return DocumentIndex(texts, encoder).search(
        query,
        top_k=parse_count(top_k, gettext_noop("Top k")),
        method=parse_choice(method, gettext_noop("Method"), SEARCH_METHODS),
    )
