"""The page /class: what a class guessed in the lesson, drawn from the codes of its students.

Codes are read in the browser, see class.js: the server hears none of them. It gives the page the
steps, and then the answers to them.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Lock

from jinja2.utils import htmlsafe_json_dumps
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

from embviz.course.course_files import Step
from embviz.course.course_settings import Course
from embviz.course.truths import TRUTHS
from embviz.errors import InputError
from embviz.language import gettext, speaking, spoken
from embviz.service_of_each_model import Services
from embviz.ui.lesson_markup import answer_text, decimals, lesson_version
from embviz.ui.markup import TEMPLATES
from embviz.ui.section import MODEL
from embviz.ui.side_page import side_page_html, side_page_route

_LOG = logging.getLogger("embviz")

# index.mjs of the npm package lean-qr 2.7.4, unchanged: its licence stands beside it.
_QR_LIBRARY = Path(__file__).parent / "qr" / "lean-qr.mjs"

_BODY = TEMPLATES.from_string("""
<div class="not-printed">
<ol>
<li>{{ gettext("Everybody guesses in the guided lesson, goes on with “Next”, and copies a code "
"from the recap at its end. The code holds the guesses of one person, but neither a name nor a "
"time.") }}</li>
<li>
{{- gettext("Collect the codes and paste them under “First vote”. Talk about what you see.") }}</li>
<li>{{ gettext("Everybody presses “Guess again” in the recap. Paste the new codes under "
"“Second vote”.") }}</li>
</ol>
<p>{{ gettext("The median is the guess in the middle: half of the guesses are as low or lower, "
"half as high or higher.") }}</p>
<p class="note">{{ gettext("The codes stay in this browser and are forgotten when you close the "
"page. Once the answers are there, the page works without a connection, too.") }}</p>
<noscript><p>
{{- gettext("This page reads the codes in your browser: turn on JavaScript.") }}</p></noscript>
<div class="votes">
<label>{{ gettext("First vote: one code a line") }}
<textarea id="first" rows="6" spellcheck="false" autocomplete="off"></textarea></label>
<label>{{ gettext("Second vote, after talking: one code a line") }}
<textarea id="second" rows="6" spellcheck="false" autocomplete="off"></textarea></label>
</div>
<p id="read" role="status"></p>
<ul id="skipped"></ul>
<p><label><input type="checkbox" id="mark" checked>
{{ gettext("Mark the answers. Leave them out until the second vote is over.") }}</label></p>
<p id="waiting" class="note" role="status"></p>
</div>
<div id="steps"></div>
<script type="application/json" id="lesson">{{ lesson }}</script>
""")


class LessonAnswers:
    """The answers to the steps of the lesson, each computed once for all who ask.

    Some take seconds, so they are computed in a thread, the quick ones first.

    Args:
        services: Those of the models that the steps ask.
    """

    def __init__(self, services: Services):
        self._services = services
        self._steps = services.default.lesson.steps
        self._lock = Lock()
        self._answers: dict[int, Future[float | str]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answer the lesson")

    def known(self) -> list[dict[str, object] | None]:
        """For each step its answer, or why there is none; None while that is on its way.

        An answer has a `text`, as the lesson shows it, and of a number a `value`. What has failed
        is tried again when somebody asks the next time.
        """
        with self._lock:
            for index in sorted(range(len(self._steps)), key=self._is_slow):
                if index not in self._answers:
                    self._answers[index] = self._thread.submit(self._find, index, spoken())
            answers = [self._answers[index] for index in range(len(self._steps))]
            said = [
                _say(step, answer) if answer.done() else None
                for step, answer in zip(self._steps, answers, strict=True)
            ]
            for index, answer in enumerate(said):
                if answer is not None and "refused" in answer:
                    del self._answers[index]
        return said

    def _is_slow(self, index: int) -> bool:
        step = self._steps[index]
        # Another model than the first may have to be loaded.
        return MODEL in step.state or TRUTHS[step.truth].is_slow(step.state)

    def _find(self, index: int, language: str) -> float | str:
        step = self._steps[index]
        # In it the reason is given, if there is no answer.
        with speaking(language):
            service = self._services.get(step.state.get(MODEL, ""))
            return TRUTHS[step.truth].find(service, step.state)


def _say(step: Step, answer: Future[float | str]) -> dict[str, object]:
    error = answer.exception()
    if isinstance(error, InputError):
        return {"refused": str(error)}
    if error is not None:
        _LOG.error("The step “%s” has no answer: %r", step.title, error)
        return {"refused": gettext("Something went wrong on the server; its log says what.")}
    truth = answer.result()
    said: dict[str, object] = {"text": answer_text(step, truth)}
    return said if isinstance(truth, str) else said | {"value": float(truth)}


def class_routes(services: Services, colours: str) -> list[Route]:
    """The page /class, the answers that it asks for, and the library that draws QR codes.

    Without a guided lesson there are no such addresses.

    Args:
        services: Those of the models that the lesson asks.
        colours: A style sheet with the colours of the page.
    """
    lesson = services.default.lesson
    steps = lesson.steps
    if not steps:
        return []
    version = lesson_version(steps)
    answers = LessonAnswers(services)

    def answer(_: Request) -> JSONResponse:
        known = {"lesson": version, "truths": answers.known()}
        return JSONResponse(known, headers={"Cache-Control": "no-store"})

    return [
        side_page_route("/class", partial(_page_html, steps, lesson.course, colours)),
        Route("/class/truths", answer),
        Route("/class/qr.mjs", lambda _: FileResponse(_QR_LIBRARY, media_type="text/javascript")),
    ]


def _page_html(steps: Sequence[Step], course: Course, colours: str) -> str:
    lesson = {"lesson": lesson_version(steps), "steps": [_describe(step) for step in steps]}
    body = _BODY.render(lesson=htmlsafe_json_dumps(lesson))
    title, scripts = gettext("What the class guessed"), ["codes.js", "class.js"]
    return side_page_html(title, course, colours, body, "class.css", scripts)


def _describe(step: Step) -> dict[str, object]:
    """What class.js knows of a step."""
    said = {"title": step.title, "question": step.question}
    if step.slider:
        return said | {"slider": step.slider.model_dump() | {"decimals": decimals(step.slider)}}
    return said | {"options": step.options}
