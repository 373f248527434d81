"""The styles and scripts that a saved map carries."""

from pathlib import Path

from embviz.ui.script_messages import messages_script
from embviz.views.view import View

_STATIC = Path(__file__).parent / "static"

# Values that the page's theme sets. Plotly has buttons of its own in the corner.
_STYLE = """
:root {
  --body-background-fill: white;
  --body-text-color-subdued: #555;
  --button-secondary-text-color: black;
  --button-secondary-background-fill: #e5e7eb;
  --button-small-radius: 4px;
}
.map-tools { padding-right: 5rem; }
.map-tools button { border: 0; cursor: pointer; }
@media (max-width: 500px) { .map-tools span { visibility: hidden; } }
"""


def map_tools(view: View) -> str:
    """Labels where they have room, and ways to zoom, as HTML to follow a figure that is a map."""
    if view.figure is None or "map" not in (view.figure.layout.meta or {}):
        return ""
    style = (_STATIC / "maps.css").read_text() + _STYLE
    scripts = messages_script(), (_STATIC / "maps.js").read_text()
    return f"<style>{style}</style>" + "".join(f"<script>{script}</script>" for script in scripts)
