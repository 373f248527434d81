"""The page around the tabs, and how it is served."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import Context
from gradio.events import api
from jinja2.utils import htmlsafe_json_dumps
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from embviz import __version__
from embviz.course.course_settings import Course
from embviz.language import gettext, gettext_noop, languages, speaking, spoken
from embviz.models.encoder import CACHE_BYTES
from embviz.server.cancellation import Jobs
from embviz.server.compressed_files import CompressedFiles
from embviz.server.kept_page import KeptPage
from embviz.server.language_of_request import LanguageOfRequest
from embviz.server.link_preview import DESCRIPTION, preview_routes
from embviz.server.plotly_script import PLOTLY_FILE, plotly_route
from embviz.server.request_limits import MAX_WAITING, Limits
from embviz.server.routes import Page, post_routes
from embviz.server.sessions import PendingAnswers, keep_no_answers
from embviz.service_of_each_model import Services
from embviz.ui.class_page import class_routes
from embviz.ui.course_texts import check_texts
from embviz.ui.deep_links import describe_inputs, open_links
from embviz.ui.errors import to_gradio_error
from embviz.ui.lesson_checks import check_steps
from embviz.ui.lesson_events import GuidedLesson
from embviz.ui.markup import about_html, header_html
from embviz.ui.model_choice import ModelChoice
from embviz.ui.script_messages import messages_script
from embviz.ui.section import html
from embviz.ui.tabs import Tabs
from embviz.ui.teacher_pages import teacher_routes
from embviz.views.colours import BLUE, GREEN, ORANGE, PURPLE

_STATIC = Path(__file__).parent / "static"
_SCRIPTS = (
    *("answer_stream.js", "page.js", "figures.js", "saving.js", "codes.js", "lesson.js"),
    "maps.js",
)

_PRIVACY = gettext_noop("""
The server forgets what you type once it has answered, or after a minute if the answer is not
fetched; it keeps vectors, up to {megabytes} MB a model, and no texts. A model that runs on another
machine receives what you type, and its description says so. The address of this page, and so the
history of your browser, names what you asked; your browser also keeps your guesses and, until you
close the tab, a question that has no room in an address.
""")

# Gradio carries this font at 400 and 700 in full; of 600 it has the Cyrillic letters only.
_FONT = gr.themes.LocalFont("Source Sans Pro", weights=(400, 700))

# Shades of the blue of Okabe & Ito (2008), #0072B2.
_BLUE = gr.themes.Color(
    *("#f0f7fc", "#dbecf7", "#b7d9ee", "#84bde0", "#3d97cb", "#0072B2"),
    *("#0067a0", "#00588a", "#004a73", "#003c5e", "#002c45"),
)


def build_page(
    services: Services, endpoints: Iterable[Callable[..., object]]
) -> tuple[gr.Blocks, dict[str, Any]]:
    """Build the page with the lesson's answers drawn, and register the endpoints.

    Returns:
        The page, and keyword arguments for its `launch`.

    Raises:
        LessonError: The files of the course ask for what cannot be had.
        InputError: A tab cannot show what it starts with.
    """
    check_texts(services.default)
    course = services.default.lesson.course
    first_id = Context.id
    page, tabs = _build(services, endpoints)
    for language in languages()[1:]:
        # The same components under the same ids, so that whatever a visitor does reaches this page.
        Context.id = first_id
        with speaking(language):
            translation, _ = _build(services, endpoints, is_translation=True)
            shown = {"components": translation.config["components"], "head": _head(tabs)}
        page.translations[language] = shown
    routes = [
        *post_routes(endpoints),
        *(section.route for section in tabs.sections),
        *preview_routes(course.title),
        plotly_route(),
        *class_routes(services, _colours()),
        *teacher_routes(services, _colours()),
    ]
    return page, _launch_options(course, _head(tabs), routes, keep_no_answers(page))


def _build(
    services: Services, endpoints: Iterable[Callable[..., object]], *, is_translation: bool = False
) -> tuple[Page, Tabs]:
    """The page in the language that is spoken; its lesson is not checked again in another one."""
    lesson = services.default.lesson
    course = lesson.course
    with Page(title=course.title, analytics_enabled=False, delete_cache=(3600, 3600)) as page:
        html(header_html(course, lesson.logo, gettext(DESCRIPTION)), elem_id="header")
        model = ModelChoice(services)
        guided = GuidedLesson(services)
        with gr.Column(elem_id="stage"):
            guided.build_steps()
            tabs = Tabs(services, model)
            guided.build_explanation()
        has_lesson = bool(lesson.steps)
        privacy = gettext(_PRIVACY, megabytes=CACHE_BYTES // 10**6)
        html(about_html(__version__, privacy, course, has_lesson=has_lesson), elem_id="about")
        if not is_translation:
            next_id = Context.id
            check_steps(services, tabs)
            # The answers had components of their own, which nobody sees.
            Context.id = next_id
        guided.connect(tabs)
        open_links(tabs, len(lesson.steps))
        for endpoint in endpoints:
            api(to_gradio_error(endpoint), api_name=endpoint.__name__, queue=False)
        Jobs().watch(page)
    return page, tabs


def _launch_options(
    course: Course, head: str, routes: list[Route], pending: PendingAnswers
) -> dict[str, Any]:
    return {
        "theme": _theme(),
        "css": _colours(),
        "css_paths": [_STATIC / name for name in ("page.css", "saving.css", "maps.css")],
        "favicon_path": str(_STATIC / "favicon.svg"),
        "head": head,
        "app_kwargs": {
            "routes": routes,
            "middleware": [
                Middleware(LanguageOfRequest, preferred=course.language),
                Middleware(Limits, pending=pending),
                Middleware(CompressedFiles),
                Middleware(KeptPage),
                # The page is mostly JSON, which Gradio sends as it is, as it does its answers.
                Middleware(GZipMiddleware, minimum_size=10_000, compresslevel=6),
            ],
        },
        "max_threads": MAX_WAITING,
        "mcp_server": True,
        "footer_links": ["api", "settings"],
        # Rendering on the server is slower here and takes 119 MB more.
        "ssr_mode": False,
        # Schools share computers. Of what people type, page.js keeps only what a reload needs.
        "run_history": False,
        "enable_monitoring": False,
        "pwa": False,
        "show_error": False,
    }


def _head(tabs: Tabs) -> str:
    # Gradio rewrites the selectors of the style sheets that it takes itself, and breaks some.
    styles = ("print.css", "lesson.css", "tables.css", "preferences.css")
    return "".join(
        [
            *(f"<style>{(_STATIC / name).read_text()}</style>" for name in styles),
            f"<style>:root {{ {_sentences_of_styles()} }}</style>",
            *(f"<script>{script}</script>" for script in _scripts(tabs)),
        ]
    )


def _sentences_of_styles() -> str:
    said = {
        "edited": gettext("The input has changed: press the button to update."),
        "awaited": gettext("One moment."),
        "refused": gettext("There is no answer to this input."),
        "rest": gettext("The other rows are in the saved table."),
    }
    # What is a string in JSON is one in CSS.
    return " ".join(
        f"--says-{name}: {json.dumps(text, ensure_ascii=False)};" for name, text in said.items()
    )


def _scripts(tabs: Tabs) -> Iterable[str]:
    yield f'document.documentElement.lang = "{spoken()}";'
    yield messages_script()
    for name in _SCRIPTS:
        yield (_STATIC / name).read_text()
    yield f'embviz.loadPlotly("{PLOTLY_FILE}");'
    inputs = {section.question.id: describe_inputs(section) for section in tabs.sections}
    # As in a template, where nothing may end the script that it stands in.
    yield f"embviz.inputs = {htmlsafe_json_dumps(inputs)};"


def _colours() -> str:
    """The colours of the figures for page.css."""
    # As three numbers, so that page.css can make them lighter.
    adds, takes = (" ".join(map(str, bytes.fromhex(hue[1:]))) for hue in (GREEN, PURPLE))
    return f":root {{ --text-a: {BLUE}; --text-b: {ORANGE}; --adds: {adds}; --takes: {takes}; }}"


def _theme() -> gr.Theme:
    theme = gr.themes.Default(
        primary_hue=_BLUE,
        neutral_hue="slate",
        font=(_FONT, "ui-sans-serif", "sans-serif"),
        font_mono="monospace",
    )
    # Gradio's own shades of these miss a contrast of 4.5:1.
    return theme.set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_500",
    )
