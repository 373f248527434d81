"""Our forward pass beside the engines that could take its place, on the default model.

    pip install -r tests/benchmarks/requirements.txt
    python -m tests.benchmarks.engines

Prints one table of medians in milliseconds; ends with an error where an engine's vectors differ.
"""

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

# Modules of the tests import each other as pytest lets them.
sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import onnxruntime
import openvino
import torch
from benchmarks.serving import ROOT
from benchmarks.table import side_by_side
from onnxruntime.transformers.optimizer import optimize_model
from sentence_transformers import SentenceTransformer

from embviz.analysis.vocabulary import common_words
from embviz.models.batching import new_model_thread
from embviz.models.loading import find_wheel_folder
from embviz.models.transformer import TransformerModel, _batches

RUNS = 10
# Each engine's idle threads look for work a while, on cores that the next one needs.
REST = 0.03
TOLERANCE = 1e-4
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUT = "last_hidden_state"


def load_engines(folder: Path) -> dict[str, Callable[[list[str]], np.ndarray]]:
    """Each engine's texts → unit vectors, on as many threads as PyTorch takes.

    Args:
        folder: Where to write the model for the engines that read ONNX.
    """
    name = str(find_wheel_folder())
    library = SentenceTransformer(name, local_files_only=True)
    ours = TransformerModel(SentenceTransformer(name, local_files_only=True))
    assert ours._bert is not None, "PyTorch lacks the operators for packed weights"
    # Both engines know attention by its plain products, not by PyTorch's one operator for it.
    plain = {"attn_implementation": "eager"}
    transformer = SentenceTransformer(name, local_files_only=True, model_kwargs=plain)[0].auto_model
    path, fused = folder / "model.onnx", folder / "fused.onnx"
    _export(transformer, path)
    # Makes one operator each of attention and of what stands around it.
    config, threads = transformer.config, torch.get_num_threads()
    optimized = optimize_model(str(path), "bert", config.num_attention_heads, config.hidden_size)
    optimized.save_model_to_file(str(fused))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(fused, options, providers=["CPUExecutionProvider"])
    # In the bfloat16 that it prefers where a processor has it, vectors would not be the same.
    settings = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"}
    request = openvino.compile_model(path, "CPU", settings).create_infer_request()
    return {
        "sentence-transformers": lambda texts: library.encode(texts, show_progress_bar=False),
        "ours (packed)": lambda texts: ours.read(texts)[0],
        "ONNX Runtime": _wrap(library, lambda inputs: session.run([OUTPUT], inputs)[0]),
        "OpenVINO": _wrap(library, lambda inputs: request.infer(inputs, share_outputs=True)[0]),
    }


def _export(transformer: torch.nn.Module, path: Path) -> None:
    module = torch.nn.Module()
    module.transformer = transformer
    module.forward = lambda *inputs: transformer(**dict(zip(INPUTS, inputs, strict=True)))[OUTPUT]
    example = tuple(torch.ones(2, 8, dtype=torch.long) for _ in INPUTS)
    axes = {name: {0: "texts", 1: "tokens"} for name in (*INPUTS, OUTPUT)}
    names = {"input_names": INPUTS, "output_names": [OUTPUT], "dynamic_axes": axes}
    # It warns that it has a successor, which takes half a minute.
    with warnings.catch_warnings(action="ignore"):
        torch.onnx.export(module.eval(), example, path, dynamo=False, **names)


def _wrap(library: SentenceTransformer, forward: Callable) -> Callable:
    """What stands around an engine: the tokenizer, our batches, padding, means of length 1."""

    def encode(texts: list[str]) -> np.ndarray:
        ids = library.tokenizer(texts, truncation=True, max_length=library.max_seq_length)
        vectors = np.empty((len(texts), library.get_embedding_dimension()), dtype=np.float32)
        for places in _batches([len(tokens) for tokens in ids["input_ids"]]):
            batch = {name: [ids[name][place] for place in places] for name in INPUTS}
            inputs = dict(library.tokenizer.pad(batch, return_tensors="np"))
            mask = inputs["attention_mask"][:, :, None].astype(np.float32)
            means = (forward(inputs) * mask).sum(axis=1) / mask.sum(axis=1)
            vectors[places] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors

    return encode


def measure(folder: Path) -> None:
    """Print the table; `folder` is for files that are not needed afterwards."""
    words, random = np.array(common_words()), np.random.default_rng(0)
    titles = json.loads((ROOT / "examples" / "search.json").read_text())["documents"]
    cases = {
        "one short text": ["king"],
        "one text of 150 words": [" ".join(random.choice(words, 150))],
        "128 short texts": [" ".join(random.choice(words, 2)) for _ in range(128)],
        "32 titles": (titles + titles)[:32],
        "32 long texts": [" ".join(random.choice(words, 250)) for _ in range(32)],
    }
    engines = load_engines(folder)
    columns = []
    for texts in cases.values():
        expected, *others = [encode(texts) for encode in engines.values()]
        for vectors in others:
            np.testing.assert_allclose(vectors, expected, rtol=0, atol=TOLERANCE)
        calls = [lambda encode=encode, texts=texts: encode(texts) for encode in engines.values()]
        columns.append(side_by_side(RUNS, *calls, rest=REST))
    print("| ms |", " | ".join(cases), "|\n|---|" + len(cases) * "---|")
    for name, row in zip(engines, zip(*columns, strict=True), strict=True):
        print(f"| {name} |", " | ".join(f"{1000 * seconds:.1f}" for seconds in row), "|")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        # Two threads that use PyTorch slow each other down, so all engines take the same.
        new_model_thread().submit(measure, Path(folder)).result()
