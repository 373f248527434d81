"""The files and names that CONTRIBUTING.md points to are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / ".github" / "CONTRIBUTING.md").read_text()
# What stands in blocks of code is what someone would add.
PROSE = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)


def test_every_file_it_names_is_there():
    paths = re.findall(r"`((?:[\w.]+/)*[\w-]+\.(?:py|js|css|json|md|txt|toml))`", PROSE)
    assert len(paths) > 40
    assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_every_name_of_the_table_is_in_its_file():
    rows = re.findall(r"^\| .+ \| `(.+)` \| `(.+)` \|$", PROSE, flags=re.MULTILINE)
    assert len(rows) > 10
    assert [row for row in rows if row[1] not in (ROOT / row[0]).read_text()] == []


def test_every_package_is_in_the_diagram():
    diagram = re.search(r"```text\n(.*?)```", PAGE, flags=re.DOTALL)[1]
    parts = {path.name for path in (ROOT / "embviz").glob("[a-z]*")}
    assert parts == set(re.findall(r"\b([a-z_]+(?:\.py|(?=/ )))", diagram)) - {"app.py"}
