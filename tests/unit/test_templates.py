"""Texts of a course that quote the model."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from sentence_transformers import SentenceTransformer, util

from embviz.analysis.baseline import SENTENCES, WORDS
from embviz.course.json_file import LessonError
from embviz.course.templates import QUOTATIONS, QuickTemplate, Template
from embviz.course.truths import TRUTHS
from embviz.errors import InputError
from embviz.models.loading import find_wheel_folder
from embviz.ui.course_texts import check_texts, fill, fill_in, fill_in_step


class Quoted:
    """What stands in place of the model: each pair of texts is told by its lengths."""

    encoder = SimpleNamespace(name="somebody/small-model", dimension=12, layers=None)
    baseline = SimpleNamespace(similarities={WORDS: np.arange(101) / 100, SENTENCES: np.zeros(3)})

    def compare(self, text_a, text_b):
        if text_a == "unreadable":
            raise InputError("this cannot be read.")
        return SimpleNamespace(similarity=len(text_a) / len(text_b))

    def find_position(self, comparison):
        return SimpleNamespace(percentile=100 * comparison.similarity)


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("King and queen.", "King and queen."),
        ("{similarity:cat,lion} of 1", "0.75 of 1"),
        ("{similarity: cat , lion }{percentile:cat,lion}", "0.7575.0 %"),
        ("{model} has {dimensions} numbers.", "small-model has 12 numbers."),
        ("{random_mean:words}, {random_top:words}", "0.50, 0.99"),
        ("{random_deviation:words} {random_mean:sentences}", "0.29 0.00"),
        ("A set {{a, b}}.", "A set {a, b}."),
    ],
)
def test_what_is_quoted_is_filled_in(template, filled):
    assert fill(template, Quoted()) == filled


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{sim:a,b}", "“sim” is not one of the names that can stand in curly braces, which are"),
        ("{}", "“” is not one of the names"),
        ("{similarity!r:a,b}", "“similarity” is not one of the names"),
        ("{similarity.x:a,b}", "“similarity.x” is not one of the names"),
        ("{similarity:a}", "write {similarity:text_a,text_b} here, in place of {similarity:a}"),
        ("{similarity:a,b,c}", "write {similarity:text_a,text_b} here"),
        ("{similarity:a,}", "write {similarity:text_a,text_b} here"),
        ("{similarity}", "write {similarity:text_a,text_b} here"),
        ("{model:x}", "write {model} here, in place of {model:x}"),
        ("{similarity:a,b", "each { needs a } behind it: write {{ and }} for curly braces"),
        ("a } b", "each { needs a } behind it"),
        ("{best_score:apple pie}", "“best_score” is not one of the names"),
    ],
)
def test_a_mistake_is_refused_in_one_sentence(template, sentence):
    with pytest.raises(ValidationError) as error:
        TypeAdapter(Template).validate_python(template)
    assert sentence in error.value.errors()[0]["msg"]


def test_what_takes_seconds_can_be_quoted_only_after_an_answer():
    slow = "{inputs_excluded} of all analogies"
    assert TypeAdapter(Template).validate_python(slow) == slow
    with pytest.raises(ValidationError, match="“inputs_excluded” takes seconds to answer"):
        TypeAdapter(QuickTemplate).validate_python(slow)
    # With no candidates, all common words are ranked.
    assert QUOTATIONS["nearest"].is_slow
    assert [name for name in TRUTHS if name not in QUOTATIONS] == [
        name for name, truth in TRUTHS.items() if truth.searches
    ]


def test_what_one_model_cannot_say_is_left_out():
    texts = ["{layers} layers", "{similarity:cat,lion}", "{random_mean:verbs}"]
    assert fill_in(texts, Quoted()) == ("0.75",)


def test_a_step_is_filled_in_with_its_task(lesson):
    step = next(step for step in lesson.steps if step.task)
    task = step.task.model_copy(update={"done": "It was {similarity:cat,lion}."})
    change = {"explanation": ("{percentile:cat,lion}", "End."), "task": task}
    filled = fill_in_step(step.model_copy(update=change), Quoted())
    assert filled.explanation == ("75.0 %", "End.")
    assert filled.task.done == "It was 0.75."
    assert filled.question == step.question


def test_the_first_model_must_be_able_to_say_what_is_quoted(service, lesson):
    check_texts(service)
    text = "{similarity:unreadable,b}"
    similarity = lesson.similarity.model_copy(update={"explanation": ("Fine.", text)})
    broken = Quoted()
    broken.lesson = replace(lesson, similarity=similarity, steps=())
    with pytest.raises(LessonError) as error:
        check_texts(broken)
    assert str(error.value) == (
        "examples/similarity.json, explanation → 2: “{similarity:unreadable,b}” cannot be filled "
        "in: this cannot be read."
    )


def test_the_course_quotes_the_model_rightly(service, lesson):
    model = SentenceTransformer(str(find_wheel_folder()))
    similarity = float(util.cos_sim(*model.encode(["king", "queen"])))
    said = " ".join(fill_in(lesson.similarity.explanation, service))
    assert "The model all-MiniLM-L6-v2 turns any text into 384 numbers" in said
    assert f"King and queen, with {similarity:.2f}, score higher than 99" in said
    # What the project measured, see the module of the baseline.
    assert "score about 0.23, give or take 0.07" in said
    assert "Two random sentences score about 0.08, a word and a sentence 0.05" in said
