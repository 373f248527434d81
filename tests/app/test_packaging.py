"""What pip makes of this folder, and what a Space installs before the rest."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package, built by the setuptools that torch brings along."""
    folder = tmp_path_factory.mktemp("wheel")
    # A build leaves folders behind, so it is done on a copy.
    shutil.copytree(ROOT / "embviz", folder / "embviz")
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder / "dist"]
    command = [sys.executable, "-m", "pip", "wheel", folder, *options]
    pip = subprocess.run(command, capture_output=True, text=True)
    assert pip.returncode == 0, pip.stdout + pip.stderr
    (path,) = (folder / "dist").iterdir()
    return path


def test_the_wheel_holds_every_file_of_the_package(wheel):
    files = {path for path in (ROOT / "embviz").rglob("*") if path.is_file()}
    wanted = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
    assert {"embviz/ui/static/page.css", "embviz/server/preview.png"} <= wanted
    packed = {name for name in ZipFile(wheel).namelist() if name.startswith("embviz/")}
    assert {name for name in packed if not name.endswith(".pyc")} == wanted


def test_the_installed_package_compares_texts_without_the_examples(wheel, tmp_path):
    ZipFile(wheel).extractall(tmp_path)
    shutil.copy(ROOT / "tests" / "fakes.py", tmp_path)
    script = (
        "import embviz, fakes; encoder = fakes.FakeEncoder(king=(3, 4), queen=(4, 3)); "
        "print(embviz.__file__, embviz.compare('king', 'queen', encoder).similarity, sep='\\n')"
    )
    command = [sys.executable, "-c", script]
    python = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert python.returncode == 0, python.stderr
    place, similarity = python.stdout.splitlines()
    assert Path(place).is_relative_to(tmp_path)
    assert float(similarity) == pytest.approx(0.96)


def test_a_space_installs_the_torch_that_is_pinned():
    pins = [
        re.findall(r"^torch==.+$", (ROOT / name).read_text(), flags=re.MULTILINE)
        for name in ("pre-requirements.txt", "requirements.txt")
    ]
    assert len(pins[0]) == 1
    assert pins[0] == pins[1]
