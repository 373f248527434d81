"""/readyz: what is tried, how often, and how long it may take."""

import threading
import time

import pytest
from fakes import FakeEncoder
from limits import RateLimitItemPerSecond
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from embviz.server import health
from embviz.server.request_limits import Limits


class Model(FakeEncoder):
    """Encodes texts, or does what a test sets."""

    def __init__(self):
        super().__init__()
        self.asked = 0
        self.answer = lambda: None

    def encode_once(self, texts):
        self.asked += 1
        self.answer()
        return self.encode(texts), ()


@pytest.fixture
def model():
    return Model()


@pytest.fixture
def ask(model, tmp_path):
    """Ask /readyz; the client keeps one event loop, as a server does."""
    with TestClient(Starlette(routes=health.health_routes(model, tmp_path))) as client:
        yield lambda: client.get("/readyz")


@pytest.fixture
def impatient(monkeypatch):
    """Every request is an attempt, and none is waited for."""
    monkeypatch.setattr(health, "SECONDS_BETWEEN_ATTEMPTS", 0)
    monkeypatch.setattr(health, "_SECONDS_TO_WAIT", 0.05)


def test_what_was_found_out_holds_for_some_seconds(ask, model, tmp_path):
    assert [ask().status_code for _ in range(10)] == [200] * 10
    assert model.asked == 1
    assert list(tmp_path.iterdir()) == []


def fail():
    raise RuntimeError("cannot schedule new futures after shutdown")


def test_a_closed_model_is_said_in_one_sentence(ask, model):
    model.answer = fail
    answer = ask()
    assert answer.status_code == 503
    assert answer.json() == {"error": "The model does not answer: start the app again."}


@pytest.mark.usefixtures("impatient")
def test_a_model_that_fails_and_works_again_is_ready_again(ask, model):
    model.answer = fail
    assert ask().status_code == 503
    model.answer = lambda: None
    assert ask().status_code == 200


@pytest.mark.usefixtures("impatient")
def test_a_busy_model_is_ready_and_asked_once(ask, model):
    answered = threading.Event()
    model.answer = answered.wait
    try:
        assert [ask().status_code for _ in range(3)] == [200] * 3
    finally:
        answered.set()
    assert model.asked == 1


@pytest.mark.usefixtures("impatient")
def test_a_model_that_hangs_is_not_ready(model, tmp_path, monkeypatch):
    monkeypatch.setattr(health, "_PATIENCE_WITH_MODEL", 1)
    answered = threading.Event()
    model.answer = answered.wait
    try:
        with TestClient(Starlette(routes=health.health_routes(model, tmp_path))) as client:
            assert client.get("/readyz").status_code == 200
            deadline = time.monotonic() + 30
            while client.get("/readyz").status_code == 200:
                assert time.monotonic() < deadline
    finally:
        answered.set()


def test_a_model_elsewhere_is_not_asked(model, tmp_path):
    model.family = "remote"
    model.answer = fail
    with TestClient(Starlette(routes=health.health_routes(model, tmp_path))) as client:
        assert client.get("/readyz").status_code == 200


def test_a_folder_that_cannot_be_written_is_said_without_its_path(model, tmp_path):
    (tmp_path / "cache").touch()
    app = Starlette(routes=health.health_routes(model, tmp_path / "cache"))
    with TestClient(app) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["error"].startswith("The cache folder cannot be written to: ")
    assert str(tmp_path) not in answer.text


def test_health_is_told_also_to_an_address_that_has_asked_too_often(model, tmp_path):
    limits = Middleware(Limits, pending=None, rate=RateLimitItemPerSecond(1, 60))
    app = Starlette(routes=health.health_routes(model, tmp_path), middleware=[limits])
    with TestClient(app) as client:
        assert [client.get("/nothing").status_code for _ in range(2)] == [404, 429]
        for path in ("/healthz", "/readyz"):
            assert client.get(path).status_code == client.head(path).status_code == 200
            assert client.post(path).status_code == 429
