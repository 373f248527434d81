"""Start an app of this folder or another, and wait until it answers."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

SECONDS_TO_START = 120


class Served(NamedTuple):
    """A running app."""

    url: str
    pid: int


@contextmanager
def serve(folder: Path, log: Path, script: str = "app.py", **variables: str) -> Iterator[Served]:
    """Run an app for as long as a `with` lasts.

    Args:
        folder: Where it starts.
        log: Where what it prints is written.
        script: What is run.
        variables: Added to the environment.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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


def _wait_for(url: str, app: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while app.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The app did not start:\n{log.read_text()}")
