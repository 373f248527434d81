"""What is the answer to a step of the guided lesson?"""

from embviz.analysis.search import SEMANTIC, Hit
from embviz.course.schema import Slider, Step
from embviz.inputs.links import read_parameters
from embviz.service import Service

# The answer where no document is found.
NO_DOCUMENT = "no document"


def compute_answer(step: Step, service: Service) -> float | str:
    """Ask the model what a visitor was asked.

    The parameters of the step's state are arguments of the endpoints, with the same defaults.

    Args:
        step: The step.
        service: What visitors can ask.

    Returns:
        A number for a step with a slider (shares in percent, 0..100), else a text.

    Raises:
        InputError: The state of the step cannot be answered.
    """
    state = step.state
    match step.truth:
        case "similarity":
            return service.compare(state["text_a"], state["text_b"]).similarity
        case "percentile":
            comparison = service.compare(state["text_a"], state["text_b"])
            return service.find_position(comparison).percentile
        case "closer_to_people":
            related, similar = service.rate("wordsim353"), service.rate("simlex999")
            return "related" if related.spearman > similar.spearman else "similar"
        case "nearest":
            defaults = {"exclude_inputs": True}
            flags = defaults | read_parameters(state, defaults)
            solution = service.solve(state["expression"], state.get("candidates", ""), 1, **flags)
            return solution.matches[0].text
        case "inputs_allowed" | "inputs_excluded" | "no_arithmetic":
            share: float = getattr(service.take_analogy_test().overall, step.truth)
            return 100 * share
        case "best_document":
            matches = _search(service, state)
            return matches[0].text if matches else NO_DOCUMENT
        case "best_score":
            matches = _search(service, state)
            return matches[0].score if matches else 0.0


def place(value: float, slider: Slider) -> float:
    """Where a number stands on a slider: 0 at its left end or beyond, 1 at its right.

    >>> place(0.5, Slider(low=-1, high=1, step=0.1))
    0.75
    """
    return min(max((value - slider.low) / (slider.high - slider.low), 0.0), 1.0)


def _search(service: Service, state: dict[str, str]) -> tuple[Hit, ...]:
    method = state.get("method", SEMANTIC)
    return service.search(state["query"], state.get("documents", ""), 1, method).matches
