"""Three hundred visitors at once: how long they wait, what is refused, what it takes of memory.

    python -m tests.benchmarks.load [VISITORS] [SECONDS]
    python -m tests.benchmarks.load --replicas [VISITORS] [SECONDS]

Starts the app and lets Locust visit it: each visitor opens the page as a browser does, asks every
other second, of all endpoints, for known and for new texts, and now and then closes the page and
comes back. With replicas, two of them stand behind nginx; after a third of the time one is killed,
and after half of it started again.

Ends with status 1 where anything but a polite refusal goes wrong, or where memory grows. What is in
flight when a replica is killed goes wrong, since a question may not be asked twice unasked.
"""

import argparse
import csv
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

# Modules of the tests import each other as pytest lets them.
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.serving import ROOT
from served import Served, find_nginx, serve, serve_replicas

VISITORS, SECONDS = 300, 60
VISITOR = Path(__file__).parent / "visitor.py"

# Memory may grow so much in the second half. In the first, the cache of vectors is filled.
GROWTH = 1.02


def visit(url: str, visitors: int, seconds: int, folder: Path) -> list[dict[str, str]]:
    """Let visitors come within ten seconds and stay; returns Locust's rows, the last for all."""
    command = [sys.executable, "-m", "locust", "--locustfile", str(VISITOR), "--host", url]
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


def main(visitors: int, seconds: int, *, has_replicas: bool) -> int:
    """Print the table; returns 1 where something went wrong or memory grew."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        if has_replicas:
            nginx = find_nginx()
            assert nginx, "Install Debian's nginx-light."
            url, (app, other) = stack.enter_context(
                serve_replicas(ROOT, folder, nginx, is_new=True)
            )
        else:
            app = stack.enter_context(serve(ROOT, folder / "app.txt", is_new=True))
            url, other = app.url, None
        held = [memory(app)]
        begin = time.monotonic()

        def wait_until(share: float) -> None:
            time.sleep(max(0.0, begin + share * seconds - time.monotonic()))

        with ThreadPoolExecutor(1) as threads:
            visits = threads.submit(visit, url, visitors, seconds, folder)
            if other:
                wait_until(1 / 3)
                os.kill(other.pid, signal.SIGKILL)
            wait_until(1 / 2)
            held.append(memory(app))
            if other:
                port = int(other.url.rpartition(":")[2])
                stack.enter_context(serve(ROOT, folder / "again.txt", port=port, is_new=True))
            # While the last visitors are still there.
            wait_until(1 - 4 / seconds)
            held.append(memory(app))
            rows = visits.result()
    print(f"{visitors} visitors, {seconds} s{', two replicas' if has_replicas else ''}:\n")
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
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--replicas", action="store_true")
    parser.add_argument("visitors", type=int, nargs="?", default=VISITORS)
    parser.add_argument("seconds", type=int, nargs="?", default=SECONDS)
    asked = parser.parse_args()
    sys.exit(main(asked.visitors, asked.seconds, has_replicas=asked.replicas))
