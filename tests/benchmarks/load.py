"""Three hundred visitors at once: how long they wait, what is refused, what it takes of memory.

    python -m tests.benchmarks.load [VISITORS] [SECONDS]

Starts the app and lets Locust visit it: each visitor opens the page as a browser does, asks every
other second, of all endpoints, for known and for new texts, and now and then closes the page and
comes back. Ends with status 1 where anything but the refusal of a full waiting line goes wrong, or
where memory grows.
"""

import csv
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

# Modules of the tests import each other as pytest lets them.
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.serving import ROOT
from served import Served, serve

VISITORS, SECONDS = 300, 60
VISITOR = Path(__file__).parent / "visitor.py"

# Memory may grow so much in the second half. In the first, the cache of vectors is filled.
GROWTH = 1.02


def visit(app: Served, visitors: int, seconds: int, folder: Path) -> list[dict[str, str]]:
    """Let visitors come within ten seconds and stay; returns Locust's rows, the last for all."""
    command = [sys.executable, "-m", "locust", "--locustfile", str(VISITOR), "--host", app.url]
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
        with ThreadPoolExecutor(1) as threads:
            visits = threads.submit(visit, app, visitors, seconds, Path(name))
            for _ in range(2):
                # The second time while the last visitors are still there.
                time.sleep(seconds / 2 - 2)
                held.append(memory(app))
            rows = visits.result()
    print(f"{visitors} visitors, {seconds} s:\n")
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
    print(
        f"\nMemory at the start, halfway and at the end: {', '.join(f'{mb:.0f} MB' for mb in held)}"
    )
    return int(rows[-1]["Failure Count"] != "0" or held[2] > GROWTH * held[1])


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])) if sys.argv[1:] else main(VISITORS, SECONDS))
