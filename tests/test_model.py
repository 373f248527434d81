import random

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from embviz.encoder import find_wheel_folder
from embviz.model import Model, _batches
from embviz.packed import PackedLinear
from embviz.vocabulary import common_words


@pytest.fixture(scope="module")
def plain():
    return SentenceTransformer(str(find_wheel_folder()), local_files_only=True)


@pytest.fixture(scope="module")
def model():
    return Model(SentenceTransformer(str(find_wheel_folder()), local_files_only=True))


@pytest.fixture(scope="module")
def texts():
    draw = random.Random(0)
    lengths = [1] * 150 + [draw.randint(2, 20) for _ in range(40)] + [200, 250, 400]
    texts = [" ".join(draw.choices(common_words(), k=n)) for n in lengths]
    texts += ["", "😀", "שלום", "a\u0301", "x" * 5000]
    draw.shuffle(texts)
    return texts


def test_the_real_model_is_packed(model):
    assert sum(isinstance(layer, PackedLinear) for layer in model._model.modules()) == 37


def test_vectors_are_those_of_sentence_transformers(model, plain, texts):
    expected = plain.encode(texts, normalize_embeddings=True)
    assert np.abs(model.encode(texts) - expected).max() <= 1e-6
    assert model.encode([]).shape == (0, 384)


def test_a_vector_does_not_depend_on_the_other_texts_to_any_digit_shown(model, texts):
    together = model.encode(texts)
    alone = np.concatenate([model.encode([text]) for text in texts])
    assert np.abs(together - alone).max() <= 1e-6
    assert np.abs(together @ together.T - alone @ alone.T).max() <= 1e-6


def test_a_prompt_of_the_model_is_put_before_every_text(plain):
    prompted = SentenceTransformer(
        str(find_wheel_folder()),
        local_files_only=True,
        prompts={"query": "query: "},
        default_prompt_name="query",
    )
    vectors = Model(prompted).encode(["king", "queen"])
    expected = plain.encode(["query: king", "query: queen"], normalize_embeddings=True)
    assert np.abs(vectors - expected).max() <= 1e-6


def test_a_batch_holds_texts_of_about_the_same_length():
    # 13 texts of 3 tokens would be padded to 7 for the sake of one.
    assert list(_batches([7, *[3] * 13])) == [list(range(1, 14)), [0]]
    assert list(_batches([4, *[3] * 13])) == [[*range(1, 14), 0]]
    assert list(_batches([256] * 5)) == [[0, 1, 2, 3], [4]]
    assert list(_batches([])) == []
