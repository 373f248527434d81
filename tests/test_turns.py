import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from embviz.turns import Turns


class SlowModel:
    """Measures texts; its first call lasts until it is let go."""

    def __init__(self, fails_on=None):
        self.calls = []
        self.started, self.may_go_on = threading.Event(), threading.Event()
        self.fails_on = fails_on

    def compute(self, texts):
        self.calls.append(texts)
        self.started.set()
        assert self.may_go_on.wait(10)
        if self.fails_on in texts:
            raise ValueError(self.fails_on)
        return {text: len(text) for text in texts}


def wait_for(turns, count):
    """Until so many requests wait."""
    for _ in range(1000):
        with turns._lock:
            if len(turns._waiting) == count:
                return
        time.sleep(0.005)
    pytest.fail("They do not wait.")


def ask_together(model, first, *others):
    """Send the first request, and the others in their order while the model is busy with it."""
    turns = Turns(model.compute)
    with ThreadPoolExecutor(len(others) + 1) as pool:
        answers = [pool.submit(turns.ask, first)]
        assert model.started.wait(10)
        waiting = len(turns._waiting)
        for n, texts in enumerate(others, 1):
            answers.append(pool.submit(turns.ask, texts))
            wait_for(turns, waiting + n)
        model.may_go_on.set()
    assert not turns._waiting
    assert not turns._is_busy
    return answers


def test_a_lone_request_is_served_at_once():
    model = SlowModel()
    model.may_go_on.set()
    turns = Turns(model.compute)
    assert turns.ask(["a", "bb"]) == {"a": 1, "bb": 2}
    assert turns.ask([]) == {}
    assert model.calls == [["a", "bb"]]


def test_those_who_wait_are_served_together_and_their_common_texts_once():
    model = SlowModel()
    first, *others = ask_together(model, ["first"], *[["same", str(n)] for n in range(10)])
    assert first.result() == {"first": 5}
    for n, answer in enumerate(others):
        assert answer.result() == {"same": 4, str(n): 1}
    assert model.calls[0] == ["first"]
    assert sorted(model.calls[1]) == sorted(["same", *map(str, range(10))])
    assert len(model.calls) == 2


def test_a_word_is_in_the_next_slice_of_a_large_job():
    model = SlowModel()
    many = [f"{n:04}" for n in range(2000)]
    large, word = ask_together(model, many, ["word"])
    assert "word" in model.calls[1]
    assert word.result() == {"word": 4}
    assert large.result() == dict.fromkeys(many, 4)
    assert len(model.calls) == 9
    assert sum(map(len, model.calls)) == 2001


def test_two_large_jobs_share_each_slice():
    model = SlowModel()
    _, a, b = ask_together(
        model, ["first"], [f"a{n}" for n in range(400)], [f"b{n}" for n in range(400)]
    )
    assert len(a.result()) == len(b.result()) == 400
    shares = [sum(text.startswith("a") for text in call) / len(call) for call in model.calls[1:4]]
    assert shares == pytest.approx([0.5] * 3, abs=0.01)


def test_an_error_reaches_those_alone_whose_texts_made_it():
    model = SlowModel(fails_on="bad")
    _, good, bad, other = ask_together(model, ["first"], ["good"], ["bad"], ["other"])
    assert good.result() == {"good": 4}
    assert other.result() == {"other": 5}
    with pytest.raises(ValueError, match="bad"):
        bad.result()


def test_after_an_error_the_next_is_served():
    model = SlowModel(fails_on="bad")
    bad, good = ask_together(model, ["bad"], ["good"])
    with pytest.raises(ValueError, match="bad"):
        bad.result()
    assert good.result() == {"good": 4}


def test_a_job_that_failed_is_served_no_further():
    model = SlowModel(fails_on="0")
    large, word = ask_together(model, [str(n) for n in range(2000)], ["word"])
    with pytest.raises(ValueError, match="0"):
        large.result()
    assert word.result() == {"word": 4}
    assert model.calls[1:] == [["word"]]
