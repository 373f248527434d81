"""Scripts and styles: compressed once, one spelling each, and the same bytes in the end."""

import asyncio
import gzip
import http.client
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import brotli
import pytest
from gradio.brotli_middleware import BrotliMiddleware
from limits import RateLimitItemPerMinute

from embviz.server import compressed_files
from embviz.server.compressed_files import STATIC_FILES, CompressedFiles
from embviz.server.request_limits import Limits

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
BODY = b"let cosine = dot / (norm * norm); " * 200
SCRIPT = "/assets/plot.js"
STYLE = "/static/look.css"
FONT = "/static/fonts/sans.woff2"
# Files of Gradio's own.
FOLDER = "/static/fonts"
GRADIO_SCRIPT = next(address for address in STATIC_FILES if re.match("/assets/.*js", address))
GRADIO_FONT = next(address for address in STATIC_FILES if address.startswith(FOLDER))

SPELLINGS = [
    *(GRADIO_SCRIPT.replace("/assets/", f"/assets/{'./' * n}") for n in range(1, 41)),
    *(GRADIO_SCRIPT.replace("/assets/", f"/assets/{'/' * n}") for n in range(1, 5)),
    GRADIO_SCRIPT.replace("/assets/", "/assets/../assets/"),
    GRADIO_SCRIPT.replace("/assets/", "/assets/%2e/"),
    GRADIO_SCRIPT.replace("/assets/", "/assets/%2E%2E/assets/"),
    GRADIO_SCRIPT.replace("/assets/", "/assets/%2f"),
    GRADIO_SCRIPT.replace("/assets/", "/Assets/"),
    GRADIO_SCRIPT.replace("/assets/", "/static/../assets/"),
    GRADIO_SCRIPT.replace(".js", ".JS"),
    f"{GRADIO_SCRIPT}/",
    f"{GRADIO_SCRIPT}%00",
    f"{GRADIO_SCRIPT}%20",
    FOLDER,
    f"{FOLDER}/",
    GRADIO_FONT.replace("/fonts/", "/fonts/./"),
    "/assets",
    "/assets/",
    "/assets/nothing.js",
    "/static/",
]

ACCEPT = [
    ("gzip, deflate, br, zstd", "br"),
    ("gzip, deflate", "gzip"),
    ("identity", None),
    ("", None),
    # Names are whole, and upper or lower case.
    ("zebra", None),
    ("gzippy, x-br", None),
    ("BR", "br"),
    ("GZip;Q=0.5", "gzip"),
    # A quality of 0 refuses, another does not.
    ("br;q=0", None),
    ("br;q=0.000, gzip", "gzip"),
    ("br;q=0,gzip;q=0", None),
    ("br; q=0.001", "br"),
    ("br\t;\tq=1.000 ,gzip", "br"),
    ("br;q=0., gzip", "gzip"),
    # The star stands for those that are not named.
    ("*", "br"),
    ("br;q=0, *", "gzip"),
    ("*;q=0", None),
    ("gzip, *;q=0", "gzip"),
    ("*;q=0, identity", None),
    # Whatever else stands in a quality's place refuses.
    ("br;q=x, gzip", "gzip"),
    ("br;q=, gzip", "gzip"),
    ("br;, gzip", "gzip"),
    ("br;q=2, gzip;q=-1", None),
    ("br;q=1.001, gzip;q=0.0001", None),
    ("br;level=9, gzip", "gzip"),
    (",;,=,", None),
]


class Gradio:
    """An app that sends a file in two parts, and keeps which were asked for, and how."""

    def __init__(self):
        self.asked = []

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return
        self.asked.append((scope["path"], dict(scope["headers"])[b"accept-encoding"].decode()))
        headers = [(b"content-length", str(len(BODY)).encode()), (b"etag", b'"1"')]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BODY[:100], "more_body": True})
        await send({"type": "http.response.body", "body": BODY[100:]})


