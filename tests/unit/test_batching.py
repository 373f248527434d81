import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from embviz.models.batching import SLICE_CHARACTERS, Batcher, cut_into_slices, new_model_thread


class SlowModel:
    """Measures texts; its first call lasts until it is let go."""

    def __init__(self, fails_on=None, error=ValueError):
        self.calls = []
        self.started, self.may_go_on = threading.Event(), threading.Event()
        self.fails_on, self.error = fails_on, error

    def compute(self, texts):
        self.calls.append(texts)
        self.started.set()
        assert self.may_go_on.wait(10)
        if self.fails_on in texts:
            raise self.error(self.fails_on)
        return {text: len(text) for text in texts}


def count_waiting(batcher):
    with batcher._lock:
        return len(batcher._questions) + len(batcher._slices)


def wait_for(batcher, count):
    """Until so many requests wait."""
    for _ in range(1000):
        if count_waiting(batcher) == count:
            return
        time.sleep(0.005)
    pytest.fail("They do not wait.")


def ask(batcher, texts, **options):
    """Ask in a thread that nobody joins: who is forgotten shall fail the test, not hang it."""
    answer = Future()

    def run():
        try:
            answer.set_result(batcher.compute(texts, **options))
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer


def ask_together(model, first, *others):
    """Send the first request, and the others in their order while the model is busy with it."""
    batcher = Batcher(model.compute, new_model_thread())
    answers = [ask(batcher, first)]
    assert model.started.wait(10)
    for n, texts in enumerate(others, 1):
        answers.append(ask(batcher, texts))
        wait_for(batcher, n)
    model.may_go_on.set()
    for answer in answers:
        answer.exception(timeout=10)
    assert count_waiting(batcher) == 0
    return answers


def test_a_lone_request_is_computed_at_once():
    model = SlowModel()
    model.may_go_on.set()
    batcher = Batcher(model.compute, new_model_thread())
    assert ask(batcher, []).result(timeout=10) == {}
    assert ask(batcher, ["bb", "a"]).result(timeout=10) == {"a": 1, "bb": 2}


def test_those_who_wait_are_served_together_and_their_common_texts_once():
    model = SlowModel()
    first, *others = ask_together(model, ["first"], *[["same", str(n)] for n in range(10)])
    assert first.result() == {"first": 5}
    for n, answer in enumerate(others):
        assert answer.result() == {"same": 4, str(n): 1}
    assert model.calls[0] == ["first"]
    assert sorted(model.calls[1]) == sorted(["same", *map(str, range(10))])
    assert len(model.calls) == 2


def test_a_crowd_leaves_no_work_behind():
    thread = new_model_thread()
    tasks = []
    submit = thread.submit
    thread.submit = lambda *args: tasks.append(submit(*args)) or tasks[-1]
    model = SlowModel()
    batcher = Batcher(model.compute, thread)
    answers = [ask(batcher, ["first"])]
    assert model.started.wait(10)
    answers += [ask(batcher, [str(n)]) for n in range(50)]
    wait_for(batcher, 50)
    assert len(tasks) == 1
    model.may_go_on.set()
    for answer in answers:
        answer.result(timeout=10)
    # Who comes later finds it at work again.
    assert ask(batcher, ["last"]).result(timeout=10) == {"last": 4}


def test_a_word_waits_for_one_slice_of_a_large_job():
    model = SlowModel()
    batcher = Batcher(model.compute, new_model_thread())
    many = [f"{n:04}" for n in range(2000)]

    class LargeJob:
        @staticmethod
        def compute(texts):
            return [batcher.compute(part, is_slice=True) for part in cut_into_slices(texts)]

    large = ask(LargeJob, many)
    assert model.started.wait(10)
    word = ask(batcher, ["word"])
    wait_for(batcher, 1)
    model.may_go_on.set()
    assert word.result(timeout=10) == {"word": 4}
    assert large.result(timeout=10) == [dict.fromkeys(call, 4) for call in cut_into_slices(many)]
    assert model.calls[1] == ["word"]


def test_a_word_waits_for_one_slice_however_many_lists_wait():
    model = SlowModel()
    batcher = Batcher(model.compute, new_model_thread())
    slices = [[f"{name}" * SLICE_CHARACTERS] for name in "abcdef"]
    lists = [ask(batcher, slices[0], is_slice=True)]
    assert model.started.wait(10)
    for n, texts in enumerate(slices[1:], 1):
        lists.append(ask(batcher, texts, is_slice=True))
        wait_for(batcher, n)
    word = ask(batcher, ["word"])
    wait_for(batcher, len(slices))
    model.may_go_on.set()
    for answer in [*lists, word]:
        answer.result(timeout=10)
    assert ["word"] in model.calls[1:3]


