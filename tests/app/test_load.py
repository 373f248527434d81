"""A small class, for a few seconds; the full one is in tests/benchmarks/load.py."""

from pathlib import Path

from benchmarks.load import visit
from served import serve


def test_a_small_class_is_answered(tmp_path):
    with serve(Path(__file__).parent.parent.parent, tmp_path / "app.txt") as app:
        *requests, overall = visit(app.url, 30, 8, tmp_path)
    assert overall["Failure Count"] == "0"
    asked = {row["Name"] for row in requests}
    assert {"the page", "compare, known", "compare, new", "solve", "search"} <= asked
    assert int(overall["Request Count"]) >= 60
