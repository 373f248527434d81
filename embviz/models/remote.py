"""A model that runs elsewhere, behind an OpenAI-compatible embeddings endpoint."""

import asyncio
import json
import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import NamedTuple

import httpx2
import numpy as np
import numpy.typing as npt

from embviz.errors import InputError
from embviz.inputs.parsing import without_surrogates
from embviz.language import gettext, gettext_noop
from embviz.models.model import Family, HiddenStates, TokenPlaces

# Text Embeddings Inference refuses more in one call, unless it is started with another limit.
MAX_BATCH_TEXTS = 32
# What `Encoder` asks for at once; a longer text is sent alone.
MAX_BATCH_CHARACTERS = 8_000

# 32 vectors of 16,384 numbers, each written with 25 characters.
MAX_ANSWER_BYTES = 16_000_000

# A server that does not even accept a connection for so long is switched off or out of reach.
CONNECT_SECONDS = 5.0
# From the question to the end of the answer, all attempts included. A server without a GPU takes a
# few seconds for a batch; nobody waits much longer in front of a page.
ANSWER_SECONDS = 20.0
# So that those who wait behind a question that was not answered need not wait as long again.
PAUSE_SECONDS = 5.0
# By the client, which waits half a second and then one. A busy server often answers then.
RETRIES = 2

# What visitors read.
_NO_ANSWER = gettext_noop(
    "The model {model} does not answer: try again later, or choose another model."
)
_UNUSABLE = gettext_noop(
    "The model {model} gave an answer that cannot be used: try again later, or choose another "
    "model."
)
_ERROR = gettext_noop(
    "The model {model} answered with an error: try again later, or choose another model."
)
_REFUSED = gettext_noop(
    "The model {model} did not take these texts: shorten them, or choose another model."
)
_CLOSED = gettext_noop("The model {model} does not let this app in: choose another model.")
_ERRORS = {
    400: _REFUSED,
    401: _CLOSED,
    403: _CLOSED,
    404: gettext_noop("The model {model} is not known where it should run: choose another model."),
    413: _REFUSED,
    422: _REFUSED,
    429: gettext_noop(
        "The model {model} has too much to do: try again later, or choose another model."
    ),
}

_LOG = logging.getLogger("embviz")

# All that the client sends beside the texts: it would add what it reads in variables of its own
# (OPENAI_CUSTOM_HEADERS and others), which are not meant for this endpoint.
_HEADERS = ("authorization", "content-length", "content-type", "host", "user-agent")


class Address(NamedTuple):
    """Where a model runs, and what it is called there."""

    base_url: str
    model: str


def parse_address(entry: str) -> Address:
    """The address and the name in an entry such as `https://host/v1#model-name`.

    Args:
        entry: What the person who starts the app has set.

    Raises:
        ValueError: It is something else; the message is one sentence that says what to do, and does
            not repeat the entry, which may hold a password.
    """
    try:
        url = httpx2.URL(entry.strip())
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    is_plain = not url.userinfo and not url.query
    if not (url.scheme in ("http", "https") and url.host and url.fragment and is_plain):
        raise ValueError(
            "The address of a model must look like https://host/v1#model-name, without a user name "
            "or a password: put the key in EMBVIZ_API_KEY."
        )
    return Address(str(url.copy_with(fragment=None)), url.fragment)


