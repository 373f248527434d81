"""A long text in passages: by hand, by rules that hold for any text, and with the real models."""

import re
from itertools import pairwise

import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sentence_transformers.util import cos_sim

from embviz.analysis import passages as module
from embviz.analysis.corpus import read_articles
from embviz.analysis.passages import (
    INSTRUCTION,
    Passage,
    cut_into_passages,
    find_passages,
    write_prompt,
)
from embviz.errors import InputError, Stopped
from embviz.inputs.limits import MAX_LONG_TEXT
from embviz.models.loading import load_wordllama
from embviz.models.model import TokenPlaces
from embviz.models.progress import reporting_to


class WordEncoder(FakeEncoder):
    """Its tokens are words and punctuation marks; the model reads 20 of them."""

    limit = 20

    def find_tokens(self, text):
        return TokenPlaces(tuple(m.span() for m in re.finditer(r"\w+|[^\w\s]", text)), self.limit)


class PieceEncoder(WordEncoder):
    """A part of a text may have more tokens here than it has in the text.

    Words are cut into fours from their start, and begin with a token more where a text begins.
    """

    def find_tokens(self, text):
        places = tuple(m.span() for m in re.finditer(r"\w{1,4}|[^\w\s]", text))
        return TokenPlaces(((0, 0), *places), self.limit)


class LetterEncoder(WordEncoder):
    """Each character is three tokens, white space as well."""

    def find_tokens(self, text):
        return TokenPlaces(tuple((n, n + 1) for n in range(len(text)) for _ in range(3)), None)


WORDS = WordEncoder()


def cut(text, tokens, overlap=0, encoder=WORDS):
    return [text[a:b] for a, b in cut_into_passages(text, encoder, tokens=tokens, overlap=overlap)]


def test_passages_end_where_sentences_end():
    text = "One two three. Four five! Six seven eight nine? Ten."
    assert cut(text, 8) == ["One two three. Four five! ", "Six seven eight nine? Ten."]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is. It was.", ["It is. ", "It was."]),
        ("“It is.” (It was.) So?!  Yes…", ["“It is.” ", "(It was.) ", "So?!  ", "Yes…"]),
        ("Ask Dr. Who or J. Smith. Now.", ["Ask Dr. Who or J. Smith. ", "Now."]),
        ("See Fig. 2, e.g. the U.S. map. Good.", ["See Fig. 2, e.g. the U.S. map. ", "Good."]),
        ("It costs 3.50 euros. Fine.", ["It costs 3.50 euros. ", "Fine."]),
        ("A heading\n\nA text\nof lines.", ["A heading\n\n", "A text\nof lines."]),
        ("日本。漢字！", ["日本。", "漢字！"]),
        ("no end", ["no end"]),
    ],
)
def test_where_sentences_end(text, sentences):
    cuts = [0, *module._ends_of(module._SENTENCE_END, text)]
    assert [text[a:b] for a, b in pairwise(cuts)] == sentences


def test_a_sentence_that_is_too_long_is_cut_at_the_end_of_a_line_or_else_of_a_word():
    assert cut("a b c d\ne f g h i j. K.", 6) == ["a b c d\n", "e f g h i ", "j. K."]
    assert cut("a b c d e f g h i j. K.", 6) == ["a b c d e f ", "g h i j. ", "K."]


def test_a_word_that_is_too_long_is_cut_between_two_tokens():
    assert cut("a-b-c-d-e", 4) == ["a-b-", "c-d-", "e"]


def test_passages_share_the_last_sentences_that_fit_in_the_overlap():
    text = "A b. C d. E f. G h."
    assert cut(text, 9, 3) == ["A b. C d. E f. ", "E f. G h."]
    assert cut(text, 9, 2) == ["A b. C d. E f. ", "G h."]
    assert cut(text, 9, 6) == ["A b. C d. E f. ", "C d. E f. G h."]


def test_what_is_shared_gives_way_to_a_sentence_that_needs_its_room():
    assert cut("A b. C d. E f g h i j k.", 9, 3) == ["A b. C d. ", "E f g h i j k."]


