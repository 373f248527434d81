"""What search engines and chats show of a link to the page."""

import re
from html import escape
from pathlib import Path

from gradio.routes import templates
from jinja2.ext import Extension
from starlette.responses import FileResponse
from starlette.routing import Route

from embviz.language import gettext_noop

_PICTURE = Path(__file__).parent / "preview.png"

_GRADIO_TAGS = re.compile(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*>')

DESCRIPTION = gettext_noop(
    "Language models turn each text into a vector, a list of numbers called its embedding. Test "
    "what these vectors can tell you."
)

# What is in double braces, Gradio fills in for each request.
_TAGS = f"""
    <title>TITLE</title>
    <meta name="description" content="{DESCRIPTION}" />
    <meta property="og:type" content="website" />
    <meta property="og:title" content="TITLE" />
    <meta property="og:description" content="{DESCRIPTION}" />
    <meta property="og:url" content="{{{{ config['root'] }}}}/" />
    <meta property="og:image" content="{{{{ config['root'] }}}}/{_PICTURE.name}" />
    <meta property="og:image:alt" content="King and queen compared: similarity 0.681" />
    <meta name="twitter:card" content="summary_large_image" />
"""


def preview_routes(title: str) -> list[Route]:
    """Let the page speak of itself; returns the route of its picture."""
    # A curly brace of a title is none of the template's.
    tags = _TAGS.replace("TITLE", escape(title).replace("{", "&#123;"))

    class PreviewTags(Extension):
        """Puts our tags in place of those in Gradio's template, which come first."""

        def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
            return _GRADIO_TAGS.sub("", source).replace("</head>", f"{tags}</head>", 1)

    templates.env.add_extension(PreviewTags)
    return [Route(f"/{_PICTURE.name}", lambda _: FileResponse(_PICTURE))]
