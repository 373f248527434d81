"""A collection made ready in the background: what one hears meanwhile, and after a failure."""

from threading import Event

import numpy as np
import pytest
from fakes import FakeEncoder

from embviz.course import collection_index
from embviz.course.collection_file import Collection
from embviz.course.collection_index import CollectionIndex
from embviz.errors import InputError

COLLECTION = Collection(
    "verse",
    ("The Sea", "", "Stars"),
    ("The Sea is cold", "ships", "Stars are far"),
    ("https://a.example/1", "", "https://a.example/3"),
)


class SlowEncoder(FakeEncoder):
    """Encodes once it may, or fails."""

    def __init__(self):
        super().__init__(**{"ships": (0, 1), "boats": (0.1, 1), "Stars are far": (1, 1)})
        self.may_go_on, self.fails, self.times = Event(), False, 0

    def encode_once(self, texts):
        self.times += 1
        assert self.may_go_on.wait(20)
        if self.fails:
            raise RuntimeError("out of memory")
        return self.encode(texts), np.array([text == "ships" for text in texts])


@pytest.fixture
def encoder():
    return SlowEncoder()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Nothing is kept in the user's folder."""

    def load_here(*arguments, **options):
        return load_index(*arguments, **options, folder=tmp_path)

    load_index = collection_index.load_index
    monkeypatch.setattr(collection_index, "load_index", load_here)
    return tmp_path


def refusal(index):
    with pytest.raises(InputError) as error:
        index.get()
    return str(error.value)


def test_whoever_asks_meanwhile_is_told_how_far_it_is(encoder):
    index = CollectionIndex(COLLECTION, encoder)
    for _ in range(2):
        assert refusal(index) == (
            "The collection is still being read (0% is done): come back in a while, or search "
            "documents of your own."
        )
    encoder.may_go_on.set()
    ready = index.prepare().result(20)
    assert index.get() is ready
    assert encoder.times == 1


def test_hits_have_the_titles_and_links_of_the_collection(encoder):
    encoder.may_go_on.set()
    index = CollectionIndex(COLLECTION, encoder)
    index.prepare().result(20)
    result = index.get().search("boats", top_k=2)
    assert [(hit.text, hit.title, hit.link) for hit in result.matches] == [
        ("ships", "", ""),
        ("Stars are far", "Stars", "https://a.example/3"),
    ]
    # Of the texts that were cut, those that are found.
    assert result.truncated == ("ships",)
    assert index.get().search("cold", top_k=1).truncated == ()


def test_after_a_failure_the_next_one_who_asks_sets_it_off_again(encoder, caplog):
    encoder.may_go_on.set()
    encoder.fails = True
    index = CollectionIndex(COLLECTION, encoder)
    index.prepare().exception(20)
    assert refusal(index).startswith("The collection could not be read by this model: the log")
    assert "out of memory" in caplog.text
    encoder.fails = False
    refusal(index)
    index.prepare().result(20)
    assert index.get().search("boats").matches[0].text == "ships"


def test_a_refusal_by_the_model_is_passed_on(encoder):
    encoder.may_go_on.set()
    index = CollectionIndex(COLLECTION, encoder)

    def refuse(texts):
        raise InputError("This model does not answer.")

    encoder.encode_once = refuse
    index.prepare().exception(20)
    assert refusal(index) == "This model does not answer."


def test_each_model_reads_the_collection_for_itself(encoder):
    encoder.may_go_on.set()
    index = CollectionIndex(COLLECTION, encoder)
    other = SlowEncoder()
    other.name = "other"
    other.may_go_on.set()
    of_other = index.with_model(other)
    index.prepare().result(20)
    assert (encoder.times, other.times) == (1, 0)
    of_other.prepare().result(20)
    assert (encoder.times, other.times) == (1, 1)
    assert of_other.collection is COLLECTION
