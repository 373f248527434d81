import errno

import bm25s
import numpy as np
import pytest

from embviz.analysis import bm25
from embviz.analysis.bm25 import KeywordIndex, load_keyword_index, shared_words

DOCUMENTS = ["The ocean is warming", "Oceans and coral reefs", "Quantum computing with BERT"]


def test_score_is_the_formula_of_bm25():
    # One of three documents has the word; it has 3 words of 3 on average ("the" is none).
    documents = ["red red fish", "blue bird sky", "green grass hill"]
    idf = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2 / (2 + 1.5 * (1 - 0.75 + 0.75 * 3 / 3))
    assert KeywordIndex(documents).scores("red") == pytest.approx([expected, 0, 0])


def test_endings_and_capitals_make_no_difference():
    scores = KeywordIndex(DOCUMENTS).scores("OCEANS")
    assert np.all(scores[:2] > 0)
    assert scores[2] == 0


def test_rare_words_count_more_than_frequent_ones():
    scores = KeywordIndex(DOCUMENTS).scores("ocean BERT")
    assert scores.argmax() == 2


@pytest.mark.parametrize("query", ["the", "is and", "unheard", "?", "😀", "a"])
def test_a_query_without_a_keyword_scores_nothing(query):
    assert KeywordIndex(DOCUMENTS).scores(query).tolist() == [0, 0, 0]


@pytest.mark.parametrize("documents", [["the"], ["?", "😀"], ["a", "I"]])
def test_documents_without_a_keyword_score_nothing(documents):
    assert KeywordIndex(documents).scores("king").tolist() == [0] * len(documents)


@pytest.mark.parametrize(
    ("query", "document", "words"),
    [
        ("ocean", "Oceans and the ocean: OCEAN", ("Oceans", "ocean", "OCEAN")),
        ("the sea", "the land", ()),
        ("crispr cas9", "Editing with CRISPR-Cas9", ("CRISPR", "Cas9")),
        ("<b>", "<b> bold </b>", ()),
        ("ocean", "", ()),
    ],
)
def test_shared_words_are_those_of_the_document(query, document, words):
    assert shared_words(query, document) == words


def test_a_document_shares_words_exactly_where_it_scores():
    index = KeywordIndex(DOCUMENTS)
    for query in ("ocean", "the computing of reefs", "nothing here"):
        shared = [bool(shared_words(query, document)) for document in DOCUMENTS]
        assert shared == (index.scores(query) > 0).tolist()


def test_documents_are_split_into_words_block_by_block(monkeypatch):
    documents = DOCUMENTS * 2
    whole = KeywordIndex(documents)
    split, sizes = bm25._split, []

    def count_and_split(texts):
        sizes.append(len(texts))
        return split(texts)

    monkeypatch.setattr(bm25, "_split", count_and_split)
    monkeypatch.setattr(bm25, "_BLOCK", 4)
    index = KeywordIndex(documents)
    assert sizes == [4, 2]
    for query in QUERIES:
        assert np.array_equal(index.scores(query), whole.scores(query))


QUERIES = ["oceans", "warming coral ocean", "the BERT", "unheard", "?", "reefs reefs"]


class Indexing:
    """Counts how often documents are indexed."""

    def __init__(self, monkeypatch):
        self.count = 0
        index = bm25s.BM25.index

        def count(*arguments, **options):
            self.count += 1
            return index(*arguments, **options)

        monkeypatch.setattr(bm25s.BM25, "index", count)


@pytest.fixture
def indexing(monkeypatch):
    return Indexing(monkeypatch)


def assert_right(index, documents=DOCUMENTS):
    oracle = KeywordIndex(documents)
    for query in QUERIES:
        assert np.array_equal(index.scores(query), oracle.scores(query))


def test_an_index_that_was_kept_scores_as_one_in_memory(indexing, tmp_path):
    indexes = [load_keyword_index("it", DOCUMENTS, folder=tmp_path / "new") for _ in range(3)]
    assert indexing.count == 1
    for index in indexes:
        assert_right(index)
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_an_index_that_was_kept_is_not_read_at_once(tmp_path):
    index = load_keyword_index("it", DOCUMENTS, folder=tmp_path)
    assert isinstance(index._index.scores["data"], np.memmap)


@pytest.mark.parametrize("name", ["data.csc.index.npy", "words.npy", "params.index.json"])
def test_a_damaged_index_is_made_again(indexing, tmp_path, name):
    load_keyword_index("it", DOCUMENTS, folder=tmp_path)
    (file,) = tmp_path.glob(f"*/{name}")
    whole = file.read_bytes()
    for damaged in (whole[:-3], b"", whole[:-1] + bytes([whole[-1] ^ 1])):
        file.write_bytes(damaged)
        assert_right(load_keyword_index("it", DOCUMENTS, folder=tmp_path))
        assert file.read_bytes() == whole
    file.unlink()
    indexing.count = 0
    index = load_keyword_index("it", DOCUMENTS, folder=tmp_path)
    assert indexing.count == 1
    assert_right(index)


def test_the_index_of_other_documents_is_replaced(indexing, tmp_path):
    other = [*DOCUMENTS[::-1]]
    for documents in (DOCUMENTS, other):
        assert_right(load_keyword_index("it", documents, folder=tmp_path), documents)
    assert len(list(tmp_path.iterdir())) == 1
    indexing.count = 0
    assert_right(load_keyword_index("another", DOCUMENTS, folder=tmp_path))
    load_keyword_index("it", other, folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_the_index_of_another_bm25s_is_made_again(indexing, monkeypatch, tmp_path):
    load_keyword_index("it", DOCUMENTS, folder=tmp_path)
    monkeypatch.setattr(bm25s, "__version__", "0")
    load_keyword_index("it", DOCUMENTS, folder=tmp_path)
    assert indexing.count == 2


def test_documents_without_a_keyword_are_not_kept(tmp_path):
    assert load_keyword_index("it", ["?", "a"], folder=tmp_path).scores("sea").tolist() == [0, 0]
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_the_index_stays_in_memory(tmp_path):
    (tmp_path / "file").touch()
    assert_right(load_keyword_index("it", DOCUMENTS, folder=tmp_path / "file"))


def test_a_full_disk_leaves_nothing_behind(monkeypatch, tmp_path):
    def fill_disk(folder):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bm25, "_checksum", fill_disk)
    assert_right(load_keyword_index("it", DOCUMENTS, folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_whoever_comes_second_finds_the_index_of_the_first(monkeypatch, tmp_path):
    save = KeywordIndex.save

    def save_twice(index, folder):
        monkeypatch.setattr(KeywordIndex, "save", save)
        load_keyword_index("it", DOCUMENTS, folder=tmp_path)
        save(index, folder)

    monkeypatch.setattr(KeywordIndex, "save", save_twice)
    assert_right(load_keyword_index("it", DOCUMENTS, folder=tmp_path))
    assert_right(load_keyword_index("it", DOCUMENTS, folder=tmp_path))
    assert len(list(tmp_path.iterdir())) == 1


def test_a_word_beyond_the_last_one_of_an_index_on_disk_is_unknown(tmp_path):
    index = load_keyword_index("it", ["red fish"], folder=tmp_path)
    # bm25s adds a word without letters.
    last = max(bm25._hash(word) for word in ("", "red", "fish"))
    beyond = next(word for word in map("qx{}".format, range(1_000)) if bm25._hash(word) > last)
    assert index.scores(beyond).tolist() == [0]
