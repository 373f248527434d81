"""A word in several sentences: by hand, and as transformers and scikit-learn have it."""

import numpy as np
import pytest
import torch
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sklearn.metrics.pairwise import cosine_similarity

from embviz import InputError
from embviz.analysis.word_in_context import (
    READY_SENTENCES,
    Occurrence,
    _match_tokens,
    compare_occurrences,
    find_word,
)
from embviz.models.loading import find_wheel_folder
from embviz.models.model import HiddenStates
from embviz.models.progress import reporting_to
from embviz.models.static import StaticModel

RIVER = [
    "We sat on the bank of the river and watched the boats.",
    "The river had burst its bank after the heavy rain.",
    "Willows grow along the muddy bank of the stream.",
]
MONEY = [
    "She went to the bank to open a savings account.",
    "The bank raised its interest rates last week.",
    "He borrowed money from the bank to buy a house.",
]


class ContextEncoder(FakeEncoder):
    """Before its only layer all words are (1, 0); after it, each is what `points` say of the text.

    Reads the first ten words of a text.
    """

    layers = 1

    def read_layers(self, text):
        words = text.split()
        places, end = [], -1
        for word in words:
            places.append((end + 1, end + 1 + len(word)))
            end = places[-1][1]
        states = np.stack(
            [np.tile((1, 0), (len(words), 1)), np.tile(self.points[text], (len(words), 1))]
        )
        # Without a context, each form has a vector of its own.
        inputs = np.array([(1, 0) if word == "bank" else (0, 1) for word in words[:10]])
        return HiddenStates(
            tuple(words[:10]),
            states[:, :10].astype(np.float32),
            tuple(places[:10]),
            inputs.astype(np.float32),
        )


WORLD = ContextEncoder(
    **{"a bank": (1, 0), "the bank": (0.8, 0.6), "bank holiday": (0, 1), "my bank": (0.6, 0.8)}
)

BANKS = ContextEncoder(**{"a bank": (1, 0), "the bank": (0.8, 0.6), "my banks": (0, 1)})


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("bank", "The bank, closed.", "bank"),
        ("bank", "BANK!", "BANK"),
        ("Bank", "the banks", "banks"),
        ("banks", "I banked it.", "banked"),
        ("city", "two cities", "cities"),
        ("bank", "Banking at the bank", "bank"),
        ("bank", "The banker's bank.", "bank"),
        ("bank", "the bank's door", "bank"),
        ("bank", "embankment, banker", None),
        ("savings account", "Two Savings  accounts.", "Savings  accounts"),
        ("don't", "I don’t know", "don’t"),
        ("naïve", "so naïve!", "naïve"),
        ("mouse", "mice", None),
        ("😀", "a 😀", None),
        ("bank", "", None),
    ],
)
def test_a_word_is_found_whole_or_inflected(word, text, found):
    place = find_word(word, text)
    assert (place and text[slice(*place)]) == found


@given(st.text(), st.text())
def test_what_is_found_is_of_the_text(word, text):
    place = find_word(word, text)
    assert place is None or 0 <= place[0] < place[1] <= len(text)


def test_occurrences_by_hand():
    result = compare_occurrences("bank", ["a bank", "no", "the bank", "bank holiday"], WORLD)
    assert [(o.index, o.text, o.tokens) for o in result.occurrences] == [
        (0, "a bank", ("bank",)),
        (2, "the bank", ("bank",)),
        (3, "bank holiday", ("bank",)),
    ]
    assert [o.text[o.start : o.end] for o in result.occurrences] == ["bank"] * 3
    assert (result.layer, result.missing) == (1, (1,))
    assert result.similarities == pytest.approx(
        np.array([[1, 0.8, 0], [0.8, 1, 0.6], [0, 0.6, 1]]), abs=1e-6
    )
    assert [(row.layer, row.mean) for row in result.by_layer] == [
        (0, pytest.approx(1)),
        (1, pytest.approx((0.8 + 0 + 0.6) / 3)),
    ]


def test_without_its_context_a_word_is_what_its_form_is():
    result = compare_occurrences("bank", ["a bank", "the bank", "my banks"], BANKS)
    assert result.without_context == pytest.approx(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]]))


