"""The service of each model: made when it is first asked for, by one thread, for all who ask."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from embviz.analysis.baseline import load_baseline
from embviz.analysis.model_comparison import UnavailableModel
from embviz.analysis.vocabulary import CommonWords
from embviz.errors import InputError, Stopped
from embviz.inputs.parsing import parse_choice
from embviz.language import gettext, gettext_noop
from embviz.models.catalogue import Entry, Size
from embviz.models.encoder import Encoder
from embviz.models.model import Family
from embviz.models.progress import part_of_job, report, reporting_to
from embviz.service import Service

Answer = TypeVar("Answer")

_LOG = logging.getLogger("embviz")

# How often one who waits for a model hears how far it is.
_SECONDS_BETWEEN_REPORTS = 0.1

# A model that could not be loaded is not tried again before that: each try takes the server's time.
_SECONDS_BEFORE_ANOTHER_TRY = 30


@dataclass(frozen=True)
class ModelFacts:
    """What is known of a model of the catalogue.

    Attributes:
        id: What links and endpoints call it.
        name: What people call it.
        family: transformer, static, untrained or remote; None if it cannot be had.
        dimension: Length of a vector; None if it cannot be had.
        max_tokens: How many tokens of a text it reads; None if it reads all.
        layers: How many layers there are to look into; None if there are none.
        error: Why it cannot be had, in one sentence; None if it can.
    """

    id: str
    name: str
    family: Family | None
    dimension: int | None
    max_tokens: int | None
    layers: int | None
    error: str | None = None


class _NotLoadedError(Exception):
    """Why a model is not there is in the log; whoever asks for it hears so in their language."""


class _Loading:
    """A model that is being loaded, or that is there, or that could not be loaded."""

    def __init__(self) -> None:
        # The model itself is there before its random pairs are measured.
        self.encoder: Future[Encoder] = Future()
        self.service: Future[Service] = Future()
        self.share = 0.0
        self.failed_at: float | None = None

    def listen(self, share: float) -> None:
        self.share = share


class Services:
    """The services of all models of a catalogue, with the same lesson.

    Safe to share between threads.

    Args:
        default: The service of the first model.
        entries: The catalogue; the first entry is the default model.

    Attributes:
        default: The service of the first model, which is there from the start.
        entries: The catalogue, by id.
    """

    def __init__(self, default: Service, entries: Sequence[Entry]):
        self.default = default
        self.entries = {entry.id: entry for entry in entries}
        self._first = next(iter(self.entries))
        self._lock = Lock()
        self._loadings: dict[str, _Loading] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="load a model")
        # Other machines may be slow to answer, which nobody else shall wait for.
        self._remote_threads = ThreadPoolExecutor(8, thread_name_prefix="connect to a model")

    def find(self, model: object) -> str:
        """The id of a model; of the first one if none is named.

        Raises:
            InputError: The catalogue has no such model.
        """
        if model == "":
            return self._first
        return parse_choice(model, gettext_noop("Model"), tuple(self.entries))

    def get(self, model: object = "") -> Service:
        """The service of a model, which is loaded now if nobody has asked for it before.

        Args:
            model: An id of the catalogue; empty for the first model.

        Raises:
            InputError: The catalogue has no such model, or it cannot be loaded.
        """
        id = self.find(model)
        if id == self._first:
            return self.default
        loading = self._load(id)
        return _wait_for(loading.service, loading)

    def facts(self) -> tuple[ModelFacts, ...]:
        """What is known of each model; those that must be loaded for that are loaded now."""
        return tuple(self._facts_of(id) for id in self.entries)

    def loaded(self) -> dict[str, Encoder]:
        """The models that are in memory, by id; none is loaded for this."""
        with self._lock:
            loadings = dict(self._loadings)
        others = {
            id: loading.encoder.result()
            for id, loading in loadings.items()
            if loading.encoder.done() and loading.encoder.exception() is None
        }
        return {self._first: self.default.encoder} | others

    def by_model(
        self, ask: Callable[[str, str, Service], Answer]
    ) -> tuple[Answer | UnavailableModel, ...]:
        """What each model answers, in the order of the catalogue.

        Args:
            ask: Called with the id of a model, its name and its service.

        Returns:
            One a model; of those that cannot be asked, why.

        Raises:
            InputError: The first model, and so none, can answer; no other is loaded then.
        """
        answers: list[Answer | UnavailableModel] = []
        for n, (id, entry) in enumerate(self.entries.items()):
            with part_of_job(n, len(self.entries)):
                try:
                    answers.append(ask(id, entry.name, self.get(id)))
                except Stopped:
                    raise
                except InputError as error:
                    # The first model is there, so what it refuses is the question itself.
                    if id == self._first:
                        raise
                    answers.append(UnavailableModel(id, entry.name, str(error)))
        return tuple(answers)

    def _facts_of(self, id: str) -> ModelFacts:
        entry = self.entries[id]
        family, size = entry.family, entry.size
        if size is None or family is None:
            try:
                loading = self._load(id)
                encoder = _wait_for(loading.encoder, loading)
            except InputError as error:
                return ModelFacts(id, entry.name, family, None, None, None, str(error))
            family = encoder.family
            size = Size(encoder.dimension, encoder.max_tokens, encoder.layers)
        return ModelFacts(id, entry.name, family, size.dimension, size.max_tokens, size.layers)

    def _load(self, id: str) -> _Loading:
        with self._lock:
            loading = self._loadings.get(id)
            if loading is None or _may_be_tried_again(loading):
                loading = self._loadings[id] = _Loading()
                is_remote = self.entries[id].family == "remote"
                threads = self._remote_threads if is_remote else self._thread
                threads.submit(self._run, id, loading)
        return loading

    def _run(self, id: str, loading: _Loading) -> None:
        name = self.entries[id].name
        try:
            with reporting_to(loading.listen), part_of_job(0, 2):
                encoder = self.entries[id].load()
            # Files on disk are kept by name, which is another one for each model of the catalogue.
            encoder.name = name
            loading.encoder.set_result(encoder)
            with reporting_to(loading.listen), part_of_job(1, 2):
                baseline = load_baseline(encoder)
            lesson, collection = self.default.lesson, self.default.collection
            if collection is not None:
                collection = collection.with_model(encoder)
            service = Service(encoder, lesson, baseline, CommonWords(encoder), collection)
            # Before those who wait go on.
            _LOG.info("Loaded the model %s", name)
            loading.service.set_result(service)
        # Whatever it is, somebody waits for it, and the other models go on.
        except Exception as error:
            loading.failed_at = time.monotonic()
            if not isinstance(error, InputError):
                cause = error if error.__cause__ is None else error.__cause__
                _LOG.error("The model %s could not be loaded: %r", name, cause)
                error = _NotLoadedError(name)
            if not loading.encoder.done():
                loading.encoder.set_exception(error)
            loading.service.set_exception(error)


def _wait_for(future: Future[Answer], loading: _Loading) -> Answer:
    """What is being loaded; whoever waits hears how far it is."""
    while not future.done():
        report(loading.share)
        time.sleep(_SECONDS_BETWEEN_REPORTS)
    try:
        return future.result()
    except _NotLoadedError as error:
        sentence = gettext(
            "The model {name} could not be loaded; choose another one. The log of the server says "
            "why.",
            name=error,
        )
        raise InputError(sentence) from error


def _may_be_tried_again(loading: _Loading) -> bool:
    failed_at = loading.failed_at
    return failed_at is not None and time.monotonic() > failed_at + _SECONDS_BEFORE_ANOTHER_TRY
