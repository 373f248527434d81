"""The accessibility report has a row for every criterion, and names tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
REPORT = (ROOT / ".github" / "ACCESSIBILITY.md").read_text()

# WCAG 2.2, in the order of the standard.
CRITERIA = {
    "A": "1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 "
    "2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 "
    "3.3.7 4.1.1 4.1.2",
    "AA": "1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 "
    "2.4.11 2.5.7 2.5.8 3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3",
}
LEVELS = ("Supports", "Partially supports", "Not applicable")


@pytest.mark.parametrize("level", CRITERIA)
def test_every_criterion_has_a_row(level):
    section = REPORT.split(f"\n## Level {level}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([\d.]+) .+? \| (.+?) \| ?(.*?) ?\|$", section, flags=re.MULTILINE)
    assert [number for number, _, _ in rows] == CRITERIA[level].split()
    assert {conformance for _, conformance, _ in rows} <= set(LEVELS)
    # What is said to be supported has a reason.
    assert all(remark for _, conformance, remark in rows if conformance != "Not applicable")


def test_every_test_that_it_names_exists():
    named = set(re.findall(r"`(test_\w+)`", REPORT))
    assert len(named) > 10
    source = "".join(path.read_text() for path in (ROOT / "tests").glob("*/test_*.py"))
    assert {name for name in named if f"def {name}(" not in source} == set()
