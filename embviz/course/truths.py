"""What a step of the guided lesson can ask about: one entry of TRUTHS says all about a truth.

The service knows the truths, and stands above the course; so it comes in as an argument.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from embviz.analysis.arithmetic import Solution
from embviz.analysis.baseline import Baseline, BaselinePosition
from embviz.analysis.layers import LayerComparison
from embviz.analysis.passages import PassageSearch
from embviz.analysis.search import SEMANTIC, Hit, Method, SearchResult
from embviz.analysis.similarity import Comparison
from embviz.analysis.word_in_context import WordInContext
from embviz.errors import InputError
from embviz.evaluation.analogies import AnalogyTest, Section
from embviz.evaluation.compression import CompressionTest
from embviz.evaluation.datasets import RATING_SETS, RatingSetName
from embviz.evaluation.human_ratings import HumanRatings
from embviz.evaluation.occupations import Occupations
from embviz.inputs.links import read_parameters
from embviz.language import gettext
from embviz.models.encoder import Encoder

# The answer where no document is found.
NO_DOCUMENT = "no document"

# What the inputs of a tab hold: the parameters of a link. They are arguments of the endpoints, with
# the same defaults.
State = Mapping[str, str]


class Oracle(Protocol):
    """Who knows the truths. All methods raise InputError for what cannot be answered."""

    @property
    def encoder(self) -> Encoder: ...

    @property
    def baseline(self) -> Baseline: ...

    def compare(self, text_a: str, text_b: str) -> Comparison: ...

    def find_position(self, comparison: Comparison) -> BaselinePosition: ...

    def word_in_context(self, word: str, sentences: str) -> WordInContext: ...

    def layers(self, text_a: str, text_b: str) -> LayerComparison: ...

    def human_ratings(self, dataset: RatingSetName) -> HumanRatings: ...

    def solve(
        self, expression: str, candidates: str, top_k: int, exclude_inputs: bool
    ) -> Solution: ...

    def analogy_test(self) -> AnalogyTest: ...

    def occupations(self) -> Occupations: ...

    def search(
        self, query: str, documents: str = "", top_k: int = 3, method: Method = SEMANTIC
    ) -> SearchResult: ...

    def passages(self, query: str, text: str) -> PassageSearch: ...

    def compression_test(self) -> CompressionTest: ...


class Truth(NamedTuple):
    """What a step can ask about.

    Attributes:
        tab: The tab that shows it.
        is_number: Whether it is guessed with a slider or from a choice of texts.
        needs: The parameters that the state of the step must give.
        find: Asks for it: a number (shares in percent, 0..100; a count as an int) or a text.
        is_slow: Whether the first answer takes seconds.
        searches: The parameter that says what is searched, which the state may leave out.
        is_share: Whether it is a number of percent.
    """

    tab: str
    is_number: bool
    needs: tuple[str, ...]
    find: Callable[[Oracle, State], float | str]
    is_slow: Callable[[State], bool] = lambda _: False
    searches: str = ""
    is_share: bool = False


def _compare(oracle: Oracle, state: State) -> Comparison:
    return oracle.compare(state["text_a"], state["text_b"])


def _in_context(oracle: Oracle, state: State) -> float:
    return oracle.word_in_context(state["word"], state["sentences"]).by_layer[-1].mean


def _closer_to_people(oracle: Oracle, _: State) -> str:
    ratings = [oracle.human_ratings(name) for name in RATING_SETS]
    return max(ratings, key=lambda rated: rated.spearman).published.asked


def _nearest(oracle: Oracle, state: State) -> str:
    flags: dict[str, Any] = {"exclude_inputs": True}
    flags |= read_parameters(state, flags)
    candidates = state.get("candidates", "")
    matches = oracle.solve(state["expression"], candidates, top_k=1, **flags).matches
    if not matches:
        raise InputError(
            gettext("every candidate is a word of the expression: add other candidates.")
        )
    return matches[0].text


def _solved(oracle: Oracle) -> Section:
    return oracle.analogy_test().overall


def _found(oracle: Oracle, state: State) -> tuple[Hit, ...]:
    arguments: dict[str, Any] = {n: state[n] for n in ("documents", "method") if n in state}
    return oracle.search(state["query"], **arguments, top_k=1).matches


def _best_document(oracle: Oracle, state: State) -> str:
    return next((hit.text for hit in _found(oracle, state)), NO_DOCUMENT)


def _best_score(oracle: Oracle, state: State) -> float:
    return next((hit.score for hit in _found(oracle, state)), 0.0)


def _share_read(oracle: Oracle, state: State) -> float:
    result = oracle.passages(state["query"], state["text"])
    return 100 * result.whole.read_until / len(result.text)


def _dimensions_needed(oracle: Oracle, _: State) -> float:
    smallest = oracle.compression_test().smallest_good
    if smallest is None:
        raise InputError(gettext("no labelled query finds what answers it, so nothing is lost."))
    return smallest


def _always(_: State) -> bool:
    return True


_PAIR = ("text_a", "text_b")

TRUTHS = {
    "similarity": Truth("similarity", True, _PAIR, lambda o, state: _compare(o, state).similarity),
    "percentile": Truth(
        "similarity",
        True,
        _PAIR,
        lambda o, state: o.find_position(_compare(o, state)).percentile,
        is_share=True,
    ),
    # Of two sentences, that is the similarity of the word in one and in the other.
    "in_context": Truth("similarity", True, ("word", "sentences"), _in_context),
    "layer": Truth(
        "similarity",
        True,
        _PAIR,
        lambda o, state: o.layers(state["text_a"], state["text_b"]).stands_out_at,
        _always,
    ),
    "closer_to_people": Truth("similarity", False, (), _closer_to_people, _always),
    # Without candidates, the common words are ranked.
    "nearest": Truth(
        "arithmetic", False, ("expression",), _nearest, lambda state: "candidates" not in state
    ),
    "inputs_allowed": Truth(
        "arithmetic",
        True,
        (),
        lambda o, _: 100 * _solved(o).inputs_allowed,
        _always,
        is_share=True,
    ),
    "inputs_excluded": Truth(
        "arithmetic",
        True,
        (),
        lambda o, _: 100 * _solved(o).inputs_excluded,
        _always,
        is_share=True,
    ),
    "no_arithmetic": Truth(
        "arithmetic",
        True,
        (),
        lambda o, _: 100 * _solved(o).no_arithmetic,
        _always,
        is_share=True,
    ),
    "occupations": Truth("arithmetic", True, (), lambda o, _: o.occupations().pearson, _always),
    # A search by keywords loads a library first.
    "best_document": Truth(
        "search",
        False,
        ("query",),
        _best_document,
        lambda state: state.get("method", SEMANTIC) != SEMANTIC,
        searches="documents",
    ),
    "best_score": Truth("search", True, ("query",), _best_score, searches="documents"),
    "share_read": Truth("search", True, ("query",), _share_read, searches="text", is_share=True),
    "dimensions_needed": Truth(
        "search", True, (), _dimensions_needed, _always, searches="documents"
    ),
}