def compress(app, *addresses):
    """Ask for files in both encodings, and wait until they are compressed."""
    for encoding in DECODERS:
        ask(app, *addresses, accept=encoding or "")
    # The one thread does it in turn.
    app._thread.submit(bool).result()


def run(coroutine):
    # In a thread of its own, since the browser's tests leave an event loop running in this one.
    with ThreadPoolExecutor() as threads:
        return threads.submit(asyncio.run, coroutine).result()


def ask(app, *paths, accept="gzip, deflate, br, zstd", method="GET", **headers):
    """Ask for all paths at once; returns status, headers and body of each."""
    sent = [(b"accept-encoding", accept.encode())]
    sent += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def ask_one(path):
        messages = []

        async def send(message):
            messages.append(message)

        scope = {"type": "http", "method": method, "path": path, "headers": sent}
        await app(scope | {"client": ("192.0.2.1", 1234)}, None, send)
        start, *parts = messages
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], headers, b"".join(part["body"] for part in parts)

    async def ask_all():
        return await asyncio.gather(*map(ask_one, paths))

    return run(ask_all())


@pytest.fixture
def gradio():
    return Gradio()


@pytest.fixture
def files(tmp_path):
    paths = {address: tmp_path / address.split("/")[-1] for address in (SCRIPT, STYLE, FONT)}
    for path in paths.values():
        path.write_bytes(BODY)
    return paths


@pytest.fixture
def app(gradio, files):
    """An app that has compressed its files."""
    app = CompressedFiles(gradio, files)
    compress(app, SCRIPT, STYLE)
    gradio.asked.clear()
    return app


@pytest.fixture(scope="module")
def compressed_frontend():
    """All files of Gradio's, compressed: the answers by address and encoding."""
    app = CompressedFiles(Gradio())
    compress(app, *STATIC_FILES)
    return app._kept


@pytest.fixture
def calls(monkeypatch):
    """The encodings in which something was compressed, one entry each time."""
    calls = []

    def spy(name, compress):
        return lambda body: calls.append(name) or compress(body)

    for name, compress in compressed_files._ENCODERS.items():
        monkeypatch.setitem(compressed_files._ENCODERS, name, spy(name, compress))
    return calls


@pytest.fixture
def send(app_url):
    """Send one request just as it is to the running app; returns status, headers and body."""

    def send(path, method="GET", **headers):
        connection = http.client.HTTPConnection(urlsplit(app_url).netloc, timeout=30)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    return send


