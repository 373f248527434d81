"""The plan of the house: which room knows which library, and which rooms know each other."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "embviz"
MODULES = sorted(PACKAGE.rglob("*.py"))

# A library, and the only rooms that may import it.
ROOMS = {
    "gradio": ["tabs/"],
    "gradio_client": ["tabs/"],
    "starlette": ["tabs/"],
    "brotli": ["tabs/compression.py"],
    "jinja2": ["tabs/markup.py", "tabs/preview.py"],
    "plotly": ["figures/"],
    "bm25s": ["keyword.py"],
    "wordfreq": ["vocabulary.py", "background.py"],
    "glin_profanity": ["vocabulary.py"],
    "sentence_transformers": ["encoder.py", "model.py"],
    "torch": ["model.py", "bert.py"],
    "transformers": ["bert.py"],
    "pydantic": ["lesson.py"],
    "pydantic_core": ["lesson.py"],
}

# The floors, from the ground up: a module imports from its own floor and from those below it.
FLOORS = [
    {"display", "errors", "vectors", "bert", "turns", "waiting"},
    {"model"},
    {"inputs", "files", "encoder", "keyword", "links"},
    {"datasets", "kept", "vocabulary"},
    {"similarity", "arithmetic", "search", "background", "explanation", "stress"},
    {"projection", "lesson", "human_ratings", "analogy_test", "retrieval_test"},
    {"readings", "tables", "downloads"},
    {"figures", "service"},
    {"guided"},
    {"tabs"},
]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def room(path):
    return path.relative_to(PACKAGE).as_posix()


def floor(name):
    return next((n for n, modules in enumerate(FLOORS) if name in modules), None)


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_libraries_stay_in_their_rooms(path):
    for module in imports(path):
        for allowed in [ROOMS.get(module.split(".")[0])]:
            assert allowed is None or room(path).startswith(tuple(allowed)), module


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_no_module_imports_from_a_floor_above(path):
    own = floor(room(path).split("/")[0].removesuffix(".py"))
    if path == PACKAGE / "__init__.py":
        return
    assert own is not None, "give the module a floor"
    for module in imports(path):
        if module.startswith("embviz."):
            assert floor(module.split(".")[1]) <= own, module


def test_importing_the_package_is_cheap():
    script = "import sys, embviz; print(*sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT
    )
    loaded = set(output.stdout.split())
    assert "embviz" in loaded
    assert not loaded & {"torch", "sentence_transformers", "gradio", "plotly", "bm25s", "wordfreq"}


def test_every_core_room_has_its_tests():
    rooms = {room(path).split("/")[0].removesuffix(".py") for path in MODULES}
    for name in rooms - {"__init__", "errors", "tabs"}:
        assert (ROOT / "tests" / f"test_{name}.py").exists(), name


def test_top_level_stays_as_it_is():
    visible = {path.name for path in ROOT.iterdir() if not path.name.startswith((".", "__"))}
    assert visible == {
        "app.py",
        "embviz",
        "examples",
        "LICENSE",
        "README.md",
        "requirements.txt",
        "tests",
    }


def test_requirements_are_pinned():
    for path in (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"):
        for line in path.read_text().splitlines():
            assert re.fullmatch(r"(#.*|-r .*|[\w\[\]-]+==[\d.]+|)", line), line


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_nothing_to_say(command):
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."], capture_output=True, text=True, cwd=ROOT
    )
    assert ruff.returncode == 0, ruff.stdout + ruff.stderr
