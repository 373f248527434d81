"""Views → HTML. Jinja escapes whatever a visitor typed."""

import json
import re
from collections.abc import Mapping, Sequence

from jinja2 import Environment
from markupsafe import Markup, escape

from embviz.course.course_settings import Course
from embviz.language import gettext, languages, ngettext, speaking, spoken
from embviz.models.catalogue import Entry
from embviz.models.encoder import Encoder
from embviz.text_direction import isolate
from embviz.views.model import describe_model
from embviz.views.table import Cell, Table
from embviz.views.view import View
from embviz.views.wording import number, shorten

# Of a text in a cell, so much is shown at once.
_LONGEST = 120


def _is_numeric(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(re.fullmatch(r"[0-9.]+ %", cell))
    return cell is not None


TEMPLATES = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
TEMPLATES.globals |= {"isolate": isolate, "number": number, "shorten": shorten, "longest": _LONGEST}


# A message is markup of our own. What stands in it is not, so it is escaped before.
def _escape(values: Mapping[str, object]) -> dict[str, object]:
    return {name: escape(value) for name, value in values.items()}


TEMPLATES.globals |= {
    "gettext": lambda message, /, **values: Markup(gettext(message, **_escape(values))),
    "ngettext": lambda one, many, n, /, **values: Markup(ngettext(one, many, n, **_escape(values))),
}


def _describe(action: str, pair: Sequence[str]) -> str:
    return action.format(*(shorten(text, _LONGEST) for text in pair))


TEMPLATES.globals |= {"is_numeric": _is_numeric, "describe": _describe}


def _mark(text: str, words: Sequence[str]) -> Markup | str:
    # Cut where words begin and end, not by a pattern made of the words: `re` would keep that.
    parts = re.split(r"\b", text)
    # Joined to markup, the parts that are no word are escaped.
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if part in words else part for part in parts
    )


TEMPLATES.filters["mark"] = _mark


def _unbroken(text: str) -> str:
    """Keep a percentage on one line."""
    return text.replace(" %", "\u00a0%")


TEMPLATES.filters["unbroken"] = _unbroken


def _in_language(text: str, language: str) -> Markup | str:
    """Mark a text as of another language than the page, so that it is read aloud as such."""
    if language == spoken():
        return text
    return Markup('<span lang="{}">{}</span>').format(language, text)


TEMPLATES.filters["in_language"] = _in_language


def _json(values: Mapping[str, object]) -> str:
    # Escaped like any text: lesson.js reads it from an attribute.
    return json.dumps(dict(values), ensure_ascii=False)


TEMPLATES.filters["json"] = _json

_BULLETS = TEMPLATES.from_string("""
<ul>
{% for text in texts %}
<li>{{ text | in_language(language) }}</li>
{% endfor %}
</ul>
""")


def _bullets(texts: Sequence[str], language: str) -> Markup:
    return Markup(_BULLETS.render(texts=texts, language=language))


TEMPLATES.globals |= {"bullets": _bullets}

_HEADER = TEMPLATES.from_string("""
<p class="listen" role="status"></p>
<div class="heading{% if course.colours %} coloured" style="
{{- '--heading: %s; --on-heading: %s' % (course.colours.background, course.colours.text) -}}
{% endif %}">
{% if logo %}<img src="{{ logo }}" alt="">{% endif %}
<div>
<h1>{{ course.title }}</h1>
<p>{{ description }}</p>
{% if course.links %}
<ul class="links" aria-label="{{ gettext("Pages of the course") }}">
{% for link in course.links %}
<li><a href="{{ link.url }}" target="_blank" rel="noopener">{{ link.title }}</a></li>
{% endfor %}
</ul>
{% endif %}
</div>
</div>
""")

_MODELS = TEMPLATES.from_string("""
<details data-model="{{ '' if chosen == models | first else chosen }}" data-source="{{ source }}">
<summary>{{ gettext("Model: {name}", name=isolate(models[chosen].name)) }}</summary>
<p>{{ about }}</p>
{% if models | length > 1 %}
<p id="models-title">{{ gettext("Choose another model. The scores of two models cannot be "
"compared. Compare instead where a pair stands among each model’s own random pairs.") }}</p>
<ul aria-labelledby="models-title">
{% for id, entry in models.items() %}
<li><a href="?model={{ id }}" data-choose-model="{{ id }}"
{%- if id == chosen %} aria-current="true"{% endif %}>{{ isolate(entry.name) }}</a></li>
{% endfor %}
</ul>
{% endif %}
</details>
""")

