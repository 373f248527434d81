"""The catalogue, and the services of its models."""

import logging
import re
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
import torch
import wordllama
from fakes import FakeEncoder
from sentence_transformers import SentenceTransformer
from transformers import AutoConfig, AutoModel, AutoTokenizer

from embviz import service_of_each_model as services_module
from embviz.analysis.baseline import measure_baseline
from embviz.analysis.model_comparison import UnavailableModel
from embviz.analysis.vocabulary import CommonWords
from embviz.course.course_files import load_lesson
from embviz.errors import InputError, Stopped
from embviz.models import loading
from embviz.models.catalogue import Entry, list_models
from embviz.models.loading import ModelError, find_package
from embviz.models.progress import reporting_to
from embviz.service import Service
from embviz.service_of_each_model import Services

BASELINE = measure_baseline(FakeEncoder())

BUILT_IN = [
    "all-minilm-l6-v2",
    "minilm-without-context",
    "minilm-untrained",
    "wordllama",
]


@pytest.fixture(scope="module")
def entries(encoder):
    return {entry.id: entry for entry in list_models(encoder, "")}


def test_the_default_model_comes_first(entries):
    assert list(entries) == BUILT_IN


@pytest.mark.parametrize("id", BUILT_IN)
def test_what_is_said_of_a_model_before_it_is_loaded_is_true(services, entries, id):
    encoder = services.get(id).encoder
    entry = entries[id]
    assert entry.family == encoder.family
    assert (entry.size.dimension, entry.size.max_tokens, entry.size.layers) == (
        encoder.dimension,
        encoder.max_tokens,
        encoder.layers,
    )
    assert re.search("licence", entry.about, re.IGNORECASE) or id.endswith("untrained")
    assert "MB of memory" in entry.about


@pytest.mark.parametrize(
    ("id", "pair", "similarity"),
    [
        # Measured with the library alone.
        ("minilm-without-context", ("king", "queen"), 0.627),
        ("minilm-without-context", ("carpet", "thunder"), -0.019),
    ],
)
def test_similarities_without_context(services, id, pair, similarity):
    vector_a, vector_b = services.get(id).encoder.encode(pair)
    assert vector_a @ vector_b == pytest.approx(similarity, abs=5e-4)


def test_wordllama_gives_the_vectors_of_its_own_package(services, tmp_path):
    # The package looks for its tokenizer in another folder than the one it comes in.
    folder = find_package("wordllama")
    shutil.copytree(folder / "tokenizers", tmp_path / "tokenizers")
    own = wordllama.WordLlama.load(dim=256, cache_dir=tmp_path, disable_download=True)
    texts = ["king", "queen", "The ocean is warming.", "Ångström & co — 3.5 %"]
    vectors = services.get("wordllama").encoder.encode(texts)
    assert np.abs(vectors - own.embed(texts, norm=True)).max() < 1e-6


def test_without_context_is_the_average_of_what_enters_the_first_layer(services):
    model = SentenceTransformer(str(loading.find_wheel_folder()), local_files_only=True)
    texts = ["king", "the queen of hearts", "antidisestablishmentarianism " * 40]
    weights = model[0].auto_model.embeddings.word_embeddings.weight
    expected = []
    for text in texts:
        ids = model.tokenizer(text, add_special_tokens=False, truncation=False)["input_ids"]
        mean = weights[ids].mean(dim=0)
        expected.append((mean / mean.norm()).detach().numpy())
    found = services.get("minilm-without-context").encoder.encode(texts)
    assert np.abs(found - expected).max() <= 1e-6


def test_the_untrained_model_has_random_weights_that_are_always_the_same(services):
    folder = str(loading.find_wheel_folder())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    torch.manual_seed(0)
    model = AutoModel.from_config(AutoConfig.from_pretrained(folder)).eval()
    for text in ["king", "queen", "a longer text with more words in it"]:
        with torch.inference_mode():
            outputs = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        expected = torch.nn.functional.normalize(outputs.mean(dim=0), dim=0)
        [found] = services.get("minilm-untrained").encoder.encode([text])
        assert np.abs(found - expected.numpy()).max() <= 1e-6


