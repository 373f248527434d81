import errno
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder

from embviz import load_encoder
from embviz.models import stored_vectors
from embviz.models.encoder import Encoder
from embviz.models.progress import reporting_to
from embviz.models.stored_vectors import load_or_encode

# The last block is not full.
BLOCK = stored_vectors._BLOCK
TEXTS = [f"text {n}" for n in range(2 * BLOCK + 10)]


class CountingEncoder(FakeEncoder):
    """Remembers what it was asked to encode once; each of its vectors tells its text."""

    def __init__(self, turn=0.0):
        super().__init__()
        self.asked = []
        self.turn = turn

    def encode(self, texts):
        angles = [self.turn + 0.001 * len(text) + 0.01 * ord(text[-1]) for text in texts]
        return np.array([[np.cos(a), np.sin(a)] for a in angles], dtype=np.float32)

    def encode_once(self, texts):
        self.asked += texts
        truncated = [len(text) > self.max_tokens for text in texts]
        return self.encode(texts), np.array(truncated)


@pytest.fixture
def encoder():
    return CountingEncoder()


def assert_whole(stored, encoder, texts=TEXTS):
    assert np.array_equal(stored.vectors, encoder.encode(texts))
    assert stored.vectors.dtype == np.float32
    assert stored.truncated.tolist() == [len(text) > encoder.max_tokens for text in texts]


def load(encoder, folder, texts=TEXTS):
    """Vectors, which are right, and what had to be encoded for them."""
    encoder.asked.clear()
    assert_whole(load_or_encode("it", texts, encoder, folder=folder), encoder, texts)
    return list(encoder.asked)


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_texts_are_encoded_once_and_their_vectors_kept(encoder, tmp_path):
    assert load(encoder, tmp_path / "new") == TEXTS
    assert load(encoder, tmp_path / "new") == []
    assert names(tmp_path / "new") == ["it-fake.vectors"]


def test_vectors_on_disk_are_neither_read_at_once_nor_changed(encoder, tmp_path):
    for _ in range(2):
        vectors = load_or_encode("it", TEXTS, encoder, folder=tmp_path).vectors
        with pytest.raises(ValueError, match="read-only"):
            vectors[0, 0] = 1
        assert not vectors.flags.owndata
        assert vectors.flags.c_contiguous
        assert vectors.flags.aligned


class Interrupting(CountingEncoder):
    """Is interrupted in the middle of a block."""

    def __init__(self, error, after):
        super().__init__()
        self.error = error
        self.left = after

    def encode_once(self, texts):
        if not self.left:
            raise self.error
        self.left -= 1
        return super().encode_once(texts)


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_job_goes_on_where_it_stopped(encoder, tmp_path, error, after):
    with pytest.raises(error):
        load_or_encode("it", TEXTS, Interrupting(error, after), folder=tmp_path)
    assert names(tmp_path) == ["it-fake.part"]
    assert load(encoder, tmp_path) == TEXTS[after * BLOCK :]
    assert names(tmp_path) == ["it-fake.vectors"]


def test_who_asked_can_stop_the_job(encoder, tmp_path):
    def stop(share):
        if share:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), reporting_to(stop):
        load_or_encode("it", TEXTS, encoder, folder=tmp_path)
    assert load(encoder, tmp_path) == TEXTS[BLOCK:]


def test_a_block_that_was_half_written_is_not_believed(encoder, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        load_or_encode("it", TEXTS, Interrupting(KeyboardInterrupt, 2), folder=tmp_path)
    part = tmp_path / "it-fake.part"
    content = bytearray(part.read_bytes())
    # The last vectors of the second block have not reached the disk; its hash has.
    content[(2 * BLOCK - 5) * 8 : 2 * BLOCK * 8] = bytes(5 * 8)
    part.write_bytes(content)
    assert load(encoder, tmp_path) == TEXTS[BLOCK:]


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.88, 0.93])
def test_an_altered_byte_costs_one_block(encoder, tmp_path, place):
    load(encoder, tmp_path)
    path = tmp_path / "it-fake.vectors"
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    path.write_bytes(content)
    again = load(encoder, tmp_path)
    assert again in (TEXTS[:BLOCK], TEXTS[BLOCK : 2 * BLOCK], TEXTS[2 * BLOCK :])
    assert load(encoder, tmp_path) == []


@pytest.mark.parametrize("part", [0, 0.3, 0.999])
@pytest.mark.parametrize("name", ["it-fake.vectors", "it-fake.part"])
def test_half_a_file_is_encoded_again(encoder, tmp_path, part, name):
    load(encoder, tmp_path)
    whole = (tmp_path / "it-fake.vectors").rename(tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(part * len(whole))])
    assert load(encoder, tmp_path) == TEXTS
    assert names(tmp_path) == ["it-fake.vectors"]
    assert (tmp_path / "it-fake.vectors").read_bytes() == whole


def test_the_file_of_another_model_is_replaced(encoder, tmp_path):
    load(encoder, tmp_path)
    assert load(CountingEncoder(turn=0.001), tmp_path) == TEXTS
    # Two runs of one model agree to 1e-6.
    again = CountingEncoder(turn=0.001 + 1e-6)
    load_or_encode("it", TEXTS, again, folder=tmp_path)
    assert again.asked == []


