import gzip

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from embviz.server.plotly_script import PLOTLY_FILE, plotly_route
from embviz.views.figure_html import packed_plotly


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip", "identity"])
def test_the_script_is_the_same_however_it_travels_and_is_kept_for_good(accepted):
    client = TestClient(Starlette(routes=[plotly_route()]))
    response = client.get(f"/{PLOTLY_FILE}", headers={"Accept-Encoding": accepted})
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Vary"] == "Accept-Encoding"
    assert (response.headers.get("Content-Encoding") == "gzip") == ("gzip" in accepted)
    assert response.content == gzip.decompress(packed_plotly())
