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


def test_a_label_for_no_document_is_refused(folder):
    content = json.loads((folder / "search.json").read_text())
    content["labelled"][0]["relevant"] = ["No such title"]
    (folder / "search.json").write_text(json.dumps(content))
    with pytest.raises(pydantic.ValidationError, match="“No such title” is none of the documents"):
        load_lesson(folder)


def test_labelled_queries_are_enough_and_stand_once(lesson):
    queries = [labelled.query for labelled in lesson.search.labelled]
    assert len(set(queries)) == len(queries) >= 24
