"""Dynamic batching: many threads share one model, and what waits together is encoded together."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")
Other = TypeVar("Other")

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


def new_model_thread() -> ThreadPoolExecutor:
    """The one thread in which a model is loaded and used.

    PyTorch gives each thread that uses it helpers of its own. Where these are more than there are
    cores, they sleep between operations, and a short text takes twice as long.
    """
    return ThreadPoolExecutor(1, thread_name_prefix="model")


class _Request(Generic[Result]):
    def __init__(self, texts: Sequence[str]):
        self.texts = texts
        self.size = sum(map(_size, texts))
        self.results: Future[Mapping[str, Result]] = Future()


class _Job:
    """Another use of the model, which fills a batch of its own."""

    size = SLICE_CHARACTERS

    def __init__(self, function: Callable[[], Any]):
        self.function = function
        self.results: Future[Any] = Future()


class Batcher(Generic[Result]):
    """Lets threads share a function of texts that works on one batch at a time.

    The function runs in the model's thread. Requests that arrive while it runs wait, and are
    computed together, as many as make a slice. Short questions and the slices of long lists take
    turns: a word waits for the slice that is being computed, however many lists wait; and lists get
    every other turn, however many words come.

    Args:
        compute: Gives each of some texts its result; the texts of a call differ.
        thread: The model's thread.
    """

    def __init__(
        self, compute: Callable[[list[str]], Mapping[str, Result]], thread: ThreadPoolExecutor
    ):
        self._compute = compute
        self._thread = thread
        self._lock = threading.Lock()
        self._questions: deque[_Request[Result] | _Job] = deque()
        self._slices: deque[_Request[Result] | _Job] = deque()
        self._slices_are_next = False
        self._is_working = False

    def compute(self, texts: Sequence[str], *, is_slice: bool = False) -> dict[str, Result]:
        """The result of each of some texts, all different.

        Args:
            texts: The texts.
            is_slice: Whether they are one of several slices of a long list.

        Raises:
            Exception: What `compute` raised for these texts, and only for these.
        """
        request: _Request[Result] = _Request(texts)
        self._put(request, self._slices if is_slice else self._questions)
        results = request.results.result()
        return {text: results[text] for text in texts}

    def run(self, function: Callable[[], Other]) -> Other:
        """What a function returns that uses the model in another way; it has a turn of its own.

        Raises:
            Exception: What the function raised.
        """
        # In the asker's language, if it refuses.
        job = _Job(partial(copy_context().run, function))
        self._put(job, self._questions)
        result: Other = job.results.result()
        return result

    def _put(self, request: _Request[Result] | _Job, line: deque[_Request[Result] | _Job]) -> None:
        with self._lock:
            line.append(request)
            if not self._is_working:
                # One task serves all requests until none waits. With one task a request, tasks
                # would pile up in a crowd, since a batch answers many requests.
                self._thread.submit(self._work)
                self._is_working = True

    def _work(self) -> None:
        while batch := self._take_batch():
            match batch:
                case [_Job() as job]:
                    try:
                        job.results.set_result(job.function())
                    # Whatever it is, somebody waits for it.
                    except BaseException as error:
                        job.results.set_exception(error)
                case requests:
                    self._answer([r for r in requests if isinstance(r, _Request)])

    def _take_batch(self) -> list[_Request[Result] | _Job]:
        """Those that wait longest, as many as make a slice; where nobody waits, the work ends."""
        with self._lock:
            lines = [self._questions, self._slices]
            if self._slices_are_next:
                lines.reverse()
            served_first = lines[0] or lines[1]
            self._slices_are_next = served_first is self._questions
            batch: list[_Request[Result] | _Job] = []
            size = 0
            for line in lines:
                while line and (not batch or size + line[0].size <= SLICE_CHARACTERS):
                    batch.append(line.popleft())
                    size += batch[-1].size
            self._is_working = bool(batch)
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
