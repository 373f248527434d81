"""Many threads, one model: who waits together is served together."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

Result = TypeVar("Result")

# What the model encodes in about a quarter of a second on two cores: 256 words, or 8 long texts.
SLICE_CHARACTERS = 8_000
_CHARACTERS_AT_LEAST = 32


def cut_into_slices(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts in slices of at most SLICE_CHARACTERS, or of one text; the shortest first."""
    part: list[str] = []
    size = 0
    # Texts of about the same length make the best batches.
    for text in sorted(texts, key=len):
        if part and size + _size(text) > SLICE_CHARACTERS:
            yield part
            part, size = [], 0
        part.append(text)
        size += _size(text)
    if part:
        yield part


def _size(text: str) -> int:
    return max(len(text), _CHARACTERS_AT_LEAST)


class _Request(Generic[Result]):
    def __init__(self, texts: Sequence[str]):
        self.texts = texts
        self.size = sum(map(_size, texts))
        self.results: Mapping[str, Result] | None = None
        self.error: BaseException | None = None
        # Set when it has been answered, or when its thread is to serve next.
        self.called = threading.Event()


class Turns(Generic[Result]):
    """Lets threads share a function of texts that works for one of them at a time.

    A lone request is served at once, by its own thread. Requests that come meanwhile wait, and
    whoever is next serves as many of them together as make a slice. So whoever has many texts asks
    for one slice after the other, and a word waits for no more than the slice that is being served
    and the one that takes it.

    Args:
        compute: Gives each of some texts its result; the texts of a call differ.
    """

    def __init__(self, compute: Callable[[list[str]], Mapping[str, Result]]):
        self._compute = compute
        self._lock = threading.Lock()
        self._waiting: deque[_Request[Result]] = deque()
        self._is_busy = False

    def ask(self, texts: Sequence[str]) -> dict[str, Result]:
        """The result of each of some texts, all different.

        Raises:
            BaseException: What `compute` raised for these texts, and only for these.
        """
        request: _Request[Result] = _Request(texts)
        with self._lock:
            self._waiting.append(request)
            must_wait, self._is_busy = self._is_busy, True
        if must_wait:
            request.called.wait()
        if request.results is None and request.error is None:
            try:
                self._serve(self._take_slice())
            finally:
                self._call_next()
        if request.error is not None:
            raise request.error
        return {text: request.results[text] for text in texts}

    def _take_slice(self) -> list[_Request[Result]]:
        """Those who wait longest, the one who serves first of all."""
        with self._lock:
            served = [self._waiting.popleft()]
            size = served[0].size
            while self._waiting and size + self._waiting[0].size <= SLICE_CHARACTERS:
                served.append(self._waiting.popleft())
                size += served[-1].size
        return served

    def _serve(self, requests: list[_Request[Result]]) -> None:
        try:
            results = self._compute(list(dict.fromkeys(t for r in requests for t in r.texts)))
        except BaseException as error:
            if len(requests) > 1 and isinstance(error, Exception):
                # Only those whose own texts are at fault shall hear of it.
                for request in requests:
                    self._serve([request])
                return
            for request in requests:
                request.error = error
                request.called.set()
            return
        for request in requests:
            request.results = results
            request.called.set()

    def _call_next(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting[0].called.set()
            else:
                self._is_busy = False
