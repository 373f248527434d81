"""/metrics: counts and times for Prometheus, only where EMBVIZ_METRICS is 1.

No label comes from a visitor: routes are those that are open, endpoints those that are declared.
"""

import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embviz.server.request_limits import is_open
from embviz.service_of_each_model import Services

# What follows these names a file, an endpoint, a session, or whatever a stranger makes up.
_OPEN_ENDED = re.compile(r"(/assets|/static|/save|/gradio_api/(?:run|call|heartbeat))/.+")

# In seconds: from a word that is known to what a class waits for.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """What is counted and timed.

    Args:
        services: Those of the models.
    """

    def __init__(self, services: Services):
        # When a number was first counted, which would be another line for each.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "embviz_requests",
            "Requests that were answered, by route and status.",
            ("route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "embviz_endpoint_seconds",
            "Seconds from the question to an endpoint to its answer.",
            ("endpoint",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_LoadedModels(services))
        ProcessCollector(registry=self._registry)

    @property
    def route(self) -> Route:
        """The route /metrics."""
        return Route("/metrics", self._answer)

    @property
    def middleware(self) -> Middleware:
        """What counts requests, to stand before what refuses some."""
        return Middleware(_CountedRequests, requests=self._requests)

    def time(self, endpoints: Iterable[Callable[..., object]]) -> tuple[Callable[..., object], ...]:
        """The same endpoints, whose answers are timed."""
        return tuple(map(self._time, endpoints))

    def _time(self, endpoint: Callable[..., object]) -> Callable[..., object]:
        seconds = self._seconds.labels(endpoint.__name__)

        @functools.wraps(endpoint)
        def timed(*args: object, **kwargs: object) -> object:
            with seconds.time():
                return endpoint(*args, **kwargs)

        return timed

    async def _answer(self, _: Request) -> Response:
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


def open_metrics(services: Services) -> Metrics | None:
    """The metrics, if those who run the app want them."""
    return Metrics(services) if os.environ.get("EMBVIZ_METRICS") == "1" else None


def route_of(path: str) -> str:
    """The route that a path belongs to, one of a few dozen.

    >>> route_of("/gradio_api/run/compare"), route_of("/class"), route_of("/wp-admin")
    ('/gradio_api/run/{name}', '/class', 'other')
    """
    if open_ended := _OPEN_ENDED.fullmatch(path):
        return f"{open_ended[1]}/{{name}}"
    return path if is_open(path) else "other"


class _CountedRequests:
    """ASGI middleware that counts requests by route and status."""

    def __init__(self, app: ASGIApp, requests: Counter):
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        route = route_of(scope["path"])

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._requests.labels(route, message["status"]).inc()
            await send(message)

        await self._app(scope, receive, send_and_count)


class _LoadedModels(Collector):
    """What is in memory of each model at the moment when Prometheus asks."""

    def __init__(self, services: Services):
        self._services = services

    def collect(self) -> Iterator[GaugeMetricFamily]:
        encoders = self._services.loaded()
        models = GaugeMetricFamily("embviz_models_loaded", "Models in memory.")
        models.add_metric((), len(encoders))
        texts = GaugeMetricFamily(
            "embviz_cached_texts", "Texts whose vectors are in memory.", labels=("model",)
        )
        size = GaugeMetricFamily(
            "embviz_cached_bytes", "Memory that these vectors take.", labels=("model",)
        )
        for id, encoder in encoders.items():
            cached = encoder.cached
            texts.add_metric((id,), cached.texts)
            size.add_metric((id,), cached.bytes)
        yield from (models, texts, size)