def test_parts_of_a_sentence_share_words():
    assert cut("a b c d e f g h", 4, 1) == ["a b c d ", "d e f g ", "g h"]


def test_the_overlap_is_no_place_to_stand_still():
    assert cut("a b c d e", 3, 2) == ["a b c ", "b c d ", "c d e"]


@pytest.mark.parametrize("text", ["king", " king\n", "a b c d e f g h"])
def test_a_short_text_is_one_passage(text):
    assert cut(text, 8, 4) == [text]


def test_a_character_of_too_many_tokens_is_a_passage_of_its_own():
    assert cut("abc", 2, 1, LetterEncoder()) == ["a", "b", "c"]


def assert_rules(text, encoder, tokens, overlap):
    """What is promised of passages of any text."""
    places = cut_into_passages(text, encoder, tokens=tokens, overlap=overlap)
    count = [len(encoder.find_tokens(text[a:b]).places) for a, b in places]
    assert max(count) <= tokens
    assert (places[0][0], places[-1][1]) == (0, len(text))
    for (start, end), (next_start, next_end) in pairwise(places):
        assert start < next_start <= end < next_end
        if next_start < end:
            assert len(encoder.find_tokens(text[next_start:end]).places) <= overlap
    # Without what they share, they are the text.
    ends = [0, *(end for _, end in places)]
    parts = [text[a:b][before - a :] for (a, b), before in zip(places, ends, strict=False)]
    assert "".join(parts) == text


# Parts that look like text, and parts that do not.
PARTS = ["A word. ", "So?", "long " * 30, "state-of-the-art ", "\n", "\n\n", "日本。", "é"]
TEXTS = st.lists(st.sampled_from(PARTS) | st.text(max_size=8), min_size=1, max_size=25).map("".join)
SIZES = st.integers(8, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1)))


@pytest.mark.parametrize("fake", [WordEncoder(), PieceEncoder(), LetterEncoder()])
@settings(deadline=None)
@given(text=TEXTS.filter(bool), size=SIZES)
def test_the_rules_hold_for_any_text(fake, text, size):
    assert_rules(text, fake, *size)


@settings(max_examples=60, deadline=None)
@given(text=TEXTS.filter(bool), size=SIZES)
@example("😀" * 40 + " x" * 40, (8, 7))
@example("unbelievabilities" * 30, (8, 3))
def test_the_rules_hold_for_the_real_tokens(encoder, text, size):
    assert_rules(text.encode("utf-8", "replace").decode(), encoder, *size)


@pytest.fixture(scope="module")
def wordllama():
    """Spells in bytes what it does not know, and counts the space before a word to its token."""
    return load_wordllama()


@settings(max_examples=60, deadline=None)
@given(text=TEXTS.filter(bool), size=SIZES)
@example("😀" * 40 + " x" * 40, (8, 7))
@example("a\u0301\u0302" * 40, (9, 4))
def test_the_rules_hold_for_tokens_of_bytes(wordllama, text, size):
    assert_rules(text.encode("utf-8", "replace").decode(), wordllama, *size)


class CountingEncoder(WordEncoder):
    """Counts the characters that it takes apart into tokens."""

    work = 0

    def find_tokens(self, text):
        self.work += len(text)
        return super().find_tokens(text)