def test_loading_the_untrained_model_leaves_the_random_numbers_of_others_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    loading.load_untrained()
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("name", loading.WORDLLAMA_SHA256)
def test_a_damaged_wheel_is_refused(monkeypatch, tmp_path, name):
    folder = loading.find_package(loading.WORDLLAMA_WHEEL)
    for other in loading.WORDLLAMA_SHA256:
        (tmp_path / other).parent.mkdir()
        (tmp_path / other).symlink_to(folder / other)
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(b"altered")
    monkeypatch.setattr(loading, "find_package", lambda package: tmp_path)
    with pytest.raises(ModelError, match=rf"^The model file {name} .* pip install --force"):
        loading.load_wordllama()


def test_models_that_are_set_stand_last_and_go_by_their_names(encoder, tmp_path):
    (tmp_path / "course-model").mkdir()
    environment = f"{tmp_path}/course-model, nomic/modern, http://127.0.0.1:9/v1#local-model,"
    names = [entry.name for entry in list_models(encoder, environment)][len(BUILT_IN) :]
    assert names == ["course-model", "nomic/modern", "local-model"]


def test_a_folder_that_is_missing_is_logged_and_its_place_never_shown(caplog):
    services = serve_fake(list_models(FakeEncoder(), "/secret/place/course-model")[-1])
    assert "there is no folder /secret/place/course-model" in caplog.text
    missing = services.facts()[-1]
    assert missing.name == "course-model"
    assert "secret" not in missing.error


def test_many_models_are_offered(encoder):
    environment = ",".join(f"course/model-{n}" for n in range(20))
    assert len({entry.id for entry in list_models(encoder, environment)}) == 24


def test_models_of_one_name_are_told_apart(encoder, tmp_path, caplog):
    for folder in ("a", "b"):
        (tmp_path / folder / "same").mkdir(parents=True)
    environment = f"{tmp_path}/a/same,{tmp_path}/b/same,{tmp_path}/b/same,all-MiniLM-L6-v2"
    entries = list_models(encoder, environment)[len(BUILT_IN) :]
    assert [(entry.id, entry.name) for entry in entries] == [
        ("same", "same"),
        ("same-2", "same (2)"),
        ("same-3", "same (3)"),
        ("all-minilm-l6-v2-2", "all-MiniLM-L6-v2 (2)"),
    ]
    assert len(caplog.records) == 3


def test_an_address_that_cannot_be_read_is_logged_and_never_shown(encoder, caplog):
    secret = "https://user:secret@host/v1#m"
    services = serve_fake(list_models(FakeEncoder(), secret)[-1])
    assert "EMBVIZ_MODELS" in caplog.text
    assert "secret" not in caplog.text
    broken = services.facts()[-1]
    assert (broken.family, broken.dimension) == ("remote", None)
    assert "secret" not in broken.error


# The services of a catalogue of fakes.


def serve_fake(*entries):
    encoder = FakeEncoder()
    service = Service(encoder, load_lesson(), BASELINE, CommonWords(encoder))
    return Services(service, [Entry("fake", lambda: encoder), *entries])


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch, tmp_path):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path)


