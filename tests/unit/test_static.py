"""Static models: the library's own answers are the oracle."""

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Pooling,
    StaticEmbedding,
    WordEmbeddings,
)
from sentence_transformers.sentence_transformer.modules.tokenizer import (
    WhitespaceTokenizer,
    WordTokenizer,
)
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from embviz import load_encoder
from embviz.errors import InputError
from embviz.models.static import StaticModel, is_static

WORDS = {"king": (1, 0), "queen": (0, 1), "sea": (3, 4)}
TEXTS = ["king", "king queen", "sea sea king", "KING", "xyz", "", "king xyz"]


def static_embedding(limit=None):
    """A StaticEmbedding that knows three words and a token for all that it does not know."""
    words = ["[UNK]", *WORDS]
    tokenizer = Tokenizer(WordLevel({w: n for n, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    if limit:
        tokenizer.enable_truncation(limit)
    vectors = np.array([(-1, -1), *WORDS.values()], dtype=np.float32)
    return SentenceTransformer(modules=[StaticEmbedding(tokenizer, vectors)], device="cpu")


def word_embeddings(**options):
    """GloVe's kind: words between spaces, those it does not know left out, then the average."""
    tokenizer = WhitespaceTokenizer(["PADDING_TOKEN", *WORDS])
    vectors = np.array([(0, 0), *WORDS.values()], dtype=np.float32)
    modules = [WordEmbeddings(tokenizer, vectors, **options), Pooling(2, pooling_mode="mean")]
    return SentenceTransformer(modules=modules, device="cpu")


@pytest.fixture(params=[static_embedding, word_embeddings], ids=["tokens", "words"])
def library(request):
    return request.param()


def test_vectors_are_those_of_sentence_transformers(library):
    vectors, _, _ = StaticModel(library).read(TEXTS)
    assert vectors.dtype == np.float32
    assert np.abs(vectors - library.encode(TEXTS, normalize_embeddings=True)).max() <= 1e-6


def test_a_text_is_the_average_of_its_words(library):
    vectors, _, _ = StaticModel(library).read(["king queen", "sea", "sea king"])
    expected = np.array([(1, 1), (3, 4), (4, 4)])
    assert vectors == pytest.approx(
        expected / np.linalg.norm(expected, axis=1, keepdims=True), abs=1e-6
    )


def test_texts_without_a_known_word_are_told(library):
    _, _, unknown = StaticModel(library).read(["king", "xyz", "king xyz", ""])
    assert unknown == [False, True, False, True]


def test_all_of_a_text_is_read(library):
    model = StaticModel(library)
    assert model.max_tokens is None
    assert model.read(["sea " * 900])[1] == [False]


@pytest.mark.parametrize(
    "library",
    [static_embedding(limit=2), word_embeddings(max_seq_length=2)],
    ids=["tokens", "words"],
)
def test_a_limit_is_read_from_the_model(library):
    model = StaticModel(library)
    assert model.max_tokens == 2
    assert model.read(["king", "king queen", "king queen sea"])[1] == [False, False, True]


def test_a_prompt_of_the_model_is_put_before_every_text():
    library = static_embedding()
    library.prompts, library.default_prompt_name = {"query": "sea "}, "query"
    vectors, _, unknown = StaticModel(library).read(["king", "xyz"])
    assert vectors == pytest.approx(library.encode(["king", "xyz"], normalize_embeddings=True))
    assert vectors[0] == pytest.approx([2**-0.5, 2**-0.5])
    assert unknown == [False, True]


def test_a_model_may_keep_the_first_of_its_dimensions_only():
    library = static_embedding()
    library.truncate_dim = 1
    model = StaticModel(library)
    assert model.dimension == 1
    assert model.read(["sea"])[0] == pytest.approx(np.array([[1]]))


def test_no_texts_have_no_vectors(library):
    vectors, truncated, unknown = StaticModel(library).read([])
    assert vectors.shape == (0, 2)
    assert truncated == unknown == []


def test_it_has_no_tokens_in_context(library):
    with pytest.raises(InputError, match=r"same vector in every text.*\.$"):
        StaticModel(library).read_tokens("king")


def test_it_has_no_layers(library):
    with pytest.raises(InputError, match=r"no layers to look into: choose another model.*\.$"):
        StaticModel(library).read_layers("king")


def test_all_tokens_are_found_where_they_stand(library):
    found = StaticModel(library).find_tokens(" king  sea, queen")
    parts = [" king  sea, queen"[start:end] for start, end in found.places]
    words = [part.strip(",") for part in parts if part != ","]
    assert words == ["king", "sea", "queen"]
    assert (found.limit, found.stops_at) == (None, None)


def test_words_that_a_model_of_words_leaves_out_are_no_tokens():
    assert StaticModel(word_embeddings()).find_tokens("the king xyz sea").places == (
        (4, 8),
        (13, 16),
    )


@pytest.mark.parametrize(
    "library",
    [static_embedding(limit=2), word_embeddings(max_seq_length=2)],
    ids=["tokens", "words"],
)
def test_tokens_beyond_the_limit_are_found(library):
    model = StaticModel(library)
    found = model.find_tokens("king queen sea sea king")
    assert found.places == ((0, 4), (5, 10), (11, 14), (15, 18), (19, 23))
    assert (found.limit, found.stops_at) == (2, 10)
    assert model.read(["king queen"])[0] == pytest.approx(model.read(["king queen sea"])[0])
    assert model.find_tokens("king queen").stops_at is None


def test_the_tokens_of_a_prompt_are_not_those_of_the_text():
    library = static_embedding(limit=3)
    library.prompts, library.default_prompt_name = {"query": "sea king "}, "query"
    model = StaticModel(library)
    assert model.find_tokens("queen") == (((0, 5),), 1)
    assert model.read(["queen", "queen sea"])[1] == [False, True]
    assert model.find_tokens("queen sea").stops_at == 5


def test_a_tokenizer_that_joins_words_does_not_tell_its_tokens():
    library = word_embeddings()

    class PhraseTokenizer(WordTokenizer):
        tokenize = library[0].tokenizer.tokenize
        get_vocab = set_vocab = save = load = None

    library[0].tokenizer = PhraseTokenizer()
    with pytest.raises(InputError, match=r"where in a text its tokens stand: choose another.*\.$"):
        StaticModel(library).find_tokens("king")


@pytest.mark.parametrize("make", [static_embedding, word_embeddings], ids=["tokens", "words"])
def test_a_folder_with_a_static_model_loads(tmp_path, make):
    library = make()
    assert is_static(library)
    library.save(str(tmp_path / "little"))
    encoder = load_encoder(str(tmp_path / "little"))
    assert (encoder.name, encoder.family, encoder.layers) == ("little", "static", None)
    texts = ["king", "sea queen"]
    assert encoder.encode(texts) == pytest.approx(library.encode(texts, normalize_embeddings=True))
