"""A panel costs nothing until it is opened."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from embviz.errors import InputError
from embviz.ui.section import CLOSED, open_panel

ROOT = Path(__file__).parent.parent.parent

# Builds the page, and prints what was encoded for it and what was written.
BUILD_PAGE = """
import json, sys
from pathlib import Path
from fakes import FakeEncoder
from embviz.analysis.baseline import measure_baseline
from embviz.course.schema import load_lesson
from embviz.service import Service
from embviz.server.endpoints import build_endpoints
from embviz.ui.page import build_page
from embviz.analysis.vocabulary import CommonWords

encoded = set()
class CountingEncoder(FakeEncoder):
    def encode(self, texts):
        encoded.update(texts)
        return super().encode(texts)

folder = Path(sys.argv[1])
encoder = CountingEncoder()
words = CommonWords(encoder, folder)
service = Service(encoder, load_lesson(), measure_baseline(FakeEncoder()), words)
build_page(service, build_endpoints(service))
loaded = [name for name in ("bm25s", "gensim") if name in sys.modules]
print(json.dumps([sorted(encoded), [path.name for path in folder.iterdir()], loaded]))
"""


def test_opening_the_page_encodes_the_lesson_and_nothing_else(lesson, tmp_path):
    # In a process of its own: Gradio leaves event loops behind.
    output = subprocess.run(
        [sys.executable, "-c", BUILD_PAGE, tmp_path],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    encoded, written, loaded = json.loads(output.splitlines()[-1])
    analogy = lesson.arithmetic.analogies[0]
    start = {
        *lesson.similarity.pairs[0],
        *lesson.similarity.words,
        *analogy.candidates,
        *analogy.expression.replace(" - ", " + ").split(" + "),
        lesson.search.queries[0],
        *lesson.search.documents,
    }
    # So that a step that cannot be opened is refused at the start.
    states = ", ".join(text for step in lesson.steps for text in step.state.values())
    assert start <= set(encoded)
    assert all(text in states for text in set(encoded) - start)
    assert written == []
    assert loaded == []


def test_a_closed_panel_calls_nothing():
    def panel(*results):
        raise AssertionError("nobody asked")

    text, figure = open_panel({"Why?": panel}, CLOSED, "result")
    assert text == ""
    assert not figure.visible


def test_an_open_panel_is_called_with_the_results():
    text, figure = open_panel({"Why?": lambda *results: (str(results), None)}, "Why?", 1, 2)
    assert text == "(1, 2)"
    assert not figure.visible


def test_an_unknown_panel_is_refused():
    with pytest.raises(InputError, match=r"^Look closer must be one of: Why\?"):
        open_panel({"Why?": lambda: ("", None)}, "Who?")


# Opens a panel of each section where no answer can be drawn, and prints what fills it.
OPEN_PANELS = """
import json, sys
from pathlib import Path
from fakes import FakeEncoder
from embviz.analysis.baseline import measure_baseline
from embviz.analysis.vocabulary import CommonWords
from embviz.course.schema import load_lesson
from embviz.server.endpoints import build_endpoints
from embviz.service import Service
from embviz.ui import arithmetic, search, similarity
from embviz.ui.page import build_page

encoder = FakeEncoder(king=(1, 0), queen=(0, 1))
words = CommonWords(encoder, Path(sys.argv[1]))
service = Service(encoder, load_lesson(), measure_baseline(encoder), words)
page, _ = build_page(service, build_endpoints(service))

def fail(*_, **__):
    raise AssertionError("the answer above is drawn again")

for module, names in [
    (similarity, ["compare_figure", "compare_table", "similarity_matrix_figure"]),
    (arithmetic, ["solve_figure", "solve_table"]),
    (search, ["search_figure", "search_table"]),
]:
    for name in names:
        assert hasattr(module, name)
        setattr(module, name, fail)
filled = {}
for event in page.fns.values():
    labels = [getattr(part, "label", None) for part in event.inputs]
    if event.fn is None or len(event.outputs) != 2 or labels[-1:] != ["Look closer"]:
        continue
    values = [part.value for part in event.inputs[:-1]]
    for _, question in event.inputs[-1].choices[1:]:
        if not question.startswith(("Map:", "Test this claim", "Which words")):
            text, _ = event.fn(*values, question)
            filled.setdefault(labels[0], []).append(bool(text))
            break
print(json.dumps(filled))
"""


def test_opening_a_panel_draws_the_panel_alone(tmp_path):
    output = subprocess.run(
        [sys.executable, "-c", OPEN_PANELS, tmp_path],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert json.loads(output.splitlines()[-1]) == {
        "Text A": [True],
        "Words": [True],
        "Expression": [True],
        "Query": [True],
    }
