"""Which texts are encoded together; tests/app/test_tabs.py holds the first answers to these."""

from dataclasses import replace

from embviz.course.first_texts import first_texts


def test_it_is_what_the_tabs_start_with_and_what_the_steps_are_about(lesson):
    texts = first_texts(lesson)
    assert {"happiness", "chocolate", "king", "male", "queen", "carpet", "thunder"} <= set(texts)
    assert lesson.search.documents[0] in texts
    # The solution of a task.
    assert "spoon" in texts
    assert len(texts) == len(set(texts))


def test_a_step_with_a_mistake_is_left_to_who_says_where_it_stands(lesson):
    step = lesson.steps[0]
    wrong = step.model_copy(update={"state": {"expression": "king -"}})
    assert "king -" not in first_texts(replace(lesson, steps=(wrong,)))