@pytest.mark.parametrize(
    "unit", ["A b. ", "ab ", "ab\n", "a-", ".", "“", "漢。", "\n", '."', "「„", "Dr. "]
)
@pytest.mark.parametrize("tokens", [8, 1_000])
def test_the_work_grows_with_the_text_whatever_it_is(unit, tokens):
    text = unit * (20_000 // len(unit))
    counting = CountingEncoder()
    places = cut_into_passages(text, counting, tokens=tokens, overlap=0)
    assert places[-1][1] == len(text)
    # All of it once, each passage once or twice.
    assert counting.work <= 3 * len(text) + 100


def test_the_work_ends_where_there_are_too_many_passages():
    text = "a " * (MAX_LONG_TEXT // 2)
    counting = CountingEncoder()
    with pytest.raises(InputError, match="more than 5,000 passages"):
        find_passages("q", text, counting, tokens=8, overlap=0)
    # All of it once, and 5,001 of 12,500 passages.
    assert counting.work < 1.5 * len(text)


def test_passages_are_ranked_by_their_cosine_with_the_query():
    world = WordEncoder(
        **{"q": (1, 0), "A b c d e f g. ": (0.6, 0.8), "H i j k l m n. ": (0.8, 0.6), "O.": (0, 1)}
    )
    search = find_passages(
        "q", "A b c d e f g. H i j k l m n. O.", world, tokens=8, overlap=0, top_k=2
    )
    assert [(p.rank, p.start, p.end, p.text) for p in search.ranking] == [
        (1, 15, 30, "H i j k l m n. "),
        (2, 0, 15, "A b c d e f g. "),
        (3, 30, 32, "O."),
    ]
    assert [p.score for p in search.ranking] == pytest.approx([0.8, 0.6, 0], abs=1e-6)
    assert (search.passages, search.count) == (search.ranking[:2], 3)
    # The fake takes any text that it does not know, and so the whole, for the query.
    assert search.whole.score == pytest.approx(1)


@pytest.mark.parametrize(("limit", "read"), [(10, "A b c d e. F g h i"), (11, None), (None, None)])
def test_it_is_said_where_the_model_stops_reading(limit, read):
    text = "A b c d e. F g h i."
    fake = WordEncoder()
    fake.limit = limit
    search = find_passages("q", text, fake, tokens=8, overlap=0)
    assert text[: search.whole.read_until] == (read or text)


def test_white_space_is_no_passage():
    text = "a" + " " * 30 + "b"
    search = find_passages("q", text, LetterEncoder(), tokens=9, overlap=0, top_k=99)
    assert {p.text.strip() for p in search.ranking} == {"a", "b"}


def test_the_query_may_be_truncated():
    assert find_passages("a long query", "A text.", WORDS, tokens=8, overlap=0).truncated == (
        "a long query",
    )


def quoting(*texts):
    return tuple(Passage(n, 0, len(text), text, 0.5) for n, text in enumerate(texts, 1))


def test_a_prompt_has_the_instruction_the_sources_by_number_and_the_question():
    assert write_prompt("Who?", quoting("A king.\n\nA  queen. ", "No one.")) == (
        f"{INSTRUCTION}\n\n[1] A king. A queen.\n\n[2] No one.\n\nQuestion: Who?\n\nAnswer:"
    )


@pytest.mark.parametrize(("budget", "count"), [(1_000, 3), (15, 2), (14, 1), (1, 1)])
def test_a_prompt_quotes_the_best_that_fit_and_at_least_one(monkeypatch, budget, count):
    monkeypatch.setattr(module, "PROMPT_TOKENS", budget)
    text = "A b c d e f g. H i j k l m. N o."
    search = find_passages("Who?", text, WORDS, tokens=8, overlap=0)
    assert [len(WORDS.find_tokens(p.text).places) for p in search.passages] == [8, 7, 3]
    assert search.prompt_passages == search.passages[:count]
    assert search.prompt == write_prompt("Who?", search.prompt_passages)
    assert search.prompt_tokens == len(WORDS.find_tokens(search.prompt).places)


SIZE = r"^Tokens must be a whole number from 8 to 20, as many as the model reads of a text\.$"


@pytest.mark.parametrize(
    ("text", "sizes", "refusal"),
    [
        ("", {}, r"^The text is empty: .*\.$"),
        (" \n ", {}, r"^The text is empty: .*\.$"),
        ("a" * (MAX_LONG_TEXT + 1), {}, r"^The text has 200,001 characters: .* most 200,000\.$"),
        ("a", {"tokens": 7}, SIZE),
        ("a", {"tokens": 21}, SIZE),
        ("a", {"tokens": 8.5}, SIZE),
        ("a", {"tokens": "9"}, SIZE),
        ("a", {"overlap": -1}, r"^Overlap must be a whole number from 0 to 7, .*\.$"),
        ("a", {"overlap": 8}, r"^Overlap must be a whole number from 0 to 7, .*\.$"),
        ("a " * 5_000 * 8 + "a", {}, r"^The text has more than 5,000 passages of this size: .*\.$"),
    ],
)
def test_what_cannot_be_searched_is_refused(text, sizes, refusal):
    with pytest.raises(InputError, match=refusal):
        find_passages("q", text, WORDS, **{"tokens": 8, "overlap": 0, **sizes})


def test_a_model_without_a_limit_takes_passages_of_any_size():
    with pytest.raises(InputError, match=r"^Tokens must be a whole number from 8 to 200,000\.$"):
        find_passages("q", "a", LetterEncoder(), tokens=200_001)
    assert find_passages("q", "a b", LetterEncoder(), tokens=200_000).count == 1


def test_the_largest_text_and_the_most_passages_are_searched():
    assert find_passages("q", "a" * MAX_LONG_TEXT, WORDS, tokens=8, overlap=0).count == 1
    assert find_passages("q", "a " * 5_000 * 8, WORDS, tokens=8, overlap=0).count == 5_000


@pytest.fixture(scope="module")
def news():
    return "\n\n".join(read_articles())[:20_000]


def test_the_model_finds_an_answer_that_it_does_not_read_in_the_whole(encoder, news):
    answer = "The museum of lace opens at nine and closes at five, except on Mondays."
    # In the middle of an article, far behind what the model reads.
    place = news.index(". ", 12_000) + 2
    text = f"{news[:place]}{answer} {news[place:]}"
    search = find_passages("When does the lace museum open?", text, encoder)
    assert answer in search.passages[0].text
    assert search.whole.read_until < 2_000 < place
    assert search.whole.score < 0.3 < search.passages[0].score
    assert search.passages[0].score - search.whole.score > 0.2


def test_scores_are_those_of_sentence_transformers(encoder, news):
    search = find_passages("fires near Sydney", news, encoder, tokens=64, overlap=16, top_k=5)
    query, whole, *vectors = encoder.encode(
        [search.query, news, *(passage.text for passage in search.ranking)]
    )
    expected = cos_sim(query, np.array(vectors))[0].numpy()
    assert [p.score for p in search.ranking] == pytest.approx(expected, abs=1e-6)
    assert sorted(expected, reverse=True) == pytest.approx(expected, abs=1e-6)
    assert search.whole.score == pytest.approx(cos_sim(query, whole).item(), abs=1e-6)
    for passage in search.ranking:
        assert passage.text == news[passage.start : passage.end]
    assert len(search.passages) == 5


@pytest.mark.parametrize("tokens", [8, 254])
def test_no_passage_is_truncated(encoder, news, tokens):
    search = find_passages("q", news, encoder, tokens=tokens, overlap=0)
    assert encoder.truncated([passage.text for passage in search.ranking]) == ()


def test_a_passage_of_more_tokens_than_the_model_reads_is_refused(encoder):
    with pytest.raises(InputError, match=r"from 8 to 254, as many as the model reads"):
        find_passages("q", "a text", encoder, tokens=255)


def test_of_a_text_that_is_read_to_its_end_the_whole_is_what_the_one_passage_is(encoder):
    search = find_passages("king", "queen", encoder)
    [passage] = search.passages
    assert (passage.start, passage.end, passage.text) == (0, 5, "queen")
    assert passage.score == pytest.approx(search.whole.score, abs=1e-6)
    assert passage.score == pytest.approx(0.6807128, abs=1e-5)
    assert search.whole.read_until == 5


def test_a_long_text_reports_how_far_it_is(news):
    fresh, shares = load_wordllama(), []
    with reporting_to(shares.append):
        find_passages("q", news, fresh)
    assert shares == sorted(shares)
    assert 0 == shares[0] < shares[-1] < 1


def test_one_who_leaves_ends_the_cutting(encoder):
    shares = []

    def listen(share):
        shares.append(share)
        if len(shares) == 4:
            raise Stopped("Stopped.")

    text = "One more sentence to be cut. " * 2_000
    with reporting_to(listen), pytest.raises(Stopped):
        find_passages("query", text, encoder, tokens=8, overlap=0)
    # The first half of the job is the cutting, which has not come far.
    assert 0 < shares[-1] < 0.25
