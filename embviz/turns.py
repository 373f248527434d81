"""Many threads, one model: who waits together is served together."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

Result = TypeVar("Result")

# What the model encodes in about a quarter of a second on two cores: 256 words, or 8 long texts.
SLICE_CHARACTERS = 8_000
_CHARACTERS_AT_LEAST = 32


class _Request(Generic[Result]):
    def __init__(self, texts: Iterable[str]):
        # Texts of about the same length make the best batches.
        self.remaining = deque(sorted(texts, key=len))
        self.results: dict[str, Result] = {}
        self.missing = len(self.remaining)
        self.error: BaseException | None = None
        # Set when it has been answered, or when its thread is to serve next.
        self.called = threading.Event()

    @property
    def is_answered(self) -> bool:
        return self.error is not None or not self.missing


class Turns(Generic[Result]):
    """Lets threads share a function of texts that works for one of them at a time.

    A lone request is served at once, by its own thread. Requests that come meanwhile wait, and
    whoever is next serves all of them together, a slice at a time; each slice takes texts from the
    requests in turn. So a word waits for no more than the slice that is being served and the one
    that takes it, however many texts others have sent.

    Args:
        compute: Gives each of some texts its result; the texts of a call differ.
    """

    def __init__(self, compute: Callable[[list[str]], Mapping[str, Result]]):
        self._compute = compute
        self._lock = threading.Lock()
        self._waiting: deque[_Request[Result]] = deque()
        self._is_busy = False

    def ask(self, texts: Iterable[str]) -> dict[str, Result]:
        """The result of each of some texts, all different.

        Raises:
            BaseException: What `compute` raised for these texts, and only for these.
        """
        request: _Request[Result] = _Request(texts)
        if request.is_answered:
            return {}
        with self._lock:
            self._waiting.append(request)
            must_wait, self._is_busy = self._is_busy, True
        if must_wait:
            request.called.wait()
        if not request.is_answered:
            try:
                while not request.is_answered:
                    self._serve_slice()
            finally:
                self._call_next(request)
        if request.error is not None:
            raise request.error
        return request.results

    def _serve_slice(self) -> None:
        shares = self._take_slice()
        try:
            results = self._compute(list(dict.fromkeys(t for ts in shares.values() for t in ts)))
        except BaseException as error:
            if len(shares) == 1 or not isinstance(error, Exception):
                for request in shares:
                    request.error = error
                    request.called.set()
            else:
                # Only those whose own texts are at fault shall hear of it.
                for request, texts in shares.items():
                    self._serve_alone(request, texts)
            return
        for request, texts in shares.items():
            self._hand_over(request, {text: results[text] for text in texts})

    def _serve_alone(self, request: _Request[Result], texts: list[str]) -> None:
        try:
            self._hand_over(request, self._compute(texts))
        except Exception as error:
            request.error = error
            request.called.set()

    @staticmethod
    def _hand_over(request: _Request[Result], results: Mapping[str, Result]) -> None:
        request.results.update(results)
        request.missing -= len(results)
        if request.is_answered:
            request.called.set()

    def _take_slice(self) -> dict[_Request[Result], list[str]]:
        """Deal texts from all waiting requests in turn until the slice is full."""
        shares: dict[_Request[Result], list[str]] = {}
        characters = 0
        with self._lock:
            # What failed in an earlier slice is not to be served any further.
            waiting = deque(request for request in self._waiting if request.error is None)
            while waiting and characters < SLICE_CHARACTERS:
                request = waiting.popleft()
                text = request.remaining.popleft()
                shares.setdefault(request, []).append(text)
                characters += max(len(text), _CHARACTERS_AT_LEAST)
                if request.remaining:
                    waiting.append(request)
            self._waiting = waiting
        return shares

    def _call_next(self, served: _Request[Result]) -> None:
        with self._lock:
            self._waiting = deque(
                request
                for request in self._waiting
                if request is not served and not request.is_answered
            )
            if self._waiting:
                self._waiting[0].called.set()
            else:
                self._is_busy = False
