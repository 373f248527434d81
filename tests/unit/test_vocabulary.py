from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fakes import FakeEncoder

from embviz.analysis.vocabulary import CommonWords, common_words, is_profane


def test_common_words_are_many_and_stand_once():
    words = common_words()
    assert 9_000 < len(words) < 10_000
    assert len(set(words)) == len(words)
    assert all(word.isalpha() and word.islower() and len(word) >= 3 for word in words)
    assert {"king", "queen", "goddess", "paris", "organ", "finger"} <= set(words)


@pytest.mark.parametrize("word", ["porn", "fucked", "pissed", "horny"])
def test_profane_words_are_not_among_them(word):
    assert is_profane(word)
    assert word not in common_words()


@pytest.mark.parametrize("word", ["king", "finger", "god", "gay", "dominant", "shrimp"])
def test_other_words_are_not_taken_for_profane(word):
    assert not is_profane(word)


def test_common_words_are_encoded_once_and_kept(tmp_path):
    words = CommonWords(FakeEncoder(king=(0, 1)), tmp_path)
    first = words.load()
    assert first.texts == common_words()
    assert first.vectors[first.texts.index("king")].tolist() == [0, 1]
    assert words.load() is first
    from_disk = CommonWords(FakeEncoder(king=(0, 1)), tmp_path).load()
    assert np.array_equal(from_disk.vectors, first.vectors)


def test_threads_that_ask_while_they_are_encoded_get_the_same(tmp_path):
    words = CommonWords(FakeEncoder(), tmp_path)
    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(lambda _: words.load(), range(4))
    assert all(other is first for other in others)
