"""What an import costs, and what is required."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_importing_the_package_is_cheap():
    script = "import sys, embviz; print(*sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT
    )
    loaded = set(output.stdout.split())
    assert "embviz" in loaded
    assert not loaded & {"torch", "sentence_transformers", "gradio", "plotly", "bm25s", "wordfreq"}


def test_requirements_are_pinned():
    for path in (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"):
        for line in path.read_text().splitlines():
            assert re.fullmatch(r"(#.*|-r .*|[\w\[\]-]+==[\d.]+(post\d+)?|)", line), line
