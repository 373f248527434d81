import numpy as np
import pytest

from embviz.course.packed_texts import PackedTexts

# Two lists share the string; a text of either may be empty.
CONTENT = "aé😀–b".encode()
STARTS = np.array([0, 1, 3, 3, 7])
ENDS = np.array([1, 3, 3, 7, 11])
TEXTS = ["a", "é", "", "😀", "–b"]


@pytest.fixture
def packed():
    return PackedTexts(CONTENT, STARTS, ENDS)


def test_packed_texts_are_read_like_a_tuple(packed):
    assert len(packed) == 5
    assert list(packed) == TEXTS
    assert [packed[i] for i in range(-5, 5)] == TEXTS * 2
    assert packed.index("😀") == 3
    assert "" in packed
    assert "aé" not in packed


@pytest.mark.parametrize("part", [slice(1, 3), slice(None), slice(3, 99), slice(None, None, -2)])
def test_a_slice_is_a_tuple(packed, part):
    assert packed[part] == tuple(TEXTS)[part]


@pytest.mark.parametrize("place", [5, -6])
def test_there_is_no_text_beyond_the_last(packed, place):
    with pytest.raises(IndexError):
        packed[place]
