"""A course's collection, made ready to be searched while everybody else is served."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from embviz.analysis.search import DocumentIndex, load_index
from embviz.course.collection_file import Collection
from embviz.errors import InputError
from embviz.language import gettext
from embviz.models.encoder import Encoder
from embviz.models.progress import reporting_to

_LOG = logging.getLogger(__name__)


class CollectionIndex:
    """A collection as one model reads it.

    The first one who asks sets off what may take an hour, once for all; whoever asks meanwhile is
    told how far it is, so that nobody holds a thread. Safe to share between threads.

    Args:
        collection: The collection.
        encoder: The model.
        thread: Where the texts are encoded, one model after the other.

    Attributes:
        collection: The collection.
    """

    def __init__(
        self, collection: Collection, encoder: Encoder, thread: ThreadPoolExecutor | None = None
    ):
        self.collection = collection
        self._encoder = encoder
        self._thread = thread or ThreadPoolExecutor(1, thread_name_prefix="read the collection")
        self._lock = Lock()
        self._index: Future[DocumentIndex] | None = None
        self._share = 0.0

    def with_model(self, encoder: Encoder) -> "CollectionIndex":
        """The same collection as another model reads it."""
        return CollectionIndex(self.collection, encoder, self._thread)

    def prepare(self) -> Future[DocumentIndex]:
        """Set it off, if nobody has yet."""
        with self._lock:
            if self._index is None:
                self._index = self._thread.submit(self._load)
            return self._index

    def get(self) -> DocumentIndex:
        """The collection, ready to be searched.

        Raises:
            InputError: It is not ready yet, or could not be made ready.
        """
        index = self.prepare()
        if not index.done():
            raise InputError(
                gettext(
                    "The collection is still being read ({share}% is done): come back in a while, "
                    "or search documents of your own.",
                    share=f"{100 * self._share:.0f}",
                )
            )
        error = index.exception()
        if error is None:
            return index.result()
        with self._lock:
            if self._index is index:
                # Whoever asks next sets it off again, where it stopped.
                self._index = None
        if isinstance(error, InputError):
            raise error
        raise InputError(
            gettext(
                "The collection could not be read by this model: the log of the server says why. "
                "Documents of your own can be searched."
            )
        )

    def _load(self) -> DocumentIndex:
        collection = self.collection
        try:
            with reporting_to(self._listen):
                index = load_index(
                    collection.name,
                    collection.texts,
                    self._encoder,
                    titles=collection.titles,
                    links=collection.links,
                )
        except Exception as error:
            if not isinstance(error, InputError):
                _LOG.exception("The collection %s could not be read", collection.name)
            raise
        _LOG.info("The collection %s is ready, by %s", collection.name, self._encoder.name)
        return index

    def _listen(self, share: float) -> None:
        self._share = share