def test_a_list_gets_every_other_turn_however_many_words_come():
    model = SlowModel()
    batcher = Batcher(model.compute, new_model_thread())
    words = [[f"{name}" * SLICE_CHARACTERS] for name in "abcdef"]
    answers = [ask(batcher, words[0])]
    assert model.started.wait(10)
    for n, texts in enumerate(words[1:], 1):
        answers.append(ask(batcher, texts))
        wait_for(batcher, n)
    for n, part in enumerate((["slice 1"], ["slice 2"]), len(words)):
        answers.append(ask(batcher, part, is_slice=True))
        wait_for(batcher, n)
    model.may_go_on.set()
    for answer in answers:
        answer.result(timeout=10)
    # The slices are short enough to be computed together.
    assert ["slice 1", "slice 2"] in model.calls[1:3]


def test_no_more_are_served_together_than_make_a_slice():
    model = SlowModel()
    parts = [[f"{name}{n:03}" for n in range(100)] for name in "abcd"]
    ask_together(model, ["first"], *parts)
    assert model.calls[1:] == [parts[0] + parts[1], parts[2] + parts[3]]


def test_slices_hold_texts_of_about_the_same_length_few_long_or_many_short_ones():
    short, long = (
        [f"{n:03}" for n in range(260)],
        [f"{n:0{SLICE_CHARACTERS // 4}}" for n in range(5)],
    )
    parts = list(cut_into_slices([*long, *short]))
    assert parts == [short[:250], [*short[250:], *long[:3]], long[3:]]
    assert list(cut_into_slices(["x" * 2 * SLICE_CHARACTERS])) == [["x" * 2 * SLICE_CHARACTERS]]
    assert list(cut_into_slices([])) == []


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


def test_whatever_ends_a_computation_leaves_nobody_waiting():
    model = SlowModel(fails_on="bad", error=SystemExit)
    _, bad, other = ask_together(model, ["first"], ["bad"], ["other"])
    with pytest.raises(SystemExit):
        bad.result()
    assert other.result() == {"other": 5}


@pytest.fixture
def hasty_threads():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_nobody_is_forgotten_in_a_crowd(hasty_threads):
    at_work = threading.Lock()

    def compute(texts):
        assert at_work.acquire(blocking=False), "two at a time"
        results = {text: len(text) for text in texts}
        at_work.release()
        return results

    batcher = Batcher(compute, new_model_thread())

    class Visitor:
        @staticmethod
        def compute(name):
            return [batcher.compute([f"{name} {n}"]) for n in range(200)]

    answers = [ask(Visitor, name) for name in range(8)]
    for name, answer in enumerate(answers):
        expected = [{f"{name} {n}": len(f"{name} {n}")} for n in range(200)]
        assert answer.result(timeout=20) == expected


def test_another_use_of_the_model_takes_its_turn_and_fills_a_batch():
    model = SlowModel()
    batcher = Batcher(model.compute, new_model_thread())
    first = ask(batcher, ["first"])
    assert model.started.wait(10)
    with ThreadPoolExecutor(1) as threads:
        used = threads.submit(batcher.run, lambda: list(model.calls))
        wait_for(batcher, 1)
        word = ask(batcher, ["word"])
        wait_for(batcher, 2)
        model.may_go_on.set()
        assert used.result(timeout=10) == [["first"]]
    assert first.result(timeout=10) == {"first": 5}
    assert word.result(timeout=10) == {"word": 4}


def test_another_use_of_the_model_that_fails_stops_nobody():
    batcher = Batcher(lambda texts: dict.fromkeys(texts, 1), new_model_thread())
    with pytest.raises(ZeroDivisionError):
        batcher.run(lambda: 1 / 0)
    assert ask(batcher, ["word"]).result(timeout=10) == {"word": 1}


def test_all_that_uses_the_model_runs_in_one_thread(encoder, monkeypatch):
    names = set()

    def note(method):
        def noted(*args):
            names.add(threading.current_thread().name)
            return method(*args)

        return noted

    for method in ("read", "read_tokens"):
        monkeypatch.setattr(encoder._model, method, note(getattr(encoder._model, method)))
    encoder.encode(["a text that is encoded for this test alone"])
    encoder.read_tokens("king")
    assert len(names) == 1
    assert names.pop().startswith("model")
