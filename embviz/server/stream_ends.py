"""A question that is asked while a page's stream of answers ends gets its answer all the same.

Gradio's page opens a stream with its first question, and the server ends it once all questions are
answered. A page that asks again before it has read of that end would wait at the old stream for
ever. So, for a moment after a stream has ended, the receipt of the page's next question is held
back: the page reads of the end first, and opens another stream.
"""

import asyncio
import re
import time
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# How long a receipt is held back after the end of a stream, in seconds: a page on a slow connection
# has read of the end by then.
SECONDS_OF_GRACE = 0.2

_STREAM = "/gradio_api/queue/data"
_JOIN = "/gradio_api/queue/join"
_END = b'"msg":"close_stream"'
# In a text that a visitor typed there would be a backslash before each of these quotation marks.
_SESSION = re.compile(rb'"session_hash"\s*:\s*"(\w+)"')


class StreamEnds:
    """ASGI middleware, to stand where a body arrives in one piece, and before Gradio's app."""

    def __init__(self, app: ASGIApp):
        self._app = app
        # When the stream of a session has ended, the oldest first.
        self._ended: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note or hold back what is sent."""
        if scope["type"] == "http" and scope["path"] == _STREAM:
            return await self._app(scope, receive, self._noting_end(scope, send))
        if scope["type"] == "http" and scope["path"] == _JOIN:
            return await self._join(scope, receive, send)
        await self._app(scope, receive, send)

    def _noting_end(self, scope: Scope, send: Send) -> Send:
        [session] = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[:1]

        async def send_and_note(message: Message) -> None:
            if _END in message.get("body", b""):
                self._forget_the_old()
                self._ended.pop(session, None)
                self._ended[session] = time.monotonic()
            await send(message)

        return send_and_note

    async def _join(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = ""

        async def receive_and_look() -> Message:
            nonlocal session
            message = await receive()
            if found := _SESSION.search(message.get("body", b"")):
                session = found[1].decode()
            return message

        async def send_after_end(message: Message) -> None:
            if message["type"] == "http.response.start" and session in self._ended:
                grace = self._ended[session] + SECONDS_OF_GRACE - time.monotonic()
                if grace > 0:
                    await asyncio.sleep(grace)
            await send(message)

        await self._app(scope, receive_and_look, send_after_end)

    def _forget_the_old(self) -> None:
        now = time.monotonic()
        for session, ended in list(self._ended.items()):
            if ended + SECONDS_OF_GRACE > now:
                break
            del self._ended[session]
