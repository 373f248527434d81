"""Scripts and styles: compressed once, kept for all, and the same bytes in the end."""

import asyncio
import gzip
import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest

from embviz.tabs import compression
from embviz.tabs.compression import CompressedFiles

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
BODY = b"let cosine = dot / (norm * norm); " * 200


class Files:
    """An app that sends a file in two parts, and counts how often; `missing` are not there."""

    def __init__(self, *missing):
        self.sent = []
        self.missing = set(missing)

    async def __call__(self, scope, receive, send):
        self.sent.append(scope["path"])
        await asyncio.sleep(0.01)
        status = 404 if scope["path"] in self.missing else 200
        headers = [(b"content-length", str(len(BODY)).encode()), (b"etag", b'"1"')]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": BODY[:100], "more_body": True})
        await send({"type": "http.response.body", "body": BODY[100:]})


def ask(app, *paths, accept="gzip, deflate, br, zstd", method="GET"):
    """Ask for all paths at once; returns status, headers and body of each."""

    async def ask_one(path):
        messages = []

        async def send(message):
            messages.append(message)

        headers = [(b"accept-encoding", accept.encode())]
        await app({"type": "http", "method": method, "path": path, "headers": headers}, None, send)
        start, *parts = messages
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], headers, b"".join(part["body"] for part in parts)

    async def ask_all():
        return await asyncio.gather(*map(ask_one, paths))

    # In a thread of its own, since the browser's tests leave an event loop running in this one.
    with ThreadPoolExecutor() as threads:
        return threads.submit(asyncio.run, ask_all()).result()


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("identity", None)],
)
def test_a_file_is_the_same_however_it_travels(accept, encoding):
    app = CompressedFiles(Files())
    for _ in range(2):
        [(status, headers, body)] = ask(app, "/assets/plot.js", accept=accept)
        assert status == 200
        assert headers.get("content-encoding") == encoding
        assert int(headers["content-length"]) == len(body)
        assert headers["etag"] == '"1"'
        assert DECODERS[encoding](body) == BODY
        if encoding:
            assert headers["vary"] == "Accept-Encoding"


def test_a_class_that_comes_at_once_has_a_file_compressed_once():
    files = Files()
    app = CompressedFiles(files)
    answers = ask(app, *["/assets/plot.js"] * 30, "/static/look.css")
    assert files.sent == ["/assets/plot.js", "/static/look.css"]
    assert {brotli.decompress(body) for _, _, body in answers} == {BODY}
    # Each encoding is a file of its own.
    ask(app, "/assets/plot.js", accept="gzip")
    assert len(files.sent) == 3


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/", "GET"),
        ("/gradio_api/info", "GET"),
        ("/gradio_api/run/x.js", "POST"),
        ("/static/fonts/sans.woff2", "GET"),
        ("/assets/plot.js", "HEAD"),
    ],
)
def test_what_is_no_file_is_neither_compressed_nor_kept(path, method):
    files = Files()
    app = CompressedFiles(files)
    for _ in range(2):
        [(_, headers, body)] = ask(app, path, method=method)
        assert "content-encoding" not in headers
        assert body == BODY
    assert len(files.sent) == 2


def test_a_file_that_was_missing_is_asked_for_again():
    files = Files("/assets/plot.js")
    app = CompressedFiles(files)
    [(status, headers, body)] = ask(app, "/assets/plot.js")
    assert (status, body) == (404, BODY)
    assert "content-encoding" not in headers
    files.missing.clear()
    assert ask(app, "/assets/plot.js")[0][0] == 200


def test_no_more_is_kept_than_is_said(monkeypatch):
    # Whoever writes one address in many ways gets the file each time, and fills nothing.
    monkeypatch.setattr(compression, "MAX_KEPT", 10 * len(brotli.compress(BODY)))
    app = CompressedFiles(Files())
    ask(app, *[f"/assets/{'/' * n}plot.js" for n in range(100)])
    assert 5 < len(app._kept) <= 10


def test_the_page_gets_its_scripts_compressed(app_url):
    page = urllib.request.urlopen(app_url).read().decode()
    script = re.search(r"/assets/index-[\w-]+\.js", page)[0]

    def load(encoding):
        request = urllib.request.Request(app_url + script, headers={"Accept-Encoding": encoding})
        with urllib.request.urlopen(request) as answer:
            return answer.headers, answer.read()

    headers, body = load("br")
    assert headers.get_all("Content-Encoding") == ["br"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    script = load("identity")[1]
    assert brotli.decompress(body) == script
    # What Gradio would send.
    assert len(body) < len(brotli.compress(script, quality=4))
