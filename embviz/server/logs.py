"""The log: one line for each record, with the id of its request, and nothing that visitors send.

An exception's message, or a library's, may quote what was typed, or name a place on this machine.
Once there are visitors, only the place in the code is logged of these.
"""

import json
import logging
import os
import re
import secrets
import sys
import traceback
import warnings
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

from huggingface_hub.utils.tqdm import disable_progress_bars
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger("embviz")

REQUEST_ID = "X-Request-ID"

# The id of the request that is being handled; empty outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# What a proxy or a program may call its request: a UUID has 36 characters.
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")

# The folders in a path, which begins neither in a word nor in an address of the web.
_FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s/'\"]+/)+")

# The innermost frames of an exception; those further out are the server's, always the same.
_MOST_FRAMES = 8


class RequestIds:
    """ASGI middleware, to stand before all other: it gives each request an id, or keeps its own.

    The answer carries the id in a header, and every line of the log that the request leads to.
    """

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under its id."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        scope = dict(scope)
        # Gradio's queue keeps the headers of a question, and so its id, until it is answered.
        headers = MutableHeaders(scope=scope)
        given = headers.get(REQUEST_ID, "")
        id = headers[REQUEST_ID] = given if _PLAIN.fullmatch(given) else secrets.token_hex(8)
        request_id.set(id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID] = id
            await send(message)

        await self._app(scope, receive, send_with_id)


class LogFormatter(logging.Formatter):
    """Writes a record as one line, of text or of JSON.

    Args:
        as_json: Whether it is JSON.

    Attributes:
        has_visitors: Whether there may be visitors, whose texts and addresses are kept out.
    """

    def __init__(self, *, as_json: bool):
        super().__init__()
        self._as_json = as_json
        self.has_visitors = False

    def format(self, record: logging.LogRecord) -> str:
        """One line without its end."""
        message, id = self._say(record), request_id.get()
        if not self._as_json:
            line = f"{self.formatTime(record)} {record.levelname} {record.name}: {message}"
            # Even an exception or a message of several lines is one.
            return " | ".join(line.splitlines()) + (f" [request {id}]" if id else "")
        line_of_json = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
        }
        return json.dumps(line_of_json | ({"request": id} if id else {}))

    def _say(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        if not self.has_visitors:
            trace = "".join(traceback.format_exception(error)) if error else ""
            return "\n".join(filter(None, (record.getMessage(), trace)))
        message = _FOLDERS.sub("…/", record.getMessage()) if _is_ours(record) else _place_of(record)
        return f"{message}: {_describe(error)}" if error else message


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.split(".")[0] == "embviz"


def _place_of(record: logging.LogRecord) -> str:
    return f"a message of line {record.lineno} in {Path(record.pathname).name}"


def _describe(error: BaseException | None) -> str:
    """The type of an exception and the lines that led to it, the innermost first; its causes too.

    >>> _describe(KeyError("what was typed"))
    'KeyError'
    """
    if error is None:
        return ""
    frames = [
        f"{frame.f_globals.get('__name__')}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    lines = " < ".join(reversed(frames[-_MOST_FRAMES:]))
    said = f"{type(error).__name__} in {lines}" if lines else type(error).__name__
    cause = _describe(error.__cause__ or error.__context__)
    return f"{said}, after {cause}" if cause else said


def set_up_log() -> LogFormatter:
    """Let all that is logged come out in one form; returns what writes it."""
    as_json = os.environ.get("EMBVIZ_LOG") == "json"
    if as_json:
        # What libraries print, such as Gradio's greeting, and their progress bars are no JSON.
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  # It stays open.
        disable_progress_bars()
    formatter = LogFormatter(as_json=as_json)
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    # Some libraries say on every question what they do.
    handler.addFilter(lambda record: _is_ours(record) or record.levelno >= logging.WARNING)
    logging.basicConfig(handlers=[handler])
    _LOG.setLevel(logging.INFO)
    return formatter


def keep_visitors_out(formatter: LogFormatter) -> None:
    """From now on, with the server running, log nothing that visitors send."""
    formatter.has_visitors = True
    # Its own handler would write exceptions with their messages.
    uvicorn = logging.getLogger("uvicorn")
    uvicorn.handlers.clear()
    uvicorn.propagate = True
    # Gradio prints the exceptions of its events, and Python its warnings.
    traceback.print_exc = lambda *_, **__: _LOG.exception("A question could not be answered")
    warnings.showwarning = lambda message, category, filename, lineno, *_: _LOG.warning(
        "%s in line %d of %s", category.__name__, lineno, Path(filename).name
    )