def test_the_vectors_are_those_that_are_compared(encoder):
    result = compare_occurrences("bank", RIVER + MONEY, encoder, layer=3)
    assert np.linalg.norm(result.vectors, axis=1) == pytest.approx(np.ones(6))
    assert result.vectors @ result.vectors.T == pytest.approx(result.similarities)


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("bank", "bank"),
        ("The bank raised its interest rates.", "bank raised its interest"),
        ("She opened an account at the bank.", "account at the bank."),
        ("Is it the bank of 1905?", "the bank of 1905?"),
    ],
)
def test_an_occurrence_is_named_by_the_words_around_it(text, around):
    start = text.index("bank")
    assert Occurrence(0, text, ("bank",), start, start + 4).around == around


@pytest.mark.parametrize(
    ("ready", "apart"), [("bank", True), ("crane", False), ("bat", True), ("light", True)]
)
def test_the_ready_sentences_have_two_meanings_which_the_model_mostly_tells_apart(
    ready, apart, encoder
):
    (sentences,) = (r.sentences for r in READY_SENTENCES if r.word == ready)
    result = compare_occurrences(ready, sentences, encoder)
    assert result.missing == ()
    assert (result.groups == (0, 0, 0, 1, 1, 1)) == apart


def test_two_groups_and_how_alike_they_are_inside_and_across():
    texts = ["a bank", "bank holiday", "the bank", "my bank"]
    result = compare_occurrences("bank", texts, WORLD)
    assert result.groups == (0, 1, 0, 1)
    last = result.by_layer[1]
    assert last.within == pytest.approx(0.8, abs=1e-6)
    assert last.across == pytest.approx((0 + 0.6 + 0.6 + 0.96) / 4, abs=1e-6)
    # Before the layer all are the same, so there are no groups.
    first = result.by_layer[0]
    assert (first.within, first.across) == pytest.approx((1, 1))
    assert (first.finds_groups, last.finds_groups, result.groups_from) == (False, True, 1)


@pytest.mark.parametrize(
    ("sentences", "layer"),
    [(["a bank", "bank holiday"], -1), (["a bank", "the bank", "bank holiday"], 0)],
    ids=["of two", "of the same"],
)
def test_there_are_no_groups(sentences, layer):
    result = compare_occurrences("bank", sentences, WORLD, layer=layer)
    assert result.groups == ()
    assert result.groups_from is None
    assert [(row.within, row.across, row.finds_groups) for row in result.by_layer] == [
        (None, None, False)
    ] * 2


def test_a_word_of_several_tokens_is_their_mean(encoder):
    sentences = ["Such unbelievability!", "The unbelievability of it."]
    result = compare_occurrences("unbelievability", sentences, encoder, layer=2)
    assert [o.tokens for o in result.occurrences] == [
        ("un", "##bel", "##ie", "##va", "##bility")
    ] * 2
    means = [
        encoder.read_layers(text).states[2, first : first + 5].mean(axis=0)
        for text, first in zip(sentences, (2, 2), strict=True)
    ]
    assert result.similarities == pytest.approx(cosine_similarity(means), abs=1e-6)


@pytest.mark.parametrize(
    ("tokens", "word", "found"),
    [
        (["[CLS]", "the", "Un", "##bel", "##ief"], "unbelief", [2, 3, 4]),
        (["▁the", "▁ri", "ver", "▁bank"], "river bank", [1, 2, 3]),
        (["Ġbank", "s"], "bank", [0]),
        (["ban</w>", "bank</w>"], "bank", [1]),
        (["the", "bank"], "banks", []),
        ([], "bank", []),
    ],
)
def test_tokens_are_matched_where_their_places_are_not_known(tokens, word, found):
    assert _match_tokens(tokens, word) == found


def test_places_and_matching_agree(encoder, monkeypatch):
    expected = compare_occurrences("bank", RIVER + MONEY, encoder)
    read = encoder._model.read_layers
    monkeypatch.setattr(
        encoder._model, "read_layers", lambda text: read(text)._replace(places=None)
    )
    matched = compare_occurrences("bank", RIVER + MONEY, encoder)
    assert matched.occurrences == expected.occurrences
    assert np.array_equal(matched.similarities, expected.similarities)


