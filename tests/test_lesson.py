import json
import shutil

import pydantic
import pytest

from embviz.lesson import FOLDER, load_lesson


@pytest.fixture
def folder(tmp_path):
    for file in FOLDER.glob("*.json"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_vocabulary_is_every_word_once(lesson):
    assert lesson.vocabulary[:3] == ("king", "queen", "man")
    assert "Britain" in lesson.vocabulary
    assert len(lesson.vocabulary) == len(set(lesson.vocabulary))


def test_another_lesson_can_be_loaded(folder):
    content = json.loads((folder / "similarity.json").read_text())
    content["words"] = ["sea", "ocean"]
    (folder / "similarity.json").write_text(json.dumps(content))
    assert load_lesson(folder).similarity.words == ("sea", "ocean")


@pytest.mark.parametrize("words", [None, "king", ["king", 5]])
def test_a_mistake_in_a_lesson_is_refused(folder, words):
    content = json.loads((folder / "similarity.json").read_text())
    content["words"] = words
    (folder / "similarity.json").write_text(json.dumps(content))
    with pytest.raises(pydantic.ValidationError, match="words"):
        load_lesson(folder)


def test_a_misspelled_name_is_refused(folder):
    content = json.loads((folder / "search.json").read_text())
    content["querries"] = []
    (folder / "search.json").write_text(json.dumps(content))
    with pytest.raises(pydantic.ValidationError, match="querries"):
        load_lesson(folder)
