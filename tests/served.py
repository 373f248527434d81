"""Start an app of this folder or another, and wait until it answers."""

import multiprocessing
import os
import runpy
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path

SECONDS_TO_START = 120
ROOT = Path(__file__).parent.parent

# Most of a start is the import of libraries. They are imported once, and each app begins as a copy
# of the process that did it: after 4 s, not 16.
_COPIES = multiprocessing.get_context("forkserver")
_COPIES.set_forkserver_preload(["app", "sentence_transformers", "wordfreq"])


class Served(NamedTuple):
    """A running app."""

    url: str
    pid: int


@contextmanager
def serve(
    folder: Path,
    log: Path,
    script: str = "app.py",
    port: int | None = None,
    is_new: bool = False,
    **variables: str,
) -> Iterator[Served]:
    """Run an app for as long as a `with` lasts.

    Args:
        folder: Where it starts.
        log: Where what it prints is written.
        script: What is run.
        port: Where it listens; one that is free if None.
        is_new: Whether its process imports all libraries itself, as where people start it.
        variables: Added to the environment.
    """
    port = port or free_port()
    run = _run_new if is_new else _run_copy
    with run(folder, log, script, variables | {"GRADIO_SERVER_PORT": str(port)}) as (pid, runs):
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, runs, log)
        yield Served(url, pid)


@contextmanager
def _run_new(
    folder: Path, log: Path, script: str, variables: Mapping[str, str]
) -> Iterator[tuple[int, Callable[[], bool]]]:
    command = [sys.executable, script]
    environment = os.environ | variables
    with log.open("w") as output:
        app = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    try:
        yield app.pid, lambda: app.poll() is None
    finally:
        app.terminate()
        app.wait(timeout=30)


@contextmanager
def _run_copy(
    folder: Path, log: Path, script: str, variables: Mapping[str, str]
) -> Iterator[tuple[int, Callable[[], bool]]]:
    app = start(folder, log, script, **variables)
    try:
        yield app.pid, app.is_alive
    finally:
        app.terminate()
        app.join(timeout=30)
        assert app.exitcode is not None, "The app did not stop."


def start(folder: Path, log: Path, script: str = "app.py", **variables: str) -> BaseProcess:
    """Run a script as `python script` would, in a copy of a process that has the libraries.

    Args:
        folder: Where it starts.
        log: Where what it prints is written.
        script: What is run.
        variables: Added to the environment.
    """
    process = _COPIES.Process(target=_run, args=(folder, log, script, os.environ | variables))
    process.start()
    return process


def _run(folder: Path, log: Path, script: str, environment: Mapping[str, str]) -> None:
    with log.open("w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    # What a new process would have instead of what the tests have.
    multiprocessing.set_start_method("fork", force=True)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("app", "embviz")]:
        del sys.modules[name]
    first = [
        str(folder / Path(script).parent),
        *environment.get("PYTHONPATH", "").split(os.pathsep),
    ]
    sys.path[:] = [*filter(None, first), *(path for path in sys.path if path not in first)]
    sys.argv = [script]
    runpy.run_path(script, run_name="__main__")


@contextmanager
def serve_replicas(
    folder: Path, logs: Path, nginx: str, is_new: bool = False
) -> Iterator[tuple[str, list[Served]]]:
    """Run two replicas of an app behind nginx, as its example says, for as long as a `with` lasts.

    Args:
        folder: The app's.
        logs: The folder where what they print is written.
        nginx: The program.
        is_new: See `serve`.

    Yields:
        The address of all, and the replicas.
    """
    with ExitStack() as stack:
        apps = [
            stack.enter_context(serve(folder, logs / f"{n}.txt", is_new=is_new)) for n in range(2)
        ]
        port = free_port()
        conf = (folder / "examples" / "deploy" / "nginx.conf").read_text()
        ports = [app.url.rpartition(":")[2] for app in apps]
        for standing, ours in zip(("7860", "7861", "7862"), (str(port), *ports), strict=True):
            assert standing in conf
            conf = conf.replace(standing, ours)
        (logs / "nginx.conf").write_text(conf)
        with (logs / "nginx.txt").open("w") as output:
            command = [nginx, "-p", str(logs), "-c", "nginx.conf"]
            proxy = subprocess.Popen(command, stdout=output, stderr=output)
        stack.callback(proxy.wait, timeout=30)
        stack.callback(proxy.terminate)
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, lambda: proxy.poll() is None, logs / "nginx.txt")
        yield url, apps


def fill_cache(folder: Path) -> None:
    """Give an app that is about to start there what those measured that have the user's cache."""
    measured = user_cache_path("embviz")
    if measured.is_dir():
        # Not what is being written.
        shutil.copytree(measured, folder / "embviz", ignore=shutil.ignore_patterns("tmp*"))


def find_nginx() -> str | None:
    """The program, where it is installed."""
    # Debian keeps it where only administrators look.
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


def copy_app(folder: Path) -> None:
    """Copy the app into a folder, where its course can be changed."""
    folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "app.py", folder)
    for name in ("embviz", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(url: str, is_running: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while is_running() and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The app did not start:\n{log.read_text()}")
