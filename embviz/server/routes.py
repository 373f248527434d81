"""POST /gradio_api/run/<name> {"data": [...]}, one route an endpoint.

Gradio's own route of that address asks for every argument even where there is a default, and
answers a typing mistake with status 500. These routes stand before it: they fill in the defaults
and answer what they refuse with 4xx and one sentence.
"""

import asyncio
import functools
import inspect
import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import gradio as gr
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from embviz.errors import InputError, Stopped
from embviz.language import spoken
from embviz.models.progress import reporting_to
from embviz.server.request_limits import MAX_WAITING

_ADDRESS = "/gradio_api/run"

Answer = TypeVar("Answer")


class Page(gr.Blocks):
    """Gradio's page, with two differences.

    It is shown in the language that is spoken. And it fills in the defaults of endpoints at its own
    addresses, too: `/gradio_api/call/<name>` would ask for every argument, so that a new one at the
    end would end the calls of programs that were written before.

    Attributes:
        translations: By language, what its configuration says otherwise than in English.
    """

    def __init__(self, **options: Any):
        self.translations: dict[str, dict[str, Any]] = {}
        self._config: dict[str, Any] = {}
        super().__init__(**options)

    def queue(self, **options: Any) -> Any:
        """Set up the queue, which Gradio does once by itself.

        A question waits for the model in a thread of its own, where it holds up no other.
        """
        return super().queue(default_concurrency_limit=None, max_size=MAX_WAITING, **options)

    @property
    def config(self) -> Any:
        """What Gradio sends to whoever opens the page."""
        return self._config | self.translations.get(spoken(), {})

    @config.setter
    def config(self, config: Any) -> None:
        self._config = config

    async def preprocess_data(
        self, block_fn: Any, inputs: list[Any], *others: Any, **options: Any
    ) -> list[Any]:
        """The values that a function is called with."""
        missing = list(inspect.signature(block_fn.fn).parameters.values())[len(inputs) :]
        if block_fn.api_visibility == "public" and all(p.default is not p.empty for p in missing):
            inputs = [*inputs, *(parameter.default for parameter in missing)]
        values: list[Any] = await super().preprocess_data(block_fn, inputs, *others, **options)
        return values


def post_routes(endpoints: Iterable[Callable[..., object]]) -> list[Route]:
    """Routes that call the endpoints directly, each under its own name."""
    routes = [
        post_route(f"{_ADDRESS}/{endpoint.__name__}", endpoint, _as_json) for endpoint in endpoints
    ]
    return [*routes, Route(f"{_ADDRESS}/{{name:path}}", _answer_unknown, methods=["POST"])]


def post_route(
    address: str, function: Callable[..., Answer], respond: Callable[[Answer], Response]
) -> Route:
    """A route that calls a function with the arguments in its body.

    Args:
        address: Where the route is.
        function: What is called; it may raise InputError.
        respond: Makes the response of what the function returns.
    """

    async def answer(request: Request) -> Response:
        try:
            body = await request.json()
        # Besides what is no JSON: nested too deep, or a number of thousands of digits.
        except (ValueError, RecursionError):
            return _refuse("The body must be JSON.", 400)
        try:
            arguments = _read_arguments(function, body)
            return respond(await _call(function, arguments, request))
        except InputError as error:
            return _refuse(str(error), 422)

    return Route(address, answer, methods=["POST"])


async def _call(
    function: Callable[..., Answer], arguments: tuple[object, ...], request: Request
) -> Answer:
    """Call a function, for as long as the one who asked waits for it."""
    has_left = threading.Event()

    async def watch() -> None:
        # The body has been read: all that can come now is that the connection ends.
        await request.receive()
        has_left.set()

    def check(share: float) -> None:
        if has_left.is_set():
            raise Stopped("Nobody waits for the answer any more.")

    watcher = asyncio.create_task(watch())
    try:
        with reporting_to(check):
            call = functools.partial(function, *arguments)
            return await to_thread.run_sync(call, limiter=_threads())
    finally:
        watcher.cancel()


@functools.cache
def _threads() -> CapacityLimiter:
    # A thread for each request that the limits let in: a request that waits for the model then
    # holds none that the page needs.
    return CapacityLimiter(MAX_WAITING)


def _as_json(answer: object) -> JSONResponse:
    return JSONResponse({"data": list(answer) if isinstance(answer, tuple) else [answer]})


async def _answer_unknown(request: Request) -> JSONResponse:
    return _refuse("There is no endpoint of that name: the API page lists them all.", 404)


def _refuse(sentence: str, status: int) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status)


def _read_arguments(endpoint: Callable[..., object], body: object) -> tuple[object, ...]:
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, list):
        raise InputError(
            'The body must be {"data": [...]}, a list of the arguments in their order.'
        )
    signature = inspect.signature(endpoint)
    try:
        bound = signature.bind(*data)
    except TypeError:
        names = ", ".join(signature.parameters)
        takes = f"these arguments: {names}" if names else "no arguments"
        raise InputError(f"/{endpoint.__name__} takes {takes}.") from None
    bound.apply_defaults()
    return bound.args
