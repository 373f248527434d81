"""The pages for teachers: lesson plan, notes with solutions, handout."""

import re
from dataclasses import replace
from html import unescape
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from embviz.course.course_settings import Contact, Course
from embviz.ui.teacher_pages import plan_lessons, teacher_routes


def steps_of(lesson, *lengths, tasks=()):
    first = next(step for step in lesson.steps if step.task)
    return [
        first.model_copy(
            update={"shortest_lesson": minutes, "task": first.task if n in tasks else None}
        )
        for n, minutes in enumerate(lengths, 1)
    ]


def test_a_plan_has_the_steps_that_fit_into_it(lesson):
    short, middle, long = plan_lessons(steps_of(lesson, 15, 90, 45, 15, 45, tasks=(2, 4)))
    assert (short.minutes, short.steps, short.tasks) == (15, (1, 4), 1)
    # Two minutes a step, and nothing else.
    assert (short.guessing, short.making, short.voting, short.rest) == (4, 0, 0, 11)
    assert (middle.minutes, middle.steps) == (45, (1, 3, 4, 5))
    assert (middle.guessing, middle.making, middle.voting, middle.rest) == (8, 0, 10, 27)
    assert (long.minutes, long.steps, long.tasks) == (90, (1, 2, 3, 4, 5), 2)
    assert (long.guessing, long.making, long.voting, long.rest) == (10, 4, 10, 66)


def test_lessons_with_the_same_steps_have_one_plan_and_those_without_any_none(lesson):
    assert [plan.minutes for plan in plan_lessons(steps_of(lesson, 45, 45))] == [45]
    assert [plan.minutes for plan in plan_lessons(steps_of(lesson, 15))] == [15]
    assert plan_lessons(steps_of(lesson, *[15] * 8))[0].rest < 1


def test_the_plans_of_this_lesson_leave_time_for_the_end(lesson):
    plans = plan_lessons(lesson.steps)
    assert [plan.minutes for plan in plans] == [15, 45, 90]
    assert all(5 <= plan.rest <= plan.minutes / 3 for plan in plans)
    # Each of them goes through all tabs.
    for plan in plans:
        tabs = {lesson.steps[n - 1].tab for n in plan.steps}
        assert tabs == {"similarity", "arithmetic", "search"}


@pytest.fixture(scope="module")
def read(services):
    client = TestClient(Starlette(routes=teacher_routes(services, ":root {}")))

    def read(address):
        response = client.get(address)
        assert response.status_code == 200
        return response.text

    return read


def test_teachers_find_all_that_the_lesson_says(read, lesson):
    page = unescape(read("/teachers"))
    for step in lesson.steps:
        for text in (step.title, step.question, *step.explanation, step.source.title):
            assert text in page
        assert step.notes.misconception in page
        assert step.notes.follow_up in page
        if step.task:
            assert step.task.text in page
    for takeaway in lesson.takeaways:
        assert takeaway in page
    assert re.findall(r'data-answer="(\d+)"', page) == [str(n) for n in range(len(lesson.steps))]


def test_the_handout_has_the_questions_and_gives_nothing_away(read, lesson):
    page = unescape(read("/handout"))
    for step in lesson.steps:
        assert step.question in page
        assert (step.task.text in page) if step.task else True
        for text in (*step.explanation, step.notes.misconception, step.notes.follow_up):
            assert text not in page
    assert page.count('class="blank-scale"') == sum(1 for step in lesson.steps if step.slider)
    boxes = [option for step in lesson.steps for option in step.options or ()]
    assert page.count("<li>") == len(boxes)


def test_the_link_of_a_solution_opens_the_step_with_the_task_solved(read, lesson):
    long_text = lesson.search.long_text.text
    sections = read("/teachers").split("<h3>Step ")[1:]
    for step, section in zip(lesson.steps, sections, strict=True):
        links = re.findall(r'href="./\?(tab=[^"]*)"', section)
        assert len(links) == (step.task is not None)
        for link in links:
            opened = dict(parse_qsl(unescape(link), keep_blank_values=True))
            assert opened.pop("tab") == step.tab
            # The built-in text stands there anyway.
            state = {n: v for n, v in step.state.items() if v != long_text}
            assert opened == state | step.notes.solution
            assert len(link) < 2_000


def test_without_a_lesson_there_are_no_pages():
    lesson = SimpleNamespace(steps=())
    services = SimpleNamespace(default=SimpleNamespace(lesson=lesson))
    assert teacher_routes(services, "") == []


def test_nothing_of_a_course_becomes_markup(service, lesson):
    evil = "<script>alert(1)</script>"
    step = next(s for s in lesson.steps if s.task)
    notes = step.notes.model_copy(
        update={"misconception": evil, "follow_up": evil, "solution": {"text_a": evil}}
    )
    change = {"title": evil, "question": evil, "explanation": (evil,), "notes": notes}
    course = Course(title=evil, contact=Contact(name=evil, url="https://example.org/"))
    changed = replace(
        lesson, steps=(step.model_copy(update=change),), takeaways=(evil,), course=course
    )
    fake = SimpleNamespace(
        default=SimpleNamespace(lesson=changed), get=lambda model: SimpleNamespace(lesson=changed)
    )
    client = TestClient(Starlette(routes=teacher_routes(fake, "")))
    for address in ("/teachers", "/handout"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert page.count("&lt;script&gt;alert(1)") >= 4
