"""What visitors may ask of several models at once, within the limits of `Service`."""

from dataclasses import dataclass
from typing import Any

from embviz.analysis import model_comparison
from embviz.analysis.arithmetic import ADD
from embviz.analysis.model_comparison import (
    ModelAgreement,
    ModelAnswers,
    ModelComparison,
    UnavailableModel,
    measure_agreement,
)
from embviz.analysis.search import SEMANTIC
from embviz.errors import InputError
from embviz.evaluation.association import ModelAssociation
from embviz.evaluation.leaderboard import Leaderboard, ModelResults
from embviz.language import gettext
from embviz.service import Service, Texts
from embviz.service_of_each_model import Services

# Of an equation or a query, so many answers of each model are shown.
_FIRST = 3


@dataclass(frozen=True)
class ModelScore:
    """What one model says of two texts.

    Attributes:
        model: Its id.
        similarity: Cosine, -1..1; on a scale of the model's own.
        percentile: Share of random pairs of words that score lower with this model, 0..100.
    """

    model: str
    similarity: float
    percentile: float


def compare_models(
    services: Services, text_a: str, text_b: str
) -> tuple[ModelScore | UnavailableModel, ...]:
    """How alike are two texts to each model? Similarities cannot be compared, percentiles can.

    One entry a model, in the order of /models; error says why a model cannot be had.

    Args:
        text_a: A word, a sentence or a paragraph.
        text_b: The text to compare it with.
    """
    return tuple(
        ModelScore(row.model, row.position.similarity, row.position.word_percentile)
        if isinstance(row, ModelComparison)
        else row
        for row in compare_by_model(services, text_a, text_b)
    )


def compare_by_model(
    services: Services, text_a: str, text_b: str
) -> tuple[ModelComparison | UnavailableModel, ...]:
    """Compare two texts by every model.

    Raises:
        InputError: A text cannot be read.
    """
    parsed = services.default.compare(text_a, text_b)

    def ask(id: str, name: str, service: Service) -> ModelComparison:
        return model_comparison.compare_by_model(
            id, name, service.encoder, service.baseline, parsed.text_a, parsed.text_b
        )

    return services.by_model(ask)


def model_agreement(services: Services, texts: Texts, model_a: str, model_b: str) -> ModelAgreement:
    """How far do two models agree on a list of texts?

    spearman compares the order of all pairs, neighbour_overlap the nearest texts of each, cka the
    vectors themselves. 1 is full agreement in each.

    Args:
        texts: At least three texts; as one string, one text a line or with commas between them.
        model_a: A model: an id of /models; empty for the first.
        model_b: The model to compare it with.
    """
    # Before the texts are encoded; and what is wrong with these is said before a model is loaded.
    model_a, model_b = services.find(model_a), services.find(model_b)
    parsed = services.default.similarity_matrix(texts).texts
    a, b = services.get(model_a), services.get(model_b)
    return measure_agreement(
        parsed, a.encoder.encode(parsed), b.encoder.encode(parsed), a.baseline, b.baseline
    )


def solve_by_model(
    services: Services, expression: str, candidates: Texts, exclude_inputs: bool
) -> tuple[ModelAnswers | UnavailableModel, ...]:
    """Solve an expression by every model.

    Raises:
        InputError: The expression or the candidates cannot be read.
    """

    def ask(id: str, name: str, service: Service) -> ModelAnswers:
        solution = service.solve(expression, candidates, _FIRST, exclude_inputs, ADD)
        return ModelAnswers(id, name, solution.matches)

    return services.by_model(ask)


def search_by_model(
    services: Services, query: str, documents: Texts
) -> tuple[ModelAnswers | UnavailableModel, ...]:
    """Search documents by meaning with every model, and judge each by the lesson's queries.

    Raises:
        InputError: The query or the documents cannot be read.
    """

    def ask(id: str, name: str, service: Service) -> ModelAnswers:
        matches = service.search(query, documents, _FIRST, SEMANTIC).matches
        return ModelAnswers(id, name, matches, service.title_test().ndcg[SEMANTIC])

    return services.by_model(ask)


def associate_by_model(
    services: Services, **lists: Any
) -> tuple[ModelAssociation | UnavailableModel, ...]:
    """Let every model take an association test.

    Args:
        services: All models.
        **lists: Arguments of `Service.associate`.

    Raises:
        InputError: The words cannot be read.
    """

    def ask(id: str, name: str, service: Service) -> ModelAssociation:
        is_untrained = service.encoder.family == "untrained"
        return ModelAssociation(id, name, is_untrained, service.associate(**lists))

    return services.by_model(ask)


def model_tests(services: Services) -> Leaderboard:
    """How does each model do in all the tests? Human ratings, analogies, retrieval and speed.

    The untrained model is the floor: only what another scores above it was learnt. Each test is
    taken once for all who ask.
    """

    def ask(id: str, name: str, service: Service) -> ModelResults:
        return service.take_all_tests(id, name)

    return Leaderboard(services.by_model(ask))


def other_model(services: Services, model: str, other: str) -> str:
    """The model to compare one with: the other that is named, or else the first that differs.

    Raises:
        InputError: The catalogue has one model only, or no such model.
    """
    for id in (services.find(other), *services.entries):
        if id != model:
            return id
    raise InputError(gettext("There is only one model here, so none to compare it with."))
