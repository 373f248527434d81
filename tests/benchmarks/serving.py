"""How fast the app answers and starts, beside the least that its libraries can do."""

import http.client
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.table import Row, side_by_side
from sentence_transformers import SentenceTransformer
from served import Served, find_nginx, serve, serve_replicas

ROOT = Path(__file__).parent.parent.parent

# What the floor of a start is: the libraries and the model, and nothing done with them.
FLOOR = """
import gradio
from sentence_transformers import SentenceTransformer
SentenceTransformer({folder!r}, local_files_only=True)
print(open("/proc/self/status").read())
"""

EXAMPLES = [
    ("compare", "king", "queen"),
    ("similarity_matrix", "king, queen, man, woman, dog, puppy, cat, kitten, car, vehicle"),
    ("solve", "king - male + female", ["queen", "princess", "man", "prince"]),
    ("search", "transformers for text understanding"),
]

new_words = (f"word number {n}" for n in itertools.count())


class Caller:
    """Posts to one app over a connection that stays open, as browsers do."""

    def __init__(self, app: Served):
        self._connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=60)

    def post(self, name: str, *arguments: object) -> object:
        """The answer of an endpoint."""
        headers = {"Content-Type": "application/json"}
        body = json.dumps({"data": arguments})
        self._connection.request("POST", f"/gradio_api/run/{name}", body, headers)
        response = self._connection.getresponse()
        answer = json.load(response)
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {answer}")
        return answer


def rows_of_answers(app: Served, bare: Served, model: SentenceTransformer) -> Iterator[Row]:
    """One visitor's requests, and those of a class that asks at once."""
    ours, theirs = Caller(app), Caller(bare)
    ours.post("compare", "king", "queen")
    known, nothing = side_by_side(
        200,
        lambda: ours.post("compare", "king", "queen"),
        lambda: theirs.post("nothing", "king", "queen"),
    )
    yield Row.of_times("endpoint, texts seen before", "an event doing nothing", known, nothing, 1.4)

    new, nothing, encode = side_by_side(
        200,
        lambda: ours.post("compare", "king", next(new_words)),
        lambda: theirs.post("nothing", "king", "queen"),
        lambda: model.encode([next(new_words)]),
    )
    yield Row.of_times("endpoint, a new text", "that event + `encode`", new, nothing + encode, 0.8)

    many, direct = _rates(
        lambda: Caller(app).post("compare", "king", next(new_words)),
        lambda: model.encode([next(new_words)]),
    )
    yield Row(
        "32 clients at once, new texts",
        "`encode` from each thread",
        many / direct,
        4,
        f"{many:.0f} and {direct:.0f} answers a second",
        more_is_better=True,
    )


def rows_of_replicas(app: Served, folder: Path) -> Iterator[Row]:
    """What a second replica adds on the same cores, where there is an nginx."""
    nginx = find_nginx()
    if nginx is None:
        return
    with serve_replicas(ROOT, folder, nginx, is_new=True) as (url, _):
        both = Served(url, 0)
        two, one = _rates(
            lambda: Caller(both).post("compare", "king", next(new_words)),
            lambda: Caller(app).post("compare", "king", next(new_words)),
        )
    yield Row(
        "two replicas behind nginx, the same 32 clients",
        "one replica",
        two / one,
        None,
        f"{two:.0f} and {one:.0f} answers a second",
        more_is_better=True,
    )


def _rates(*calls: Callable[[], object]) -> list[float]:
    """How often a second 32 clients are answered by each, called in turns."""
    rates = [[] for _ in calls]
    with ThreadPoolExecutor(32) as clients:
        for _, (call, of_call) in itertools.product(range(5), zip(calls, rates, strict=True)):
            start = time.perf_counter()
            list(clients.map(lambda _, call=call: call(), range(320)))
            of_call.append(320 / (time.perf_counter() - start))
    return [statistics.median(of_call) for of_call in rates]


def rows_of_start(folder: Path, log: Path) -> Iterator[Row]:
    """From the command to the first answer, and the memory that the lesson's examples take."""
    starts, floors, peaks, floor_peaks = [], [], [], []
    for _ in range(3):
        start = time.perf_counter()
        floor = [sys.executable, "-c", FLOOR.format(folder=str(folder))]
        status = subprocess.run(floor, stdout=subprocess.PIPE, text=True, check=True).stdout
        floors.append(time.perf_counter() - start)
        floor_peaks.append(peak_memory(status))

        start = time.perf_counter()
        with serve(ROOT, log, is_new=True) as app:
            caller = Caller(app)
            caller.post(*EXAMPLES[0])
            starts.append(time.perf_counter() - start)
            for example in EXAMPLES:
                caller.post(*example)
            peaks.append(peak_memory(Path(f"/proc/{app.pid}/status").read_text()))
    both = statistics.median(starts), statistics.median(floors)
    yield Row.of_times("start to first answer", "the libraries and the model", *both, 1.15)
    ours, least = statistics.median(peaks), statistics.median(floor_peaks)
    yield Row(
        "peak memory after the lesson's examples",
        "the libraries and the model",
        ours / least,
        1.25,
        f"{ours:.0f} and {least:.0f} MB",
    )


def peak_memory(status: str) -> float:
    """The most that a process has held at once, in MB, by what Linux says of it."""
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
