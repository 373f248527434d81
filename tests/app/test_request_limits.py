"""The limits: what is closed, how much may come in, how often, and what an answer gives away."""

import asyncio
import http.client
import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from alone import alone
from limits import RateLimitItemPerMinute
from playwright.sync_api import expect

from embviz.server import request_limits as limits
from embviz.server.request_limits import MAX_ADDRESS, MAX_BODY, RATE, Limits
from embviz.server.sessions import PendingAnswers

CLOSED = [
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/file=README.md"),
    ("GET", "/gradio_api/file/app.py"),
    ("GET", "/gradio_api/proxy=https://example.com/"),
    ("GET", "/gradio_api/custom_component/a/b/c/d.js"),
    ("GET", "/gradio_api/upload_progress?upload_id=1"),
    ("GET", "/gradio_api/deep_link"),
    ("GET", "/gradio_api/stream/a/1/2/playlist.m3u8"),
    ("GET", "/gradio_api/dev/reload"),
    ("GET", "/gradio_api/vibe-code"),
    ("GET", "/gradio_api/runs"),
    ("GET", "/gradio_api/user"),
    ("GET", "/gradio_api/token"),
    ("GET", "/gradio_api/run/compare"),
    ("GET", "/gradio_api/nothing"),
    ("GET", "/monitoring"),
    ("GET", "/monitoring/summary"),
    ("GET", "/logout"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("GET", "/pwa_icon"),
    ("GET", "/manifest.json"),
    ("GET", "/svelte/x.js"),
    ("GET", "//etc/passwd"),
    ("GET", "/assets/..%2f..%2f..%2fblocks.py"),
    ("GET", "/static/../../blocks.py"),
    ("POST", "/"),
    ("POST", "/login"),
    ("POST", "/gradio_api/upload"),
    ("POST", "/gradio_api/api/compare"),
    ("POST", "/gradio_api/component_server"),
    ("POST", "/gradio_api/process_recording"),
    ("POST", "/gradio_api/stream/1"),
    ("POST", "/gradio_api/vibe-edit"),
    ("POST", "/gradio_api/run/nothing"),
    ("PUT", "/"),
    ("DELETE", "/gradio_api/run/compare"),
    ("TRACE", "/"),
    ("OPTIONS", "/"),
    ("BREW", "/"),
]

WRONG = [
    ("POST", "/gradio_api/queue/join", b""),
    ("POST", "/gradio_api/queue/join", b"[" * 50_000),
    ("POST", "/gradio_api/queue/join", b'{"data": []}'),
    ("POST", "/gradio_api/queue/join", b'{"data": [], "session_hash": "s"}'),
    ("POST", "/gradio_api/queue/join", b'{"data": [], "session_hash": "s", "fn_index": 9999}'),
    ("POST", "/gradio_api/queue/join", b'{"data": [], "session_hash": "s", "fn_index": "x"}'),
    ("POST", "/gradio_api/cancel", b"{}"),
    ("POST", "/gradio_api/reset", b"null"),
    ("POST", "/gradio_api/call/nothing", b'{"data": []}'),
    ("POST", "/gradio_api/call/compare", b'{"data": 5}'),
    ("POST", "/gradio_api/call/v2/nothing", b"{}"),
    ("POST", "/gradio_api/call/v2/compare", b'{"nothing": 1}'),
    ("POST", "/gradio_api/call/v2/compare", b"[]"),
    ("POST", "/gradio_api/mcp/", b"{}"),
    ("POST", "/gradio_api/run/compare", b"{}"),
    ("GET", "/gradio_api/queue/data", b""),
    ("GET", "/assets/nothing.js", b""),
]

# What would tell an attacker where the app lies and what it is made of.
LEAKS = re.compile(
    r"Traceback|File \"|site-packages|\.py\b|/home|/usr|/tmp|/root|gradio\b|fastapi|starlette|"
    r"uvicorn|pydantic|python|torch|sentence.transformers|numpy",
    re.IGNORECASE,
)


@pytest.fixture
def send(app_url):
    """Send one request just as it is; returns status, headers and body."""

    def send(method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(urlsplit(app_url).netloc, timeout=30)
        try:
            connection.request(
                method, path, body, {"Content-Type": "application/json"} | (headers or {})
            )
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    return send


def assert_one_sentence(body, path=""):
    answer = json.loads(body)
    assert list(answer) == ["error"]
    assert re.fullmatch(r"[A-Z][^\n]{10,200}\.", answer["error"])
    # The endpoints repeat no address, and what they name is in their own words.
    assert not LEAKS.search(answer["error"]), path


@pytest.mark.parametrize(("method", "path"), CLOSED, ids=str)
def test_what_the_app_does_not_use_is_closed(send, method, path):
    status, _, body = send(method, path)
    assert status == 404
    assert_one_sentence(body, path)


@pytest.mark.parametrize(("method", "path", "body"), WRONG, ids=lambda value: str(value)[:40])
def test_a_wrong_request_gets_one_sentence_and_nothing_else(send, method, path, body):
    status, _, answer = send(method, path, body)
    assert status in (400, 404, 406, 422)
    assert_one_sentence(answer, path)


@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/mcp/schema"],
)
def test_what_describes_the_app_names_no_place_on_the_machine(send, path):
    status, _, body = send("GET", path)
    assert status == 200
    assert not re.search(rb"site-packages|/home/|/usr/|/tmp/|/root/", body)


@pytest.mark.parametrize("path", ["/", "/gradio_api/nothing", "/theme.css", "/gradio_api/info"])
def test_every_answer_has_the_headers_of_a_careful_server(send, path):
    for _ in range(50):
        _, headers, _ = send("GET", path)
        if len(headers.get_all("Server")) == 1:
            break
        # uvicorn makes its own headers anew every second, so in the first one it still has a name.
        time.sleep(0.1)
    assert headers.get_all("Server") == ["embviz"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    for device in ("camera", "geolocation", "microphone"):
        assert f"{device}=()" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'self';", "object-src 'none'", "base-uri 'self'"):
        assert rule in policy
    assert "form-action 'none'" in policy
    # Nothing comes from elsewhere, nor goes there.
    assert not re.search(r"\*|https?:|wss?:", policy)
    # A course page may frame it.
    assert "frame-ancestors" not in policy
    assert "X-Frame-Options" not in headers


def test_a_parameter_that_another_system_adds_does_no_harm(send, browser, app_url):
    assert send("GET", "/?page=2&utm_source=caf%C3%A9&%FF")[0] == 200
    page = browser.new_page()
    try:
        page.goto(f"{app_url}/?text_a=sea&page=2")
        expect(page.locator("#texts .reading").first).to_contain_text("“sea” and “chocolate”")
    finally:
        page.close()


TOO_LONG = "The address is longer than 65,000 characters: link to fewer texts, or"


def test_an_address_that_is_too_long_gets_one_sentence(send):
    start = "/?text_a="
    longest = start + "x" * (MAX_ADDRESS + 1 - len(start))
    assert send("GET", longest)[0] == 200
    # Gradio would write the one longer than it came, and the other shorter.
    assert send("GET", start + "%FF" * 20_000)[0] == 414
    assert send("GET", start + "%61" * 30_000)[0] == 200
    status, headers, body = send("GET", longest + "x")
    assert (status, headers["Content-Type"]) == (414, "text/html; charset=utf-8")
    assert TOO_LONG in body.decode()
    for method, path in [("GET", "/config"), ("POST", "/gradio_api/run/compare")]:
        status, _, body = send(method, f"{path}?{'x' * MAX_ADDRESS}")
        assert status == 414
        assert_one_sentence(body)


def test_an_address_that_arrives_in_pieces_gets_the_sentence_too(app_url):
    place = urlsplit(app_url)
    request = f"GET /?text_a={'x' * 100_000} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode()
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        for start in range(0, len(request), 30_000):
            connection.sendall(request[start : start + 30_000])
            time.sleep(0.1)
        assert connection.recv(1_000).startswith(b"HTTP/1.1 414 ")


def test_a_link_with_300_abstracts_is_refused_in_words(app_url, browser):
    page = browser.new_page()
    try:
        documents = "%0A".join(f"Abstract+{n}+{'word+' * 50}" for n in range(300))
        answer = page.goto(f"{app_url}/?tab=search&query=word&documents={documents}")
        assert answer.status == 414
        expect(page.locator("body")).to_have_text(re.compile(f"^{TOO_LONG} make them .*\\.$"))
    finally:
        page.close()


def test_what_is_within_the_cap_passes_and_what_is_above_does_not(send):
    documents = ["sea"] * 499
    room = MAX_BODY - len(json.dumps({"data": ["sea", [*documents, ""]]}))
    for letters, expected in ((room, 422), (room + 1, 413)):
        body = json.dumps({"data": ["sea", [*documents, "x" * letters]]})
        status, _, answer = send("POST", "/gradio_api/run/search", body)
        assert status == expected
        assert_one_sentence(answer)


@pytest.mark.parametrize("letter", ["x", "я", "字"], ids=["Latin", "Cyrillic", "Chinese"])
def test_a_full_request_within_the_stated_limits_passes(send, letter):
    # The documents are told apart by their first words, which are all that the model reads.
    documents = [f"{n} sea " + letter * 4_980 for n in range(500)]
    body = json.dumps({"data": ["sea", documents, 1, "keyword"]}, ensure_ascii=False).encode()
    assert len(body) > 2_400_000
    assert send("POST", "/gradio_api/run/search", body)[0] == 200


def test_a_body_of_unknown_length_is_capped_too(send):
    chunks = (b" " * 100_000 for _ in range(MAX_BODY // 100_000 + 1))
    try:
        status, _, answer = send("POST", "/gradio_api/queue/join", chunks)
    except BrokenPipeError:
        pytest.skip("the refusal came before the body was sent, and went with it")
    assert status == 413
    assert_one_sentence(answer)


class Queue:
    """As much of Gradio's queue as `PendingAnswers` needs."""

    def __init__(self):
        self.event_ids_to_events = {}
        self.pending_event_ids_session = {}


def limit(app, rate=RATE):
    return Limits(app, PendingAnswers(Queue()), rate)


def run(coroutine):
    # In a thread of its own, since the browser's tests leave an event loop running in this one.
    with ThreadPoolExecutor() as threads:
        return threads.submit(asyncio.run, coroutine).result()


async def receive_json():
    return {"type": "http.request", "body": b"{}", "more_body": False}


def call(limited, path="/", method="GET", client="192.0.2.1", headers=(), receive=receive_json):
    """One request to a limited app; returns status, headers and body."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    run(limited(scope | {"client": (client, 1234)}, receive, send))
    start, body = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], headers, body["body"]


async def fine(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"fine"})


async def broken(scope, receive, send):
    raise RuntimeError("secret")


def test_too_many_requests_of_one_visitor_do_not_touch_another():
    limited = limit(fine, RateLimitItemPerMinute(3))
    assert [call(limited)[0] for _ in range(5)] == [200, 200, 200, 429, 429]
    assert call(limited, client="192.0.2.2")[0] == 200
    status, headers, body = call(limited)
    assert status == 429
    assert 1 <= int(headers["retry-after"]) <= 60
    assert_one_sentence(body)
    # Also what is closed counts, but not what the page loads.
    assert call(limited, path="/nothing")[0] == 429
    assert call(limited, path="/favicon.ico")[0] == 200


def test_a_class_behind_one_address_is_let_in():
    # Each of 300 opens the page, and asks five times in 10 s, two requests each.
    assert RATE.amount > 300 * (1 + 2 + 5 * 2)
    assert RATE.get_expiry() == 10


def test_addresses_are_forgotten():
    limited = limit(fine, RateLimitItemPerMinute(3, 1 / 600))

    async def visit():
        async def send(message):
            pass

        for n in range(2_000):
            scope = {"type": "http", "method": "GET", "path": "/", "client": (f"visitor {n}", 1)}
            await limited(scope, None, send)
            if n % 200 == 199:
                await asyncio.sleep(0.15)

    run(visit())
    assert len(limited._limiter.storage.storage) < 1_000


def test_a_visitor_who_finds_the_queue_full_is_asked_to_come_back(monkeypatch):
    monkeypatch.setattr(limits, "MAX_WAITING", 2)
    statuses = []
    release = asyncio.Event()

    async def slow(scope, receive, send):
        await release.wait()
        await fine(scope, receive, send)

    limited = limit(slow)

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append((message["status"], dict(message["headers"]).get(b"retry-after")))

    scope = {"type": "http", "method": "POST", "path": "/gradio_api/run/compare", "client": None}

    async def crowd():
        tasks = [asyncio.create_task(limited(dict(scope), receive_json, send)) for _ in range(3)]
        await asyncio.sleep(0.1)
        assert statuses == [(503, b"5")]
        release.set()
        await asyncio.gather(*tasks)
        await limited(dict(scope), receive_json, send)

    run(crowd())
    assert statuses == [(503, b"5"), (200, None), (200, None), (200, None)]


class Line:
    """Requests to a limited app that each send a part of their body, and the rest when told."""

    def __init__(self, limited, path="/gradio_api/run/compare"):
        self.limited, self.path = limited, path
        self.statuses = []
        self.rest = asyncio.Event()

    async def send(self, message):
        if message["type"] == "http.response.start":
            retry_after = dict(message["headers"]).get(b"retry-after")
            self.statuses.append((message["status"], retry_after))

    async def ask(self, *parts):
        parts = list(parts)

        async def receive():
            if len(parts) == 1:
                await self.rest.wait()
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        scope = {"type": "http", "method": "POST", "path": self.path, "client": None}
        await self.limited(scope, receive, self.send)


def test_half_a_request_is_not_in_the_line(monkeypatch):
    monkeypatch.setattr(limits, "MAX_WAITING", 1)
    line = Line(limit(fine))

    async def crowd():
        halves = [asyncio.create_task(line.ask(b"{", b"}")) for _ in range(5)]
        await asyncio.sleep(0.1)
        await call_in_line(line)
        line.rest.set()
        await asyncio.gather(*halves)

    async def call_in_line(line):
        scope = {"type": "http", "method": "POST", "path": line.path, "client": None}
        await line.limited(scope, receive_json, line.send)
        assert line.statuses == [(200, None)]

    run(crowd())


def test_a_request_that_does_not_arrive_in_time_is_let_go(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_FOR_BODY", 0.1)
    line = Line(limit(fine))
    run(line.ask(b"{", b"}"))
    assert line.statuses == [(408, None)]


def test_bodies_take_so_much_memory_and_give_it_back(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BODIES", 100)
    line = Line(limit(fine))

    async def crowd():
        half = asyncio.create_task(line.ask(b" " * 90, b"{}"))
        await asyncio.sleep(0.1)
        await line.ask(b" " * 20, b"{}")
        assert line.statuses == [(503, b"5")]
        line.rest.set()
        await half
        await line.ask(b" " * 20, b"{}")

    run(crowd())
    assert line.statuses == [(503, b"5"), (200, None), (200, None)]


def test_half_a_request_is_not_answered_as_if_all_had_come():
    reached = []

    async def app(scope, receive, send):
        reached.append(await receive())

    async def receive():
        return {"type": "http.disconnect"}

    call(limit(app), "/gradio_api/run/compare", "POST", receive=receive)
    assert reached == []


def test_a_time_without_room_is_one_line_in_the_log(monkeypatch, caplog):
    monkeypatch.setattr(limits, "MAX_WAITING", 0)
    limited = limit(fine)
    for _ in range(3):
        assert call(limited, "/gradio_api/run/compare", "POST")[0] == 503
    monkeypatch.setattr(limits, "MAX_WAITING", 1)
    assert call(limited, "/gradio_api/run/compare", "POST")[0] == 200
    monkeypatch.setattr(limits, "MAX_WAITING", 0)
    call(limited, "/gradio_api/run/compare", "POST")
    assert len(caplog.messages) == 2
    assert caplog.messages[0].startswith("Refusing requests: ")


def test_a_full_queue_of_gradios_own_says_when_to_come_back():
    async def full(scope, receive, send):
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b"Queue is full."})

    status, headers, body = call(limit(full), "/gradio_api/queue/join", "POST")
    assert (status, headers["retry-after"]) == (503, "5")
    assert_one_sentence(body)


def test_a_body_without_end_is_not_read_to_its_end():
    chunks = 0

    async def receive():
        nonlocal chunks
        chunks += 1
        return {"type": "http.request", "body": b" " * (MAX_BODY // 10), "more_body": chunks < 99}

    status, _, body = call(limit(fine), "/gradio_api/run/compare", "POST", receive=receive)
    assert status == 413
    assert_one_sentence(body)
    assert chunks == 11


def test_a_request_that_is_refused_or_fails_waits_no_longer(monkeypatch):
    monkeypatch.setattr(limits, "MAX_WAITING", 1)

    async def receive():
        return {"type": "http.request", "body": b" " * (MAX_BODY + 1), "more_body": False}

    async def broken_if_asked(scope, receive, send):
        await (broken if scope["path"].endswith("compare") else fine)(scope, receive, send)

    limited = limit(broken_if_asked)
    assert call(limited, "/gradio_api/run/search", "POST", receive=receive)[0] == 413
    with pytest.raises(RuntimeError, match="secret"):
        call(limited, "/gradio_api/run/compare", "POST")
    assert call(limited, "/gradio_api/run/search", "POST")[0] == 200


def test_a_failure_gives_nothing_away_but_reaches_the_log():
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "client": None}
    with pytest.raises(RuntimeError, match="secret"):
        run(limit(broken)(scope, None, send))
    assert sent[0]["status"] == 500
    assert_one_sentence(sent[1]["body"])
    assert b"secret" not in sent[1]["body"]


def test_a_failure_half_way_adds_no_second_answer():
    sent = []

    async def send(message):
        sent.append(message["type"])

    async def breaks_off(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("secret")

    scope = {"type": "http", "method": "GET", "path": "/", "client": None}
    with pytest.raises(RuntimeError, match="secret"):
        run(limit(breaks_off)(scope, None, send))
    assert sent == ["http.response.start"]


def test_a_wrong_request_does_not_fill_the_log():
    assert call(limit(broken), "/gradio_api/queue/join", "POST")[0] == 422


def test_a_web_socket_is_refused():
    sent = []

    async def send(message):
        sent.append(message["type"])

    run(limit(fine)({"type": "websocket", "path": "/"}, None, send))
    assert sent == ["websocket.close"]


def test_the_address_of_a_visitor_comes_from_the_proxy(app_url, send):
    # uvicorn believes a proxy on the same machine, so that each of these is a visitor of its own.
    visitor = {"X-Forwarded-For": "198.51.100.7"}
    statuses = set()
    # One connection, or they would hardly be as many as may come in so short a time.
    connection = http.client.HTTPConnection(urlsplit(app_url).netloc, timeout=30)
    with alone(), closing(connection):
        for _ in range(RATE.amount + 1_000):
            connection.request("GET", "/gradio_api/nothing", headers=visitor)
            answer = connection.getresponse()
            status, headers, body = answer.status, answer.headers, answer.read()
            statuses.add(status)
            if status == 429:
                break
    assert statuses == {404, 429}
    assert 1 <= int(headers["Retry-After"]) <= 10
    assert_one_sentence(body)
    assert send("GET", "/gradio_api/nothing")[0] == 404


def test_a_page_of_another_origin_gets_answers_and_refusals(send):
    origin = {"Origin": "https://course.example", "Host": "somebody-embviz.hf.space"}
    body = json.dumps({"data": ["king", "queen"]})
    for path, expected in [("compare", 200), ("nothing", 404)]:
        status, headers, _ = send("POST", f"/gradio_api/run/{path}", body, origin)
        assert status == expected
        assert headers["Access-Control-Allow-Origin"] == "https://course.example"
    for path in ("/gradio_api/upload", "/gradio_api/queue/join"):
        _, headers, _ = send("POST", path, b"{", origin)
        assert headers["Access-Control-Allow-Origin"] == "https://course.example"
    asked = {"Access-Control-Request-Method": "POST"}
    status, headers, _ = send("OPTIONS", "/gradio_api/run/compare", headers=origin | asked)
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] == "https://course.example"


def test_the_page_says_kindly_that_there_were_too_many_requests(app_url, browser):
    sentence = "Too many requests from your network at once"
    page = browser.new_page()
    try:
        page.goto(app_url)
        expect(page.locator("#texts .main-svg").first).to_be_visible(timeout=30_000)
        page.route(
            "**/queue/join**",
            lambda route: route.fulfill(
                status=429, json={"error": f"{sentence}: please wait some seconds and ask again."}
            ),
        )
        page.get_by_role("textbox", name=re.compile("^Text A")).fill("sea")
        page.get_by_role("button", name="Compare").first.click()
        expect(page.locator(".toast-wrap")).to_contain_text(sentence)
    finally:
        page.close()
