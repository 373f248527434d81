"""Limits and headers in front of the page and the endpoints: what may come in, how much, how often.

Gradio serves more than this app uses: uploads, files, a proxy, logins, monitoring. What is not
listed here is closed. No answer that refuses says more than one sentence of ours.
"""

import asyncio
import json
import logging
import re
import time
from urllib.parse import parse_qsl, urlencode

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embviz.language import gettext, gettext_noop, grouped, spoken
from embviz.server.compressed_files import STATIC_FILES
from embviz.server.plotly_script import PLOTLY_FILE
from embviz.server.sessions import PendingAnswers, address

_LOG = logging.getLogger(__name__)

# The page's files, and what those who run the app ask also when nobody else would be let in.
_NOT_COUNTED = STATIC_FILES.keys() | {
    *("/favicon.ico", "/preview.png", "/robots.txt"),
    *("/theme.css", "/gradio_api/theme.css"),
    *("/healthz", "/readyz"),
    f"/{PLOTLY_FILE}",
}
_GET = re.compile(
    r"/|/config/?|/class(?:/truths|/qr\.mjs)?|/teachers|/handout|/metrics|/gradio_api/"
    r"(info/?|openapi\.json|mcp/?|mcp/schema|queue/data|call/.+|heartbeat/[^/]+"
    r"|app_id/?|startup-events)"
)
_POST = re.compile(r"/gradio_api/(run/.*|call/.+|queue/join|cancel|reset/?|mcp/?)|/save/.+")
# What is asked here joins Gradio's queue, and its answer is fetched with another request.
_JOIN = re.compile(r"/gradio_api/(call/.+|queue/join)")

# An answer is fetched by the name of its session, or by that of its event.
_FETCH = re.compile(r"/gradio_api/(?:queue/data|call/.+/([^/]+))")

# These routes of Gradio's only take down what is asked, so what fails in them is the request.
_TAKES_DOWN = re.compile(r"/gradio_api/(call/.+|queue/join|cancel|reset/?)")
# These answer in our own words already.
_OURS = re.compile(r"/gradio_api/run/.*|/save/.+|/readyz")

# 500 documents of 5,000 letters of any alphabet fit, three bytes a letter.
MAX_BODY = 8_000_000

# Gradio reads the whole address, that of the host included, with httpx, which fails above 65,536
# characters.
MAX_ADDRESS = 65_000

# So many bytes of requests may be in memory at once, read or half read.
MAX_BODIES = 400_000_000

# A request must have arrived within this many seconds: its largest takes a line of 1.1 Mbit/s.
SECONDS_FOR_BODY = 60

# A whole class may sit behind one address. 300 people who open the page and ask every other second
# send 3,000 requests in 10 s, not counting the page's static files.
RATE = RateLimitItemPerSecond(4_000, 10)

# Whole requests, from all visitors, that wait for the model at the same time.
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
    404: gettext_noop("There is nothing at this address."),
    408: gettext_noop("The request did not arrive within {seconds} seconds: please send it again."),
    413: gettext_noop("The request is too large: at most {megabytes} MB can be read."),
    414: gettext_noop(
        "The address is longer than {characters} characters: link to fewer texts, or make them "
        "the built-in texts of your own copy of this app."
    ),
    429: gettext_noop(
        "Too many requests from your network at once: please wait some seconds and ask again."
    ),
    500: gettext_noop("Something went wrong here: please ask again."),
    503: gettext_noop(
        "Too many people are asking at once: please wait some seconds and ask again."
    ),
}
# What stands in these sentences.
_MOST = {
    "seconds": SECONDS_FOR_BODY,
    "megabytes": MAX_BODY // 10**6,
    "characters": MAX_ADDRESS,
}
_TOO_LONG = (
    '<!doctype html><html lang="{language}"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><style>body {{ font: 1.2rem/1.5 sans-serif; "
    "max-width: 40rem; margin: 3rem auto; padding: 0 1rem }}</style><p>{sentence}</p>"
)
# Of these, only programs hear.
_NO_ANSWER = "There is no such answer: it was fetched, or dropped after a minute."
_BAD_REQUEST = "The request does not have the form that the API page describes."
_NO_FILES = "Files cannot be sent to this app: send the texts that are in them."


