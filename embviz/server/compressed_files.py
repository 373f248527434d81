"""The page's scripts and styles, compressed once for all visitors.

Gradio compresses a file anew for everybody who loads it, and so quickly rather than well, and a
whole class opens the page at once. Of its 20 MB of files the page loads a tenth, so a file is
compressed when it is first asked for.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from mimetypes import guess_type
from pathlib import Path

import brotli
from gradio.route_utils import BUILD_PATH_LIB, STATIC_PATH_LIB
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def _list_files() -> dict[str, Path]:
    folders = {"/assets": BUILD_PATH_LIB, "/static": STATIC_PATH_LIB}
    return {
        f"{address}/{path.relative_to(folder).as_posix()}": path
        for address, folder in folders.items()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


# Every file of Gradio's frontend by its address. Gradio would serve it at other spellings too, such
# as /assets/./x.js.
STATIC_FILES = _list_files()

# Those that Gradio would compress for each request. All of them would take some 4 s, and 11.4 MB of
# memory.
_COMPRESSED = {".js", ".css", ".svg"}


def _compress_by_brotli(content: bytes) -> bytes:
    # Quality 9 would make the largest files 4 % smaller, and take 45 MB of memory, not 16; quality
    # 10 12 %, in ten times the time.
    compressor = brotli.Compressor(quality=7, lgwin=20)
    parts = [content[start : start + 65_536] for start in range(0, len(content), 65_536)]
    return b"".join([*map(compressor.process, parts), compressor.finish()])


# The smaller one first; browsers take it over HTTPS and from their own machine.
_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": _compress_by_brotli,
    "gzip": gzip.compress,
}

# A quality above 0 (RFC 9110, 12.4.2).
_QUALITY = re.compile(r"q=(?=.*[1-9])(0(\.\d{0,3})?|1(\.0{0,3})?)")


class CompressedFiles:
    """ASGI middleware, to stand before a Gradio app and before what else compresses its answers.

    No request waits for compression: until a file is compressed, Gradio serves it.
    """

    def __init__(self, app: ASGIApp, files: Mapping[str, Path] = STATIC_FILES):
        self._app = app
        self._files = files
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="compress")
        # By address and encoding; None while it is compressed.
        self._kept: dict[tuple[str, str], Response | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a file as small as the browser takes it, and all else as it is."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        scope = dict(scope)
        headers = MutableHeaders(scope=scope)
        header = ", ".join(headers.getlist("Accept-Encoding"))
        accepted = _find_accepted(header)
        # The middleware behind this only looks whether a name occurs in this header.
        headers["Accept-Encoding"] = ", ".join(accepted) or "identity"
        if any(name in header and name not in accepted for name in _ENCODERS):
            send = _uncompressed(send)
        file = None
        if accepted and scope["method"] in ("GET", "HEAD"):
            file = self._find(scope["path"], accepted[0])
        if file is None:
            return await self._app(scope, receive, send)
        known = headers.get("If-None-Match", "")
        if known == "*" or file.headers["ETag"] in known:
            file = NotModifiedResponse(file.headers)
        await file(scope, receive, send)

    def _find(self, address: str, encoding: str) -> Response | None:
        """A file that Gradio would compress, if it is compressed; else it soon will be."""
        key = address, encoding
        path = self._files.get(address)
        if path and path.suffix in _COMPRESSED and key not in self._kept:
            self._kept[key] = None
            self._thread.submit(self._compress, address, path, encoding)
        return self._kept.get(key)

    def _compress(self, address: str, path: Path, encoding: str) -> None:
        self._kept[address, encoding] = _compress(address, path, encoding)


def _uncompressed(send: Send) -> Send:
    """Keep Gradio's compression, which stands before all other middleware, from an answer."""

    async def send_uncompressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            # An empty list of encodings, which means the same as no header.
            MutableHeaders(scope=message).setdefault("Content-Encoding", "")
        await send(message)

    return send_uncompressed


def _compress(address: str, path: Path, encoding: str) -> Response:
    body = _ENCODERS[encoding](path.read_bytes())
    # The name of every asset contains a hash of its content.
    lasts = address.startswith("/assets/")
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if lasts else "no-cache",
        "Content-Encoding": encoding,
        "ETag": f'"{hashlib.sha256(body).hexdigest()}"',
        "Vary": "Accept-Encoding",
    }
    return Response(body, headers=headers, media_type=guess_type(path)[0])


def _find_accepted(header: str) -> list[str]:
    """Return those of our encodings that a browser takes (RFC 9110, 12.5.3), the smaller first."""
    takes = {}
    for item in header.lower().split(","):
        name, semicolon, quality = item.partition(";")
        takes[name.strip()] = not semicolon or bool(_QUALITY.fullmatch(quality.strip()))
    return [name for name in _ENCODERS if takes.get(name, takes.get("*", False))]
