"""The gate before the page and the endpoints: what may come in, how much of it, how often.

Gradio serves more than this app uses: uploads, files, a proxy, logins, monitoring. What is not
listed here is closed. No answer that refuses says more than one sentence of ours.
"""

import re
import time
from urllib.parse import parse_qsl, urlencode

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embviz.tabs.compression import STATIC_FILES

_STATIC = STATIC_FILES.keys() | {
    *("/favicon.ico", "/preview.png", "/robots.txt"),
    *("/theme.css", "/gradio_api/theme.css"),
}
_GET = re.compile(
    r"/|/config/?|/gradio_api/"
    r"(info/?|openapi\.json|mcp/?|mcp/schema|queue/data|call/.+|heartbeat/[^/]+"
    r"|app_id/?|startup-events)"
)
_POST = re.compile(r"/gradio_api/(run/.*|call/.+|queue/join|cancel|reset/?|mcp/?)")

# These routes of Gradio's only take down what is asked, so what fails in them is the request.
_TAKES_DOWN = re.compile(r"/gradio_api/(call/.+|queue/join|cancel|reset/?)")
# These answer in our own words already.
_OURS = re.compile(r"/gradio_api/run/.*")

# 500 documents of 5,000 letters fit.
MAX_BODY = 4_000_000

# A whole class may sit behind one address. 300 people who open the page and ask every other second
# send 3,000 requests in 10 s, not counting the page's static files.
RATE = RateLimitItemPerSecond(4_000, 10)

# Requests that wait for the model at the same time, whoever sent them.
MAX_WAITING = 500

# Without frame-ancestors and X-Frame-Options any course page may frame the app, also one that is
# opened from a disk. Gradio's page has inline scripts and styles, and gr.HTML makes functions of
# text; but whatever should slip in can neither load anything from elsewhere nor send it there.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'none'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # A link holds what somebody typed.
    "Referrer-Policy": "no-referrer",
    "Server": "embviz",
    "X-Content-Type-Options": "nosniff",
}

_SENTENCES = {
    404: "There is nothing at this address.",
    413: f"The request is too large: at most {MAX_BODY // 10**6} MB can be read.",
    429: "Too many requests from your network at once: please wait some seconds and ask again.",
    500: "Something went wrong here: please ask again.",
    503: "Too many people are asking at once: please wait some seconds and ask again.",
}
_BAD_REQUEST = "The request does not have the form that the API page describes."


class Gate:
    """ASGI middleware, to stand before a Gradio app."""

    def __init__(self, app: ASGIApp, rate: RateLimitItemPerSecond = RATE):
        self._app = app
        self._rate = rate
        # Keeps one number an address, and forgets it when its 10 s are over.
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            # There are no web sockets here; this refuses one.
            return await send({"type": "websocket.close"})
        if scope["path"] == "/":
            scope = _without_page(scope)
        send = _with_headers(send)
        refusal = await self._refuse(scope)
        if refusal is None and scope["method"] == "POST":
            return await self._ask(scope, receive, send)
        return await (refusal or _in_our_words(self._app))(scope, receive, send)

    async def _refuse(self, scope: Scope) -> JSONResponse | None:
        method, path = scope["method"], scope["path"]
        if method in ("GET", "HEAD") and path in _STATIC:
            return None
        # uvicorn puts in what X-Forwarded-For says where it trusts the proxy: FORWARDED_ALLOW_IPS.
        visitor = scope["client"][0] if scope.get("client") else ""
        if not await self._limiter.hit(self._rate, visitor):
            window = await self._limiter.get_window_stats(self._rate, visitor)
            seconds = max(1, round(window.reset_time - time.time()))
            return _answer(429, {"Retry-After": str(seconds)})
        is_open = {"GET": _GET, "HEAD": _GET, "POST": _POST}.get(method)
        return None if is_open and is_open.fullmatch(path) else _answer(404)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._waiting >= MAX_WAITING:
            return await _answer(503, {"Retry-After": "5"})(scope, receive, send)
        self._waiting += 1
        try:
            replay = await _read_body(receive)
            if replay is None:
                return await _answer(413)(scope, receive, send)
            await _in_our_words(self._app)(scope, replay, send)
        finally:
            self._waiting -= 1


def _without_page(scope: Scope) -> Scope:
    # Gradio would look for a page of its own of that name, and fail where there is none.
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    rest = [(name, value) for name, value in query if name != "page"]
    return {**scope, "query_string": urlencode(rest).encode()}


def _answer(status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    sentence = _SENTENCES.get(status, _BAD_REQUEST)
    return JSONResponse({"error": sentence}, status_code=status, headers=headers)


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return send_with_headers


async def _read_body(receive: Receive) -> Receive | None:
    """Read a body to its end; None if it is too large."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            return None
    pending = [{"type": "http.request", "body": bytes(body), "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def _in_our_words(app: ASGIApp) -> ASGIApp:
    """Put a sentence of ours in the place of every refusal and failure of another's."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        started = replaced = False

        async def send_in_our_words(message: Message) -> None:
            nonlocal started, replaced
            if message["type"] == "http.response.start":
                started = True
                status = message["status"]
                replaced = status >= 400 and not _OURS.fullmatch(scope["path"])
                if replaced:
                    return await _answer(status)(scope, receive, send)
            if not replaced:
                await send(message)

        try:
            await app(scope, receive, send_in_our_words)
        except Exception:
            status = 422 if _TAKES_DOWN.fullmatch(scope["path"]) else 500
            if not started:
                await _answer(status)(scope, receive, send)
            if status == 500:
                # For the log, where it belongs.
                raise

    return answer
