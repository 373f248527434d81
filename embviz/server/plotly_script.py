"""The script that draws the figures: plotly.js in the version that Python's plotly is made for."""

import gzip

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from embviz.views.figure_html import PLOTLY_VERSION, packed_plotly

# With the version in its name a browser can keep it for good.
PLOTLY_FILE = f"plotly-{PLOTLY_VERSION}.min.js"


def plotly_route() -> Route:
    """Where the page gets the script."""
    return Route(f"/{PLOTLY_FILE}", _send)


def _send(request: Request) -> Response:
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
    }
    script = packed_plotly()
    # `CompressedFiles` has left in this header what the browser takes.
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        script = gzip.decompress(script)
    return Response(script, headers=headers, media_type="text/javascript")
