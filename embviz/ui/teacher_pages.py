"""The pages /teachers and /handout: a lesson plan, notes for each step, and a sheet to print.

Both are made from the course at hand. The answers come from the address that /class asks, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import get_args
from urllib.parse import urlencode

from starlette.routing import Route

from embviz.course.course_files import Lesson, Minutes, Step
from embviz.language import gettext
from embviz.service_of_each_model import Services
from embviz.ui.course_texts import fill_in, fill_in_step
from embviz.ui.lesson_markup import end_of, lesson_version, minutes_of
from embviz.ui.markup import TEMPLATES
from embviz.ui.section import MODEL
from embviz.ui.side_page import side_page_html, side_page_route

# To paste and look at the codes, to talk, and to vote again.
_MINUTES_OF_VOTE = 10

# How long a task takes, in a lesson that leaves time for them.
_MINUTES_OF_TASK = 2

_TEACHERS = TEMPLATES.from_string("""
<p>{{ ngettext("The lesson has {n} step.", "The lesson has {n} steps.", steps | length) }}
{{ gettext("In each, students guess first, then see what the model says, then read why. "
"Guessing first matters: students who only watch a demonstration learn little from it.") }}</p>
<p class="not-printed"><a href="handout">{{ gettext("Handout for students") }}</a> ·
<a href="class">{{ gettext("What the class guessed") }}</a> ·
<a href="./?step=1">{{ gettext("The first step") }}</a></p>
<p class="note">
{{- gettext("This page shows the answers, and nothing keeps students from opening it.") }}</p>

<h2>{{ gettext("Lesson plan") }}</h2>
<div class="table" tabindex="0" role="group" aria-label="{{ gettext("Lesson plan") }}"><table>
<thead><tr><td></td>
{% for plan in plans %}<th scope="col">
{{- gettext("{minutes} minutes", minutes=plan.minutes) }}</th>{% endfor %}</tr></thead>
<tbody>
<tr><th scope="row">{{ gettext("Steps") }}</th>
{% for plan in plans %}<td>{{ gettext("all") if plan.steps | length == steps | length
 else plan.steps | join(', ') }}</td>{% endfor %}</tr>
<tr><th scope="row">{{ gettext("Guess, see, say why") }}</th>
{% for plan in plans %}<td>
{{- gettext("{minutes} min", minutes=plan.guessing) }}</td>{% endfor %}</tr>
<tr><th scope="row">{{ gettext("Tasks") }}</th>
{% for plan in plans %}<td>
{{- gettext("{minutes} min, {tasks} of them", minutes=plan.making, tasks=plan.tasks)
if plan.making else gettext("at home") }}</td>{% endfor %}</tr>
<tr><th scope="row">{{ gettext("Look at the class’s guesses, talk, vote again") }}</th>
{% for plan in plans %}<td>{{ gettext("{minutes} min", minutes=plan.voting) if plan.voting
else gettext("by a show of hands") }}</td>{% endfor %}</tr>
<tr><th scope="row">{{ gettext("What to take away, questions") }}</th>
{% for plan in plans %}<td>{{ gettext("{minutes} min", minutes=plan.rest) if plan.rest > 0
else gettext("no time is left: skip a step") }}</td>{% endfor %}</tr>
</tbody>
</table></div>
<ol>
<li>{{ gettext("Before the class: open each step that you will use once. The first time, some "
"answers take half a minute; then they are there for everybody.") }}</li>
<li>{{ gettext("Read the question aloud. Everybody guesses, alone and in silence, before anybody "
"presses “Show the answer”.") }}</li>
<li>{{ gettext("Ask two students with different guesses for their reasons. Only then show the "
"answer.") }}</li>
<li>{{ gettext('At the end, everybody copies a code from the recap. Paste these codes on the page '
'<a href="{for_class}">What the class guessed</a>. Leave the answers unmarked, let neighbours '
'talk, and vote a second time.', for_class="class") }}</li>
</ol>
{% if takeaways %}
<h2>{{ gettext("What to take away") }}</h2>
{{ bullets(takeaways, language) }}
{% endif %}

