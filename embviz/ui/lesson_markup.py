"""The steps of the guided lesson → HTML. lesson.js knows it by its class names."""

import hashlib
import json
import math
from collections.abc import Sequence

from embviz.course.course_files import Slider, Step, Task
from embviz.course.truths import NO_DOCUMENT
from embviz.language import ENGLISH
from embviz.ui.markup import TEMPLATES
from embviz.views.wording import number, percent

_STEPS = TEMPLATES.from_string("""
<details>
<summary><span class="start">
<span class="fresh">{{ ngettext("Start here: a lesson in {n} step",
"Start here: a lesson in {n} steps", steps | length) }}</span><span class="again" hidden></span>
<span class="promise"><span class="fresh">{{ gettext("Guess what the model says, then see. "
"It takes about {minutes} minutes.", minutes=minutes) -}}
</span><span class="progress again" hidden></span></span></span>
<span class="close">{{ gettext("Close the lesson and explore on your own") }}</span></summary>
<ol class="step-list">
{% for step in steps %}
<li><button type="button" title="{{ step.title }}"
 aria-label="{{ gettext("Step {n}: {title}", n=loop.index, title=step.title) }}">
{{- loop.index }}</button></li>
{% endfor %}
</ol>
<p class="note progress"></p>
{% for step in steps %}
<section data-question="{{ questions[loop.index0] }}"
 data-key="Step {{ loop.index }} of {{ steps | length }}: {{ step.title }}"
 {%- if step.state.panel %} data-panel{% endif %}
 {%- if step.task %} data-task="{{ step.task.text }}" data-check="{{ check_of(step.task) | json }}"
 {%- endif %} hidden>
<h2 tabindex="-1">{{ gettext("Step {n} of {steps}: {title}", n=loop.index, steps=steps | length,
title=step.title | in_language(language)) }}</h2>
<p>{{ step.question | in_language(language) }}</p>
{% if step.slider %}
<label class="guess">{{ gettext("Your guess") }}
<span class="end">{{ end(step.slider.low, step.slider) }}</span>
<input type="range" min="{{ step.slider.low }}" max="{{ step.slider.high }}"
 step="{{ step.slider.step }}" data-unit="{{ step.slider.unit }}"
 data-decimals="{{ decimals_of(step.slider) }}">
<span class="end">{{ end(step.slider.high, step.slider) }}</span>
<output></output>
<span class="hint">{{ gettext("Choose a place on the line.") }}</span>
</label>
{% else %}
<fieldset class="guess">
<legend>{{ gettext("Your guess") }}</legend>
{% for option in step.options %}
<label><input type="radio" name="{{ step.title }}" value="{{ loop.index0 }}">
{{ isolate(option) | in_language(language) }}</label>
{% endfor %}
</fieldset>
{% endif %}
</section>
{% endfor %}
<section class="recap" hidden>
<h2 tabindex="-1">{{ gettext("Your recap") }}</h2>
<div class="table"><table>
<thead><tr><th scope="col">{{ gettext("Step") }}</th>
<th scope="col">{{ gettext("Your guess") }}</th>
<th scope="col">{{ gettext("The answer") }}</th></tr></thead>
<tbody></tbody>
</table></div>
<div class="left" hidden>
<h3>{{ gettext("Tasks that wait for you") }}</h3>
<ul></ul>
</div>
{% if takeaways %}
<h3>{{ gettext("What to take away") }}</h3>
{{ bullets(takeaways, language) }}
{% endif %}
<div class="for-class" data-lesson="{{ version }}">
<h3>{{ gettext("For your class") }}</h3>
<p class="no-code">
{{- gettext("Guess at least one step: then a code of your guesses stands here.") }}</p>
<div class="has-code" hidden>
<p>{{ gettext("This code holds your guesses and nothing else, neither a name nor a time. "
"Give it to your teacher.") }}
{{ gettext('<a class="to-class" target="_blank" rel="noopener">The page for the class</a> shows '
'the guesses of all.') }}</p>
<p class="code"></p>
<p class="step-buttons">
<button type="button" class="copy">{{ gettext("Copy the code") }}</button>
<button type="button" class="show-qr">{{ gettext("Show it as a QR code") }}</button>
<button type="button" class="guess-again">{{ gettext("Guess again") }}</button>
</p>
<p class="note">{{ gettext("“Guess again” is for the second vote, after you have talked. It keeps "
"your guesses for you to change; then the code is another one.") }}</p>
<canvas class="qr" role="img" aria-label="{{ gettext("Your code as a QR code") }}" hidden></canvas>
</div>
</div>
<h3>{{ gettext("What next?") }}</h3>
<p>{{ gettext("Ask the model about your own subject: two words that you often confuse, an analogy "
"that you think should hold, or the titles on your reading list. Guess first, as you did here.") -}}
</p>
<p class="step-buttons">
<button type="button" class="leave">{{ gettext("Explore on your own") }}</button>
<button type="button" class="print">{{ gettext("Print this recap") }}</button>
</p>
</section>
<div class="step-buttons">
<button type="button" class="back">{{ gettext("Back") }}</button>
<button type="button" class="reveal">{{ gettext("Show the answer") }}</button>
<button type="button" class="next">{{ gettext("Next") }}</button>
<a>{{ gettext("Link to this step") }}</a>
<button type="button" class="restart">{{ gettext("Start over") }}</button>
</div>
<p class="note waits">
{{- gettext("The tools are hidden until you answer or close the lesson.") }}</p>
<p class="note" role="status"></p>
</details>
""")

