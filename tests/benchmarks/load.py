"""Three hundred visitors at once: how long they wait, what is refused, what it takes of memory.

    python -m tests.benchmarks.load [VISITORS] [SECONDS]

Starts the app and lets Locust visit it: each visitor opens the page, then asks every other second,
of all endpoints, for known and for new texts. Ends with status 1 where anything but the refusal of
a full waiting line goes wrong, or where memory grows.
"""

import csv
import itertools
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

# Modules of the tests import each other as pytest lets them.
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.serving import ROOT
from locust import FastHttpUser, between, task
from served import Served, serve

VISITORS, SECONDS = 300, 60
REFUSED = 503

# Memory may grow so much between two steady halves.
GROWTH = 1.05

_numbers = itertools.count()


class Visitor(FastHttpUser):
    """A student in the lecture."""

    wait_time = between(1, 3)

    def on_start(self) -> None:
        """Open the page."""
        self.client.get("/", name="the page")

    @task(6)
    def compare_known(self) -> None:
        """Press an example."""
        self._ask("compare", "king", "queen", name="compare, known")

    @task(6)
    def compare_new(self) -> None:
        """Type a word of one's own."""
        self._ask("compare", "king", f"word {next(_numbers)}", name="compare, new")

    @task(3)
    def compare_many(self) -> None:
        """Draw the heat map."""
        self._ask("similarity_matrix", "king, queen, man, woman, dog, puppy, cat, kitten")

    @task(3)
    def solve(self) -> None:
        """Calculate with words."""
        self._ask("solve", "king - male + female", ["queen", "princess", f"name {next(_numbers)}"])

    @task(3)
    def search(self) -> None:
        """Search the lesson's titles, by each method."""
        for method in ("semantic", "keyword", "fused"):
            self._ask("search", f"query {next(_numbers)}", [], 3, method)

    @task(1)
    def explain(self) -> None:
        """Take a similarity apart."""
        self._ask("explain", "king", f"queen {next(_numbers)}")

    @task(1)
    def draw(self) -> None:
        """Get a figure."""
        self._ask("plot_compare", "king", "queen")

    @task(1)
    def embed(self) -> None:
        """Get the vectors of some texts."""
        self._ask("embed", [f"text {next(_numbers)}" for _ in range(10)])

    @task(1)
    def test_a_claim(self) -> None:
        """Open a panel."""
        self._ask("human_ratings")
        self._ask("retrieval_test")

    def _ask(self, endpoint: str, *arguments: object, name: str = "") -> None:
        with self.client.post(
            f"/gradio_api/run/{endpoint}",
            json={"data": arguments},
            name=name or endpoint,
            catch_response=True,
        ) as response:
            if response.status_code == REFUSED:
                response.success()


def visit(app: Served, visitors: int, seconds: int, folder: Path) -> list[dict[str, str]]:
    """Let visitors come within ten seconds and stay; returns Locust's rows, the last for all."""
    command = [sys.executable, "-m", "locust", "--locustfile", __file__, "--host", app.url]
    command += ["--headless", "--only-summary", "--users", str(visitors)]
    command += ["--spawn-rate", str(max(1, visitors // 10)), "--run-time", f"{seconds}s"]
    command += ["--csv", str(folder / "load"), "--exit-code-on-error", "0"]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    with (folder / "load_stats.csv").open() as file:
        return list(csv.DictReader(file))


def memory(app: Served) -> float:
    """What a process holds now, in MB."""
    status = Path(f"/proc/{app.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main(visitors: int, seconds: int) -> int:
    """Print the table; returns 1 where something went wrong or memory grew."""
    with TemporaryDirectory() as name, serve(ROOT, Path(name) / "app.txt") as app:
        held = [memory(app)]
        for _ in range(2):
            rows = visit(app, visitors, seconds // 2, Path(name))
            # What is freed once nobody asks.
            time.sleep(2)
            held.append(memory(app))
    print(f"{visitors} visitors, {seconds // 2} s twice; the second time:\n")
    print(
        "| request | answers | a second | p50 | p95 | p99 | wrong |\n|---|---|---|---|---|---|---|"
    )
    for row in rows:
        label = row["Name"] if row["Name"] != "Aggregated" else "all"
        times = " | ".join(f"{row[p]} ms" for p in ("50%", "95%", "99%"))
        rate = float(row["Requests/s"])
        print(
            f"| {label} | {row['Request Count']} | {rate:.1f} | {times} | {row['Failure Count']} |"
        )
    print(f"\nMemory: {' → '.join(f'{mb:.0f} MB' for mb in held)}")
    return int(rows[-1]["Failure Count"] != "0" or held[2] > GROWTH * held[1])


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])) if sys.argv[1:] else main(VISITORS, SECONDS))
