"""The receipt of a question waits for a moment after the end of the page's stream of answers."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from embviz.server import stream_ends
from embviz.server.stream_ends import SECONDS_OF_GRACE, StreamEnds

END = b'data: {"msg":"close_stream"}\n\n'
ANSWER = b'data: {"msg":"process_completed","output":"\\"msg\\":\\"close_stream\\""}\n\n'


@pytest.fixture
def clock(monkeypatch):
    """A clock that only sleeping moves on; holds how long was slept."""

    class Clock:
        now = 100.0
        slept = ()

        def monotonic(self):
            return self.now

    clock = Clock()

    async def sleep(seconds):
        clock.slept += (pytest.approx(seconds),)
        clock.now += seconds

    monkeypatch.setattr(stream_ends, "time", clock)
    monkeypatch.setattr(stream_ends.asyncio, "sleep", sleep)
    return clock


def run(coroutine):
    """Run it in a thread of its own: a browser that other tests use keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


async def gradio(scope, receive, send):
    """Streams what stands in its address, and gives a receipt for each question."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope.get("streams", b"receipt")})


def request(app, path, query=b"", body=b"", **scope):
    sent = []

    async def receive():
        return {"type": "http.request", "body": body}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": f"/gradio_api/{path}", "query_string": query} | scope
    run(app(scope, receive, send))
    return sent


def stream(app, session, content):
    return request(app, "queue/data", f"session_hash={session}".encode(), streams=content)


def join(app, session, text="king"):
    body = json.dumps({"data": [text], "fn_index": 1, "session_hash": session})
    return request(app, "queue/join", body=body.encode())


def test_a_receipt_waits_for_the_rest_of_the_moment(clock):
    app = StreamEnds(gradio)
    assert stream(app, "one", END)[-1]["body"] == END
    clock.now += 0.05
    assert join(app, "one")[-1]["body"] == b"receipt"
    assert clock.slept == (SECONDS_OF_GRACE - 0.05,)
    # The moment is over.
    join(app, "one")
    assert len(clock.slept) == 1


@pytest.mark.parametrize("text", ['"session_hash":"one"', '\\"session_hash\\":\\"one\\"'])
def test_only_the_session_whose_stream_has_ended_waits(clock, text):
    app = StreamEnds(gradio)
    stream(app, "one", END)
    stream(app, "two", ANSWER)
    join(app, "two", text)
    join(app, "three", text)
    request(app, "run/compare", body=b'{"session_hash":"one"}')
    request(app, "queue/join", body=b"not what the page sends")
    assert clock.slept == ()
    join(app, "one", text)
    assert clock.slept == (SECONDS_OF_GRACE,)


def test_nothing_is_kept_of_streams_that_ended_before(clock):
    app = StreamEnds(gradio)
    for n in range(50):
        stream(app, f"session{n}", END)
        clock.now += SECONDS_OF_GRACE / 3
    assert len(app._ended) <= 4
    stream(app, "session49", END)
    stream(app, "last", END)
    assert list(app._ended)[-2:] == ["session49", "last"]


def test_what_is_no_request_passes(clock):
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    run(StreamEnds(app)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