_REVEALED = TEMPLATES.from_string("""
{% set is_none = truth == no_document %}
<div class="revealed" data-step="{{ index }}"
 data-answer="{{ gettext("no document") if is_none else truth }}">
{% if step.slider %}
<p class="verdict"><span class="yours"></span>
{{ gettext("The answer is <strong>{answer}</strong>.", answer=truth) }}</p>
<div class="scale" aria-hidden="true" data-truth="{{ place }}">
<span class="gap" hidden></span>
<span class="dot truth" style="left: {{ '%.3f' % (100 * place) }}%"></span>
<span class="dot guess" hidden></span>
<span class="low">{{ end(step.slider.low, step.slider) }}</span>
<span class="high">{{ end(step.slider.high, step.slider) }}</span>
</div>
<p class="key" aria-hidden="true">
<span class="dot guess"></span> {{ gettext("your guess") }}
<span class="dot truth"></span> {{ gettext("the answer") }}
</p>
{% else %}
<p class="verdict"><span class="yours"></span>
{{ gettext("it finds <strong>no document</strong>.") if is_none
else gettext("the answer is <strong>{answer}</strong>.", answer=isolate(truth)) }}</p>
<ul class="options">
{% for option in step.options %}
<li{% if option == truth %} class="truth"{% endif %}><span class="mark" aria-hidden="true"></span>
{{ isolate(option) | in_language(language) }}</li>
{% endfor %}
</ul>
{% endif %}
</div>
""")

_EXPLANATION = TEMPLATES.from_string("""
<div class="revealed">
{% for paragraph in step.explanation %}
<p>{{ paragraph | in_language(language) }}</p>
{% endfor %}
{% if step.task %}
<div class="task">
<p><strong>{{ gettext("Your task:") }}</strong>
{{ step.task.text | in_language(language) }}</p>
<p class="state" data-done="{{ gettext("Done.") }} {{ step.task.done or '' }}"></p>
</div>
{% endif %}
<p class="note">{{ gettext("Source:") }}
<a href="{{ step.source.url }}" target="_blank" rel="noopener">
{{- step.source.title }}</a></p>
<div class="step-buttons">
<button type="button" class="go-on">{{ gettext("Next: {title}", title=following.title)
if following else gettext("Your recap") }}</button>
<button type="button" class="try">
{{- gettext("Do the task") if step.task else gettext("Try it yourself") }}</button>
</div>
</div>
""")


def steps_html(
    steps: Sequence[Step],
    takeaways: Sequence[str],
    questions: Sequence[str],
    language: str = ENGLISH,
) -> str:
    """All steps, folded away, without their answers.

    Args:
        steps: The steps.
        takeaways: What to remember of them.
        questions: For each step the id of the question that shows its answer.
        language: That of the course's texts.
    """
    return _STEPS.render(
        steps=steps,
        takeaways=takeaways,
        questions=questions,
        language=language,
        minutes=minutes_of(len(steps)),
        check_of=_check_of,
        decimals_of=decimals,
        version=lesson_version(steps),
        end=end_of,
    )


def explanation_html(step: Step, following: Step | None, language: str = ENGLISH) -> str:
    """What a step explains after its answer, in the course's language, and the way on."""
    return _EXPLANATION.render(step=step, following=following, language=language)


def revealed_html(step: Step, index: int, truth: float | str, language: str = ENGLISH) -> str:
    """The answer to a step; the browser adds what was guessed.

    Args:
        step: The step.
        index: Which one it is, from 0.
        truth: What the model says.
        language: That of the course's texts.
    """
    where = place(truth, step.slider) if step.slider and not isinstance(truth, str) else None
    text = answer_text(step, truth)
    return _REVEALED.render(
        step=step,
        index=index,
        truth=text,
        place=where,
        end=end_of,
        no_document=NO_DOCUMENT,
        language=language,
    )


def answer_text(step: Step, truth: float | str) -> str:
    """The answer to a step as people read it."""
    if isinstance(truth, str) or step.slider is None:
        return str(truth)
    return _format(truth, step.truth, step.slider)


def lesson_version(steps: Sequence[Step]) -> int:
    """A number of 10 bits that changes when other steps, or other guesses, are offered."""
    offered = [
        (step.title, step.slider.model_dump() if step.slider else step.options) for step in steps
    ]
    digest = hashlib.sha256(json.dumps(offered).encode()).digest()
    return int.from_bytes(digest[:2]) % 1024


def place(value: float, slider: Slider) -> float:
    """Where a number stands on a slider: 0 at its left end or beyond, 1 at its right.

    >>> place(0.5, Slider(low=-1, high=1, step=0.1))
    0.75
    """
    return min(max((value - slider.low) / (slider.high - slider.low), 0.0), 1.0)


def _format(value: float, truth: str, slider: Slider) -> str:
    if truth == "percentile":
        # As everywhere on the page.
        return percent(value)
    if isinstance(value, int):
        return f"{value}{slider.unit}"
    # One digit more than a guess has, so that one sees how close it came.
    return number(value, decimals(slider) + 1) + slider.unit


def minutes_of(steps: int) -> int:
    """How long so many steps take, without their tasks."""
    # Two a step; of a long lesson nobody knows it more exactly than in fives.
    minutes = 2 * steps
    return minutes if minutes <= 10 else 5 * round(minutes / 5)


def _check_of(task: Task) -> dict[str, object]:
    return {
        name: condition.model_dump(by_alias=True, exclude_none=True)
        for name, condition in task.check.items()
    }


def end_of(value: float, slider: Slider) -> str:
    """A number as it stands at the end of a slider."""
    return f"{value:g}{slider.unit}".replace("-", "−")


def decimals(slider: Slider) -> int:
    """With how many decimals a guess is shown."""
    return max(0, math.ceil(-math.log10(slider.step)))