def test_a_model_that_reads_fewer_tokens_is_another_model(tmp_path):
    class Short(CountingEncoder):
        def encode(self, texts):
            return super().encode([text[:100] for text in texts])

    load(CountingEncoder(), tmp_path)
    assert load(Short(), tmp_path) == TEXTS


def test_each_model_and_each_name_has_a_file_of_its_own(encoder, tmp_path):
    other = CountingEncoder(turn=1)
    other.name = "maker/another model.v2"
    for model in (encoder, other):
        assert load(model, tmp_path) == TEXTS
        assert load(model, tmp_path) == []
    load_or_encode("../my texts", TEXTS, encoder, folder=tmp_path)
    assert names(tmp_path) == [
        "..-my-texts-fake.vectors",
        "it-fake.vectors",
        "it-maker-another-model.v2.vectors",
    ]


def test_where_a_text_has_changed_its_block_is_encoded(encoder, tmp_path):
    load(encoder, tmp_path)
    changed = [*TEXTS]
    changed[BLOCK] = "another text"
    assert load(encoder, tmp_path, changed) == changed[BLOCK : 2 * BLOCK]
    swapped = [changed[1], changed[0], *changed[2:]]
    assert load(encoder, tmp_path, swapped) == swapped[:BLOCK]
    assert load(encoder, tmp_path, swapped[:-1]) == swapped[:-1]


def test_texts_are_not_the_same_because_they_are_when_joined(encoder, tmp_path):
    load(encoder, tmp_path, ["ab", "c\nd"])
    assert load(encoder, tmp_path, ["a", "bc\nd"]) == ["a", "bc\nd"]


def test_who_reads_the_vectors_keeps_them_when_the_file_is_replaced(encoder, tmp_path):
    stored = load_or_encode("it", TEXTS, encoder, folder=tmp_path)
    changed = [text.upper() for text in TEXTS]
    load(CountingEncoder(turn=1), tmp_path, changed)
    assert_whole(stored, encoder)


def test_where_nothing_can_be_written_the_vectors_stay_in_memory(encoder, tmp_path, caplog):
    (tmp_path / "file").touch()
    for _ in range(2):
        assert load(encoder, tmp_path / "file") == TEXTS
    (sentence, _) = [record.getMessage() for record in caplog.records]
    assert sentence == (
        "The vectors of it cannot be kept (File exists) and will be computed at every start: make "
        f"{tmp_path / 'file'} a folder that can be written to, with 1 MB free."
    )


def test_a_folder_that_can_only_be_read_serves_what_is_there(encoder, tmp_path, monkeypatch):
    load(encoder, tmp_path)

    def refuse(*_, **__):
        raise AssertionError

    monkeypatch.setattr(stored_vectors, "FileLock", refuse)
    assert load(encoder, tmp_path) == []