<h2 class="new-sheet">{{ gettext("Notes for each step") }}</h2>
{% for step in steps %}
<section>
<h3>{{ gettext("Step {n}: {title}", n=loop.index, title=step.title | in_language(language)) }}</h3>
<p>{{ step.question | in_language(language) }}</p>
<p><strong>{{ gettext("Answer:") }}</strong>
<span data-answer="{{ loop.index0 }}">{{ gettext("on its way…") }}</span>
<span class="not-printed">·
<a href="./?step={{ loop.index }}">{{ gettext("Open the step") }}</a></span></p>
{% for paragraph in step.explanation %}
<p>{{ paragraph | in_language(language) }}</p>
{% endfor %}
{% if step.notes.misconception %}
<p><strong>{{ gettext("Students often believe:") }}</strong>
{{ step.notes.misconception | in_language(language) }}</p>
{% endif %}
{% if step.task %}
<p><strong>{{ gettext("Task:") }}</strong> {{ step.task.text | in_language(language) }}
{% if step.notes.solution %}
<br><strong>{{ gettext("A solution:") }}</strong> <a href="./?{{ links[loop.index0] }}">
{{- step.notes.solution.values() | map('replace', '\n', ' / ') | join(' · ') }}</a>
{% endif %}
</p>
{% endif %}
{% if step.notes.follow_up %}
<p><strong>{{ gettext("Then ask:") }}</strong>
{{ step.notes.follow_up | in_language(language) }}</p>
{% endif %}
<p class="note">{{ gettext("Source:") }}
<a href="{{ step.source.url }}">{{ step.source.title }}</a></p>
</section>
{% endfor %}
{% if contact %}
<p>{{ gettext('Questions about this course? Ask <a href="{url}">{name}</a>.', url=contact.url,
name=contact.name) }}</p>
{% endif %}
""")

_HANDOUT = TEMPLATES.from_string("""
<p class="not-printed">
{{- gettext("Print this page for your students; its steps are those of the guided lesson.") }}
</p>
<p>{{ gettext("Write down your guess before you look at the answer.") }}
{{ gettext("Your name:") }} <span class="line"></span></p>
{% for step in steps %}
<section>
<h2>{{ loop.index }}. {{ step.title | in_language(language) }}</h2>
<p>{{ step.question | in_language(language) }}</p>
{% if step.slider %}
<p>{{ gettext("Mark your guess, and then the answer:") }}</p>
<div class="blank-scale" role="img" aria-label="
{{- gettext("A scale from {low} to {high}, to write on", low=end(step.slider.low, step.slider),
high=end(step.slider.high, step.slider)) }}">
<span>{{ end(step.slider.low, step.slider) }}</span>
<span>{{ end((step.slider.low + step.slider.high) / 2, step.slider) }}</span>
<span>{{ end(step.slider.high, step.slider) }}</span>
</div>
{% else %}
<ul class="boxes">
{% for option in step.options %}
<li>{{ isolate(option) | in_language(language) }}</li>
{% endfor %}
</ul>
{% endif %}
<p>{{ gettext("My reason:") }} <span class="line"></span></p>
{% if step.task %}
<p><strong>{{ gettext("Task:") }}</strong> {{ step.task.text | in_language(language) }}
<span class="line"></span></p>
{% endif %}
</section>
{% endfor %}
<section>
<h2>{{ gettext("What I want to remember") }}</h2>
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
    return [
        side_page_route("/teachers", partial(_teachers_html, services, colours)),
        side_page_route("/handout", partial(_handout_html, lesson, colours)),
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
        language=lesson.course.spoken,
    )
    data = f'<script type="application/json" id="lesson">{lesson_version(lesson.steps)}</script>'
    title, scripts = gettext("For teachers"), ["teachers.js"]
    return side_page_html(title, lesson.course, colours, body + data, "teachers.css", scripts)


def _handout_html(lesson: Lesson, colours: str) -> str:
    body = _HANDOUT.render(steps=lesson.steps, end=end_of, language=lesson.course.spoken)
    return side_page_html(gettext("Handout"), lesson.course, colours, body, "teachers.css")


def _link_to_solution(step: Step, lesson: Lesson) -> str:
    # The built-in text stands there without being named, and would make the link too long.
    state = {n: v for n, v in step.solved.items() if v != lesson.search.long_text.text}
    return urlencode({"tab": step.tab} | state)