def test_a_model_is_loaded_once_for_all_who_ask_at_once():
    loaded = []

    def load():
        loaded.append(threading.current_thread())
        time.sleep(0.2)
        return FakeEncoder()

    services = serve_fake(Entry("slow", load))
    answers = []
    askers = [
        threading.Thread(target=lambda: answers.append(services.get("slow"))) for _ in range(5)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(loaded) == 1
    assert len(set(map(id, answers))) == 1


def test_whoever_waits_hears_that_the_model_is_there_before_its_pairs_are(monkeypatch):
    heard = []

    def measure(encoder):
        # The random pairs are measured once the waiting one has heard of the model.
        deadline = time.monotonic() + 20
        while 0.5 not in heard and time.monotonic() < deadline:
            time.sleep(0.01)
        return BASELINE

    monkeypatch.setattr(services_module, "load_baseline", measure)
    services = serve_fake(Entry("slow", FakeEncoder))
    with reporting_to(heard.append):
        services.get("slow")
    assert 0.5 in heard
    assert heard == sorted(heard)


def test_twenty_models_are_loaded_and_asked_each_once():
    loaded = []

    def load(n):
        loaded.append(n)
        return FakeEncoder(sea=(1, n))

    services = serve_fake(*(Entry(f"m{n}", partial(load, n)) for n in range(20)))
    with ThreadPoolExecutor(4) as threads:
        asked = [
            threads.submit(
                services.by_model, lambda id, name, service: service.encoder.encode(["sea"])[0]
            )
            for _ in range(4)
        ]
    expected = [(1, n) / np.hypot(1, n) for n in range(20)]
    for answers in asked:
        assert np.allclose(answers.result()[1:], expected)
    assert sorted(loaded) == list(range(20))
    assert len(services.facts()) == 21


def test_a_model_that_fails_says_so_and_takes_nothing_else_with_it(caplog):
    def load():
        raise ModelError("The model /secret/place could not be loaded.") from OSError("no disk")

    services = serve_fake(Entry("broken", load), Entry("sound", FakeEncoder))
    with pytest.raises(InputError, match=r"^The model broken could not be loaded; .*\.$") as error:
        services.get("broken")
    assert "secret" not in str(error.value)
    assert "no disk" in caplog.text
    assert services.get("sound").encoder.name == "sound"
    assert services.get("").encoder.name == "fake"
    names = {facts.name: facts for facts in services.facts()}
    assert names["broken"].error == str(error.value)
    assert names["broken"].dimension is None
    assert names["sound"].dimension == 2


def test_a_model_that_failed_is_tried_again_after_a_while(monkeypatch):
    tries = []

    def load():
        tries.append(1)
        if len(tries) == 1:
            raise OSError
        return FakeEncoder()

    services = serve_fake(Entry("late", load))
    for _ in range(3):
        with pytest.raises(InputError):
            services.get("late")
    assert len(tries) == 1
    monkeypatch.setattr("embviz.service_of_each_model._SECONDS_BEFORE_ANOTHER_TRY", 0)
    time.sleep(0.01)
    assert services.get("late").encoder.name == "late"


def test_a_slow_remote_model_holds_up_no_other():
    release = threading.Event()

    def wait():
        release.wait(10)
        return FakeEncoder()

    services = serve_fake(Entry("far", wait, "remote"), Entry("near", FakeEncoder))
    waiting = threading.Thread(target=lambda: services.get("far"))
    waiting.start()
    assert services.get("near").encoder.name == "near"
    assert waiting.is_alive()
    release.set()
    waiting.join()


@pytest.mark.parametrize("model", ["nobody", " ", "FAKE", None, 5, ["fake"]])
def test_an_unknown_model_is_refused(model):
    with pytest.raises(InputError, match=r"^Model must be one of: fake, other\.$"):
        serve_fake(Entry("other", FakeEncoder)).get(model)


def test_the_log_names_a_model_that_was_loaded(caplog):
    caplog.set_level(logging.INFO, "embviz")
    serve_fake(Entry("other", FakeEncoder)).get("other")
    assert "Loaded the model other" in caplog.text


def test_what_the_first_model_refuses_is_refused_before_another_is_loaded():
    def load():
        raise AssertionError("nobody asked")

    def refuse(id, name, service):
        raise InputError(f"{name} refuses.")

    with pytest.raises(InputError, match=r"^fake refuses\.$"):
        serve_fake(Entry("other", load)).by_model(refuse)


def test_who_stops_a_job_stops_it_for_all_models():
    def stop(id, name, service):
        if id == "other":
            raise Stopped("Stopped.")
        return id

    with pytest.raises(Stopped):
        serve_fake(Entry("other", FakeEncoder)).by_model(stop)


def test_a_model_that_cannot_be_asked_says_why_in_its_place():
    def refuse(id, name, service):
        if id == "other":
            raise InputError("It has no layers.")
        return id

    answers = serve_fake(Entry("other", FakeEncoder), Entry("third", FakeEncoder)).by_model(refuse)
    assert answers == ("fake", UnavailableModel("other", "other", "It has no layers."), "third")
