"""The pages /teachers and /handout: a lesson plan, notes for each step, and a sheet to print.

Both are made from the course at hand. The answers come from the address that /class asks, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from embviz.course.course_files import Lesson, Minutes, Step
from embviz.service_of_each_model import Services
from embviz.ui.course_texts import fill_in, fill_in_step
from embviz.ui.lesson_markup import end_of, lesson_version, minutes_of
from embviz.ui.markup import TEMPLATES
from embviz.ui.section import MODEL
from embviz.ui.side_page import side_page_html

# To paste and look at the codes, to talk, and to vote again.
_MINUTES_OF_VOTE = 10

# How long a task takes, in a lesson that leaves time for them.
_MINUTES_OF_TASK = 2

_TEACHERS = TEMPLATES.from_string("""
<p>The lesson has {{ steps | length }} step{{ 's' if steps | length > 1 }}. In each, students guess
first, then see what the model says, then read why. Guessing first matters: students who only watch
a demonstration learn little from it.</p>
<p class="not-printed"><a href="handout">Handout for students</a> ·
<a href="class">What the class guessed</a> · <a href="./?step=1">The first step</a></p>
<p class="note">This page shows the answers, and nothing keeps students from opening it.</p>

<h2>Lesson plan</h2>
<div class="table" tabindex="0" role="group" aria-label="Lesson plan"><table>
<thead><tr><td></td>
{% for plan in plans %}<th scope="col">{{ plan.minutes }} minutes</th>{% endfor %}</tr></thead>
<tbody>
<tr><th scope="row">Steps</th>
{% for plan in plans %}<td>{{ 'all' if plan.steps | length == steps | length
 else plan.steps | join(', ') }}</td>{% endfor %}</tr>
<tr><th scope="row">Guess, see, say why</th>
{% for plan in plans %}<td>{{ plan.guessing }} min</td>{% endfor %}</tr>
<tr><th scope="row">Tasks</th>
{% for plan in plans %}<td>{{ '%d min, %d of them' % (plan.making, plan.tasks) if plan.making
 else 'at home' }}</td>{% endfor %}</tr>
<tr><th scope="row">Look at the class’s guesses, talk, vote again</th>
{% for plan in plans %}<td>{{ '%d min' % plan.voting if plan.voting else 'by a show of hands' }}
</td>{% endfor %}</tr>
<tr><th scope="row">What to take away, questions</th>
{% for plan in plans %}<td>{{ '%d min' % plan.rest if plan.rest > 0
 else 'no time is left: skip a step' }}</td>{% endfor %}</tr>
</tbody>
</table></div>
<ol>
<li>Before the class: open each step that you will use once. The first time, some answers take half
a minute; then they are there for everybody.</li>
<li>Read the question aloud. Everybody guesses, alone and in silence, before anybody presses “Show
the answer”.</li>
<li>Ask two students with different guesses for their reasons. Only then show the answer.</li>
<li>At the end, everybody copies a code from the recap. Paste these codes on the page
<a href="class">What the class guessed</a>. Leave the answers unmarked, let neighbours talk, and
vote a second time.</li>
</ol>
{% if takeaways %}
<h2>What to take away</h2>
{{ bullets(takeaways) }}
{% endif %}

<h2 class="new-sheet">Notes for each step</h2>
{% for step in steps %}
<section>
<h3>Step {{ loop.index }}: {{ step.title }}</h3>
<p>{{ step.question }}</p>
<p><strong>Answer:</strong> <span data-answer="{{ loop.index0 }}">on its way…</span>
<span class="not-printed">· <a href="./?step={{ loop.index }}">Open the step</a></span></p>
{% for paragraph in step.explanation %}
<p>{{ paragraph }}</p>
{% endfor %}
{% if step.notes.misconception %}
<p><strong>Students often believe:</strong> {{ step.notes.misconception }}</p>
{% endif %}
{% if step.task %}
<p><strong>Task:</strong> {{ step.task.text }}
{% if step.notes.solution %}
<br><strong>A solution:</strong> <a href="./?{{ links[loop.index0] }}">
{{- step.notes.solution.values() | map('replace', '\n', ' / ') | join(' · ') }}</a>
{% endif %}
</p>
{% endif %}
{% if step.notes.follow_up %}
<p><strong>Then ask:</strong> {{ step.notes.follow_up }}</p>
{% endif %}
<p class="note">Source: <a href="{{ step.source.url }}">{{ step.source.title }}</a></p>
</section>
{% endfor %}
{% if contact %}
<p>Questions about this course? Ask <a href="{{ contact.url }}">{{ contact.name }}</a>.</p>
{% endif %}
""")

_HANDOUT = TEMPLATES.from_string("""
<p class="not-printed">Print this page for your students; its steps are those of the guided lesson.
</p>
<p>Write down your guess before you look at the answer. Your name: <span class="line"></span></p>
{% for step in steps %}
<section>
<h2>{{ loop.index }}. {{ step.title }}</h2>
<p>{{ step.question }}</p>
{% if step.slider %}
<p>Mark your guess, and then the answer:</p>
<div class="blank-scale" role="img" aria-label="A scale from {{ end(step.slider.low, step.slider) }}
 to {{ end(step.slider.high, step.slider) }}, to write on">