@pytest.fixture
def send_when_compressed(send):
    """Like `send`, for the page's main script once it is compressed; the path comes first."""
    page = send("/")[2].decode()
    script = re.search(r"/assets/index-[\w-]+\.js", page)[0]
    deadline = time.monotonic() + 60
    for encoding in ("br", "gzip"):
        while not send(script, Accept_Encoding=encoding)[1]["Cache-Control"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    return lambda **headers: send(script, **headers)


@pytest.mark.parametrize(("accept", "encoding"), ACCEPT)
def test_a_file_is_the_same_however_it_travels(app, gradio, accept, encoding):
    for _ in range(2):
        [(status, headers, body)] = ask(app, SCRIPT, accept=accept)
        assert status == 200
        assert (headers.get("content-encoding") or None) == encoding
        assert int(headers["content-length"]) == len(body)
        assert DECODERS[encoding](body) == BODY
        if encoding:
            assert headers["vary"] == "Accept-Encoding"
    assert len(gradio.asked) == (0 if encoding else 2)


def test_what_several_headers_say_counts_together(app, gradio):
    async def send(message):
        pass

    headers = [(b"accept-encoding", value) for value in (b"zebra", b"gzip;q=1", b"deflate")]
    run(app({"type": "http", "method": "GET", "path": "/", "headers": headers}, None, send))
    assert gradio.asked == [("/", "gzip")]


def test_nothing_but_the_file_that_is_asked_for_is_compressed(calls):
    app = CompressedFiles(Gradio())
    for accept in ("br", "gzip", "*", "zebra"):
        answers = ask(app, *SPELLINGS, GRADIO_FONT, accept=accept)
        assert {body for _, _, body in answers} == {BODY}
    ask(app, GRADIO_SCRIPT, accept="zebra")
    ask(app, GRADIO_SCRIPT, method="POST")
    app._thread.submit(bool).result()
    assert calls == []
    compress(app, GRADIO_SCRIPT)
    assert calls == ["br", "gzip"]


def test_each_file_is_compressed_once_in_each_encoding(app, gradio, files, calls):
    fresh = CompressedFiles(gradio, files)
    ask(fresh, *[SCRIPT] * 30, STYLE)
    compress(fresh, SCRIPT, STYLE)
    assert sorted(calls) == ["br", "br", "gzip", "gzip"]
    gradio.asked.clear()
    ask(fresh, *[SCRIPT] * 30, STYLE)
    ask(fresh, *[SCRIPT] * 30, accept="gzip")
    assert len(calls) == 4
    assert gradio.asked == []


def test_who_asks_first_does_not_wait(gradio, files, monkeypatch):
    may_go_on = threading.Event()

    def slow(body):
        assert may_go_on.wait(10)
        return gzip.compress(body)

    monkeypatch.setattr(compressed_files, "_ENCODERS", {"gzip": slow})
    app = CompressedFiles(gradio, files)
    # Until it is done, Gradio answers.
    for _ in range(2):
        assert ask(app, STYLE, accept="gzip")[0][2] == BODY
    assert gradio.asked == [(STYLE, "gzip")] * 2
    may_go_on.set()
    app._thread.submit(bool).result()
    assert ask(app, STYLE, accept="gzip")[0][1]["content-encoding"] == "gzip"
    assert len(gradio.asked) == 2


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/", "GET"),
        ("/gradio_api/info", "GET"),
        ("/gradio_api/run/x.js", "POST"),
        (FONT, "GET"),
        (SCRIPT, "POST"),
        ("/assets/./plot.js", "GET"),
    ],
)
def test_what_is_no_file_to_compress_goes_to_gradio(app, gradio, path, method):
    for _ in range(2):
        [(_, headers, body)] = ask(app, path, method=method)
        assert "content-encoding" not in headers
        assert body == BODY
    assert gradio.asked == [(path, "br, gzip")] * 2
    [(_, headers, _)] = ask(app, path, method=method, accept="zebra, br;q=0, gzip;q=0")
    assert gradio.asked[-1] == (path, "identity")
    # Or Gradio, whose compression stands before this, would compress it.
    assert headers["content-encoding"] == ""


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_browser_that_has_a_file_is_told_so(app, encoding):
    [(_, headers, _)] = ask(app, STYLE, accept=encoding)
    etag = headers["etag"]
    assert re.fullmatch(r'"\w{16,}"', etag)
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        [(status, headers, body)] = ask(app, STYLE, accept=encoding, if_none_match=known)
        assert (status, body, headers["etag"]) == (304, b"", etag)
        assert headers["vary"] == "Accept-Encoding"
        assert headers["cache-control"] == "no-cache"
    other = ask(app, STYLE, accept="gzip" if encoding == "br" else "br")[0][1]["etag"]
    for unknown in (other, '"1"', etag.strip('"'), ""):
        [(status, _, body)] = ask(app, STYLE, accept=encoding, if_none_match=unknown)
        assert (status, DECODERS[encoding](body)) == (200, BODY)


def test_what_is_asked_again_is_what_may_change(app):
    [(_, script, _), (_, style, _)] = ask(app, SCRIPT, STYLE)
    assert script["cache-control"] == "public, max-age=31536000, immutable"
    assert style["cache-control"] == "no-cache"


