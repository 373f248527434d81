"""The models that visitors can choose, none of which is loaded here."""

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from embviz.language import gettext_noop
from embviz.models.encoder import Encoder
from embviz.models.loading import (
    DEFAULT_MODEL,
    ModelError,
    load_encoder,
    load_remote,
    load_untrained,
    load_without_context,
    load_wordllama,
    name_of,
)
from embviz.models.model import Family

_LOG = logging.getLogger("embviz")


@dataclass(frozen=True)
class Size:
    """How large a model is, see `embviz.models.model.Model`."""

    dimension: int
    max_tokens: int | None
    layers: int | None


@dataclass(frozen=True)
class Entry:
    """A model of the catalogue.

    Attributes:
        name: What people call it; each name stands in the catalogue once.
        load: Loads it; may raise ModelError.
        family: What kind of model it is; None if that is known only once it is loaded.
        size: How large it is; None if that is known only once it is loaded.
        about: Where it comes from, its language and licence, the memory it takes; or nothing.
    """

    name: str
    load: Callable[[], Encoder]
    family: Family | None = None
    size: Size | None = None
    about: str = ""

    @property
    def id(self) -> str:
        """What links and programs call it: small letters, digits and hyphens.

        >>> Entry("nomic-ai/Modern Bert (2)", load_encoder).id
        'modern-bert-2'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.name.split("/")[-1].lower()).strip("-") or "model"


# The default model, and what can be made of it without another download; see `Entry.about`.
_BUILT_IN = (
    Entry(
        DEFAULT_MODEL,
        lambda: load_encoder(DEFAULT_MODEL),
        "transformer",
        Size(384, 256, 6),
        gettext_noop(
            "It has 22.7 million parameters and was trained on English: on more than a billion "
            "pairs of texts that belong together, such as a question and its answer, or a title "
            "and its article. Licence: Apache 2.0. It takes 90 MB of memory."
        ),
    ),
    Entry(
        "MiniLM without context",
        load_without_context,
        "static",
        Size(384, None, None),
        gettext_noop(
            "The average of the vectors that enter the first layer of all-MiniLM-L6-v2: what the "
            "words mean by themselves, without the sentence around them. Language and licence are "
            "those of all-MiniLM-L6-v2. It takes 50 MB of memory."
        ),
    ),
    Entry(
        "MiniLM untrained",
        load_untrained,
        "untrained",
        Size(384, 256, 6),
        gettext_noop(
            "Built like all-MiniLM-L6-v2, but its parameters are random numbers: it has learned "
            "nothing in any language. A trained model deserves credit only for what it scores "
            "above this one. It takes 90 MB of memory."
        ),
    ),
    Entry(
        "WordLlama",
        load_wordllama,
        "static",
        Size(256, None, None),
        gettext_noop(
            "One vector for each of 32,000 tokens, made by Lee Miller from the token embeddings of "
            "Meta's Llama 2 and Llama 3 models and trained on English. A text is the average of "
            "its tokens. Licence of the package: MIT. It takes 35 MB of memory."
        ),
    ),
)


def load_first(model: str | None) -> Encoder:
    """Load the model that answers first.

    Args:
        model: The name or the id of a model that is built in, a folder, or a name on the Hugging
            Face Hub; all-MiniLM-L6-v2 if None.

    Raises:
        ModelError: It cannot be loaded.
    """
    for entry in _BUILT_IN:
        if model in (entry.id, entry.name):
            encoder = entry.load()
            # Files on disk are kept by name, see `Services`.
            encoder.name = entry.name
            return encoder
    return load_encoder(model)


def list_models(default: Encoder, environment: str | None = None) -> tuple[Entry, ...]:
    """The catalogue: the default model first, then the built-in ones, then those that are set.

    An entry that cannot be understood is logged; when it is asked for, it says why it fails.

    Args:
        default: The model that is loaded already.
        environment: Folders, names on the Hugging Face Hub, and addresses such as
            https://host/v1#model-name, with commas between them; the environment variable
            EMBVIZ_MODELS if None.
    """
    if environment is None:
        environment = os.environ.get("EMBVIZ_MODELS", "")
    models = [part.strip() for part in environment.split(",") if part.strip()]
    built_in = [replace(entry, name=_short(entry.name)) for entry in _BUILT_IN]
    known = {entry.name: entry for entry in built_in}
    first = replace(
        known.pop(_short(default.name), Entry(_short(default.name), lambda: default)),
        load=lambda: default,
        family=default.family,
        size=Size(default.dimension, default.max_tokens, default.layers),
    )
    return tuple(_name_apart([first, *known.values(), *map(_read_entry, models)]))


def _short(name: str) -> str:
    return name.removeprefix("sentence-transformers/")


def _read_entry(model: str) -> Entry:
    if "://" not in model:
        name = name_of(model)
        if Path(name).is_absolute():
            _LOG.error("EMBVIZ_MODELS: there is no folder %s", model)
            name = Path(model).name
        return Entry(_short(name), lambda: load_encoder(model))
    # Few have such a model, and what talks to it takes a moment to import.
    from embviz.models.remote import parse_address

    try:
        address, name = parse_address(model)
    except ValueError as error:
        # The address is the operator's own, and none of the visitors' business.
        _LOG.error("EMBVIZ_MODELS: %s", error)
        refusal = ModelError("Its address in EMBVIZ_MODELS cannot be read.")

        def refuse() -> Encoder:
            raise refusal

        return Entry("a model at an unreadable address", refuse, "remote")
    key = os.environ.get("EMBVIZ_API_KEY")
    about = gettext_noop("It runs on another machine, which reads what is typed.")
    return Entry(name, lambda: load_remote(address, name, key), "remote", about=about)


def _name_apart(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries with a number behind those names whose ids stood there before."""
    taken: set[str] = set()
    for entry in entries:
        name, n = entry.name, 1
        while entry.id in taken:
            n += 1
            entry = replace(entry, name=f"{name} ({n})")
        if n > 1:
            _LOG.warning("Two models are called %s; the later one is %s.", name, entry.name)
        taken.add(entry.id)
        yield entry
