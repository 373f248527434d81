"""Dynamic batching: many threads share one model, and what waits together is encoded together."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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
        self.results: Future[Mapping[str, Result]] = Future()


class Batcher(Generic[Result]):
    """Lets threads share a function of texts that works on one batch at a time.

    The function runs in a thread of its own. Requests that arrive while it runs wait, and are
    computed together, as many as make a slice. Short questions and the slices of long lists take
    turns: a word waits for the slice that is being computed and for one more, however many lists
    wait; and lists get every other turn, however many words come.

    Args:
        compute: Gives each of some texts its result; the texts of a call differ.
    """

    def __init__(self, compute: Callable[[list[str]], Mapping[str, Result]]):
        self._compute = compute
        self._lock = threading.Lock()
        self._questions: deque[_Request[Result]] = deque()
        self._slices: deque[_Request[Result]] = deque()
        self._slices_are_next = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="model")

    def ask(self, texts: Sequence[str], *, is_slice: bool = False) -> dict[str, Result]:
        """The result of each of some texts, all different.

        Args:
            texts: The texts.
            is_slice: Whether they are one of several slices of a long list.

        Raises:
            Exception: What `compute` raised for these texts, and only for these.
        """
        request: _Request[Result] = _Request(texts)
        with self._lock:
            (self._slices if is_slice else self._questions).append(request)
        # One job a request, so that none is left over; a request that was computed together with
        # an earlier one leaves its job with nothing to do.
        self._worker.submit(self._compute_next)
        results = request.results.result()
        return {text: results[text] for text in texts}

    def _compute_next(self) -> None:
        requests = self._take_batch()
        if requests:
            self._answer(requests)

    def _take_batch(self) -> list[_Request[Result]]:
        """Those that wait longest, as many as make a slice."""
        with self._lock:
            lines = [self._questions, self._slices]
            if self._slices_are_next:
                lines.reverse()
            self._slices_are_next = not self._slices_are_next
            batch: list[_Request[Result]] = []
            size = 0
            for line in lines:
                while line and (not batch or size + line[0].size <= SLICE_CHARACTERS):
                    batch.append(line.popleft())
                    size += batch[-1].size
        return batch

    def _answer(self, requests: list[_Request[Result]]) -> None:
        try:
            results = self._compute(list(dict.fromkeys(t for r in requests for t in r.texts)))
        # Whatever it is, somebody waits for it.
        except BaseException as error:
            if len(requests) == 1:
                requests[0].results.set_exception(error)
                return
            # Only those whose own texts are at fault shall hear of it.
            for request in requests:
                self._answer([request])
            return
        for request in requests:
            request.results.set_result(results)
