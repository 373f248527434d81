import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

from embviz.analysis.vocabulary import common_words
from embviz.errors import InputError
from embviz.models import transformer as module
from embviz.models.loading import find_wheel_folder
from embviz.models.transformer import TransformerModel, _batches

pytestmark = pytest.mark.model


def load(**options):
    return SentenceTransformer(str(find_wheel_folder()), local_files_only=True, **options)


class NoBert:
    def __init__(self, model):
        raise AttributeError("no such operator")


@pytest.fixture(scope="module")
def library():
    return load()


@pytest.fixture(scope="module", params=["our forward pass", "the library's"])
def model(request):
    with pytest.MonkeyPatch.context() as patch:
        if request.param != "our forward pass":
            patch.setattr(module, "Bert", NoBert)
        model = TransformerModel(load())
    assert (model._bert is not None) == (request.param == "our forward pass")
    return model


@pytest.fixture(scope="module")
def texts():
    draw = random.Random(0)
    lengths = [1] * 150 + [draw.randint(2, 20) for _ in range(40)] + [200, 250, 400]
    texts = [" ".join(draw.choices(common_words(), k=n)) for n in lengths]
    texts += ["", "😀", "שלום", "a\u0301", "x" * 5000]
    draw.shuffle(texts)
    return texts


def test_vectors_are_those_of_sentence_transformers(model, library, texts):
    vectors, _, _ = model.read(texts)
    expected = library.encode(texts, normalize_embeddings=True)
    assert vectors.dtype == np.float32
    assert np.abs(vectors - expected).max() <= 1e-6


def test_a_vector_does_not_depend_on_the_other_texts_to_any_digit_shown(model, texts):
    together, _, _ = model.read(texts)
    alone = np.concatenate([model.read([text])[0] for text in texts])
    assert np.abs(together - alone).max() <= 1e-6
    assert np.abs(together @ together.T - alone @ alone.T).max() <= 1e-6


def test_no_texts_have_no_vectors(model):
    vectors, truncated, unknown = model.read([])
    assert vectors.shape == (0, 384)
    assert truncated == unknown == []


def test_a_text_is_truncated_from_the_first_token_that_is_not_read(model):
    texts = ["word " * 254, "word " * 255, "word", "word " * 900]
    assert model.read(texts)[1] == [False, True, False, True]


def test_a_text_is_unknown_if_no_part_of_it_is_known(model):
    assert model.read(["😀", "🎉 🎉", "king 😀", "é", "?"])[2] == [True, True, False, False, False]


def test_tokens_are_those_of_sentence_transformers(model, library):
    text = "The puppies are embedded."
    tokens, outputs = model.read_tokens(text)
    expected = library.encode(text, output_value="token_embeddings")
    assert tokens == ("[CLS]", "the", "pup", "##pies", "are", "embedded", ".", "[SEP]")
    assert outputs == pytest.approx(expected.numpy(), abs=1e-5)


def hidden_states_of(library, text):
    """What transformers' own forward pass gives for all layers."""
    features = library.tokenizer(
        text, truncation=True, max_length=library.max_seq_length, return_tensors="pt"
    )
    if library[0].auto_model.config.model_type == "distilbert":
        # It knows of no second text, and refuses to hear of one.
        del features["token_type_ids"]
    with torch.inference_mode():
        states = library[0].auto_model(**features, output_hidden_states=True).hidden_states
    return torch.cat(states).numpy()


def input_embeddings_of(library, text):
    """The rows of the model's own table, in which it looks up its tokens."""
    ids = library.tokenizer(text, truncation=True, max_length=library.max_seq_length)["input_ids"]
    return library[0].auto_model.get_input_embeddings().weight.detach().numpy()[ids]


@pytest.mark.parametrize("text", ["a", "The puppies are embedded.", "word " * 300])
def test_the_states_of_all_layers_are_those_of_transformers(model, library, text):
    tokens, states, places, inputs = model.read_layers(text)
    expected = hidden_states_of(library, text)
    assert tokens == model.read_tokens(text)[0]
    assert states.dtype == np.float32
    assert states.shape == expected.shape == (7, len(tokens), 384)
    assert len(places) == len(tokens)
    assert np.abs(states - expected).max() <= 1e-5
    assert np.abs(states[-1] - model.read_tokens(text)[1]).max() <= 1e-5
    assert np.array_equal(inputs, input_embeddings_of(library, text))


def test_each_token_is_found_in_its_text(model):
    text = " Naïve puppies 😀, naive!"
    tokens, _, places, _ = model.read_layers(text)
    assert tokens[1:4] == ("naive", "pup", "##pies")
    parts = ["", "Naïve", "pup", "pies", "😀", ",", "naive", "!", ""]
    assert [text[start:end] for start, end in places] == parts


def test_a_tokenizer_that_cannot_find_its_tokens_gives_no_places(model, monkeypatch):
    class Slow:
        is_fast = False

        def __getattr__(self, name):
            return getattr(tokenizer, name)

        def __call__(self, *args, **options):
            return tokenizer(*args, **options)

    tokenizer = model._tokenizer
    monkeypatch.setattr(model, "_tokenizer", Slow())
    tokens, states, places, _ = model.read_layers("king")
    assert (len(tokens), len(states), places) == (3, 7, None)


