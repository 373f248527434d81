"""A figure as a page of its own."""

import base64
import functools
import json
from html import escape
from pathlib import Path

import plotly.io

from embviz.language import gettext, spoken
from embviz.views.view import View
from embviz.views.wording import shorten

# The npm package plotly.js-cartesian-dist-min of this version, which is that of Python's plotly. It
# draws bars, lines, points and heat maps.
PLOTLY_VERSION = "4.1.1"
_PLOTLY = Path(__file__).parent / "plotly"

_LONGEST_TITLE = 80

_STYLE = """
:root { color-scheme: light; }
body {
  max-width: 60rem;
  margin: 1.5rem auto;
  padding: 0 1rem;
  font: 1rem/1.5 "Source Sans Pro", system-ui, sans-serif;
  color: black;
  background: white;
}
h1 { margin: 0; font-size: 1.1875rem; font-weight: 400; overflow-wrap: anywhere; }
footer { margin-top: 1rem; font-size: 0.875rem; color: #555; overflow-wrap: anywhere; }
"""

# The browser unpacks Plotly: unpacked it takes 1.5 MB, packed 0.66 MB as text.
_SCRIPT = """
(async () => {
  const place = document.getElementById("figure");
  try {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(unpacked).text();
    document.head.append(script);
    const { data, layout } = JSON.parse(document.getElementById("drawn").textContent);
    // No other buttons: one of them would send the figure to a service of Plotly's.
    const buttons = layout.meta?.map ? ["toImage", "resetScale2d"] : ["toImage"];
    const options = { responsive: true, displaylogo: false, modeBarButtons: [buttons] };
    await Plotly.newPlot(place, data, layout, options);
  } catch {
    place.textContent = tooOld;
  }
})();
"""


def page_html(view: View, source: str, *, tools: str = "") -> str:
    """A page that shows a view's figure, to be pointed at as in the app, without any network.

    It carries Plotly: a page that took it from the web would tell others of its readers, and be
    empty the day it is shown in a room without a connection. Its policy forbids every request.

    Args:
        view: Has a figure.
        source: Where the figure comes from; the browser that saves the page adds the address.
        tools: Styles and scripts to use the figure with, as HTML.
    """
    packed, licence = _plotly()
    numbers = " · ".join(f"{name} {value}" for name, value in view.numbers.items())
    # No text in it can end the script that holds it.
    drawn = plotly.io.to_json(view.figure).replace("<", "\\u003c")
    too_old = gettext("This browser cannot draw the figure: open the file in a newer browser.")
    policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    return f"""<!doctype html>
<html lang="{spoken()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}img-src data: blob:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(shorten(view.summary, _LONGEST_TITLE))}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(view.summary)}</h1>
<p>{escape(numbers)}</p>
<div id="figure"></div>
</main>
<footer>{escape(source)}</footer>
<script type="application/json" id="drawn">{drawn}</script>
<!-- The figure is drawn by plotly.js {PLOTLY_VERSION}, which follows, compressed.

{licence}-->
<script>const packed = "{packed}", tooOld = {json.dumps(too_old)};</script>
<script>{_SCRIPT}</script>
{tools}
</body>
</html>
"""


@functools.cache
def _plotly() -> tuple[str, str]:
    """Plotly, compressed and in base64, and its licence."""
    licence = (_PLOTLY / "LICENSE").read_text("utf-8")
    return base64.b64encode(packed_plotly()).decode("ascii"), licence


@functools.cache
def packed_plotly() -> bytes:
    """Plotly, compressed by gzip."""
    return (_PLOTLY / "plotly-cartesian.min.js.gz").read_bytes()
