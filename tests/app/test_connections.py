"""How the app is served: time-outs, proxies, ports, and what it does for strangers."""

import http.client
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from alone import alone
from conftest import ROOT
from served import serve, start

from embviz.server.connections import SECONDS_FOR_HEADERS, ForwardedHeaders
from embviz.server.request_limits import MAX_WAITING

FORWARDED = {"X-Forwarded-Host": "evil.example", "X-Gradio-Server": "http://evil.example"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    log = tmp_path_factory.mktemp("app") / "log.txt"
    with serve(ROOT, log) as app:
        # It answers a moment before it has its time-outs.
        while "Serving" not in log.read_text():
            time.sleep(0.05)
        yield app


def send(app, method, path, body=None, headers=None):
    """One request; returns the status and the body."""
    connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=60)
    try:
        headers = {"Content-Type": "application/json"} | (headers or {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def connect(app):
    host, port = urlsplit(app.url).netloc.split(":")
    return socket.create_connection((host, int(port)), timeout=60)


def compare(app, text):
    status, _ = send(
        app, "POST", "/gradio_api/run/compare", json.dumps({"data": [text, "sea"]}).encode()
    )
    return status


def test_half_sent_requests_do_not_stop_others(app):
    head = b"POST /gradio_api/run/compare HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"
    halves = []
    try:
        for _ in range(MAX_WAITING + 10):
            half = connect(app)
            half.sendall(head)
            halves.append(half)
        assert compare(app, "half") == 200
    finally:
        for half in halves:
            half.close()


# What is sent, and answered, first; and what is then sent of a request.
UNFINISHED = {
    "nothing": (b"", b""),
    "half a line": (b"", b"GET / HTT"),
    "half a header": (b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "),
    "half a second request": (
        b"GET /gradio_api/app_id HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /gradio_api/ap",
    ),
}


def wait_until_closed(app, whole, half):
    """Send a request and a half; returns what came back to the half, and when it ended."""
    with connect(app) as connection:
        if whole:
            connection.sendall(whole)
            assert connection.recv(10_000).startswith(b"HTTP/1.1 200")
        start = time.monotonic()
        connection.sendall(half)
        received = b""
        while part := connection.recv(10_000):
            received += part
        return received, time.monotonic() - start


@pytest.fixture(scope="module")
def closed(app):
    """What `wait_until_closed` returns of each, in the future: they all wait at the same time."""
    with ThreadPoolExecutor(len(UNFINISHED)) as threads:
        return {
            name: threads.submit(wait_until_closed, app, *sent) for name, sent in UNFINISHED.items()
        }


@pytest.mark.parametrize("name", ["nothing", "half a line", "half a header"])
def test_a_connection_that_sends_no_request_is_closed(closed, name):
    received, seconds = closed[name].result()
    assert received == b""
    assert SECONDS_FOR_HEADERS - 1 < seconds < SECONDS_FOR_HEADERS + 10


def test_a_second_request_must_come_in_time_too(closed):
    # What may come before the end is the rest of the first answer.
    closed["half a second request"].result()


def test_a_stranger_puts_no_address_into_the_pages_of_others(app):
    paths = ["/gradio_api/info", "/gradio_api/openapi.json", "/", "/config"]
    paths.append("/gradio_api/mcp/schema")
    for path in paths:
        assert send(app, "GET", path, headers=FORWARDED | {"Host": "evil.example"})[0] == 200
    call = json.dumps({"text_a": "king", "text_b": "sea"})
    send(app, "POST", "/gradio_api/call/v2/compare", call, FORWARDED | {"Host": "evil.example"})
    for path in paths:
        status, body = send(app, "GET", path)
        assert status == 200
        assert b"evil.example" not in body, path


def test_a_page_and_a_word_come_at_once_while_sixty_lists_wait(app):
    searches = []
    try:
        # Whoever waits for other tests in between finds the first lists answered.
        with alone():
            for n in range(60):
                documents = [f"{n} {m} " + f"long document {n} {m} " * 220 for m in range(200)]
                body = json.dumps({"data": ["sea", documents]}).encode()
                search = connect(app)
                searches.append(search)
                head = (
                    f"POST /gradio_api/run/search HTTP/1.1\r\nHost: x\r\n"
                    f"Content-Length: {len(body)}"
                )
                search.sendall(f"{head}\r\n\r\n".encode() + body)
            waits = []
            for n in range(5):
                start = time.monotonic()
                assert send(app, "GET", "/")[0] == 200
                waits.append(time.monotonic() - start)
                start = time.monotonic()
                assert compare(app, f"a word beside {n}") == 200
                waits.append(time.monotonic() - start)
        assert sorted(waits)[-2] < 1, waits
        # All of them wait still.
        for search in searches:
            search.setblocking(False)
            with pytest.raises(BlockingIOError):
                search.recv(1)
    finally:
        for search in searches:
            search.close()


def headers_that_pass(peer, trusted, headers):
    passed = []

    async def keep(scope, receive, send):
        passed.extend(name for name, _ in scope["headers"])

    scope = {"type": "http", "client": (peer, 1), "headers": [(name, b"x") for name in headers]}
    middleware = ForwardedHeaders(keep, trusted)(scope, None, None)
    with pytest.raises(StopIteration):
        middleware.send(None)
    return passed


def test_a_proxy_is_believed_if_it_is_trusted():
    names = [b"host", b"x-forwarded-host", b"x-forwarded-proto", b"x-gradio-server"]
    assert headers_that_pass("192.0.2.1", ["192.0.2.1"], names) == names[:3]
    assert headers_that_pass("192.0.2.9", ["192.0.2.1"], names) == names[:1]


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path):
    log = tmp_path / "log.txt"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        app = start(ROOT, log, GRADIO_SERVER_PORT=str(port))
        app.join(timeout=120)
    assert app.exitcode == 1
    assert log.read_text().splitlines()[-1] == (
        f"Port {port} is in use: stop what uses it, or set another GRADIO_SERVER_PORT."
    )
    assert "Traceback" not in log.read_text()


def test_a_file_in_a_body_is_refused_on_every_route(app, tmp_path):
    asked = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"fetched")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for status, body in ask_for_files(app.url, f"http://127.0.0.1:{server.server_port}/x"):
            assert status == 422
            assert list(json.loads(body)) == ["error"]
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


def ask_for_files(url, address):
    """Name an address as Gradio names a file, on each route and in each spelling."""
    file = {"path": address, "meta": {"_type": "gradio.FileData"}}
    bodies = {
        "/gradio_api/run/compare": {"data": [file, "sea"]},
        "/gradio_api/call/compare": {"data": [file, "sea"]},
        "/gradio_api/call/v2/compare": {"text_a": file, "text_b": "sea"},
        "/gradio_api/queue/join": {
            "data": [[{"deep": file}], "sea"],
            "fn_index": 0,
            "session_hash": "s",
        },
        "/save/texts": {"data": ["table", file, "sea", ""]},
        "/gradio_api/mcp/": {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": "compare", "arguments": {"text_a": file, "text_b": "sea"}},
        },
    }
    app = type("App", (), {"url": url})
    for path, body in bodies.items():
        text = json.dumps(body)
        escaped = text.replace("_type", "\\u005ftype").replace("gradio.", "\\u0067radio.")
        for sent in (text.encode(), escaped.encode(), text.encode("utf-16"), text.encode("utf-32")):
            yield send(app, "POST", path, sent)


# Runs in a network of its own, where an address that counts as public is this machine's.
IN_A_NETWORK = """
import json, subprocess, sys
sys.path[:0] = ["tests", "tests/app", "."]
from pathlib import Path
import test_connections
from served import serve
public = "9.11.13.15"
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
subprocess.run(["ip", "address", "add", public + "/32", "dev", "lo"], check=True)
import http.server, threading
asked = []
class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked.append(self.path)
        self.send_response(200)
        self.end_headers()
    do_HEAD = do_GET
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer((public, 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
with serve(Path("."), Path(sys.argv[1])) as app:
    statuses = [s for s, _ in test_connections.ask_for_files(app.url, f"http://{public}:{server.server_port}/x")]
print(json.dumps([statuses, asked]))
"""


def test_no_public_address_is_fetched(tmp_path):
    unshare = shutil.which("unshare")
    command = [unshare, "--net", sys.executable, "-c", IN_A_NETWORK, str(tmp_path / "app.txt")]
    can_try = unshare and shutil.which("ip")
    if not can_try or subprocess.run([unshare, "--net", "true"], capture_output=True).returncode:
        pytest.skip("no network can be made here")
    files = tmp_path / "files"
    environment = os.environ | {"GRADIO_TEMP_DIR": str(files)}
    output = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    statuses, asked = json.loads(output.splitlines()[-1])
    assert set(statuses) == {422}
    assert asked == []
    assert [path for path in files.rglob("*") if path.is_file()] == []


# Questions put into Gradio's queue take no longer, however many came before.
SUMMARY = """
import app
from gradio.queueing import Queue
queue = Queue(True, 1, 1.0, None, None, 1)
queue.events_recorded = 1_000_000
queue._get_df = None
queue.compute_analytics_summary([{"function": "compare"}])
print(queue.ANALYTICS_MAX_EVENTS)
"""


def test_gradio_keeps_no_list_of_events_to_sum_up():
    output = subprocess.run(
        [sys.executable, "-c", SUMMARY], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert output.split() == ["1"]