@pytest.mark.parametrize("text", ["", "word " * 300, " Naïve puppies 😀, naive!", "a [SEP] b"])
def test_all_tokens_of_a_text_are_found_where_they_stand(model, library, text):
    found = model.find_tokens(text)
    # Those between the special ones, of which this model has two.
    ids = library.tokenizer(text)["input_ids"][1:-1]
    assert len(found.places) == len(ids)
    # Each, read alone, is that token again, but for the mark of those that go on with a word.
    for (start, end), token in zip(
        found.places, library.tokenizer.convert_ids_to_tokens(ids), strict=True
    ):
        assert token in ("[UNK]", *library.tokenizer.tokenize(text[start:end])) or token[:2] == "##"
    assert found.limit == 254
    assert (found.stops_at is not None) == bool(model.read([text])[1][0])


def test_it_is_known_where_the_model_stops_reading(model):
    text = "word " * 254 + "king"
    stops_at = model.find_tokens(text).stops_at
    assert text[:stops_at] == ("word " * 254).rstrip()
    whole, first, longer = model.read([text, text[:stops_at], text + " queen"])[0]
    assert first == pytest.approx(whole, abs=1e-6)
    assert longer == pytest.approx(whole, abs=1e-6)


@pytest.mark.parametrize("prompt", ["query: ", "query:"])
def test_a_prompt_counts_against_what_the_model_reads(prompt):
    prompted = TransformerModel(load(prompts={"query": prompt}, default_prompt_name="query"))
    found = prompted.find_tokens("king queen")
    assert found == (((0, 4), (5, 10)), 252)
    texts = ["word " * n for n in (251, 252, 253, 254)]
    expected = [False, False, True, True]
    assert prompted.read(texts)[1] == expected
    assert [prompted.find_tokens(text).stops_at is not None for text in texts] == expected


def test_a_prompt_may_take_all_that_the_model_reads():
    prompts = {"query": "word " * 300}
    prompted = TransformerModel(load(prompts=prompts, default_prompt_name="query"))
    found = prompted.find_tokens("king")
    assert (found.places, found.limit, found.stops_at) == (((0, 4),), 0, 0)


def test_a_tokenizer_that_cannot_find_its_tokens_is_refused(model, monkeypatch):
    class Slow:
        is_fast = False

    monkeypatch.setattr(model, "_tokenizer", Slow())
    with pytest.raises(InputError, match=r"where in a text its tokens stand: choose another.*\.$"):
        model.find_tokens("king")


def test_a_prompt_of_the_model_is_put_before_every_text(library):
    prompted = TransformerModel(load(prompts={"query": "query: "}, default_prompt_name="query"))
    expected = library.encode(["query: king", "query: queen"], normalize_embeddings=True)
    assert np.abs(prompted.read(["king", "queen"])[0] - expected).max() <= 1e-6
    assert prompted.read_tokens("king")[0] == ("[CLS]", "query", ":", "king", "[SEP]")
    tokens, states, places, _ = prompted.read_layers("king")
    assert tokens == ("[CLS]", "query", ":", "king", "[SEP]")
    assert np.abs(states - hidden_states_of(library, "query: king")).max() <= 1e-5
    # The prompt is no part of what was typed.
    assert places == ((0, 0), (0, 0), (0, 0), (0, 4), (0, 0))


def test_a_model_may_keep_the_first_of_its_dimensions_only(library):
    model = TransformerModel(load(truncate_dim=10))
    vectors, _, _ = model.read(["king"])
    first = library.encode(["king"])[:, :10]
    assert vectors == pytest.approx(first / np.linalg.norm(first), abs=1e-6)
    _, outputs = model.read_tokens("king")
    mean = outputs.mean(axis=0)
    assert mean / np.linalg.norm(mean) == pytest.approx(vectors[0], abs=1e-6)
    states = model.read_layers("king").states
    assert np.abs(states - hidden_states_of(library, "king")[..., :10]).max() <= 1e-5


def compute_wrong(inputs, weight, bias, *options):
    return torch.ones(*inputs.shape[:-1], len(bias))


def compute_nothing(inputs, weight, bias, *options):
    return torch.full((*inputs.shape[:-1], len(bias)), torch.nan)


def raise_error(*arguments):
    raise RuntimeError("no such operator")


@pytest.mark.parametrize("operator", [compute_wrong, compute_nothing, raise_error])
def test_operators_that_disagree_or_raise_are_not_used(monkeypatch, library, operator):
    monkeypatch.setattr(torch.ops.mkldnn, "_linear_pointwise", operator)
    vectors, _, _ = TransformerModel(load()).read(["king"])
    assert vectors == pytest.approx(library.encode(["king"]), abs=1e-6)


def test_a_model_that_reads_its_tokens_otherwise_is_not_replaced():
    first_token = load()
    first_token[1] = type(first_token[1])(384, pooling_mode="cls")
    vectors, _, _ = TransformerModel(first_token).read(["king"])
    assert vectors == pytest.approx(first_token.encode(["king"]), abs=1e-6)


