"""Readings and tables → HTML. Jinja escapes whatever a visitor typed."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from jinja2 import Environment
from markupsafe import Markup

from embviz.analysis.attribution import Explanation
from embviz.course.schema import Part
from embviz.display import isolate
from embviz.views.phrases import number, shorten
from embviz.views.table import Table

TEMPLATES = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
TEMPLATES.globals |= {"isolate": isolate, "number": number, "shorten": shorten, "longest": 120}


def _mark(text: str, words: Sequence[str]) -> Markup | str:
    # Cut where words begin and end, not by a pattern made of the words: `re` would keep that.
    parts = re.split(r"\b", text)
    # Joined to markup, the parts that are no word are escaped.
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if part in words else part for part in parts
    )


TEMPLATES.filters["mark"] = _mark

_INTRODUCTION = TEMPLATES.from_string("""
<h2>{{ question }}</h2>
<div class="panels">
<details><summary>What does this show?</summary>
{% for paragraph in part.explanation %}
<p>{{ paragraph }}</p>
{% endfor %}
</details>
<details><summary>Things to try</summary>
<ul>
{% for exercise in part.exercises %}
<li>{{ exercise }}</li>
{% endfor %}
</ul>
</details>
</div>
""")

_READING = TEMPLATES.from_string("""
{% if numbers %}
<dl class="numbers">
{% for name, number in numbers.items() %}
<div><dt>{{ name }}</dt><dd>{{ number }}</dd></div>
{% endfor %}
</dl>
{% endif %}
<p class="reading">{{ reading }}</p>
{% for note in notes if note %}
<p class="note">{{ note }}</p>
{% endfor %}
""")

_TABLE = TEMPLATES.from_string("""
{% macro show(cell) %}
{% if cell is none %}{% elif cell is float %}{{ number(cell) }}
{% elif cell is string %}{{ shorten(cell, longest) | mark(words) }}{% else %}{{ cell }}{% endif %}
{% endmacro %}
<div class="table" tabindex="0" role="region" aria-label="{{ table.caption }}">
<table>
<caption>{{ table.caption }}</caption>
<thead><tr>
{% for header in table.headers %}
{% set is_number = table.rows and table.rows[0][loop.index0] is number %}
<th scope="col"{% if is_number %} class="number"{% endif %}>{{ shorten(header, longest) }}</th>
{% endfor %}
</tr></thead>
<tbody>
{% for row in table.rows %}
{% set pair = pairs[loop.index0] if pairs else none %}
<tr{% if row[0] is none %} class="left-out"{% endif %}
{% if pair %} data-text-a="{{ pair[0] }}" data-text-b="{{ pair[1] }}"{% endif %}>
{% for cell in row %}
<td{% if cell is number %} class="number"{% elif cell is string and cell | length > longest %}
 title="{{ isolate(cell) }}"{% endif %}>
{%- if pair and loop.index == 2 -%}
<button type="button" title="{{ action }}">{{ show(cell) | trim }}</button>
{%- else -%}
{{ show(cell) | trim }}
{%- endif -%}
</td>
{% endfor %}
</tr>
{% endfor %}
</tbody>
</table>
</div>
""")


_TOKENS = TEMPLATES.from_string("""
{% for title, shades in texts.items() %}
<p class="tokens">
<span class="title">{{ title }}</span>
{% for token, share, shade in shades %}
<span class="token" style="--shade: {{ '%.0f' % shade }}%; --hue: var(--{{ 'adds' if share >= 0 else
'takes' }})" title="{{ number(share, 4) }}">{{ isolate(token) }}</span>
{% endfor %}
</p>
{% endfor %}
""")


_FILE = TEMPLATES.from_string("""
<div class="file">
<label class="link"><input type="file" accept=".txt,.csv,text/plain,text/csv">Open a file…</label>
<span>.txt or .csv, up to {{ size }}</span>
{% if columns | length > 1 %}
<label>Column of {{ shorten(name, 40) }}
<select data-file="{{ number }}">
{% for column in columns %}
<option value="{{ column }}"{% if column == chosen %} selected{% endif %}>
{{- shorten(column, 40) }}</option>
{% endfor %}
</select></label>
{% endif %}
</div>
""")

_SAVE = """
<p class="save">Save:
<button type="button" data-kind="table">table (CSV)</button>
<button type="button" data-kind="vectors">vectors (CSV)</button>
<button type="button" data-kind="picture">picture (PNG)</button>
<button type="button" data-kind="figure">figure (HTML)</button>
<span role="status"></span>
</p>
"""


def introduction_html(question: str, part: Part) -> str:
    """The question of a tab, its explanation and its exercises, the latter two folded."""
    return _INTRODUCTION.render(question=question, part=part)


def summary_html(
    reading: str, *, numbers: Mapping[str, str] | None = None, notes: Sequence[str] = ()
) -> str:
    """The answer in words, under the numbers that matter most."""
    return _READING.render(reading=reading, numbers=numbers, notes=notes)


def tokens_html(explanation: Explanation, name_a: str, name_b: str) -> str:
    """Both texts under their names, each token shaded by its share in the similarity."""
    texts = {
        name_a: zip(explanation.tokens_a, explanation.shares_a, strict=True),
        name_b: zip(explanation.tokens_b, explanation.shares_b, strict=True),
    }
    largest = max(np.abs(explanation.shares_a).max(), np.abs(explanation.shares_b).max())
    shaded = {
        title: [(token, share, 100 * abs(share) / largest) for token, share in tokens]
        for title, tokens in texts.items()
    }
    return _TOKENS.render(texts=shaded)


def table_html(table: Table, *, words: Sequence[str] = ()) -> str:
    """A table to read, the given words marked in it."""
    return _TABLE.render(table=table, words=words)


def pickable_table_html(
    table: Table, pairs: Sequence[tuple[str, str]], action: str, *, words: Sequence[str] = ()
) -> str:
    """A table each of whose rows stands for a pair of texts and can be picked.

    Args:
        table: The table; its second column becomes a button.
        pairs: The two texts of each row.
        action: What picking a row does, in a few words.
        words: Words that are marked wherever they stand.
    """
    return _TABLE.render(table=table, pairs=pairs, action=action, words=words)


def file_html(
    size: str,
    name: str = "",
    columns: Sequence[str] = (),
    chosen: str | None = None,
    number: object = None,
) -> str:
    """The button that opens a file, and the choice among the columns of the one that is open.

    Args:
        size: How large a file may be.
        name: Of the file that is open.
        columns: Its columns.
        chosen: The one whose texts were read.
        number: By which page.js knows the file again.
    """
    return _FILE.render(size=size, name=name, columns=columns, chosen=chosen, number=number)


def save_html() -> str:
    """The buttons that save an answer."""
    return _SAVE
