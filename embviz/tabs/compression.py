"""The page's scripts and styles, compressed once for all visitors.

Gradio compresses a file anew for everybody who loads it, and so quickly rather than well. Plotly
alone has 4.6 MB, and a whole class opens the page at once.
"""

import asyncio
import gzip
import re
from functools import partial

import brotli
from cachetools import LRUCache
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FILES = re.compile(r"/(assets|static)/.+\.(js|css)")

# The smaller one first; browsers take it over HTTPS and from their own machine. The next quality
# would make Plotly 8 % smaller, and the first visitor wait 3 s.
_ENCODERS = {"br": partial(brotli.compress, quality=9), "gzip": gzip.compress}

# In bytes. What a page loads takes 1.3 MB in the one and 1.6 MB in the other.
MAX_KEPT = 20_000_000


class CompressedFiles:
    """ASGI middleware, to stand right before a Gradio app."""

    def __init__(self, app: ASGIApp):
        self._app = app
        # The messages of an answer, the second of which has the body, by path and encoding.
        self._kept = LRUCache(MAX_KEPT, getsizeof=lambda messages: len(messages[1]["body"]))
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a file as small as the browser takes it, and all else as it is."""
        encoding = _find_encoding(scope)
        if encoding is None:
            return await self._app(scope, receive, send)
        # Whoever comes while a file is compressed waits for it, and does not compress it too.
        async with self._lock:
            messages = self._kept.get((scope["path"], encoding))
            if messages is None:
                messages = await self._load(scope, receive)
                if messages[0]["status"] == 200:
                    messages = await _compress(messages, encoding)
                    self._kept[scope["path"], encoding] = messages
        for message in messages:
            # What stands before this may add to a message.
            await send(dict(message))

    async def _load(self, scope: Scope, receive: Receive) -> list[Message]:
        messages = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        return messages


def _find_encoding(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "GET" or not _FILES.fullmatch(scope["path"]):
        return None
    accepted = Headers(scope=scope).get("Accept-Encoding", "")
    return next((name for name in _ENCODERS if name in accepted), None)


async def _compress(messages: list[Message], encoding: str) -> list[Message]:
    start, *parts = messages
    body = b"".join(part.get("body", b"") for part in parts)
    compressed = await run_in_threadpool(_ENCODERS[encoding], body)
    headers = MutableHeaders(scope=start)
    headers["Content-Encoding"] = encoding
    headers["Content-Length"] = str(len(compressed))
    headers.add_vary_header("Accept-Encoding")
    return [start, {"type": "http.response.body", "body": compressed}]