_NOTEBOOK = (
    "https://coding-for-reproducible-research.github.io/CfRR_Courses/individual_modules/"
    "introduction_to_LLMs/02_embeddings_visualization.html"
)

_ABOUT = TEMPLATES.from_string("""
<p id="privacy">{{ privacy }}</p>
<p>
{% for language, invitation in languages.items() %}
<a href="?language={{ language }}" lang="{{ language }}" data-language="{{ language }}">
{{- invitation }}</a>
{% endfor %}
</p>
{% if contact %}
<p>{{ gettext('Questions about this course? Ask <a href="{url}">{name}</a>.', url=contact.url,
name=contact.name) }}</p>
{% endif %}
<details><summary>{{ gettext("About") }}</summary>
<p>{{ gettext('embviz {version}, under the MIT licence. The built-in words, analogies and titles '
'come from “<a href="{notebook}" target="_blank" rel="noopener">Embeddings Visualizer: '
'Understanding How LLMs Represent Meaning</a>”, a notebook of the course Coding for Reproducible '
'Research, University of Exeter (text under CC BY 4.0).', version=version, notebook=notebook) }}</p>
{% if has_lesson %}
<p>{{ gettext('For teachers: <a href="{teachers}">lesson plan and notes</a>, a <a href="{handout}">'
'handout</a> to print, and <a href="{for_class}">what the class guessed</a> in the guided lesson.',
teachers="teachers", handout="handout", for_class="class") }}</p>
{% endif %}
</details>
""")

_INTRODUCTION = TEMPLATES.from_string("""
<div class="panels">
<h2>{{ title }}</h2>
<details><summary>{{ gettext("What does this show?") }}</summary>
{% for paragraph in explanation %}
<p>{{ paragraph | in_language(language) }}</p>
{% endfor %}
</details>
<details><summary>{{ gettext("Things to try") }}</summary>
{{ bullets(exercises, language) }}
</details>
</div>
""")

_SUMMARY = TEMPLATES.from_string("""
{% if view.numbers %}
<dl class="numbers">
{% for name, number in view.numbers.items() %}
<div><dt>{{ name }}</dt><dd>{{ number }}</dd></div>
{% endfor %}
</dl>
{% endif %}
<p class="reading"{% if view.facts %} data-facts="{{ view.facts | json }}"{% endif %}>
{{- view.summary | unbroken }}</p>
""")

_QUOTED = TEMPLATES.from_string("""
{% if view.quoted %}
<pre class="quoted" tabindex="0">{{ view.quoted }}</pre>
<p><button type="button" class="copy-quoted">{{ gettext("Copy") }}</button>
<span role="status"></span></p>
{% endif %}
""")

_NOTES = TEMPLATES.from_string("""
{% for note in notes if note %}
<p class="note">{{ note | unbroken }}</p>
{% endfor %}
""")

_REFUSAL = TEMPLATES.from_string("""
<p data-refused="{{ about }}">{{ sentence }}</p>
""")

