"""All that embviz can be asked, declared once.

A question is what a section of the page answers. Its panels look closer at the answer. Endpoints
are what programs can call. The choices on the page, the values in links, the checks of a lesson,
the API and the tables of the README are derived from what stands here. Its words are English, and
said in the language of the page where they are shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from embviz.analysis import projection
from embviz.analysis.arithmetic import ADD
from embviz.analysis.arithmetic import Method as SolveMethod
from embviz.analysis.search import SEMANTIC, SearchResult
from embviz.analysis.search import Method as SearchMethod
from embviz.analysis.similarity import Comparison
from embviz.analysis.vocabulary import MOST_FREQUENT
from embviz.errors import InputError
from embviz.evaluation.datasets import RATING_SETS
from embviz.inputs.limits import MAX_CANDIDATES, MAX_DOCUMENTS
from embviz.inputs.links import current_value
from embviz.inputs.parsing import parse_choice, parse_flag
from embviz.language import gettext, gettext_noop
from embviz.models.encoder import Encoder
from embviz.service import Service, Texts, is_blank
from embviz.service_of_each_model import ModelFacts, Services
from embviz.service_of_several_models import (
    associate_by_model,
    compare_by_model,
    compare_models,
    model_agreement,
    model_tests,
    other_model,
    search_by_model,
    solve_by_model,
)
from embviz.views.analogies import view_analogies
from embviz.views.angle import view_angle
from embviz.views.arithmetic import solution_csv, view_solution
from embviz.views.association import association_csv, view_association
from embviz.views.association_by_model import view_association_by_model
from embviz.views.attribution import view_attribution
from embviz.views.axes import projection_csv, view_axis_plane, view_projection
from embviz.views.colours import COLOURS, DEFAULT_COLOURS, Colours
from embviz.views.compression import view_compression
from embviz.views.human_ratings import view_human_ratings
from embviz.views.layers import view_layers
from embviz.views.leaderboard import view_leaderboard
from embviz.views.method_comparison import view_methods
from embviz.views.model_agreement import view_model_agreement
from embviz.views.model_answers import view_model_answers
from embviz.views.model_comparison import view_model_comparison
from embviz.views.neighbours import view_neighbours
from embviz.views.occupations import view_occupations
from embviz.views.odd_one_out import view_odd_one_out
from embviz.views.passages import (
    passages_csv,
    view_marked_text,
    view_passages,
    view_prompt,
)
from embviz.views.perturbation import view_perturbations
from embviz.views.projection import view_map
from embviz.views.rankings import view_rankings
from embviz.views.retrieval import view_retrieval
from embviz.views.search import note_narrowed, search_csv, view_search
from embviz.views.similar_documents import view_similar
from embviz.views.similarity import (
    comparison_csv,
    summarise_comparison,
    view_comparison,
    view_vectors,
)
from embviz.views.similarity_matrix import similarity_matrix_csv, view_matrix
from embviz.views.solution_plane import view_plane
from embviz.views.themes import view_themes
from embviz.views.view import Fact, View
from embviz.views.word_in_context import (
    view_context_by_layer,
    view_word_in_context,
    word_in_context_csv,
)

# Which texts the arithmetic tab ranks, and what the page calls that.
LOOK_AMONG = {"mine": gettext_noop("My candidates"), "common": gettext_noop("Common English words")}
MY_CANDIDATES, COMMON_WORDS = LOOK_AMONG

COLOUR_TITLES: dict[Colours, str] = {
    "purple-green": gettext_noop("Purple to green"),
    "red-green": gettext_noop("Red to green"),
}


@dataclass(frozen=True)
class Panel:
    """A closer look at the answer to a question.

    Attributes:
        id: Its name in links, which never changes.
        title: What its button says.
        promise: What one will see there, in one line.
        show: What it shows; called with the service, and by name with the question's arguments.
        show_row: What it shows of a row of the answer that is picked; called with the service and
            the row's two texts, and then as `show` is. None where it shows the whole answer.
        is_for: Which models it can be asked of.
        by_models: Whether it asks several models: `show` is called with the services of all and
            the id of the chosen one then, in place of one service.
    """

    id: str
    title: str
    promise: str
    show: Callable[..., View]
    show_row: Callable[..., View] | None = None
    is_for: Callable[[Encoder], bool] = lambda _: True
    by_models: bool = False


@dataclass(frozen=True)
class Question:
    """What a section of the page answers.

    Attributes:
        id: Its name in links, which never changes.
        tab: The tab it stands in.
        name: What it is called beside the other questions of its tab.
        title: The question itself.
        show: The answer; called with the service, and by name with the question's arguments.
        panels: Closer looks at the answer, at most one of which is open.
        csv: The answer as a file; called as `show` is.
        texts: The texts whose vectors can be saved; called as `show` is.
        explanation: What it shows, a paragraph each; if empty, the course says so.
        exercises: Things to try; if empty, the course says so.
        is_for: Which models it can be asked of.
        is_lazy: Whether its first answer is computed when somebody looks at it, not at the start.
        facts: If it can be so, an example of the facts of its answer, by which a lesson is checked.
    """

    id: str
    tab: str
    name: str
    title: str
    show: Callable[..., View]
    panels: tuple[Panel, ...]
    csv: Callable[..., str]
    texts: Callable[..., Sequence[str]]
    explanation: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()
    is_for: Callable[[Encoder], bool] = lambda _: True
    is_lazy: bool = False
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)


def show_panel(panel: Panel, services: Services, model: object, arguments: dict[str, Any]) -> View:
    """What a panel shows, asked of a model.

    Raises:
        InputError: There is no answer to these arguments.
    """
    if panel.by_models:
        return panel.show(services, services.find(model), **arguments)
    return panel.show(services.get(model), **arguments)


@dataclass(frozen=True)
class Endpoint:
    """What programs can call. Its name, arguments and description are those of the function.

    Attributes:
        function: Gives the result, which is a dataclass or a tuple of them; its first argument is
            the service of the model that is asked.
        fields: Those fields and properties of the result that are answered; all fields if none are
            named. Of a view, the figure and the table are answered.
        by_models: Whether it asks several models: its first argument is the services of all then,
            and the endpoint takes no model of its own.
    """

    function: Callable[..., Any]
    fields: tuple[str, ...] = ()
    by_models: bool = False

    @property
    def name(self) -> str:
        return self.function.__name__


@dataclass(frozen=True)
class ComparisonAnswer:
    """How alike two texts are, and how high that is; see `Comparison` and `BaselinePosition`."""

    similarity: float
    angle_degrees: float
    percentile: float
    kind: str
    kind_percentile: float
    reading: str
    truncated: tuple[str, ...]


def compare(service: Service, text_a: str, text_b: str) -> ComparisonAnswer:
    """How alike are two texts, and how high is that?

    The answer holds the cosine similarity of their vectors and its angle; percentile, the share of
    random pairs of words that score lower; and kind_percentile, that share for the kind of pair
    that these texts are, since sentences score lower by chance than words do.

    Args:
        text_a: A word, a sentence or a paragraph.
        text_b: The text to compare it with.
    """
    comparison = service.compare(text_a, text_b)
    position = service.find_position(comparison)
    return ComparisonAnswer(
        comparison.similarity,
        comparison.angle_degrees,
        position.word_percentile,
        position.kind,
        position.percentile,
        summarise_comparison(comparison, position, _unknown(service, comparison)),
        comparison.truncated,
    )


def plot_compare(service: Service, text_a: str, text_b: str) -> View:
    """Draw two vectors as strips of colour, with their first ten values as a table.

    Args:
        text_a: A word, a sentence or a paragraph.
        text_b: The text to compare it with.
    """
    return view_vectors(service.compare(text_a, text_b))


def plot_similarity_matrix(
    service: Service, texts: Texts, ordered: bool = False, colours: Colours = DEFAULT_COLOURS
) -> View:
    """Draw a heat map of all pairs of a list, with the ranked pairs as a table.

    Args:
        texts: At least two texts; as one string, one text a line or with commas between them.
        ordered: Whether alike texts stand side by side.
        colours: The colours of the scale; the one in the middle is what unrelated texts score.
    """
    matrix = service.similarity_matrix(texts)
    return view_matrix(
        matrix,
        ordered=parse_flag(ordered, gettext_noop("Ordered")),
        colours=parse_choice(
            current_value("colours", colours), gettext_noop("Colours"), tuple(COLOURS)
        ),
        max_tokens=service.encoder.max_tokens,
        chance=service.baseline.chance(matrix.texts),
    )


def plot_solve(
    service: Service,
    expression: str,
    candidates: Texts = [],  # noqa: B006 (the default is what the API page shows)
    top_k: int = 5,
    exclude_inputs: bool = True,
    method: SolveMethod = ADD,
) -> View:
    """Draw the texts nearest to the result of an expression as bars, with the ranked table.

    Args:
        expression: Terms joined by + and - with spaces around the sign; 0.5 * word is half.
        candidates: The texts to rank, each once; none for some 10,000 common English words.
        top_k: How many of the nearest to show.
        exclude_inputs: Whether the words of the expression are left out of the ranking.
        method: 3CosAdd adds the vectors, 3CosMul multiplies the similarities to each term.
    """
    solution = service.solve(expression, candidates, top_k, exclude_inputs, method)
    return view_solution(
        solution,
        chance_percentile=service.chance_of_match(solution),
        among_common_words=is_blank(candidates),
        max_tokens=service.encoder.max_tokens,
    )


def plot_search(
    service: Service,
    query: str,
    documents: Texts = [],  # noqa: B006
    top_k: int = 3,
    method: SearchMethod = SEMANTIC,
) -> View:
    """Draw the documents that fit a query best as bars, with the ranked table.

    Args:
        query: What to look for, in any words.
        documents: The texts to search; none for those of the course: its collection, or titles.
        top_k: How many of the best to show.
        method: semantic ranks by cosine similarity, keyword by BM25, fused by both ranks.
    """
    result = service.search(query, documents, top_k, method)
    return view_search(
        result,
        chance_percentile=service.chance_percentile(result),
        max_tokens=service.encoder.max_tokens,
    )


def models(services: Services) -> tuple[ModelFacts, ...]:
    """Which models can be asked? The first one is asked where none is named.

    max_tokens is null where a model reads all of a text, layers where there are none to look into;
    error says why a model cannot be had.
    """
    return services.facts()


ENDPOINTS = (
    Endpoint(compare),
    Endpoint(Service.explain, ("tokens_a", "tokens_b", "contributions", "similarity")),
    Endpoint(
        Service.similarity_matrix, ("texts", "similarities", "order", "odd_one_out", "truncated")
    ),
    Endpoint(Service.solve),
    Endpoint(Service.search, ("matches", "truncated")),
    Endpoint(Service.embed),
    Endpoint(Service.human_ratings, ("spearman", "pairs")),
    Endpoint(Service.analogy_test, ("sections", "overall")),
    Endpoint(Service.retrieval_test, ("ndcg", "recall", "queries")),
    Endpoint(plot_compare),
    Endpoint(plot_similarity_matrix),
    Endpoint(plot_solve),
    Endpoint(plot_search),
    Endpoint(Service.layers, ("layers",)),
    Endpoint(Service.word_in_context, ("occurrences", "similarities", "by_layer")),
    Endpoint(Service.project, ("positions", "kept")),
    Endpoint(
        Service.association_test,
        ("effect_size", "p_value", "targets", "attributes", "published"),
    ),
    Endpoint(Service.occupations),
    Endpoint(Service.passages, ("passages", "whole", "prompt")),
    Endpoint(Service.themes, ("themes", "silhouette")),
    Endpoint(Service.compression_test, ("rows",)),
    Endpoint(models, by_models=True),
    Endpoint(compare_models, by_models=True),
    Endpoint(model_agreement, ("spearman", "neighbour_overlap", "cka"), by_models=True),
    Endpoint(model_tests, by_models=True),
)


# Two texts, and their panels.


def _unknown(service: Service, comparison: Comparison) -> Sequence[str]:
    return service.encoder.unknown([comparison.text_a, comparison.text_b])


def _shows_tokens(encoder: Encoder) -> bool:
    return encoder.family not in ("static", "remote")


def _show_comparison(service: Service, text_a: str, text_b: str) -> View:
    comparison = service.compare(text_a, text_b)
    return view_comparison(
        comparison,
        service.find_position(comparison),
        unknown=_unknown(service, comparison),
        max_tokens=service.encoder.max_tokens,
    )


def _show_vectors(service: Service, text_a: str, text_b: str) -> View:
    return view_vectors(service.compare(text_a, text_b))


def _show_angle(service: Service, text_a: str, text_b: str) -> View:
    return view_angle(service.compare(text_a, text_b))


def _show_tokens(service: Service, text_a: str, text_b: str) -> View:
    return view_attribution(service.explain(text_a, text_b), gettext("Text A"), gettext("Text B"))


def _has_layers(encoder: Encoder) -> bool:
    return encoder.layers is not None


def _show_layers(service: Service, text_a: str, text_b: str) -> View:
    return view_layers(service.layers(text_a, text_b))


def _show_changes(service: Service, text_a: str, text_b: str) -> View:
    return view_perturbations(service.perturb(text_a))


def _show_neighbours(service: Service, text_a: str, text_b: str) -> View:
    texts = _compared_texts(service, text_a, text_b)
    nearest = [service.find_neighbours(text) for text in texts]
    return view_neighbours(*texts, *nearest, choices=len(service.common_words.load().texts))


def _show_people(service: Service, text_a: str, text_b: str) -> View:
    ratings = [service.human_ratings(name) for name in RATING_SETS]
    return view_human_ratings(ratings, *_compared_texts(service, text_a, text_b))


def _show_by_model(services: Services, model: str, text_a: str, text_b: str) -> View:
    return view_model_comparison(compare_by_model(services, text_a, text_b))


def _show_leaderboard(services: Services, model: str, text_a: str, text_b: str) -> View:
    return view_leaderboard(model_tests(services))


# Panels of a list.


def _show_list(service: Service, model_b: str, **arguments: Any) -> View:
    return plot_similarity_matrix(service, **arguments)


def _show_agreement(
    services: Services, model: str, /, texts: Texts, model_b: str, **_: object
) -> View:
    other = other_model(services, model, model_b)
    agreement = model_agreement(services, texts, model, other)
    return view_model_agreement(
        agreement, services.entries[model].name, services.entries[other].name
    )


def _show_odd_one_out(service: Service, texts: Texts, **_: object) -> View:
    return view_odd_one_out(service.similarity_matrix(texts))


def _show_map_of_list(
    method: projection.Method, service: Service, /, texts: Texts, **_: object
) -> View:
    return view_map(service.map_texts(texts, method))


# A word in several sentences, and its panels.


def _show_word_in_context(service: Service, **arguments: Any) -> View:
    return view_word_in_context(service.word_in_context(**arguments))


def _show_context_by_layer(service: Service, **arguments: Any) -> View:
    return view_context_by_layer(service.word_in_context(**arguments))


def _show_map_of_occurrences(
    method: projection.Method, service: Service, /, **arguments: Any
) -> View:
    return view_map(service.map_occurrences(service.word_in_context(**arguments), method))


# Panels of an equation.


def _show_plane(service: Service, **arguments: Any) -> View:
    return view_plane(service.project_solution(service.solve(**arguments)))


def _show_methods(service: Service, expression: str, candidates: Texts, **_: object) -> View:
    return view_methods(service.compare_methods(expression, candidates))


def _show_occupations(service: Service, **_: object) -> View:
    return view_occupations(service.occupations())


def _show_analogies(service: Service, **_: object) -> View:
    return view_analogies(service.analogy_test())


def _show_solutions(
    services: Services,
    model: str,
    expression: str,
    candidates: Texts,
    exclude_inputs: bool,
    **_: object,
) -> View:
    return view_model_answers(solve_by_model(services, expression, candidates, exclude_inputs))


# Texts on an axis, and their panels.


def _show_projection(service: Service, texts: Texts, low: Texts, high: Texts, **_: object) -> View:
    max_tokens = service.encoder.max_tokens
    return view_projection(service.project(texts, low, high), max_tokens=max_tokens)


def _show_axis_plane(service: Service, **arguments: Any) -> View:
    max_tokens = service.encoder.max_tokens
    return view_axis_plane(service.project_on_two(**arguments), max_tokens=max_tokens)


# An association test, and its panels.


def _show_association(service: Service, **lists: Any) -> View:
    return view_association(service.associate(**lists), max_tokens=service.encoder.max_tokens)


def _show_association_by_model(services: Services, model: str, **lists: Any) -> View:
    return view_association_by_model(associate_by_model(services, **lists))


# Documents, and their panels. How many themes to make is a question of one of them only.


def _show_documents(service: Service, query: str, count: int = 0, **arguments: Any) -> View:
    return plot_search(service, query, **arguments)


def _search(service: Service, /, count: int = 0, **arguments: Any) -> SearchResult:
    return service.search(**arguments)


def _show_document_tokens(service: Service, found_by: str, document: str, **_: object) -> View:
    view = view_attribution(
        service.explain(found_by, document), gettext("Query"), gettext("Document")
    )
    return replace(view, row=(found_by, document))


def _show_similar(
    service: Service, found_by: str, document: str, /, documents: Texts, **_: object
) -> View:
    comparison = service.more_like_this(document, documents)
    explanation = service.explain_nearest(document, comparison)
    return replace(view_similar(document, comparison, explanation), row=(found_by, document))


def _show_best(show_row: Callable[..., View], service: Service, /, **arguments: Any) -> View:
    result = _search(service, **arguments)
    if not result.matches:
        raise InputError(gettext("No document was found, so there is none to look at."))
    return show_row(service, result.query, result.matches[0].text, **arguments)


def _show_rankings(service: Service, query: str, documents: Texts, **_: object) -> View:
    return view_rankings(service.compare_rankings(query, documents))


def _show_map_of_documents(
    method: projection.Method, service: Service, /, **arguments: Any
) -> View:
    result = _search(service, **arguments)
    drawn = service.narrow(result)
    hits = [hit.index + 1 for hit in drawn.matches]
    view = view_map(service.map_search(drawn, method), hits=hits)
    return replace(view, notes=(*view.notes, note_narrowed(result, drawn)))


def _show_hits(services: Services, model: str, query: str, documents: Texts, **_: object) -> View:
    return view_model_answers(search_by_model(services, query, documents))


def _show_themes(service: Service, /, count: int = 0, **arguments: Any) -> View:
    result = _search(service, **arguments)
    grouped = service.narrow(result)
    themes = service.find_themes(grouped.documents, count)
    view = view_themes(themes, service.map_themes(themes), service.encoder.max_tokens)
    return replace(view, notes=(*view.notes, note_narrowed(result, grouped)))


def _show_compression(service: Service, **_: object) -> View:
    return view_compression(service.compression_test())


def _show_retrieval(service: Service, **_: object) -> View:
    return view_retrieval(service.retrieval_test())


# A long text, and its panels.


def _show_passages(service: Service, **arguments: Any) -> View:
    result = service.passages(**arguments)
    chance = service.baseline.chance([result.query, *(p.text for p in result.passages)])
    return view_passages(result, service.encoder.max_tokens, chance)


def _show_marked_text(service: Service, **arguments: Any) -> View:
    return view_marked_text(service.passages(**arguments))


def _show_prompt(service: Service, **arguments: Any) -> View:
    result = service.passages(**arguments)
    return view_prompt(result, chance_percentile=service.chance_of_passage(result))


def _map_panels(show: Callable[..., View]) -> tuple[Panel, ...]:
    """A panel for each way to draw a map; `show` is called with the method first."""
    panels: dict[projection.Method, tuple[str, str, str]] = {
        "PCA": (
            "map-pca",
            gettext_noop("Map: PCA"),
            gettext_noop("Keeps the directions in which the texts differ most."),
        ),
        "MDS": (
            "map-mds",
            gettext_noop("Map: MDS"),
            gettext_noop("Far apart here is far apart in meaning, as well as a plane can show."),
        ),
        "t-SNE": (
            "map-tsne",
            gettext_noop("Map: t-SNE"),
            gettext_noop("Keeps neighbours together; distances mean little."),
        ),
        "random layout": (
            "map-random",
            gettext_noop("Map: random layout"),
            gettext_noop("What a map without meaning looks like."),
        ),
    }
    return tuple(
        Panel(id, title, promise, partial(show, method))
        for method, (id, title, promise) in panels.items()
    )


# What can be saved.


def _comparison_csv(service: Service, text_a: str, text_b: str) -> str:
    return comparison_csv(service.compare(text_a, text_b))


def _compared_texts(service: Service, text_a: str, text_b: str) -> tuple[str, str]:
    comparison = service.compare(text_a, text_b)
    return comparison.text_a, comparison.text_b


def _matrix_csv(service: Service, texts: Texts, **_: object) -> str:
    return similarity_matrix_csv(service.similarity_matrix(texts))


def _matrix_texts(service: Service, texts: Texts, **_: object) -> Sequence[str]:
    return service.similarity_matrix(texts).texts


def _context_csv(service: Service, **arguments: Any) -> str:
    return word_in_context_csv(service.word_in_context(**arguments))


def _context_texts(service: Service, **arguments: Any) -> Sequence[str]:
    return tuple(o.text for o in service.word_in_context(**arguments).occurrences)


def _projection_csv(service: Service, texts: Texts, low: Texts, high: Texts, **_: object) -> str:
    return projection_csv(service.project(texts, low, high))


def _projected_texts(
    service: Service, texts: Texts, low: Texts, high: Texts, **_: object
) -> Sequence[str]:
    projection = service.project(texts, low, high)
    placed = sorted(projection.positions, key=lambda position: position.index)
    return tuple(dict.fromkeys([*(p.text for p in placed), *projection.low, *projection.high]))


def _association_csv(service: Service, **lists: Any) -> str:
    return association_csv(service.associate(**lists))


def _associated_texts(service: Service, **lists: Any) -> Sequence[str]:
    test = service.associate(**lists)
    words = (word.text for words in (*test.targets, *test.attributes) for word in words.words)
    return tuple(dict.fromkeys(words))


def _solution_csv(service: Service, **arguments: Any) -> str:
    return solution_csv(service.solve(**arguments | {"top_k": MOST_FREQUENT}))


def _solution_texts(service: Service, **arguments: Any) -> Sequence[str]:
    # Of the common words, only as many as there may be candidates.
    solution = service.solve(**arguments | {"top_k": MAX_CANDIDATES})
    terms, matches = (t.text for t in solution.terms), (m.text for m in solution.matches)
    return tuple(dict.fromkeys((*terms, *matches)))


def _search_csv(service: Service, **arguments: Any) -> str:
    return search_csv(_search(service, **arguments | {"top_k": MAX_DOCUMENTS}))


def _passages_csv(service: Service, **arguments: Any) -> str:
    return passages_csv(service.passages(**arguments))


def _passage_texts(service: Service, **arguments: Any) -> Sequence[str]:
    result = service.passages(**arguments)
    return result.query, *(passage.text for passage in result.passages)


def _searched_texts(service: Service, **arguments: Any) -> Sequence[str]:
    result = _search(service, **arguments)
    return result.query, *service.narrow(result).documents


TWO_TEXTS = Question(
    "texts",
    "similarity",
    gettext_noop("Two texts"),
    gettext_noop("How alike are two texts?"),
    _show_comparison,
    (
        Panel(
            "vectors",
            gettext_noop("Which numbers are compared?"),
            gettext_noop("The two lists of numbers, as strips of colour."),
            _show_vectors,
        ),
        Panel(
            "angle",
            gettext_noop("Which angle is that?"),
            gettext_noop("Both vectors as arrows, at their true angle."),
            _show_angle,
        ),
        Panel(
            "tokens",
            gettext_noop("Which words made the score?"),
            gettext_noop("Each piece of the texts, shaded by what it adds to the score."),
            _show_tokens,
            is_for=_shows_tokens,
        ),
        Panel(
            "layers",
            gettext_noop("Where does the score come from?"),
            gettext_noop("The similarity after each layer of the model, beside random pairs."),
            _show_layers,
            is_for=_has_layers,
        ),
        Panel(
            "changes",
            gettext_noop("What does the model hear?"),
            gettext_noop("Text A with a typo, in capitals, negated…: which change moves it most?"),
            _show_changes,
        ),
        Panel(
            "neighbours",
            gettext_noop("Which words are near?"),
            gettext_noop("The common words that lie nearest to each text."),
            _show_neighbours,
        ),
        Panel(
            "models",
            gettext_noop("What do other models say?"),
            gettext_noop("The same pair by each model, on its own scale."),
            _show_by_model,
            by_models=True,
        ),
        Panel(
            "people",
            gettext_noop("Test this claim: do people agree?"),
            gettext_noop("What people said about 1,300 pairs of words, beside the model."),
            _show_people,
        ),
        Panel(
            "leaderboard",
            gettext_noop("Test this claim: which model is best?"),
            gettext_noop("Each model takes all tests. The first time that takes half a minute."),
            _show_leaderboard,
            by_models=True,
        ),
    ),
    _comparison_csv,
    _compared_texts,
)
LIST = Question(
    "list",
    "similarity",
    gettext_noop("A list of words"),
    gettext_noop("How alike are the words of a list?"),
    _show_list,
    (
        Panel(
            "odd-one-out",
            gettext_noop("Which one is odd?"),
            gettext_noop("The word that is least like all the others."),
            _show_odd_one_out,
        ),
        *_map_panels(_show_map_of_list),
        Panel(
            "models",
            gettext_noop("Do two models agree?"),
            gettext_noop("The list by this model and another one, side by side."),
            _show_agreement,
            by_models=True,
        ),
    ),
    _matrix_csv,
    _matrix_texts,
)
CONTEXT = Question(
    "context",
    "similarity",
    gettext_noop("In context"),
    gettext_noop("Does a word mean the same in every sentence?"),
    _show_word_in_context,
    (
        Panel(
            "by-layer",
            gettext_noop("From which layer on?"),
            gettext_noop("How alike the word is to itself after each layer of the model."),
            _show_context_by_layer,
        ),
        *_map_panels(_show_map_of_occurrences),
    ),
    _context_csv,
    _context_texts,
    explanation=(
        gettext_noop(
            "A word stands in several sentences. The model gives it a vector in each, once it has "
            "read the whole sentence. The left grid compares these vectors. The right one compares "
            "what the word is before its sentence is read: the same everywhere."
        ),
        gettext_noop(
            "A model reads in steps, its layers. In each layer a word takes in something from "
            "those around it. Choose a layer to see how far that has gone."
        ),
    ),
    exercises=(
        gettext_noop("Try another word with two meanings, such as spring, mouse or court."),
        gettext_noop("Put one sentence about a river among five about money. Is it found?"),
        gettext_noop(
            "Try a word with one meaning, such as piano. It falls into two groups as well: how far "
            "apart are they?"
        ),
    ),
    is_for=_has_layers,
    is_lazy=True,
    facts={"mean": 0.0, "within": 0.0, "across": 0.0},
)
_OCCUPATIONS = Panel(
    "occupations",
    gettext_noop("Test this claim: he or she?"),
    gettext_noop("40 occupations between he and she, beside the share of women in each."),
    _show_occupations,
)
EQUATION = Question(
    "equation",
    "arithmetic",
    gettext_noop("An expression"),
    gettext_noop("Can you calculate with meaning?"),
    plot_solve,
    (
        Panel(
            "plane",
            gettext_noop("Where does it lead?"),
            gettext_noop("The words as arrows, and where their sum points."),
            _show_plane,
        ),
        Panel(
            "methods",
            gettext_noop("Did the arithmetic do it?"),
            gettext_noop("Would the answer be the same without any arithmetic?"),
            _show_methods,
        ),
        Panel(
            "models",
            gettext_noop("What do other models answer?"),
            gettext_noop("The first three answers of each model."),
            _show_solutions,
            by_models=True,
        ),
        Panel(
            "analogies",
            gettext_noop("Test this claim: how often does it work?"),
            gettext_noop("19,544 questions of a published test, by kind."),
            _show_analogies,
        ),
        _OCCUPATIONS,
    ),
    _solution_csv,
    _solution_texts,
)
AXES = Question(
    "axes",
    "arithmetic",
    gettext_noop("An axis"),
    gettext_noop("Where do words stand between two opposites?"),
    _show_projection,
    (
        Panel(
            "plane",
            gettext_noop("And on a second axis?"),
            gettext_noop(
                "The same words between two more ends: a plane whose directions mean something."
            ),
            _show_axis_plane,
        ),
        _OCCUPATIONS,
    ),
    _projection_csv,
    _projected_texts,
    explanation=(
        gettext_noop(
            "Two ends, such as tiny and gigantic, make a direction: from the mean vector of the "
            "words at one end to that of the words at the other. Every word lies somewhere along "
            "it. The percentage says how many of some 10,000 common English words lie lower."
        ),
        gettext_noop(
            "An axis is one direction among hundreds, so it holds little of what a word means. It "
            "also holds whatever else sets its ends apart: change their words, and see what "
            "becomes of the order."
        ),
    ),
    exercises=(
        gettext_noop(
            "Make an axis for your own subject: acid to base, classical to modern, slow to fast."
        ),
        gettext_noop("Leave out a word of one end. Which one does the order depend on most?"),
        gettext_noop("Swap the two ends. What changes, and what does not?"),
    ),
    is_lazy=True,
    facts={"lowest": "", "highest": "", "kept": 0.0},
)
ASSOCIATION = Question(
    "association",
    "arithmetic",
    gettext_noop("Prejudice"),
    gettext_noop("What prejudice did it learn?"),
    _show_association,
    (
        _OCCUPATIONS,
        Panel(
            "models",
            gettext_noop("What do other models associate?"),
            gettext_noop("The same words by each model, one without training among them."),
            _show_association_by_model,
            by_models=True,
        ),
    ),
    _association_csv,
    _associated_texts,
    explanation=(
        gettext_noop(
            "Are the words of one group nearer to one attribute than the words of the other group "
            "are? So ask the tests of Caliskan, Bryson and Narayanan (2017). Psychologists ask "
            "people the same by measuring how fast they sort such words."
        ),
        gettext_noop(
            "The effect size is the difference between the two groups in standard deviations: 0 is "
            "no difference, and above 0.8 counts as large. p says how often words that are divided "
            "into two groups at random do as well."
        ),
    ),
    exercises=(
        gettext_noop(
            "Take words out, or put others in. How many does it take to change the result?"
        ),
        gettext_noop("Test something harmless: coffee or tea, bitter or sweet."),
        gettext_noop("Choose a test, say what you expect, and then take it."),
    ),
    is_lazy=True,
    facts={"effect_size": 0.0, "p_value": 0.0},
)
DOCUMENTS = Question(
    "documents",
    "search",
    gettext_noop("Documents"),
    gettext_noop("Which documents match?"),
    _show_documents,
    (
        Panel(
            "tokens",
            gettext_noop("Which words made the score?"),
            gettext_noop("Each piece of query and best document, by what it adds to the score."),
            partial(_show_best, _show_document_tokens),
            _show_document_tokens,
            is_for=_shows_tokens,
        ),
        Panel(
            "similar",
            gettext_noop("More like this"),
            gettext_noop("The documents nearest to one of them, by each method, and why."),
            partial(_show_best, _show_similar),
            _show_similar,
        ),
        Panel(
            "rankings",
            gettext_noop("Meaning or keywords?"),
            gettext_noop("The first documents by each method, side by side."),
            _show_rankings,
        ),
        Panel(
            "themes",
            gettext_noop("Which themes are there?"),
            gettext_noop("The documents in groups, each named by the words that set it apart."),
            _show_themes,
        ),
        *_map_panels(_show_map_of_documents),
        Panel(
            "models",
            gettext_noop("What do other models find?"),
            gettext_noop("The first three documents of each model."),
            _show_hits,
            by_models=True,
        ),
        Panel(
            "retrieval",
            gettext_noop("Test this claim: does meaning win?"),
            gettext_noop("Labelled queries, searched by each method."),
            _show_retrieval,
        ),
        Panel(
            "compression",
            gettext_noop("Test this claim: does it need all its numbers?"),
            gettext_noop("What fewer dimensions and fewer bits save, and what they lose."),
            _show_compression,
        ),
    ),
    _search_csv,
    _searched_texts,
    facts={"best_document": "", "best_score": 0.0, "method": ""},
)
PASSAGES = Question(
    "passages",
    "search",
    gettext_noop("A long text"),
    gettext_noop("Where in a long text is the answer?"),
    _show_passages,
    (
        Panel(
            "in-text",
            gettext_noop("Where do they stand?"),
            gettext_noop("The whole text, with the best passages marked."),
            _show_marked_text,
        ),
        Panel(
            "prompt",
            gettext_noop("What would a chatbot be given?"),
            gettext_noop("The question and the best passages, as one prompt to read and copy."),
            _show_prompt,
        ),
    ),
    _passages_csv,
    _passage_texts,
    explanation=(
        gettext_noop(
            "A model reads only the first tokens of a text (words or pieces of words) and drops "
            "the rest silently. And one vector has to stand for all that a text says. So a long "
            "text is cut into passages, and each passage has a vector of its own."
        ),
        gettext_noop(
            "Chatbots that answer from documents work like this: the passages nearest to the "
            "question are put before it, and the language model is asked to answer from them "
            "(retrieval-augmented generation)."
        ),
    ),
    exercises=(
        gettext_noop("Ask about something that stands at the very end of the text."),
        gettext_noop(
            "Make the passages smaller. Is the best one still found? Does it still make sense "
            "alone?"
        ),
        gettext_noop(
            "Open a chapter or an article that you know, and ask what nobody has asked it yet."
        ),
    ),
    is_lazy=True,
    facts={"best_score": 0.0, "whole_score": 0.0},
)
QUESTIONS = (TWO_TEXTS, LIST, CONTEXT, EQUATION, AXES, ASSOCIATION, DOCUMENTS, PASSAGES)
