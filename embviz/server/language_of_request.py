"""In which language a request is answered.

A link decides it by `language=`, else the course, else the browser. The page puts its own language
into what it asks, so that all of it is answered in the same one.
"""

from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embviz.language import ENGLISH, languages, speaking

# Where a request has its language, which an answer that is computed later is given in, too.
LANGUAGE = "language"


class LanguageOfRequest:
    """ASGI middleware: what stands behind it speaks the language of the request.

    Args:
        app: What stands behind it.
        preferred: The course's language, if it has set one.
    """

    def __init__(self, app: ASGIApp, preferred: str | None = None):
        self._app = app
        self._preferred = preferred

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on in its language."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        language = _find_language(scope, self._preferred)

        async def send_with_language(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("Content-Type", "").startswith("text/html"):
                    headers["Content-Language"] = language
                    headers.add_vary_header("Accept-Language")
            await send(message)

        with speaking(language):
            await self._app({**scope, LANGUAGE: language}, receive, send_with_language)


def _find_language(scope: Scope, preferred: str | None) -> str:
    query: str = scope["query_string"].decode("latin-1")
    asked = parse_qs(query).get(LANGUAGE, [""])[0]
    if asked in languages():
        return asked
    return preferred or accepted_language(Headers(scope=scope).get("Accept-Language", ""))


def accepted_language(header: str) -> str:
    """The one of `languages()` that a browser likes best (RFC 9110, 12.5.4); English if none.

    >>> accepted_language("fr, de-AT;q=0.9, en;q=0.8")
    'de'
    """
    qualities: dict[str, float] = {}
    for item in header.split(","):
        tag, _, quality = "".join(item.split()).lower().partition(";q=")
        language = tag.partition("-")[0]
        try:
            qualities.setdefault(language, float(quality or 1))
        except ValueError:
            continue
    # Of two that a browser likes as well, the one that it names first.
    liked = [known for known in qualities if known in languages() and qualities[known] > 0]
    return max(liked, key=qualities.__getitem__, default=ENGLISH)