<span>{{ end(step.slider.low, step.slider) }}</span>
<span>{{ end((step.slider.low + step.slider.high) / 2, step.slider) }}</span>
<span>{{ end(step.slider.high, step.slider) }}</span>
</div>
{% else %}
<ul class="boxes">
{% for option in step.options %}
<li>{{ isolate(option) }}</li>
{% endfor %}
</ul>
{% endif %}
<p>My reason: <span class="line"></span></p>
{% if step.task %}
<p><strong>Task:</strong> {{ step.task.text }} <span class="line"></span></p>
{% endif %}
</section>
{% endfor %}
<section>
<h2>What I want to remember</h2>
<p><span class="line"></span></p>
<p><span class="line"></span></p>
<p><span class="line"></span></p>
</section>
""")


@dataclass(frozen=True)
class Plan:
    """What fits into a lesson, in minutes.

    Attributes:
        minutes: How long the lesson is.
        steps: The numbers of its steps, from 1.
        tasks: How many of these steps have a task.
        guessing: For guessing, seeing and saying why.
        making: For the tasks; 0 if they are left for later.
        voting: For looking at the guesses of all, and voting again; 0 if there is no time for it.
    """

    minutes: int
    steps: tuple[int, ...]
    tasks: int
    guessing: int
    making: int
    voting: int

    @property
    def rest(self) -> int:
        """For the end; below 1 if the steps take too long."""
        return self.minutes - self.guessing - self.making - self.voting


def plan_lessons(steps: Sequence[Step]) -> tuple[Plan, ...]:
    """A plan for each length of a lesson; of those with the same steps, only the first."""
    plans: dict[tuple[int, ...], Plan] = {}
    longest = max(get_args(Minutes))
    for minutes in sorted(get_args(Minutes)):
        chosen = [(n, step) for n, step in enumerate(steps, 1) if step.shortest_lesson <= minutes]
        numbers = tuple(n for n, _ in chosen)
        tasks = sum(step.task is not None for _, step in chosen)
        has_votes = minutes > min(get_args(Minutes))
        plan = Plan(
            minutes,
            numbers,
            tasks,
            guessing=minutes_of(len(chosen)),
            making=_MINUTES_OF_TASK * tasks if minutes == longest else 0,
            voting=_MINUTES_OF_VOTE if has_votes else 0,
        )
        if numbers:
            plans.setdefault(numbers, plan)
    return tuple(plans.values())


def teacher_routes(services: Services, colours: str) -> list[Route]:
    """The pages /teachers and /handout; without a guided lesson there are none.

    Args:
        services: Those of the models that the lesson asks.
        colours: A style sheet with the colours of the page.
    """
    lesson = services.default.lesson
    if not lesson.steps:
        return []
    handout = _handout_html(lesson, colours)

    # What the texts quote may take seconds, so it is asked for when somebody reads them.
    @cache
    def for_teachers() -> str:
        return _teachers_html(services, colours)

    def answer(_: Request) -> HTMLResponse:
        return HTMLResponse(for_teachers())

    return [
        Route("/teachers", answer),
        Route("/handout", lambda _: HTMLResponse(handout)),
    ]


def _teachers_html(services: Services, colours: str) -> str:
    lesson = services.default.lesson
    body = _TEACHERS.render(
        steps=[
            fill_in_step(step, services.get(step.state.get(MODEL, ""))) for step in lesson.steps
        ],
        links=[_link_to_solution(step, lesson) for step in lesson.steps],
        plans=plan_lessons(lesson.steps),
        takeaways=fill_in(lesson.takeaways, services.default),
        contact=lesson.course.contact,
    )
    data = f'<script type="application/json" id="lesson">{lesson_version(lesson.steps)}</script>'
    return side_page_html(
        "For teachers", lesson.course, colours, body + data, "teachers.css", ["teachers.js"]
    )


def _handout_html(lesson: Lesson, colours: str) -> str:
    body = _HANDOUT.render(steps=lesson.steps, end=end_of)
    return side_page_html("Handout", lesson.course, colours, body, "teachers.css")


def _link_to_solution(step: Step, lesson: Lesson) -> str:
    # The built-in text stands there without being named, and would make the link too long.
    state = {n: v for n, v in step.solved.items() if v != lesson.search.long_text.text}
    return urlencode({"tab": step.tab} | state)
