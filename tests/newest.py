"""Can a pin move? The newest release of one package, tried with all other pins as they are.

    python -m tests.newest                            the names of all pins, as JSON
    python -m tests.newest plotly                     try one with all tests
    python -m tests.newest plotly tests/unit          try one with some
    python -m tests.newest --dry-run plotly           show what would be installed, and what be run

It makes an environment of its own in a temporary folder.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = ("pre-requirements.txt", "requirements.txt", "tests/requirements.txt")
VERSION = "import sys, importlib.metadata; print(importlib.metadata.version(sys.argv[1]))"


def read_pins() -> dict[str, str]:
    """The version of each package that requirements.txt pins."""
    text = (ROOT / "requirements.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)$", text, flags=re.MULTILINE))


def unpin(name: str) -> str:
    """What pip has to install: all that is pinned, of which one may be newer."""
    text = "".join((ROOT / file).read_text() for file in FILES)
    text = text.replace("-r ../requirements.txt\n", "")
    return re.sub(rf"^({re.escape(name)}(?:\[\w+\])?)==", r"\1>=", text, flags=re.MULTILINE)


def judge(name: str, pin: str, found: str, *, passed: bool) -> str:
    """What came of it, in one sentence."""
    if found == pin:
        return f"{name} stays at {pin}, the newest that fits the other pins."
    if passed:
        return f"{name} can move from {pin} to {found}: the tests pass."
    return f"{name} cannot move from {pin} to {found} yet: tests fail."


def main() -> int:
    """Try what was asked; return 1 if tests fail."""
    pins = read_pins()
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("name", nargs="?", choices=pins)
    parser.add_argument("tests", nargs="*")
    asked = parser.parse_args()
    if asked.name is None:
        print(json.dumps(list(pins)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        python = str(Path(folder) / "bin" / "python")
        requirements = Path(folder) / "requirements.txt"
        install = [python, "-m", "pip", "install", "--quiet", "--requirement", str(requirements)]
        test = [python, "-m", "pytest", *asked.tests]
        if asked.dry_run:
            print(unpin(asked.name), *map(" ".join, (install, test)), sep="\n")
            return 0
        venv.create(folder, with_pip=True)
        requirements.write_text(unpin(asked.name))
        # What they print goes where errors go, so that the sentence stands alone.
        subprocess.run(install, check=True, stdout=sys.stderr)
        version = subprocess.check_output([python, "-c", VERSION, asked.name], text=True)
        # A build for CPUs adds "+cpu".
        found = version.strip().partition("+")[0]
        pin = pins[asked.name]
        passed = found == pin or not subprocess.call(test, cwd=ROOT, stdout=sys.stderr)
    print(judge(asked.name, pin, found, passed=passed))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