_TABLE = TEMPLATES.from_string("""
{% macro show(cell) %}
{% if cell is none %}{% elif cell is float %}{{ number(cell) }}
{% elif cell is string %}
{{- shorten(cell, longest) | unbroken | mark(table.marked) }}
{%- else %}{{ cell }}{% endif %}
{% endmacro %}
<div class="table{% if table.headers | length > 4 %} wide{% endif %}" tabindex="0" role="region"
 aria-label="{{ table.caption }}" data-in-file="{{ table.in_file }}">
<table>
<caption>{{ table.caption }}
{%- if table.rows | length > 10 %}<span>
{{ gettext("({rows} rows: scroll for more)", rows=table.rows | length) }}</span>
{%- endif %}</caption>
<thead><tr>
{% for header in table.headers %}
{% set is_number = table.rows and is_numeric(table.rows[0][loop.index0]) %}
<th scope="col"{% if is_number %} class="number"{% endif %}>{{ shorten(header, longest) }}</th>
{% endfor %}
</tr></thead>
<tbody>
{% for row in table.rows %}
{% set pair = table.pairs[loop.index0] if table.pairs else none %}
{% set link = table.links[loop.index0] if table.links else none %}
<tr{% if row[0] is none %} class="left-out"{% endif %}
{% if pair %} data-text-a="{{ pair[0] }}" data-text-b="{{ pair[1] }}"{% endif %}>
{% for cell in row %}
<td data-label="{{ shorten(table.headers[loop.index0], longest) }}"
{%- if is_numeric(cell) %} class="number"{% endif %}>
{%- if pair and loop.index == 2 -%}
<button type="button" aria-label="{{ describe(table.action, pair) }}">
{{- show(cell) | trim }}</button>
{%- else -%}
{{ show(cell) | trim }}
{%- endif -%}
{%- if cell is string and cell | length > longest -%}
<details><summary>{{ gettext("full text") }}</summary>{{ isolate(cell) }}</details>
{%- endif -%}
{%- if link and loop.index == 2 %} <a href="{{ link }}" target="_blank" rel="noopener"
 aria-label="{{ gettext("Source of {text}", text=shorten(cell, longest)) }}">
{{- gettext("Source") }}</a>{% endif -%}
</td>
{% endfor %}
</tr>
{% endfor %}
</tbody>
</table>
</div>
""")


# Many tokens are folded, lest they push what is below them out of sight.
_TOKENS = TEMPLATES.from_string("""
{% set is_long = texts.values() | map("length") | sum > 100 %}
{% if is_long %}<details><summary>{{ gettext("Token by token") }}</summary>{% endif %}
{% for title, shades in texts.items() %}
<p class="tokens">
<span class="title">{{ title }}</span>
{% for token, share, shade in shades %}
<span class="token" style="--shade: {{ '%.0f' % shade }}%; --hue: var(--{{ 'adds' if share >= 0 else
'takes' }})" title="{{ number(share, 4) }}">{{ isolate(token) }}</span>
{% endfor %}
</p>
{% endfor %}
{% if is_long %}</details>{% endif %}
""")


_FILE = TEMPLATES.from_string("""
<div class="file">
<label class="link"><input type="file" name="file" accept="{{ accept }}">
{{- gettext("Open a file…") }}</label>
<span>{{ said }}</span>
{% if columns | length > 1 %}
<span class="columns">
<label>{{ gettext("Column of {file}", file=shorten(name, 40)) }}
<select name="column" data-file="{{ number }}">
{% for column in columns %}
<option value="{{ column }}"{% if column == first %} selected{% endif %}>
{{- shorten(column, 40) }}</option>
{% endfor %}
</select></label>
<label>{{ gettext("followed by") }}
<select name="second">
<option value=""{% if second in (none, first) %} selected{% endif %}>
{{- gettext("nothing") }}</option>
{% for column in columns if column != first %}
<option value="{{ column }}"{% if column == second %} selected{% endif %}>
{{- shorten(column, 40) }}</option>
{% endfor %}
</select></label>
</span>
{% endif %}
</div>
""")

_SAVE = TEMPLATES.from_string("""
<p class="save">{{ gettext("Save this closer look:") if of_panel else gettext("Save:") }}
<button type="button" data-kind="table">{{ gettext("table (CSV)") }}</button>
{% if not of_panel %}
<button type="button" data-kind="vectors">{{ gettext("vectors (CSV)") }}</button>
{% endif %}
<button type="button" data-kind="picture">{{ gettext("picture (PNG)") }}</button>
<button type="button" data-kind="figure">{{ gettext("figure (HTML)") }}</button>
</p>
{% if not of_panel %}
<p class="save share">{{ gettext("Share:") }}
<button type="button" data-kind="link">{{ gettext("link") }}</button>
<button type="button" data-kind="embed">{{ gettext("code for a course page") }}</button>
</p>
{% endif %}
<p class="saved" role="status"></p>
<textarea class="copied" readonly rows="2" hidden
 aria-label="{{ gettext("What was copied") }}"></textarea>
""")

# By this, what is saved of a panel is made of the row that it shows.
_ROW = TEMPLATES.from_string("""
<span class="of-row" data-text-a="{{ row[0] }}" data-text-b="{{ row[1] }}" hidden></span>
""")


