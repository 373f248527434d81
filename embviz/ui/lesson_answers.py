"""What is the answer to a step of the guided lesson?"""

from typing import Any

from embviz.analysis.search import Hit
from embviz.course.course_files import Slider, Step
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
            ratings = [service.human_ratings(name) for name in ("wordsim353", "simlex999")]
            return max(ratings, key=lambda rated: rated.spearman).published.asked
        case "nearest":
            flags = read_parameters(state, {"exclude_inputs": True})
            arguments: dict[str, Any] = {"candidates": state.get("candidates", ""), **flags}
            return service.solve(state["expression"], **arguments, top_k=1).matches[0].text
        case "inputs_allowed" | "inputs_excluded" | "no_arithmetic":
            share: float = getattr(service.analogy_test().overall, step.truth)
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
    arguments: dict[str, Any] = {n: state[n] for n in ("documents", "method") if n in state}
    return service.search(state["query"], **arguments, top_k=1).matches
