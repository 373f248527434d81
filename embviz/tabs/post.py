"""POST /gradio_api/run/<name> {"data": [...]}, one route an endpoint.

Gradio's own route of that address asks for every argument even where there is a default, and
answers a typing mistake with status 500. These routes stand before it: they fill in the defaults
and answer what they refuse with 4xx and one sentence.
"""

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from embviz.errors import InputError
from embviz.waiting import waiting

_ADDRESS = "/gradio_api/run"


def post_routes(endpoints: Iterable[Callable]) -> list[Route]:
    """Routes that call the endpoints directly, each under its own name."""
    routes = [
        Route(f"{_ADDRESS}/{endpoint.__name__}", _answer_post(endpoint), methods=["POST"])
        for endpoint in endpoints
    ]
    return [*routes, Route(f"{_ADDRESS}/{{name:path}}", _answer_unknown, methods=["POST"])]


def _answer_post(endpoint: Callable) -> Callable:
    async def answer(request: Request) -> JSONResponse:
        try:
            body = await request.json()
        # Besides what is no JSON: nested too deep, or a number of thousands of digits.
        except (ValueError, RecursionError):
            return _refuse("The body must be JSON.", 400)
        try:
            arguments = _read_arguments(endpoint, body)
            answer = await _call(endpoint, arguments, request)
        except InputError as error:
            return _refuse(str(error), 422)
        return JSONResponse({"data": list(answer) if isinstance(answer, tuple) else [answer]})

    return answer


async def _call(endpoint: Callable, arguments: tuple, request: Request) -> object:
    """Call an endpoint, for as long as the one who asked waits for it."""
    has_left = threading.Event()

    async def watch() -> None:
        # The body has been read: all that can come now is that the connection ends.
        await request.receive()
        has_left.set()

    def check(share: float) -> None:
        if has_left.is_set():
            raise InputError("Nobody waits for the answer any more.")

    watcher = asyncio.create_task(watch())
    try:
        with waiting(check):
            return await run_in_threadpool(endpoint, *arguments)
    finally:
        watcher.cancel()


async def _answer_unknown(request: Request) -> JSONResponse:
    return _refuse("There is no endpoint of that name: the API page lists them all.", 404)


def _refuse(sentence: str, status: int) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status)


def _read_arguments(endpoint: Callable, body: object) -> tuple:
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