def header_html(course: Course, logo: str, description: str) -> str:
    """What the page is about, and the pages of the course.

    Args:
        course: How it presents itself.
        logo: An address that holds the picture; empty if there is none.
        description: A sentence or two.
    """
    return _HEADER.render(course=course, logo=logo, description=description)


def models_html(entries: Mapping[str, Entry], chosen: str, encoder: Encoder, source: str) -> str:
    """Which model is asked, and which others can be.

    Args:
        entries: The catalogue, by id.
        chosen: The id of the model that is asked.
        encoder: That model.
        source: What a saved picture says of where it comes from.
    """
    about = describe_model(encoder, entries[chosen].about)
    return _MODELS.render(models=entries, chosen=chosen, about=about, source=source)


def about_html(version: str, privacy: str, course: Course, *, has_lesson: bool) -> str:
    """What is kept of visitors, where the app comes from, and the way to the page for a class."""
    return _ABOUT.render(
        version=version,
        privacy=privacy,
        languages=_invite(),
        contact=course.contact,
        has_lesson=has_lesson,
        notebook=_NOTEBOOK,
    )


def _invite() -> dict[str, str]:
    """By each language that is not spoken now, in that language, the way to it."""
    invitations = {}
    for language in languages():
        with speaking(language):
            invitations[language] = gettext("This page in English")
    return {code: said for code, said in invitations.items() if code != spoken()}


def introduction_html(
    title: str, explanation: Sequence[str], exercises: Sequence[str], language: str
) -> str:
    """A question, its explanation and its exercises, the latter two folded.

    Args:
        title: The question.
        explanation: What it shows, a paragraph each.
        exercises: Things to try.
        language: That of explanation and exercises.
    """
    return _INTRODUCTION.render(
        title=title, explanation=explanation, exercises=exercises, language=language
    )


def closer_html(view: View) -> str:
    """What a panel says above its figure: the answer in words, and texts that it is about."""
    row = _ROW.render(row=view.row) if view.row else ""
    return _SUMMARY.render(view=view) + _tokens_html(view.tokens) + _QUOTED.render(view=view) + row


def below_html(view: View) -> str:
    """What a panel says below its figure."""
    return _NOTES.render(notes=view.notes) + tables_html(view)


def summary_html(view: View) -> str:
    """The answer in words, under the numbers that matter most, and what must be known besides."""
    return _SUMMARY.render(view=view) + _NOTES.render(notes=view.notes)


def refusal_html(sentence: str, about: str) -> str:
    """Why there is no answer; page.js shows it beside the input that it is about."""
    return _REFUSAL.render(sentence=sentence, about=about)


def tables_html(view: View) -> str:
    """The tables of a view, below what helps to judge it."""
    return _NOTES.render(notes=view.background) + "".join(map(table_html, view.tables))


def table_html(table: Table) -> str:
    """A table; where its rows can be picked, their second column becomes a button."""
    return _TABLE.render(table=table)


def _tokens_html(texts: Mapping[str, Sequence[tuple[str, float]]]) -> str:
    """Texts under their names, each token shaded by what it adds."""
    largest = max((abs(share) for tokens in texts.values() for _, share in tokens), default=1)
    shaded = {
        title: [(token, share, 100 * abs(share) / largest) for token, share in tokens]
        for title, tokens in texts.items()
    }
    return _TOKENS.render(texts=shaded)


def file_html(
    accept: str,
    said: str,
    name: str = "",
    columns: Sequence[str] = (),
    chosen: Sequence[str | None] = (None, None),
    number: object = None,
) -> str:
    """The button that opens a file, and the choice among the columns of the one that is open.

    Args:
        accept: Which files the browser offers.
        said: Which files can be read, in words.
        name: Of the file that is open.
        columns: Its columns.
        chosen: The two whose texts were read; None is the first column, and no second.
        number: By which page.js knows the file again.
    """
    first, second = chosen
    return _FILE.render(
        accept=accept,
        said=said,
        name=name,
        columns=columns,
        first=first or next(iter(columns), None),
        second=second,
        number=number,
    )


def save_html(*, of_panel: bool) -> str:
    """The buttons that save an answer, or what the open panel shows.

    Of a panel, saving.css shows those for which there is something to save.
    """
    return _SAVE.render(of_panel=of_panel)
