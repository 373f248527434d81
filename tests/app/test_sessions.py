"""What the server keeps of sessions: what memory they take, and whose answers are kept how long."""

import http.client
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT
from served import serve

from embviz.server import sessions
from embviz.server.sessions import MAX_SESSIONS, SECONDS_KEPT, PendingAnswers, address

# In KB, for what is said of one page view, of one saved figure and of one refused list.
VIEW, SAVE, REFUSED = 20, 1_000, 1_000


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with serve(ROOT, tmp_path_factory.mktemp("app") / "log.txt") as app:
        yield app


def send(app, method, path, body=None, headers=None):
    """One request; returns the status and the body."""
    connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=120)
    try:
        body = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | (headers or {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def view(app, session):
    """Open and close the page as browsers do."""
    send(app, "GET", "/")
    host, port = urlsplit(app.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as heartbeat:
        request = f"GET /gradio_api/heartbeat/{session} HTTP/1.1\r\nHost: x\r\n\r\n"
        heartbeat.sendall(request.encode())
        answer = b""
        while b"ALIVE" not in answer:
            answer += heartbeat.recv(4_096)


def held(app):
    """What the process holds now, in KB."""
    status = Path(f"/proc/{app.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def growth(app, times, act):
    """KB that each of many acts leaves behind, after as many that warm up."""
    for n in range(times):
        act(f"warm{n}")
    time.sleep(6)
    before = held(app)
    for n in range(times):
        act(f"act{n}")
    time.sleep(6)
    return (held(app) - before) / times


@pytest.fixture(scope="module")
def search_event(app):
    """The event of the page that searches, and its inputs as they are at the start."""
    config = json.loads(send(app, "GET", "/config")[1])
    parts = {part["id"]: part for part in config["components"]}

    def label(part):
        return parts[part]["props"].get("label")

    [event] = [
        event
        for event in config["dependencies"]
        if event["backend_fn"]
        and [label(part) for part in event["inputs"]][:2] == ["Query", "Documents"]
        and len(event["outputs"]) == 6
    ]
    return event["id"], [parts[part]["props"].get("value") for part in event["inputs"]]


def ask_as_a_page(app, event, data, session):
    """Put an event into the queue and fetch its answer, as the page does."""
    body = {"data": data, "fn_index": event, "session_hash": session}
    assert send(app, "POST", "/gradio_api/queue/join", body)[0] == 200
    status, answer = send(app, "GET", f"/gradio_api/queue/data?session_hash={session}")
    assert status == 200
    return answer


def test_a_page_view_leaves_next_to_nothing(app):
    assert growth(app, 200, lambda name: view(app, name)) <= VIEW


def test_a_saved_figure_leaves_next_to_nothing(app):
    def save(_):
        status, page = send(app, "POST", "/save/texts", {"data": ["figure", "king", "queen", ""]})
        assert status == 200
        assert page.startswith(b"<")

    assert growth(app, 30, save) <= SAVE


def test_a_refused_list_leaves_next_to_nothing(app, search_event):
    event, data = search_event
    data = [data[0], "\n".join(["x" * 4_000] * 501), *data[2:]]

    def ask(session):
        assert b"too many" in ask_as_a_page(app, event, data, session)

    assert growth(app, 60, ask) <= REFUSED


def test_joins_of_a_stranger_cut_no_answer_of_another(app, search_event):
    event, data = search_event
    body = {"data": data, "fn_index": event}
    stranger = {"X-Forwarded-For": "198.51.100.1"}
    visitor = {"X-Forwarded-For": "198.51.100.2"}
    joined = body | {"session_hash": "visitor"}
    assert send(app, "POST", "/gradio_api/queue/join", joined, visitor)[0] == 200
    with ThreadPoolExecutor(8) as threads:
        joins = threads.map(
            lambda n: send(
                app, "POST", "/gradio_api/queue/join", body | {"session_hash": f"s{n}"}, stranger
            ),
            range(2_050),
        )
        statuses = [status for status, _ in joins]
    assert statuses[:300] == [200] * 300
    assert {200, 429} == set(statuses)
    assert statuses.count(200) < 2 * MAX_SESSIONS
    _, answer = send(app, "GET", "/gradio_api/queue/data?session_hash=visitor")
    assert b'"process_completed"' in answer
    assert b'"success":true' in answer


class Queue:
    """As much of Gradio's queue as `PendingAnswers` needs."""

    def __init__(self):
        self.event_ids_to_events = {}
        self.pending_event_ids_session = {}


class Clock:
    now = 0.0

    @classmethod
    def monotonic(cls):
        return cls.now


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(sessions, "time", Clock)
    Clock.now = 0.0
    return Clock


def test_an_answer_that_is_computed_or_not_fetched_yet_is_kept(clock):
    queue = Queue()
    pending = PendingAnswers(queue)
    pending["s"] = []
    queue.pending_event_ids_session["s"] = {"event"}
    queue.event_ids_to_events["event"] = type("Event", (), {"session_hash": "s"})
    for clock.now in (0, 1_000):
        pending.sweep()
        assert "s" in pending
    del queue.event_ids_to_events["event"]
    for clock.now in (1_001, 1_001 + SECONDS_KEPT):
        pending.sweep()
        assert "s" in pending
    clock.now += 1
    pending.sweep()
    assert not pending
    assert not queue.pending_event_ids_session


def test_a_session_whose_answers_were_fetched_is_dropped(clock):
    queue = Queue()
    pending = PendingAnswers(queue)
    pending["s"] = []
    queue.pending_event_ids_session["s"] = set()
    pending.sweep()
    assert not pending
    assert not queue.pending_event_ids_session


def test_a_session_is_dropped_twice_without_harm():
    pending = PendingAnswers(Queue())
    pending["s"] = []
    del pending["s"]
    del pending["s"]


def test_an_address_has_so_many_sessions_and_another_has_its_own(clock):
    queue = Queue()
    pending = PendingAnswers(queue)
    token = address.set("192.0.2.1")
    try:
        for n in range(MAX_SESSIONS):
            assert not pending.is_full("192.0.2.1")
            pending[f"s{n}"] = []
            queue.pending_event_ids_session[f"s{n}"] = {"event"}
    finally:
        address.reset(token)
    assert pending.is_full("192.0.2.1")
    assert not pending.is_full("192.0.2.2")
    # One of the answers is fetched.
    queue.pending_event_ids_session["s0"].clear()
    assert not pending.is_full("192.0.2.1")


@pytest.mark.parametrize(
    "address", ["queue/data?session_hash=nobody", "queue/data", "call/compare/x", "call/x/y/z"]
)
def test_an_answer_that_is_not_there_gets_one_sentence(app, address):
    status, answer = send(app, "GET", f"/gradio_api/{address}")
    assert status == 404
    assert json.loads(answer)["error"].startswith("There is no such answer")


@pytest.mark.parametrize("version", ["call", "call/v2"])
def test_an_answer_is_fetched_by_its_event_once(app, version):
    arguments = {"text_a": "king", "text_b": "queen"}
    body = arguments if version == "call/v2" else {"data": list(arguments.values())}
    _, answer = send(app, "POST", f"/gradio_api/{version}/compare", body)
    address = f"/gradio_api/{version}/compare/{json.loads(answer)['event_id']}"
    status, answer = send(app, "GET", address)
    assert status == 200
    assert b"event: complete" in answer
    assert send(app, "GET", address)[0] == 404
