"""Long jobs of visitors: shown as they go on, stopped when the visitor wants it, or leaves."""

import functools
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gradio as gr
from gradio.context import LocalContext

from embviz.errors import Stopped
from embviz.language import gettext
from embviz.models.progress import reporting_to


class Jobs:
    """The jobs that run for each visitor of a page, a visitor being a session of Gradio."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stops: defaultdict[str, set[threading.Event]] = defaultdict(set)

    def watch(self, page: gr.Blocks) -> None:
        """Add the button that stops jobs, and watch over all events that the page has so far."""
        for event in page.fns.values():
            if event.fn is not None:
                event.fn = self._stoppable(event.fn)
        # page.css shows it where something takes long.
        gr.Button(gettext("Stop"), elem_id="stop").click(
            self._stop, concurrency_limit=None, show_progress="hidden", api_visibility="private"
        )
        page.unload(self._stop)

    def _stoppable(self, answer: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(answer)
        def watched(*args: object, **kwargs: object) -> object:
            progress = gr.Progress()
            with self._running() as stop:

                def report(share: float) -> None:
                    if stop.is_set():
                        raise Stopped(gettext("Stopped. To ask again, press the button."))
                    progress(share)

                with reporting_to(report):
                    return answer(*args, **kwargs)

        return watched

    @contextmanager
    def _running(self) -> Iterator[threading.Event]:
        request = LocalContext.request.get(None)
        visitor = getattr(request, "session_hash", None) or ""
        stop = threading.Event()
        with self._lock:
            self._stops[visitor].add(stop)
        try:
            yield stop
        finally:
            with self._lock:
                self._stops[visitor].discard(stop)
                if not self._stops[visitor]:
                    del self._stops[visitor]

    def _stop(self, request: gr.Request) -> None:
        with self._lock:
            for stop in self._stops.get(request.session_hash or "", ()):
                stop.set()
