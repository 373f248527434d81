import sys
import unicodedata

import pytest

from embviz import InputError
from embviz.inputs.parsing import (
    comparison_key,
    parse_choice,
    parse_count,
    parse_flag,
    parse_index,
    parse_text,
    parse_texts,
)

NOTHING = ["", "  \n\t", "\x00\x07", "\u200b", "\u202e", " \u200b\x00 "]
NO_TEXT = [None, 5, True, ["king"], {"text": "king"}]


@pytest.mark.parametrize("value", NOTHING)
def test_text_with_nothing_to_read_is_refused(value):
    with pytest.raises(InputError, match=r"^Text A is empty: type a word or a sentence\.$"):
        parse_text(value, "Text A")


@pytest.mark.parametrize("value", NO_TEXT)
def test_text_must_be_a_string(value):
    with pytest.raises(InputError, match=r"^Text A must be text\.$"):
        parse_text(value, "Text A")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (" king ", "king"),
        ("ki\x00ng\x1b[31m", "king[31m"),
        ("one\ttwo\nthree", "one\ttwo\nthree"),
        ("👩‍🚀", "👩‍🚀"),
        ("שלום", "שלום"),
        ("<img onerror=alert(1)> ${7*7}", "<img onerror=alert(1)> ${7*7}"),
        ("half an emoji: \ud83d", "half an emoji: \ufffd"),
    ],
)
def test_text_is_cleaned_and_otherwise_left_alone(typed, text):
    assert parse_text(typed, "Text A") == text


def test_all_control_characters_go_and_no_other_character():
    lone = "".join(map(chr, range(0xD800, 0xE000)))
    characters = [c for c in map(chr, range(sys.maxunicode + 1)) if c not in lone]
    kept = [c for c in characters if unicodedata.category(c) != "Cc" or c.isspace()]
    assert parse_text(f"a{''.join(characters)}b", "Text A") == f"a{''.join(kept)}b"


@pytest.mark.parametrize("typed", [["king", "queen"], ("king", "queen"), "king\n\n queen \r\n"])
def test_texts_come_as_a_list_or_as_lines(typed):
    assert parse_texts(typed, "Words") == ("king", "queen")


def test_commas_separate_only_where_asked_and_where_there_is_no_line_break():
    assert parse_texts("ice cream, summer,", "Words", commas=True) == ("ice cream", "summer")
    assert parse_texts("ice, cream\nsummer", "Words", commas=True) == ("ice, cream", "summer")
    assert parse_texts("ice, cream", "Documents") == ("ice, cream",)


@pytest.mark.parametrize("value", [None, 5, True, {"a": 1}, ["king", 5], [["king"]], [None]])
def test_texts_must_be_strings(value):
    with pytest.raises(InputError, match="must be a list of texts"):
        parse_texts(value, "Words")


@pytest.mark.parametrize("value", ["", " \n ", ",,,", [], ()])
def test_at_least_one_text_is_needed(value):
    with pytest.raises(InputError, match=r"^Words: type at least one text\.$"):
        parse_texts(value, "Words", commas=True)


def test_the_empty_one_of_a_list_is_named():
    with pytest.raises(InputError, match=r"^Words: text 2 is empty"):
        parse_texts(["king", " "], "Words")


@pytest.mark.parametrize("value", [1, 5, 5.0])
def test_count(value):
    assert parse_count(value, "Top k") == value


@pytest.mark.parametrize(
    "value", [0, -1, 2.5, "5", None, True, [], float("nan"), float("inf"), -float("inf")]
)
def test_count_must_be_a_whole_number_of_at_least_one(value):
    with pytest.raises(InputError, match=r"^Top k must be a whole number of at least 1\.$"):
        parse_count(value, "Top k")


@pytest.mark.parametrize("value", [-1, 3, "0", None, 1.0])
def test_index_must_be_that_of_an_item(value):
    assert parse_index(2, "Example", 3) == 2
    with pytest.raises(InputError, match=r"^Example must be a whole number from 0 to 2\.$"):
        parse_index(value, "Example", 3)


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_flag_must_be_true_or_false(value):
    assert parse_flag(False, "Exclude inputs") is False
    with pytest.raises(InputError, match=r"^Exclude inputs must be true or false\.$"):
        parse_flag(value, "Exclude inputs")


@pytest.mark.parametrize("value", ["other", None, 5, [], {}])
def test_choice_must_be_one_of_the_names(value):
    assert parse_choice("semantic", "Method", ("semantic", "keyword")) == "semantic"
    with pytest.raises(InputError, match=r"^Method must be one of: semantic, keyword\.$"):
        parse_choice(value, "Method", ("semantic", "keyword"))


SAME = {
    "new york": ["New York", "New\u00a0York", " New  York\n", "new\u3000york", "New\u00ad York"],
    "ice": ["ice", "i\u200bce", "\ufeffICE", "i\u00adce", "ice\u200f"],
    "café": ["café", "cafe\u0301", "CAFÉ", "cafe\u00ad\u0301"],
    "strasse": ["Straße", "STRASSE", "straẞe"],
    # A capital that becomes two letters, and two marks in either order.
    "άι": ["\u1fb4", "α\u0345\u0301", "α\u0301\u0345", "α\u0345\u00ad\u0301", "Άι"],
}


@pytest.mark.parametrize(("key", "text"), [(k, t) for k, texts in SAME.items() for t in texts])
def test_texts_that_differ_only_in_how_they_are_typed_are_the_same(key, text):
    assert comparison_key(text) == key


@pytest.mark.parametrize(
    ("text", "other"), [("x²", "x2"), ("new york", "newyork"), ("café", "cafe"), ("ﬁ", "f i")]
)
def test_other_texts_are_not(text, other):
    assert comparison_key(text) != comparison_key(other)
