"""A figure as a page of its own, and the Plotly that it carries."""

import gzip
import hashlib
import json
import re

from plotly.offline import get_plotlyjs_version

from embviz.views import figure_html
from embviz.views.canvas import bar_figure
from embviz.views.figure_html import PLOTLY_VERSION, page_html
from embviz.views.view import View

HOSTILE = "</script><img src=x onerror=alert(1)>"

# Of plotly-cartesian.min.js in the npm package plotly.js-cartesian-dist-min 4.1.1.
SHA256 = "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"


def page_of(text):
    figure = bar_figure(values=[0.5], texts=[text], colours=["red"])
    figure.update_yaxes(tickvals=[0], ticktext=[text])
    return page_html(View(f"A {text}", figure, numbers={"similarity": "0.681"}), f"From {text}")


def test_plotly_is_the_file_that_was_published_and_as_old_as_the_python_package():
    packed = (figure_html._PLOTLY / "plotly-cartesian.min.js.gz").read_bytes()
    script = gzip.decompress(packed)
    assert hashlib.sha256(script).hexdigest() == SHA256
    assert f"v{PLOTLY_VERSION}".encode() in script[:200]
    assert get_plotlyjs_version() == PLOTLY_VERSION
    assert len(packed) < 500_000


def test_a_page_carries_plotly_with_its_licence_and_the_figure():
    page = page_of("sea")
    assert len(page) < 700_000
    assert "Copyright (c) 2016-2024 Plotly Technologies Inc." in page
    assert "The above copyright notice and this permission notice shall be included" in page
    drawn = re.search(r'<script type="application/json" id="drawn">(.*?)</script>', page, re.S)
    assert json.loads(drawn[1])["layout"]["yaxis"]["ticktext"] == ["sea"]


def test_a_page_says_what_it_shows_and_where_it_comes_from():
    page = page_of("sea")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>A sea</title>" in page
    assert "<h1>A sea</h1>\n<p>similarity 0.681</p>" in page
    assert "<footer>From sea</footer>" in page


def test_a_page_asks_for_nothing_and_runs_no_text():
    page = page_of(HOSTILE)
    assert not re.search(r"<script[^>]*\ssrc\s*=|<link|<img", page)
    assert page.count("</script>") == 3
    assert "default-src 'none'" in page
