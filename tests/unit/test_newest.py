"""What is tried before a pin moves, and what the guide and the nightly run say of it."""

import json
import re
import subprocess
import sys

import newest
import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement

GUIDE = (ROOT / ".github" / "UPGRADING.md").read_text()
NIGHTLY = yaml.safe_load((ROOT / ".github" / "workflows" / "nightly.yml").read_text())


def run(*arguments):
    command = [sys.executable, "-m", "tests.newest", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def requirements(text):
    """The lines that name a package, parsed."""
    return [Requirement(line) for line in text.splitlines() if re.match(r"\w", line)]


def all_pins():
    text = "\n".join((ROOT / file).read_text() for file in newest.FILES)
    return requirements(text)


def test_every_pin_has_a_name_in_the_list():
    listed = json.loads(run().stdout)
    assert listed == [each.name for each in requirements((ROOT / "requirements.txt").read_text())]


@pytest.mark.parametrize("name", newest.read_pins())
def test_one_pin_may_be_newer_and_all_others_stay(name):
    pins, tried = all_pins(), requirements(newest.unpin(name))
    assert len(tried) == len(pins)
    for pin, each in zip(pins, tried, strict=True):
        (version,) = pin.specifier
        assert version.operator == "=="
        expected = f">={version.version}" if pin.name == name else str(pin.specifier)
        assert (each.name, each.extras, str(each.specifier)) == (pin.name, pin.extras, expected)


def test_torch_comes_without_its_gpu_packages():
    tried = newest.unpin("torch").splitlines()
    assert tried.count("torch>=" + newest.read_pins()["torch"]) == 2
    assert sum(line.startswith("--extra-index-url ") for line in tried) == 1


def test_what_came_of_it_is_one_sentence():
    assert newest.judge("plotly", "7.1.0", "7.1.0", passed=True).startswith("plotly stays at 7.1.0")
    moves = newest.judge("plotly", "7.1.0", "7.2.0", passed=True)
    assert moves == "plotly can move from 7.1.0 to 7.2.0: the tests pass."
    fails = newest.judge("plotly", "7.1.0", "7.2.0", passed=False)
    assert fails == "plotly cannot move from 7.1.0 to 7.2.0 yet: tests fail."


def test_the_commands_of_the_guide_are_those_of_the_script():
    lines = re.findall(r"^\.venv/bin/python -m tests\.newest (.*?) *(?:#.*)?$", GUIDE, re.MULTILINE)
    assert len(lines) == 3
    for line in lines:
        arguments = line.replace("--dry-run ", "").split()
        dry = run("--dry-run", *arguments)
        assert dry.returncode == 0, dry.stderr
        *installed, install, test = dry.stdout.splitlines()
        assert "\n".join(installed).strip() == newest.unpin(arguments[0]).strip()
        assert " -m pip install " in install
        assert test.endswith(" ".join(["-m pytest", *arguments[1:]]))


def test_a_package_that_is_not_pinned_is_refused():
    refused = run("--dry-run", "no-such-package")
    assert refused.returncode == 2
    assert "invalid choice" in refused.stderr


def test_every_file_that_the_guide_names_is_there():
    paths = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|css|gz|md|html|yml))`", GUIDE)
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_every_night_each_pin_is_tried_alone():
    jobs = NIGHTLY["jobs"]
    (listing,) = (step["run"] for step in jobs["pins"]["steps"] if "run" in step)
    assert "python3 -m tests.newest)" in listing
    job = jobs["newest"]
    assert job["strategy"]["matrix"]["name"] == "${{ fromJSON(needs.pins.outputs.names) }}"
    assert not job["strategy"]["fail-fast"]
    last = job["steps"][-1]["run"]
    assert last == 'python -m tests.newest ${{ matrix.name }} >> "$GITHUB_STEP_SUMMARY"'