@pytest.fixture(scope="module")
def bank(encoder):
    return compare_occurrences("bank", RIVER + MONEY, encoder)


def test_the_model_tells_the_banks_apart(bank):
    assert bank.groups == (0, 0, 0, 1, 1, 1)
    assert bank.groups_from == 1
    assert [o.text[o.start : o.end] for o in bank.occurrences] == ["bank"] * 6
    gaps = [row.within - row.across for row in bank.by_layer]
    assert gaps[0] < 0.01 < 0.05 < min(gaps[1:])


def test_an_inflected_form_is_another_token_from_the_start(encoder):
    result = compare_occurrences("bank", [*RIVER, "The banks of the stream."], encoder, layer=0)
    assert [o.tokens for o in result.occurrences] == [("bank",)] * 3 + [("banks",)]
    assert result.groups == (0, 0, 0, 1)


def test_before_the_first_layer_only_the_position_differs(encoder):
    # The word itself in all of them.
    sentences = RIVER[:2] + MONEY[:2]
    before = compare_occurrences("bank", sentences, encoder, layer=0)
    after = compare_occurrences("bank", sentences, encoder)
    assert before.similarities.min() > 0.95
    # The fifth token in both.
    assert before.similarities[0, 2] == pytest.approx(1)
    assert after.similarities[0, 1] == pytest.approx(0.902, abs=5e-4)
    assert after.similarities[2, 3] == pytest.approx(0.851, abs=5e-4)
    assert after.similarities[:2, 2:] == pytest.approx(
        np.array([[0.759, 0.777], [0.755, 0.791]]), abs=5e-4
    )


def test_similarities_are_those_of_transformers(encoder):
    library = SentenceTransformer(str(find_wheel_folder()), local_files_only=True)
    number = library.tokenizer.convert_tokens_to_ids("bank")
    vectors = []
    for text in RIVER[:2] + MONEY[:2]:
        features = library.tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            states = library[0].auto_model(**features, output_hidden_states=True).hidden_states
        place = features["input_ids"][0].tolist().index(number)
        vectors.append(torch.cat(states)[:, place].numpy())
    for layer in range(7):
        result = compare_occurrences("bank", RIVER[:2] + MONEY[:2], encoder, layer=layer)
        expected = cosine_similarity([states[layer] for states in vectors])
        assert result.similarities == pytest.approx(expected, abs=1e-5)
        mean = expected[np.triu_indices(4, 1)].mean()
        assert result.by_layer[layer].mean == pytest.approx(mean, abs=1e-5)


def test_a_word_that_is_not_read_is_missing(encoder):
    texts = [*RIVER[:2], "word " * 300 + "bank"]
    assert compare_occurrences("bank", texts, encoder).missing == (2,)


def test_progress_is_reported_sentence_by_sentence():
    shares = []
    with reporting_to(shares.append):
        compare_occurrences("bank", ["a bank", "no", "the bank", "bank holiday"], WORLD)
    assert shares == [0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize(
    ("word", "sentences", "layer", "message"),
    [
        ("sea", ["a bank", "the bank"], -1, "in none of the sentences: type at least two"),
        ("bank", ["a bank", "no"], -1, "in one of the sentences only: type at least two"),
        ("bank", ["a bank"], -1, "in one of the sentences only: type at least two"),
        ("bank", [], -1, "in none of the sentences"),
        ("bank", ["a bank"] * 31, -1, "31 are too many; at most 30"),
        ("bank", ["a bank", "the bank"], 2, "from 0 to 1, or -1 for the last"),
        ("bank", ["a bank", "the bank"], -2, "from 0 to 1, or -1 for the last"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(word, sentences, layer, message):
    with pytest.raises(InputError, match=f"{message}.*\\.$"):
        compare_occurrences(word, sentences, WORLD, layer=layer)


def test_a_model_without_layers_is_refused():
    class Static(FakeEncoder):
        read_layers = StaticModel.read_layers

    with pytest.raises(InputError, match="no layers to look into"):
        compare_occurrences("bank", ["a bank", "the bank"], Static())
