"""The tasks of the lesson: none is done at the start, and the real model can do each."""

import re
from pathlib import Path

import pytest

from embviz.analysis.search import KEYWORD
from embviz.capabilities import AXES, CONTEXT, DOCUMENTS, EQUATION, PASSAGES, TWO_TEXTS
from embviz.course.truths import NO_DOCUMENT
from embviz.inputs.links import read_parameters
from embviz.views.association import view_association

QUESTIONS = {"similarity": TWO_TEXTS, "arithmetic": EQUATION, "search": DOCUMENTS}

# What to change in the inputs of a step, so that its task is done.
SOLUTIONS = {
    "Two words, one number": {"text_a": "lawyer", "text_b": "attorney"},
    "Nothing in common": {"text_a": "violin", "text_b": "tax"},
    "How high is high?": {"text_a": "octopus", "text_b": "banjo"},
    "Opposites": {"text_a": "legal", "text_b": "illegal"},
    "One word, two sentences": {
        "sentences": "The light in the hall was too bright to sleep.\n"
        "The light in the hall was bright."
    },
    "The famous example": {"expression": "duke - male + female"},
    "What if nothing is left out?": {"expression": "puppy - dog + cat", "candidates": "kitten"},
    "Your own mixture": {"expression": "2 * ice cream + summer"},
    "Not a word in common": {"query": "coral"},
    "Nothing fits": {"query": "digital ledgers for banks"},
    "The end of a long text": {"query": "How was the wall built?"},
}


def find_facts(service, step, **changes):
    """What the answer shows that a task can check, once the inputs of a step are changed."""
    state = {name: value for name, value in step.state.items() if name != "panel"} | changes
    named = {question.id: question for question in (CONTEXT, PASSAGES)}
    question = named.get(state.pop("question", ""), QUESTIONS[step.tab])
    flags = read_parameters(state, {"exclude_inputs": True})
    return question.show(service, **state | flags).facts


def holds(condition, fact):
    return (
        fact is not None
        and (condition.above is None or fact > condition.above)
        and (condition.below is None or fact < condition.below)
        and (condition.is_ is None or fact == condition.is_)
    )


def is_done(task, facts):
    """As lesson.js checks it."""
    return all(holds(condition, facts[name]) for name, condition in task.check.items())


def test_most_steps_end_in_a_task(lesson):
    assert {step.title for step in lesson.steps if step.task} == set(SOLUTIONS)


@pytest.mark.parametrize("title", SOLUTIONS)
def test_a_task_is_open_at_the_start_and_can_be_done(lesson, service, title):
    (step,) = (step for step in lesson.steps if step.title == title)
    assert not is_done(step.task, find_facts(service, step))
    assert is_done(step.task, find_facts(service, step, **SOLUTIONS[title]))
    # What teachers are told.
    assert is_done(step.task, find_facts(service, step, **step.notes.solution))


def test_the_facts_are_those_that_the_answer_shows(service):
    position = TWO_TEXTS.show(service, "king", "queen")
    assert position.numbers["similarity"] == f"{position.facts['similarity']:.3f}"
    assert position.facts["percentile"] == pytest.approx(99.98, abs=0.02)
    assert position.facts["kind"] == "words"

    equation = {"expression": "king − male + female", "candidates": "queen, lady"}
    left_out = EQUATION.show(service, **equation).facts
    assert (left_out["nearest"], left_out["nearest_is_input"]) == ("queen", False)
    assert left_out["nearest_similarity"] == pytest.approx(0.7048, abs=1e-4)
    assert left_out["expression"] == "king − male + female"
    assert left_out["inputs_left_out"] is True
    kept = EQUATION.show(service, **equation, exclude_inputs=False).facts
    assert (kept["nearest"], kept["nearest_is_input"]) == ("king", True)
    assert kept["inputs_left_out"] is False

    found = DOCUMENTS.show(service, "medical AI applications").facts
    assert found["best_document"] == "AI-Based Disease Diagnosis Using Medical Imaging"
    assert found["best_score"] == pytest.approx(0.637, abs=5e-4)


def test_the_readme_names_every_fact(service):
    readme = (Path(__file__).parent.parent.parent / "examples" / "README.md").read_text()
    answers = [
        TWO_TEXTS.show(service, "king", "queen"),
        EQUATION.show(service, "king"),
        DOCUMENTS.show(service, "king"),
        CONTEXT.show(service, word="bank", sentences="a bank\nthe bank"),
        view_association(service.association_test(), max_tokens=None),
    ]
    facts = {name for answer in answers for name in answer.facts} | set(AXES.facts)
    named = set(re.findall(r"`(\w+)`", readme))
    assert facts <= named


def test_the_names_of_facts_are_the_same_where_there_is_no_answer(service):
    none_left = EQUATION.show(service, "king", ["King"]).facts
    assert none_left.keys() == EQUATION.show(service, "king", ["queen"]).facts.keys()
    assert none_left["nearest"] is None
    nothing = DOCUMENTS.show(service, "zebra", method=KEYWORD).facts
    assert nothing.keys() == DOCUMENTS.show(service, "zebra").facts.keys()
    assert (nothing["best_document"], nothing["best_score"]) == (NO_DOCUMENT, None)