class Limits:
    """ASGI middleware, to stand before a Gradio app.

    Args:
        app: The app.
        pending: The answers that wait to be fetched.
        rate: How many requests an address may send.
    """

    def __init__(self, app: ASGIApp, pending: PendingAnswers, rate: RateLimitItemPerSecond = RATE):
        self._app = app
        self._pending = pending
        self._rate = rate
        # Keeps one number an address, and forgets it when its 10 s are over.
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._waiting = 0
        self._bytes = 0
        self._is_busy = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            # There are no web sockets here; this refuses one.
            return await send({"type": "websocket.close"})
        # uvicorn puts in what X-Forwarded-For says where it trusts the proxy: FORWARDED_ALLOW_IPS.
        visitor = scope["client"][0] if scope.get("client") else ""
        address.set(visitor)
        send = _with_headers(send)
        refusal = await self._refuse(scope, visitor)
        if refusal is None:
            # What Gradio gets may be longer than what came.
            scope = _of_one_page(scope)
            refusal = _refuse_address(scope)
        if refusal is None and scope["method"] == "POST":
            return await self._ask(scope, receive, send)
        return await (refusal or _in_our_words(self._app))(scope, receive, send)

    async def _refuse(self, scope: Scope, visitor: str) -> Response | None:
        method, path = scope["method"], scope["path"]
        if method in ("GET", "HEAD") and path in _NOT_COUNTED:
            return None
        if not await self._limiter.hit(self._rate, visitor):
            window = await self._limiter.get_window_stats(self._rate, visitor)
            return _answer(429, retry_after=max(1, round(window.reset_time - time.time())))
        is_open = {"GET": _GET, "HEAD": _GET, "POST": _POST}.get(method)
        if not is_open or not is_open.fullmatch(path):
            return _answer(404)
        if method == "POST" and _JOIN.fullmatch(path) and self._pending.is_full(visitor):
            return _answer(429)
        fetch = _FETCH.fullmatch(path) if method != "POST" else None
        # Gradio would start to answer, and then break off.
        if fetch and not self._pending.holds(
            fetch[1] or _parameters(scope).get("session_hash", "")
        ):
            return _answer(404, _NO_ANSWER)
        return None

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        try:
            refusal = await self._read(body, receive)
            if refusal is None and self._waiting >= MAX_WAITING:
                refusal = _answer(503)
            if refusal is not None:
                self._log_if_busy(refusal)
                return await refusal(scope, receive, send)
            self._is_busy = False
            self._waiting += 1
            try:
                await _in_our_words(self._app)(scope, _replay(bytes(body), receive), send)
            finally:
                self._waiting -= 1
        finally:
            self._bytes -= len(body)

    def _log_if_busy(self, refusal: JSONResponse) -> None:
        # One line for a time without room, however many are refused meanwhile.
        if refusal.status_code == 503 and not self._is_busy:
            self._is_busy = True
            _LOG.warning(
                "Refusing requests: %d wait for the model, with %d MB in memory",
                self._waiting,
                self._bytes // 10**6,
            )

    async def _read(self, body: bytearray, receive: Receive) -> JSONResponse | None:
        """Read a body to its end, or say why not."""
        try:
            async with asyncio.timeout(SECONDS_FOR_BODY):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return _answer(400)
                    part = message.get("body", b"")
                    body += part
                    self._bytes += len(part)
                    more = message.get("more_body", False)
                    if len(body) > MAX_BODY:
                        return _answer(413)
                    if self._bytes > MAX_BODIES:
                        return _answer(503)
        except TimeoutError:
            return _answer(408)
        return _refuse_files(body)


def is_open(path: str) -> bool:
    """Whether there is something at an address, for one method or another."""
    return path in _NOT_COUNTED or bool(_GET.fullmatch(path) or _POST.fullmatch(path))


def _of_one_page(scope: Scope) -> Scope:
    """A request for what Gradio gives each page of an app, and this one has one page.

    Of any other page it would look for files, and fail. Without a page's name it would keep the
    description of the API with the host that the first visitor asked for.
    """
    if scope["path"] not in ("/", "/gradio_api/info", "/gradio_api/info/"):
        return scope
    parameters = _parameters(scope)
    parameters.pop("page", None)
    if scope["path"] != "/":
        parameters["page"] = ""
    return {**scope, "query_string": urlencode(parameters).encode()}


def _parameters(scope: Scope) -> dict[str, str]:
    query = scope.get("query_string", b"").decode("latin-1")
    return dict(parse_qsl(query, keep_blank_values=True))


def _refuse_address(scope: Scope) -> Response | None:
    """Refuse an address that Gradio cannot read, in a page to who opens the page."""
    if len(scope["path"]) + len(scope.get("query_string", b"")) <= MAX_ADDRESS:
        return None
    if scope["path"] == "/":
        page = _TOO_LONG.format(
            language=spoken(),
            title=gettext("This address is too long"),
            sentence=_say(414),
        )
        return HTMLResponse(page, status_code=414)
    return _answer(414)


def _answer(status: int, sentence: str = "", *, retry_after: int = 5) -> JSONResponse:
    headers = {"Retry-After": str(retry_after)} if status in (429, 503) else None
    error = {"error": sentence or _say(status)}
    return JSONResponse(error, status_code=status, headers=headers)


def _say(status: int) -> str:
    if status not in _SENTENCES:
        return _BAD_REQUEST
    return gettext(_SENTENCES[status], **{name: grouped(most) for name, most in _MOST.items()})


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return send_with_headers


def _replay(body: bytes, receive: Receive) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def _refuse_files(body: bytearray) -> JSONResponse | None:
    """Refuse a body that names a file in Gradio's way.

    From such a name Gradio copies the file, or downloads it from wherever the name says.
    """
    # Most bodies need not be parsed twice: where none of these stands, nor does the key. JSON
    # escapes a letter as \u and four digits, and its wider encodings have zeros.
    if not any(sign in body for sign in (b"_type", b"\\u", b"\0")):
        return None
    try:
        values = [json.loads(body)]
    except (ValueError, RecursionError):
        return _answer(400)
    while values:
        value = values.pop()
        if isinstance(value, list):
            values += value
        elif isinstance(value, dict):
            if value.get("_type") == "gradio.FileData":
                return _answer(422, _NO_FILES)
            values += value.values()
    return None


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