class FullDisk:
    """A file on a disk that has room for so many more calls."""

    def __init__(self, file, room):
        self.file = file
        self.room = room

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def __getattr__(self, name):
        return getattr(self.file, name)

    def write(self, content):
        if not self.room:
            self.file.write(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        self.room -= 1
        return self.file.write(content)


def test_a_full_disk_loses_nothing(encoder, tmp_path, monkeypatch, caplog):
    open_file = Path.open

    def open_on_full_disk(path, mode="r", **options):
        file = open_file(path, mode, **options)
        # Room for the first block, and for the vectors of the second.
        return FullDisk(file, 4) if mode == "r+b" else file

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", open_on_full_disk)
        asked = load(encoder, tmp_path)
    # What is on disk is not encoded again; the second block is, since it is not whole there.
    assert asked == TEXTS[: 2 * BLOCK] + TEXTS[BLOCK:]
    assert "cannot be kept (No space left on device)" in caplog.text
    # There is room again.
    assert load(encoder, tmp_path) == TEXTS[BLOCK:]


# Two pages are needed, and one is there.
ON_A_FULL_TMPFS = """
import logging, subprocess, sys
from pathlib import Path
from test_stored_vectors import TEXTS, CountingEncoder, load

logging.basicConfig(stream=sys.stdout, format="%(message)s")
folder, hole = Path(sys.argv[1]), sys.argv[2]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", folder], check=True)
if hole:
    # What a process left that did not take the room first.
    from test_stored_vectors import stored_vectors
    job = stored_vectors._Job("it", TEXTS, CountingEncoder(), folder)
    with job.part.open("xb") as file:
        file.truncate(job.layout.itemsize)
        job._put_in(file, "probe", 0, job.probe)
print(load(CountingEncoder(), folder) == TEXTS, [path.suffix for path in folder.iterdir()])
"""


@pytest.mark.parametrize("hole", ["", "with a hole"])
def test_a_full_disk_in_memory_leaves_the_process_alive(tmp_path, hole):
    unshare = [shutil.which("unshare") or "false", "--map-root-user", "--mount"]
    mount = ["mount", "-t", "tmpfs", "none", tmp_path]
    if subprocess.run([*unshare, *mount], capture_output=True).returncode:
        pytest.skip("needs a tmpfs of its own: unshare, and the right to mount one")
    folders = os.pathsep.join(path for path in sys.path if path)
    run = subprocess.run(
        [*unshare, sys.executable, "-c", ON_A_FULL_TMPFS, tmp_path, hole],
        env=os.environ | {"PYTHONPATH": folders},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == [
        "The vectors of it cannot be kept (No space left on device) and will be computed at every "
        f"start: make {tmp_path} a folder that can be written to, with 1 MB free.",
        "True ['.lock']",
    ]


def test_where_no_room_can_be_taken_the_file_gets_its_size(encoder, tmp_path, monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    assert load(encoder, tmp_path) == TEXTS
    assert load(encoder, tmp_path) == []


def test_two_who_ask_at_once_encode_once(encoder, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    waits = threading.Event()

    class Slow(CountingEncoder):
        def encode_once(self, texts):
            assert waits.wait(10)
            return super().encode_once(texts)

    class Noticing(logging.Handler):
        def emit(self, record):
            if "waiting for it" in record.getMessage():
                waits.set()

    handler = Noticing()
    stored_vectors._LOG.addHandler(handler)
    encoders = [Slow(), Slow()]
    threads = [
        threading.Thread(target=load_or_encode, args=("it", TEXTS, e), kwargs={"folder": tmp_path})
        for e in encoders
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        stored_vectors._LOG.removeHandler(handler)
    assert sorted(len(e.asked) for e in encoders) == [0, len(TEXTS)]
    assert load(encoder, tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from test_stored_vectors import TEXTS, Interrupting, load_or_encode

class Killed(Interrupting):
    def encode_once(self, texts):
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode_once(texts)

load_or_encode("it", TEXTS, Killed(None, 1), folder=Path(sys.argv[1]))
"""


def test_a_process_that_is_killed_leaves_what_it_has_done_and_no_lock(encoder, tmp_path):
    folders = os.pathsep.join(path for path in sys.path if path)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path], env=os.environ | {"PYTHONPATH": folders}
    )
    assert killed.returncode == -signal.SIGKILL
    assert load(encoder, tmp_path) == TEXTS[BLOCK:]


def test_progress_is_reported_and_logged(encoder, tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(stored_vectors, "_SECONDS_BETWEEN_LOGS", 0)
    shares = []
    with reporting_to(shares.append):
        load_or_encode("it", TEXTS, encoder, folder=tmp_path)
    assert shares == [0, 1 / 3, 2 / 3]
    first, second = [record.getMessage() for record in caplog.records][-2:]
    assert first.startswith("it: 49 % of the texts are encoded, about ")
    assert second.startswith("it: 98 % of the texts are encoded, about ")


class Model:
    """Stands in for a Model: remembers its calls."""

    family = "transformer"
    layers = None
    dimension = 2
    max_tokens = 6

    def __init__(self):
        self.calls = []

    def read(self, texts):
        self.calls.append(list(texts))
        vectors = np.array([[len(text), 1] for text in texts], dtype=np.float32)
        return vectors, [len(text) > 4 for text in texts], [False] * len(texts)


def test_texts_that_are_encoded_once_push_nothing_out_of_the_cache():
    model = Model()
    # Room for some vectors.
    encoder = Encoder(model, "model", cache_bytes=2_000)
    encoder.encode(["visitor"])
    vectors, truncated = encoder.encode_once(["longer", *map(str, range(1_000)), "longer"])
    assert vectors[:, 0].tolist() == [6, *[len(str(n)) for n in range(1_000)], 6]
    assert truncated.tolist() == [True, *[False] * 1_000, True]
    assert max(map(len, model.calls)) == 250
    # Equal texts are read once.
    assert sum(map(len, model.calls)) == 1 + 1_001
    model.calls.clear()
    encoder.encode(["visitor"])
    assert model.calls == []
    encoder.encode(["longer"])
    assert model.calls == [["longer"]]


def test_a_question_waits_for_one_slice_of_those_that_are_encoded_once():
    model = Model()
    encoder = Encoder(model, "model")
    read, begun, go_on = model.read, threading.Event(), threading.Event()

    def slow_read(texts):
        begun.set()
        assert go_on.wait(10)
        return read(texts)

    model.read = slow_read
    texts = [f"{n:04}" for n in range(1_000)]
    many = threading.Thread(target=encoder.encode_once, args=(texts,))
    many.start()
    begun.wait(10)
    one = threading.Thread(target=encoder.encode, args=(["visitor"],))
    one.start()
    while not encoder._batcher._questions:
        pass
    go_on.set()
    one.join()
    many.join()
    assert model.calls[1] == ["visitor"]
    assert len(model.calls) == 1 + 4


def test_the_vectors_of_the_model_are_those_of_encode(tmp_path):
    encoder = load_encoder()
    texts = ["king", "word " * 300, "Deep sea", "king"]
    for _ in range(2):
        stored = load_or_encode("real", texts, encoder, folder=tmp_path)
        assert stored.vectors == pytest.approx(encoder.encode(texts), abs=1e-6)
        assert stored.truncated.tolist() == [False, True, False, False]
