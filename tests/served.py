"""Start an app of this folder or another, and wait until it answers."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path

SECONDS_TO_START = 120


ROOT = Path(__file__).parent.parent


class Served(NamedTuple):
    """A running app."""

    url: str
    pid: int


@contextmanager
def serve(
    folder: Path, log: Path, script: str = "app.py", port: int | None = None, **variables: str
) -> Iterator[Served]:
    """Run an app for as long as a `with` lasts.

    Args:
        folder: Where it starts.
        log: Where what it prints is written.
        script: What is run.
        port: Where it listens; one that is free if None.
        variables: Added to the environment.
    """
    port = port or _free_port()
    environment = os.environ | {"GRADIO_SERVER_PORT": str(port)} | variables
    with log.open("w") as output:
        app = subprocess.Popen(
            [sys.executable, script], cwd=folder, env=environment, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, app, log)
        yield Served(url, app.pid)
    finally:
        app.terminate()
        app.wait(timeout=30)


@contextmanager
def serve_replicas(folder: Path, logs: Path, nginx: str) -> Iterator[tuple[str, list[Served]]]:
    """Run two replicas of an app behind nginx, as its example says, for as long as a `with` lasts.

    Args:
        folder: The app's.
        logs: The folder where what they print is written.
        nginx: The program.

    Yields:
        The address of all, and the replicas.
    """
    with ExitStack() as stack:
        apps = [stack.enter_context(serve(folder, logs / f"{n}.txt")) for n in range(2)]
        port = _free_port()
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
        _wait_for(url, proxy, logs / "nginx.txt")
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


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(url: str, app: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while app.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The app did not start:\n{log.read_text()}")
