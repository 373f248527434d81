"""The frame of the pages beside the app, which are plain HTML: /class, /teachers and /handout."""

from collections.abc import Callable, Sequence
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from embviz.course.course_settings import Course
from embviz.language import spoken
from embviz.ui.markup import TEMPLATES
from embviz.ui.script_messages import messages_script

_STATIC = Path(__file__).parent / "static"

# It names what lies beside it, so that it also works behind a root path.
_PAGE = TEMPLATES.from_string("""
<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }} · {{ course.title }}</title>
<link rel="icon" href="favicon.ico">
<link rel="stylesheet" href="theme.css">
<style>{{ style }}</style>
<script>{{ theme }}</script>
</head>
<body>
<main>
<p class="not-printed"><a href="./">{{ course.title }}</a></p>
<h1>{{ title }}</h1>
{{ body }}
</main>
{% for script in scripts %}
<script>{{ script }}</script>
{% endfor %}
</body>
</html>
""")


def side_page_html(
    title: str, course: Course, colours: str, body: str, css: str, scripts: Sequence[str] = ()
) -> str:
    """A whole page.

    Args:
        title: What it is.
        course: Whose page it is.
        colours: A style sheet with the colours of the figures.
        body: HTML, with all that came from elsewhere escaped.
        css: The name of its style sheet.
        scripts: The names of its scripts.
    """
    sheets = [(_STATIC / name).read_text() for name in ("pages.css", css)]
    texts = [messages_script(), *((_STATIC / name).read_text() for name in scripts)]
    return _PAGE.render(
        language=spoken(),
        title=title,
        course=course,
        theme=Markup((_STATIC / "side_page.js").read_text()),
        style=Markup("".join((colours, *sheets))),
        body=Markup(body),
        scripts=[Markup(text) for text in texts] if scripts else (),
    ).lstrip()


def side_page_route(address: str, make: Callable[[], str]) -> Route:
    """A page that is made once for each language, when somebody first opens it.

    Args:
        address: Where it stands.
        make: Makes it in the language that is spoken.
    """
    pages: dict[str, str] = {}

    def answer(_: Request) -> HTMLResponse:
        language = spoken()
        if language not in pages:
            pages[language] = make()
        return HTMLResponse(pages[language])

    return Route(address, answer)
