"""What uvicorn can do and Gradio's `launch` has no option for: time-outs, and whom to believe."""

import asyncio
from collections.abc import Container

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Server

# The first line and the headers of a request must have arrived within this many seconds.
SECONDS_FOR_HEADERS = 15

# As many bytes of them are kept, so that also an address that is too long is answered in our words.
MAX_HEADERS = 2 * 65_536

# What Gradio takes for the address that the visitor asked for.
_FORWARDED = {b"x-forwarded-host", b"x-forwarded-proto"}
# It takes this one for it too, from a part of Gradio that this app does not run.
_FORGED = {b"x-gradio-server"}


def harden(server: Server) -> None:
    """Change how a server that runs treats the connections that come from now on."""
    config = server.config
    # uvicorn names itself in every answer.
    config.encoded_headers.clear()
    config.h11_max_incomplete_event_size = MAX_HEADERS
    config.http_protocol_class = _with_patience(config.http_protocol_class)
    config.loaded_app = ForwardedHeaders(config.loaded_app, config.loaded_app.trusted_hosts)


class ForwardedHeaders:
    """ASGI middleware, to stand before uvicorn's own for proxies.

    It takes out what a request says of its own address, unless a proxy vouches for it.

    Args:
        app: The app.
        trusted: The proxies that are believed, as FORWARDED_ALLOW_IPS names them.
    """

    def __init__(self, app: ASGIApp, trusted: Container[str | None]):
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, without what it only claims."""
        if scope["type"] == "http":
            peer = scope["client"][0] if scope.get("client") else None
            untrue = _FORGED if peer in self._trusted else _FORGED | _FORWARDED
            headers = [header for header in scope["headers"] if header[0] not in untrue]
            scope = {**scope, "headers": headers}
        await self._app(scope, receive, send)


def _with_patience(protocol: type) -> type:
    """The protocol that closes a connection on which no request begins in time."""

    class Patient(protocol):  # type: ignore[misc]  # uvicorn chooses it when it starts.
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._wait()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
            super().connection_lost(exc)

        def _wait(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
            self._deadline = self.loop.call_later(SECONDS_FOR_HEADERS, self._check)

        def _check(self) -> None:
            if self.cycle is None or self.cycle.response_complete:
                self.transport.close()

    return Patient