def test_every_asset_carries_a_hash_in_its_name():
    assets = [address for address in STATIC_FILES if address.startswith("/assets/")]
    assert len(assets) > 500
    for address in assets:
        # Where two would have the same name, the second has a number at its end.
        assert re.search(r"-[\w-]{8}\d?\.\w+$", address), address


def test_all_that_gradio_would_compress_is_compressed(compressed_frontend):
    gradio = BrotliMiddleware(None)
    compressible = {
        address for address in STATIC_FILES if gradio._is_compressible_file_type({"path": address})
    }
    assert len(compressible) > 500
    for encoding in ("br", "gzip"):
        assert {
            address for address, name in compressed_frontend if name == encoding
        } == compressible


def test_every_compressed_file_is_the_file(compressed_frontend):
    for (address, encoding), answer in compressed_frontend.items():
        assert DECODERS[encoding](answer.body) == STATIC_FILES[address].read_bytes()


def test_what_is_kept_is_small(compressed_frontend):
    assert sum(len(answer.body) for answer in compressed_frontend.values()) < 13_000_000


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_has_one_spelling(send, method):
    assert send(GRADIO_SCRIPT)[0] == 200
    for path in SPELLINGS:
        status, _, body = send(path, method)
        assert status == 404, path
        sentence = b'{"error":"There is nothing at this address."}'
        assert body == (sentence if method == "GET" else b""), path


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_another_spelling_counts_as_a_request_and_the_file_does_not(gradio, method):
    limited = Limits(gradio, None, RateLimitItemPerMinute(5))
    statuses = [ask(limited, path, method=method)[0][0] for path in SPELLINGS[:7]]
    assert statuses == [404] * 5 + [429] * 2
    assert gradio.asked == []
    answers = ask(limited, *[GRADIO_SCRIPT, GRADIO_FONT] * 10, "/favicon.ico", method=method)
    assert {status for status, _, _ in answers} == {200}


def test_the_page_gets_its_scripts_compressed(send_when_compressed):
    status, headers, body = send_when_compressed(Accept_Encoding="br")
    assert status == 200
    assert headers.get_all("Content-Encoding") == ["br"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    _, uncompressed, script = send_when_compressed(Accept_Encoding="identity")
    assert headers["Content-Type"] == uncompressed["Content-Type"]
    assert brotli.decompress(body) == script
    # What Gradio would send.
    assert len(body) < len(brotli.compress(script, quality=4))


def test_the_running_app_tells_a_browser_that_its_copy_is_good(send_when_compressed):
    _, headers, _ = send_when_compressed(Accept_Encoding="br")
    known = headers["ETag"]
    status, headers, body = send_when_compressed(Accept_Encoding="br", If_None_Match=known)
    assert (status, body, headers["ETag"]) == (304, b"", known)
    assert "immutable" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, headers, body = send_when_compressed(Accept_Encoding="br", method="HEAD")
    assert (status, body, headers["ETag"]) == (200, b"", known)


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [("gzip", "gzip"), ("gzip;q=0", None), ("gzip;q=0, *", None), ("zebra, gzippy", None)],
)
def test_the_page_itself_is_only_compressed_where_that_is_accepted(send, accept, encoding):
    # What has no file's address comes from Starlette, which knows gzip alone.
    _, headers, body = send("/", Accept_Encoding=accept)
    assert (headers["Content-Encoding"] or None) == encoding
    assert b"<title>Embeddings Visualizer" in DECODERS[encoding](body)


@pytest.mark.parametrize("accept", ["br;q=0", "zebra", "br;q=0, gzip;q=0", "*;q=0"])
def test_the_running_app_believes_a_browser_that_takes_no_compression(
    send, send_when_compressed, accept
):
    for answer in (
        send_when_compressed(Accept_Encoding=accept),
        send("/theme.css", Accept_Encoding=accept),
    ):
        assert answer[0] == 200
        assert not answer[1]["Content-Encoding"]
