import contextlib
import math

import numpy as np
import pytest
from fakes import FakeEncoder

from embviz.models import disk_cache
from embviz.models.disk_cache import load_or_compute

TEXTS = ["sea", "land"]


class Computing:
    """Counts how often the arrays are computed."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1
        return {"numbers": np.arange(1000.0), "more": np.ones(3)}


@pytest.fixture
def compute():
    return Computing()


def assert_whole(arrays):
    assert list(arrays) == ["numbers", "more"]
    assert np.array_equal(arrays["numbers"], np.arange(1000.0))


def test_arrays_are_computed_once_and_kept(compute, tmp_path):
    for _ in range(2):
        assert_whole(
            load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path / "new")
        )
    assert compute.count == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["it-fake.npz"]


@pytest.mark.parametrize("part", [0, 0.3, 0.999])
def test_half_a_file_is_computed_again(compute, tmp_path, part):
    load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path)
    file = tmp_path / "it-fake.npz"
    whole = file.read_bytes()
    file.write_bytes(whole[: math.floor(part * len(whole))])
    assert_whole(load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path))
    assert compute.count == 2
    assert file.read_bytes() == whole


def test_a_file_with_altered_numbers_is_computed_again(compute, tmp_path):
    load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path)
    file = tmp_path / "it-fake.npz"
    altered = bytearray(file.read_bytes())
    altered[len(altered) // 2] ^= 1
    file.write_bytes(altered)
    assert_whole(load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path))
    assert compute.count == 2


def test_the_file_of_another_model_is_computed_again(compute, tmp_path):
    load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path)
    load_or_compute("it", TEXTS, FakeEncoder(sea=(0, 1)), compute, version=1, folder=tmp_path)
    assert compute.count == 2


def test_each_model_has_a_file_of_its_own(compute, tmp_path):
    other = FakeEncoder(sea=(0, 1))
    other.name = "maker/another model"
    for encoder in (FakeEncoder(), other, FakeEncoder(), other):
        load_or_compute("it", TEXTS, encoder, compute, version=1, folder=tmp_path)
    assert compute.count == 2
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"it-fake.npz", "it-maker-another-model.npz"}


def test_the_file_of_another_version_is_computed_again(compute, tmp_path):
    for version in (1, 2, 2):
        load_or_compute("it", TEXTS, FakeEncoder(), compute, version=version, folder=tmp_path)
    assert compute.count == 2


def test_the_file_of_other_texts_is_computed_again(compute, tmp_path):
    load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path)
    load_or_compute("it", [*TEXTS, "sky"], FakeEncoder(), compute, version=1, folder=tmp_path)
    assert compute.count == 2


def test_where_nothing_can_be_written_the_arrays_are_computed(compute, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    for _ in range(2):
        assert_whole(
            load_or_compute(
                "it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path / "file" / "folder"
            )
        )
    assert compute.count == 2


def test_a_full_disk_leaves_nothing_behind(compute, monkeypatch, tmp_path):
    def fill_disk(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk_cache.np, "savez", fill_disk)
    assert_whole(load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_where_the_file_cannot_be_replaced_nothing_is_left_behind(compute, tmp_path):
    (tmp_path / "it-fake.npz").mkdir()
    assert_whole(load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["it-fake.npz"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_whatever_keeps_the_file_from_being_replaced_nothing_is_left(
    compute, monkeypatch, tmp_path, error
):
    def fail(path, target):
        raise error

    monkeypatch.setattr(disk_cache.Path, "replace", fail)
    with contextlib.suppress(KeyboardInterrupt):
        load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_only_when_the_file_is_closed_leaves_nothing(
    compute, monkeypatch, tmp_path
):
    class Closing:
        def __init__(self, **options):
            self.file = temporary_file(**options)

        def __enter__(self):
            return self.file.__enter__()

        def __exit__(self, *details):
            self.file.__exit__(*details)
            raise OSError(28, "No space left on device")

    temporary_file = disk_cache.tempfile.NamedTemporaryFile
    monkeypatch.setattr(disk_cache.tempfile, "NamedTemporaryFile", Closing)
    assert_whole(load_or_compute("it", TEXTS, FakeEncoder(), compute, version=1, folder=tmp_path))
    assert list(tmp_path.iterdir()) == []
