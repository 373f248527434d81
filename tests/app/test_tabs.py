"""The page costs no more than it shows."""

import json
import os
import subprocess
import sys
from pathlib import Path

from embviz.course.first_texts import first_texts

ROOT = Path(__file__).parent.parent.parent

# Builds the page, and prints what was encoded for it and what was written.
BUILD_PAGE = """
import json, sys
from pathlib import Path
import numpy as np
from fakes import FakeEncoder
from embviz.models.model import HiddenStates
from embviz.analysis.baseline import measure_baseline
from embviz.course.course_files import load_lesson
from embviz.models.catalogue import list_models
from embviz.service import Service
from embviz.service_of_each_model import Services
from embviz.server.endpoints import build_endpoints
from embviz.ui.page import build_page
from embviz.analysis.vocabulary import CommonWords

encoded = set()
class CountingEncoder(FakeEncoder):
    layers = 1

    def read_layers(self, text):
        tokens, ones = text.split(), np.ones((2, len(text.split()), 2))
        ends = np.cumsum([len(token) + 1 for token in tokens])
        places = tuple((end - len(token) - 1, end - 1) for token, end in zip(tokens, ends))
        return HiddenStates(tuple(tokens), ones, places, ones[0])

    def encode(self, texts):
        encoded.update(texts)
        return super().encode(texts)

folder = Path(sys.argv[1])
encoder = CountingEncoder()
words = CommonWords(encoder, folder)
service = Service(encoder, load_lesson(), measure_baseline(FakeEncoder()), words)
services = Services(service, list_models(encoder, ""))
build_page(services, build_endpoints(services))
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
    assert set(encoded) == set(first_texts(lesson))
    assert written == []
    assert loaded == []