class OneAtATime:
    """A tokenizer that notes whether it was called while it was busy."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.busy = threading.Lock()
        self.was_disturbed = False

    def __call__(self, *args, **options):
        self.was_disturbed |= not self.busy.acquire(blocking=False)
        time.sleep(0.01)
        self.busy.release()
        return self.tokenizer(*args, **options)

    def __getattr__(self, name):
        return getattr(self.tokenizer, name)


def test_it_can_be_shared_between_threads(model, texts, monkeypatch):
    expected, _, _ = model.read(texts[:60])
    tokenizer = OneAtATime(model._tokenizer)
    monkeypatch.setattr(model, "_tokenizer", tokenizer)
    places = model.find_tokens("word " * 300)
    start = threading.Barrier(4)

    def read(_):
        start.wait()
        model.read_tokens("word " * 300)
        assert model.find_tokens("word " * 300) == places
        return model.read(texts[:60])[0]

    with ThreadPoolExecutor(4) as threads:
        for vectors in threads.map(read, range(4)):
            assert np.abs(vectors - expected).max() <= 1e-6
    assert not tokenizer.was_disturbed


def test_a_batch_holds_texts_of_about_the_same_length():
    assert list(_batches([7, *[3] * 13])) == [[*range(1, 14), 0]]
    assert list(_batches([256] * 5)) == [[0, 1, 2, 3], [4]]
    assert list(_batches([2000, 600, 3])) == [[2], [1], [0]]
    assert list(_batches([])) == []


# Architectures of other kinds, as small as they can be, with random weights.
SMALL = {"vocab_size": 30_522, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
KINDS = {
    "BertModel": SMALL | {"intermediate_size": 32},
    "RobertaModel": SMALL | {"intermediate_size": 32, "max_position_embeddings": 600},
    "MPNetModel": SMALL | {"intermediate_size": 32, "max_position_embeddings": 600},
    "DistilBertModel": {"vocab_size": 30_522, "dim": 16, "n_layers": 2, "n_heads": 2},
    "ModernBertModel": SMALL | {"intermediate_size": 32, "pad_token_id": 0},
    "GPT2Model": {"vocab_size": 30_522, "n_embd": 16, "n_layer": 2, "n_head": 2},
    "Qwen3Model": SMALL | {"intermediate_size": 32, "num_key_value_heads": 2, "head_dim": 8},
    "T5EncoderModel": {"vocab_size": 30_522, "d_model": 16, "d_kv": 8, "num_layers": 2},
}


def build(folder, kind, pooling, max_seq_length):
    torch.manual_seed(0)
    architecture = getattr(transformers, kind)
    architecture(architecture.config_class(**KINDS[kind])).save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(find_wheel_folder()).save_pretrained(folder)
    tokens = Transformer(str(folder), max_seq_length=max_seq_length)
    average = Pooling(tokens.get_embedding_dimension(), pooling_mode=pooling)
    return SentenceTransformer(modules=[tokens, average], device="cpu")


@pytest.mark.parametrize(
    ("kind", "pooling"),
    [*((kind, "mean") for kind in KINDS), ("BertModel", "cls"), ("Qwen3Model", "lasttoken")],
)
def test_transformers_of_any_kind_give_what_the_library_gives(tmp_path, kind, pooling):
    library = build(tmp_path, kind, pooling, max_seq_length=20)
    texts = ["king", "the queen of hearts", "Ocean acidification, and coral reefs.", "word " * 40]
    expected = library.encode(texts, normalize_embeddings=True)
    model = TransformerModel(library)
    vectors, truncated, _ = model.read(texts)
    assert np.abs(vectors - expected).max() <= 2e-6
    assert truncated == [False, False, False, True]
    assert (model.layers, model.dimension, model.max_tokens) == (2, 16, 20)
    tokens, outputs = model.read_tokens("king")
    assert len(tokens) == len(outputs)
    for text in ("king", "word " * 40):
        states = model.read_layers(text).states
        assert states == pytest.approx(hidden_states_of(library, text), abs=1e-5)
        assert states[-1] == pytest.approx(model.read_tokens(text)[1], abs=1e-6)


def test_a_model_without_a_limit_reads_all(tmp_path):
    # T5 counts the distance between tokens, so that no place is the last.
    library = build(tmp_path, "T5EncoderModel", "mean", max_seq_length=None)
    library.tokenizer.model_max_length = int(1e30)
    model = TransformerModel(library)
    texts = ["king", "word " * 700 + "king", "word " * 700 + "queen"]
    vectors, truncated, _ = model.read(texts)
    assert (model.find_tokens(texts[1]).limit, model.find_tokens(texts[1]).stops_at) == (None, None)
    assert model.max_tokens is None
    assert truncated == [False] * 3
    assert np.abs(vectors - library.encode(texts, normalize_embeddings=True)).max() <= 2e-6
    assert np.abs(vectors[1] - vectors[2]).max() > 1e-6
