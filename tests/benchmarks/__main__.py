"""Everything that is said to be fast, measured beside what it is compared with.

    python -m tests.benchmarks

Prints one table; ends with status 1 where a goal is missed.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

# Modules of the tests import each other as pytest lets them.
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.encoding import rows_of_encoding
from benchmarks.nearest import rows_of_nearest
from benchmarks.painting import rows_of_painting
from benchmarks.serving import ROOT, rows_of_answers, rows_of_replicas, rows_of_start
from benchmarks.table import Row, print_table
from playwright.sync_api import sync_playwright
from sentence_transformers import SentenceTransformer
from served import serve

from embviz import compare, load_encoder
from embviz.analysis.baseline import find_position, load_baseline
from embviz.models.loading import find_wheel_folder
from embviz.views.baseline import position_figure


def main() -> int:
    """Print the table; returns 1 if a goal is missed."""
    with TemporaryDirectory() as folder:
        return int(not print_table(measure(Path(folder))))


def measure(folder: Path) -> Iterator[Row]:
    """All rows; `folder` is for logs."""
    yield from rows_of_start(find_wheel_folder(), folder / "start.txt")
    pairs = [("king", "queen"), ("dog", "puppy")]
    encoder = load_encoder()
    baseline = load_baseline(encoder)
    positions = [find_position(*p, compare(*p, encoder).similarity, baseline) for p in pairs]
    figures = [position_figure(position).to_plotly_json() for position in positions]
    with (
        serve(ROOT, folder / "app.txt", is_new=True) as app,
        serve(
            ROOT,
            folder / "bare.txt",
            "tests/benchmarks/bare_app.py",
            is_new=True,
            FIGURES=json.dumps(figures, default=list),
        ) as bare,
        sync_playwright() as playwright,
    ):
        model = SentenceTransformer(str(find_wheel_folder()), local_files_only=True)
        yield from rows_of_answers(app, bare, model)
        yield from rows_of_replicas(app, folder)
        path = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield from rows_of_painting(browser, app, bare)
    yield from rows_of_encoding(encoder, model)
    yield from rows_of_nearest()


if __name__ == "__main__":
    sys.exit(main())