class RemoteModel:
    """A model behind an OpenAI-compatible endpoint, such as that of vLLM, Ollama or OpenAI.

    Safe to share between threads.

    Attributes:
        family: What kind of model it is.
        dimension: Length of a vector.
        max_tokens: None, since the endpoint does not say how many tokens of a text are read.
        layers: None, since nobody can look into it.
    """

    family: Family = "remote"
    max_tokens: int | None = None
    layers: int | None = None

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str | None = None,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        pause_seconds: float = PAUSE_SECONDS,
        retries: int = RETRIES,
    ):
        """Ask for one vector, to find out its length.

        Args:
            base_url: What stands before `/embeddings` in the endpoint's address.
            model: What the model is called there; visitors read this name.
            api_key: The key, if the endpoint wants one.
            connect_seconds: How long an attempt to connect may last.
            answer_seconds: How long it may take until an answer is complete, all attempts included.
            pause_seconds: How long every question is refused after one that was not answered.
            retries: How often a question is asked again that was not answered, or with an error
                that may pass.

        Raises:
            InputError: There is no usable answer.
            ValueError: The key has characters that no key has; the message is one sentence.
        """
        if api_key and not (api_key.isascii() and api_key.isprintable()):
            raise ValueError(
                "The key in EMBVIZ_API_KEY has characters that no key has: set it anew."
            )
        self._base_url = base_url
        self._model = model
        # Servers of one's own need none, but the client does.
        self._api_key = api_key or "none"
        self._connect_seconds = connect_seconds
        self._answer_seconds = answer_seconds
        self._pause_seconds = pause_seconds
        self._retries = retries
        self._tls = httpx2.create_ssl_context()
        self._paused_until = 0.0
        self.dimension = 0
        # These write down addresses, and if told to, what is sent.
        for library in ("openai", "httpx2", "httpcore2"):
            logging.getLogger(library).setLevel(logging.WARNING)
        self.dimension = self._ask(["king"]).shape[1]

    def read(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.float32], list[bool], list[bool]]:
        """Read n texts.

        Returns:
            Their unit vectors, shape (n, dimension), float32; and twice n times False, since the
            endpoint says neither which texts are too long for the model nor which it does not know.

        Raises:
            InputError: There is no usable answer.
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32), [], []
        return self._ask(texts), [False] * len(texts), [False] * len(texts)

    def read_tokens(self, text: str) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
        """Not possible.

        Raises:
            InputError: Always.
        """
        raise InputError(
            gettext(
                "The model {model} answers with one vector for each text and does not show its "
                "tokens: choose another model for this.",
                model=self._model,
            )
        )

    def read_layers(self, text: str) -> HiddenStates:
        """Not possible.

        Raises:
            InputError: Always.
        """
        raise InputError(
            gettext(
                "The model {model} runs elsewhere and does not show its layers: choose another "
                "model for this.",
                model=self._model,
            )
        )

    def find_tokens(self, text: str) -> TokenPlaces:
        """Not possible.

        Raises:
            InputError: Always.
        """
        raise InputError(
            gettext(
                "The model {model} runs elsewhere and does not show how it takes a text apart "
                "into tokens: choose another model for this.",
                model=self._model,
            )
        )

    def _ask(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """The unit vectors of one or more texts; all failures become an InputError here."""
        # Takes a second, which the app without a model that runs elsewhere need not wait for.
        import openai

        if time.monotonic() < self._paused_until:
            raise self._error(_NO_ANSWER)
        try:
            # In a thread of its own, since that of a notebook runs an event loop already.
            with ThreadPoolExecutor(1) as thread:
                return thread.submit(asyncio.run, self._post(texts)).result()
        except (openai.APIConnectionError, TimeoutError) as error:
            self._paused_until = time.monotonic() + self._pause_seconds
            # The client's error says less than what led to it.
            cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else None
            _LOG.warning("The model %s: %s", self._model, type(cause or error).__name__)
            raise self._error(_NO_ANSWER) from None
        except openai.APIStatusError as error:
            _LOG.warning("The model %s: status %d", self._model, error.status_code)
            raise self._error(_ERRORS.get(error.status_code, _ERROR)) from None
        except _UnusableAnswerError as error:
            _LOG.warning("The model %s: %s", self._model, error)
            raise self._error(_UNUSABLE) from None

    def _error(self, message: str) -> InputError:
        return InputError(gettext(message, model=self._model))

    async def _post(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        import openai

        async with openai.AsyncOpenAI(
            base_url=self._base_url,
            api_key=self._api_key,
            max_retries=self._retries,
            timeout=httpx2.Timeout(None, connect=self._connect_seconds),
            http_client=httpx2.AsyncClient(transport=_Transport(verify=self._tls), trust_env=False),
        ) as client:
            parts = []
            for batch in _batches(texts):
                # The client's own time-outs are for parts of an answer, and for one attempt.
                async with asyncio.timeout(self._answer_seconds):
                    answer = await client.embeddings.with_raw_response.create(
                        model=self._model, input=batch, encoding_format="float"
                    )
                parts.append(_read_answer(answer.content, len(batch), self.dimension))
        return np.concatenate(parts)


class _UnusableAnswerError(Exception):
    """What came is no answer to what was asked; the message has nothing of either."""


class _Transport(httpx2.AsyncHTTPTransport):
    """Sends and receives no more than is needed.

    An answer is bounded, and loses its headers: none leads to another host, says how long the
    client shall wait before it asks again, or makes it unpack what becomes a thousand times longer.
    """

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        bare = httpx2.Request(
            request.method,
            request.url,
            headers={name: request.headers[name] for name in _HEADERS},
            stream=request.stream,
            extensions=request.extensions,
        )
        body = bytearray()
        async with aclosing(await super().handle_async_request(bare)) as response:
            async for part in response.aiter_raw():
                body += part
                if len(body) > MAX_ANSWER_BYTES:
                    raise _UnusableAnswerError("an answer that is too long")
        return httpx2.Response(response.status_code, content=bytes(body))


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in their order, as many at once as the endpoint takes."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if len(batch) == MAX_BATCH_TEXTS or (batch and size + len(text) > MAX_BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        # JSON cannot hold half of an emoji.
        batch.append(without_surrogates(text))
        size += len(text)
    if batch:
        yield batch


def _read_answer(body: bytes, texts: int, dimension: int) -> npt.NDArray[np.float32]:
    """The unit vectors of an answer, in the order of the texts.

    Args:
        body: JSON, if all is well.
        texts: How many texts were sent.
        dimension: How long a vector must be; 0 if any length will do.

    Raises:
        _UnusableAnswerError: It is something else.
    """
    try:
        items = json.loads(body)["data"]
        vectors = np.array([item["embedding"] for item in items], dtype=np.float64)
        order = [item["index"] for item in items]
        is_complete = sorted(order) == list(range(texts))
    # Each is raised by some JSON of another form, the last by lists in lists in lists.
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        raise _UnusableAnswerError("no list of vectors") from None
    if not is_complete:
        raise _UnusableAnswerError("not one vector for each text")
    if vectors.ndim != 2 or vectors.shape[1] != (dimension or vectors.shape[1]):
        raise _UnusableAnswerError("vectors of another length")
    # A number may be so large that its square is infinite.
    with np.errstate(over="ignore"):
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not (np.isfinite(norms).all() and norms.all()):
        raise _UnusableAnswerError("vectors without a direction")
    unit_vectors: npt.NDArray[np.float32] = (vectors / norms).astype(np.float32)
    return unit_vectors[np.argsort(order)]
