"""The answers to the steps: on an encoder that one can compute in one's head, and on the model."""

import re

import pytest
from fakes import FakeEncoder

from embviz import InputError
from embviz.analysis.vocabulary import CommonWords
from embviz.course.course_files import Slider, Source, Step
from embviz.course.truths import NO_DOCUMENT, TRUTHS
from embviz.service import Service
from embviz.ui.lesson_markup import place

POINTS = {"east": (1, 0), "north": (0, 1), "steep": (3, 4), "flat": (4, 3)}


@pytest.fixture
def fake_service(lesson, baseline, tmp_path):
    encoder = FakeEncoder(**POINTS)
    return Service(encoder, lesson, baseline, CommonWords(encoder, tmp_path))


def make_step(truth, **state):
    tab, is_number, *_ = TRUTHS[truth]
    guess = {"slider": Slider(low=-1, high=1, step=0.1)} if is_number else {"options": ("a", "b")}
    source = Source(title="s", url="https://example.org")
    step = {"title": "t", "tab": tab, "state": state, "question": "q", "explanation": ()}
    return Step(**step, **guess, truth=truth, source=source)


def compute_answer(step, service):
    return TRUTHS[step.truth].find(service, step.state)


def test_similarity(fake_service):
    step = make_step("similarity", text_a="east", text_b="steep")
    assert compute_answer(step, fake_service) == pytest.approx(0.6)


def test_percentile_is_that_of_the_endpoint_of_its_kind(fake_service, baseline):
    step = make_step("percentile", text_a="east", text_b="steep")
    assert compute_answer(step, fake_service) == baseline.percentile(0.6, "words")


@pytest.mark.parametrize(("flag", "word"), [("true", "flat"), ("false", "east")])
def test_nearest_leaves_the_inputs_out_unless_told(fake_service, flag, word):
    state = {"expression": "east + east", "candidates": "north, flat, steep"}
    assert compute_answer(make_step("nearest", **state, exclude_inputs=flag), fake_service) == word
    if flag == "true":
        assert compute_answer(make_step("nearest", **state), fake_service) == word


def test_best_document_and_its_score(fake_service):
    state = {"query": "north", "documents": "east\nflat\nsteep"}
    assert compute_answer(make_step("best_document", **state), fake_service) == "steep"
    assert compute_answer(make_step("best_score", **state), fake_service) == pytest.approx(0.8)


def test_no_document_shares_a_keyword(fake_service):
    state = {"query": "north", "documents": "east\nflat", "method": "keyword"}
    assert compute_answer(make_step("best_document", **state), fake_service) == NO_DOCUMENT
    assert compute_answer(make_step("best_score", **state), fake_service) == 0


def test_a_word_in_two_sentences_has_one_similarity(service):
    state = {"word": "bank", "sentences": "The bank of a river.\nThe bank lends money."}
    expected = service.word_in_context(**state).similarities[0, 1]
    assert compute_answer(make_step("in_context", **state), service) == pytest.approx(expected)


def test_a_state_without_an_answer_is_refused(fake_service):
    with pytest.raises(InputError, match="exclude_inputs must be true or false"):
        compute_answer(make_step("nearest", expression="a", exclude_inputs="x"), fake_service)
    with pytest.raises(InputError, match="every candidate is a word of the expression"):
        compute_answer(make_step("nearest", expression="a", candidates="A"), fake_service)


@pytest.mark.parametrize(
    ("value", "where"), [(-1, 0), (0, 0.25), (3, 1), (7, 1), (-9, 0), (2, 0.75)]
)
def test_place_is_proportional_and_stays_on_the_slider(value, where):
    assert place(value, Slider(low=-1, high=3, step=1)) == where


# What is known of the model, see test_lesson_numbers.py, test_human_ratings.py, test_analogies.py,
# test_layers_of_a_model.py and test_occupations.py; of an opposite and a negation, that they score
# high.
KNOWN = {
    "Two words, one number": pytest.approx(0.6807128, abs=2e-7),
    "How high is high?": pytest.approx(100, abs=0.1),
    "Layer by layer": 6,
    "He or she?": pytest.approx(0.681, abs=5e-4),
    "What people say": "related",
    "The famous example": "queen",
    "What if nothing is left out?": "king",
    "Without any arithmetic": pytest.approx(53.2, abs=0.05),
    "Not a word in common": NO_DOCUMENT,
}


def test_the_model_answers_the_steps_as_the_lesson_expects(lesson, service):
    truths = {step.title: compute_answer(step, service) for step in lesson.steps}
    assert {title: truths[title] for title in KNOWN} == KNOWN
    assert truths["Opposites"] > truths["Nothing in common"]
    assert truths["One small word"] > 0.9
    assert truths["Nothing fits"] < 0.2


def test_every_truth_can_be_guessed(lesson, service):
    for step in lesson.steps:
        truth = compute_answer(step, service)
        if step.slider:
            assert step.slider.low <= truth <= step.slider.high
        else:
            assert truth in step.options


def test_the_lesson_goes_through_all_tabs(lesson):
    assert 10 <= len(lesson.steps) <= 20
    assert {step.tab for step in lesson.steps} == {"similarity", "arithmetic", "search"}
    assert len({step.title for step in lesson.steps}) == len(lesson.steps)


def test_explanations_quote_no_number_of_the_model(lesson):
    for step in lesson.steps:
        assert not re.search(r"\d[.,]\d|[2-9]|\d\d", " ".join(step.explanation)), step.title
