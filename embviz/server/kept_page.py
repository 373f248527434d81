"""The page that everybody opens, made once for each address and language in which it is opened.

Gradio copies the page's configuration, writes its own address into it and compresses the whole for
each visitor: some 35 ms of a core, and a class opens the page at once. All visitors of one address
who speak one language get the same page, in which nothing is theirs.
"""

import asyncio
from urllib.parse import parse_qs

from cachetools import LRUCache
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embviz.language import spoken

# A server has few addresses. Strangers can make up others, each of which takes 90 to 680 KB.
_MOST_KEPT = 8

# What the page is made from, besides the path.
_HEADERS = (b"host", b"x-forwarded-host", b"x-forwarded-proto", b"accept-encoding")
_PARAMETERS = {"page", "deep_link"}


class KeptPage:
    """ASGI middleware, to stand before what compresses the page."""

    def __init__(self, app: ASGIApp):
        self._app = app
        self._kept: LRUCache[tuple[object, ...], list[Message]] = LRUCache(_MOST_KEPT)
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page as it was made before, and pass all else on."""
        if not _is_of_the_page(scope):
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        address = (scope["scheme"], scope.get("root_path"), scope.get("server"))
        key = (spoken(), *address, *(headers.get(name) for name in _HEADERS))
        # Who opens it at a known address does not wait for those who make up others.
        messages = self._kept.get(key) or await self._make(key, scope, receive)
        for message in messages:
            # Middleware before this one adds its own headers to it.
            own = {"headers": list(message["headers"])} if "headers" in message else {}
            await send({**message, **own})

    async def _make(self, key: tuple[object, ...], scope: Scope, receive: Receive) -> list[Message]:
        """All that is sent. It is collected first: a slow visitor must not hold up the others."""
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        async with self._making:
            # Somebody else may have waited for it, too.
            if key in self._kept:
                return self._kept[key]
            await self._app(scope, receive, collect)
            if messages and messages[0]["status"] == 200:
                self._kept[key] = messages
        return messages


def _is_of_the_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
        return False
    return _PARAMETERS.isdisjoint(parse_qs(scope["query_string"].decode("latin-1")))
