import json
import shutil

import pytest

from embviz.course.course_files import FOLDER, LessonError, load_lesson


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "examples"
    folder.mkdir()
    for file in FOLDER.glob("*.json"):
        shutil.copy(file, folder)
    return folder


def write(path, place, value):
    """Replace what stands at a place of a file."""
    content = json.loads(path.read_text())
    *above, last = place
    inner = content
    for name in above:
        inner = inner[name]
    inner[last] = value
    path.write_text(json.dumps(content))


def refusal(folder):
    with pytest.raises(LessonError) as error:
        load_lesson(folder)
    return str(error.value)


def test_another_lesson_can_be_loaded(folder):
    write(folder / "similarity.json", ["words"], ["sea", " ocean "])
    assert load_lesson(folder).similarity.words == ("sea", "ocean")


def test_labelled_queries_are_enough_and_stand_once(lesson):
    queries = [labelled.query for labelled in lesson.search.labelled]
    assert len(set(queries)) == len(queries) >= 24


def test_a_collection_is_named_and_its_file_not_read_yet(folder, lesson):
    assert lesson.search.collection is None
    write(folder / "search.json", ["collection"], COLLECTION | {"title": "name"})
    collection = load_lesson(folder).search.collection
    assert collection.columns == ("name", "abstract")
    assert (collection.file, collection.link, collection.labelled) == ("a.csv", None, ())


COLLECTION = {"file": "a.csv", "text": "abstract"}
TASK = ["steps", 1, "task"]
CHECK = "steps → 2 → task → check → similarity"
MISTAKES = [
    ("lesson", ["steps"], {}, "steps: a list in square brackets must stand here"),
    ("lesson", ["steps", 0, "tab"], "magic", "steps → 1 → tab: one of these must stand here: 'sim"),
    ("lesson", ["steps", 0, "truth"], "magic", "steps → 1 → truth: one of these must stand here"),
    ("lesson", ["steps", 0, "truth"], 0.68, "steps → 1 → truth: one of these must stand here"),
    (
        "lesson",
        ["steps", 0, "truth"],
        "best_score",
        "steps → 1: “best_score” belongs to the search",
    ),
    ("lesson", ["steps", 0, "slider"], None, "steps → 1: “similarity” is guessed with slider, so"),
    ("lesson", ["steps", 0, "options"], ["a", "b"], "steps → 1: “similarity” is guessed with sli"),
    ("lesson", ["steps", 0, "slider", "low"], "x", "steps → 1 → slider → low: a number must stand"),
    ("lesson", ["steps", 0, "slider", "low"], 1, "steps → 1 → slider: low must be less than high."),
    ("lesson", ["steps", 0, "slider", "step"], 0, "steps → 1 → slider → step: a number greater th"),
    ("lesson", ["steps", 0, "state"], {"text_a": "x"}, "steps → 1: its state must give “text_b”"),
    ("lesson", ["steps", 0, "state"], ["x"], "steps → 1 → state: names and their values in curly"),
    (
        "lesson",
        ["steps", 7, "state", "exclude_inputs"],
        False,
        "steps → 8 → state → exclude_inputs:",
    ),
    ("lesson", ["steps", 6, "options"], ["a"], "steps → 7 → options: this list is too short"),
    ("lesson", ["steps", 6, "options"], ["a", "A"], "steps → 7 → options: “A” stands there twice"),
    (
        "lesson",
        ["steps", 0, "source", "url"],
        "javascript:alert(1)",
        "steps → 1 → source → url: an",
    ),
    (
        "lesson",
        [*TASK, "check"],
        {},
        "steps → 2 → task → check: this list is too short: at",
    ),
    (
        "lesson",
        [*TASK, "check", "similarity"],
        {},
        f"{CHECK}: one of above, below and is must",
    ),
    (
        "lesson",
        [*TASK, "check", "similarity"],
        {"under": 0},
        f"{CHECK}: “under” is none of the",
    ),
    ("lesson", [*TASK, "check", "similarity"], {"below": "x"}, f"{CHECK} → below: a number must s"),
    ("lesson", [*TASK, "check", "similarity"], {"is": []}, f"{CHECK} → is: a text, a number, true"),
    (
        "lesson",
        [*TASK, "check", "similarity"],
        {"above": 0.5, "below": 0.5},
        f"{CHECK}: above must be less than below.",
    ),
    ("similarity", ["words"], None, "words: a list in square brackets must stand here"),
    ("similarity", ["words"], "king", "words: a list in square brackets must stand here"),
    ("similarity", ["words", 1], 5, "words → 2: a text in quotation marks must stand here"),
    ("similarity", ["words", 1], "\u200b", "words → 2: this text is empty: type a word or a"),
    ("similarity", ["words", 1], "Paris, Texas", "words → 2: “Paris, Texas” has a comma in it"),
    ("similarity", ["words"], ["king"], "words: this list is too short: at least 2 must stand"),
    ("similarity", ["pairs"], [], "pairs: this list is too short: at least 1 must stand in it."),
    ("similarity", ["pairs", 0], ["a"], "pairs → 1 → 2: this is missing."),
    ("similarity", ["pairs", 0], ["a", "b", "c"], "pairs → 1: this list is too long: at most 2"),
    ("similarity", ["variants", 0, "oposite"], "x", "variants → 1: “oposite” is none of the names"),
    ("arithmetic", ["analogies"], [], "analogies: this list is too short: at least 1 must"),
    ("arithmetic", ["analogies", 2], "king", "analogies → 3: names and their values in curly"),
    ("arithmetic", ["analogies", 1, "candidates"], [], "analogies → 2 → candidates: this list is"),
    ("arithmetic", ["analogies", 0, "expression"], "king -", "analogies → 1 → expression: The"),
    (
        "arithmetic",
        ["analogies", 0, "candidates"],
        ["queen", "Queen"],
        "analogies → 1 → candidates: “Queen” stands there twice (capitals make no difference).",
    ),
    (
        "arithmetic",
        ["analogies", 0, "candidates"],
        ["New York", "New\u00a0York"],
        "analogies → 1 → candidates: “New\u00a0York” stands there twice",
    ),
    ("search", ["documents"], [], "documents: this list is too short: at least 1 must stand in"),
    ("search", ["documents", 3], "a\nb", "documents → 4: this text must stand on one line."),
    ("search", ["queries"], [], "queries: this list is too short: at least 1 must stand in it."),
    ("search", ["queries", 0], " ", "queries → 1: this text is empty: type a word or a sentence."),
    ("search", ["labelled"], [], "labelled: this list is too short: at least 1 must stand in it."),
    (
        "search",
        ["labelled", 2, "relevant", 0],
        "{Foo}",
        "labelled → 3 → relevant: “{Foo}” is none of the documents.",
    ),
    ("search", ["collection"], "a.csv", "collection: names and their values in curly braces must"),
    ("search", ["collection"], {"file": "a.csv"}, "collection → text: this is missing."),
    ("search", ["collection"], COLLECTION | {"url": "u"}, "collection: “url” is none of the names"),
    (
        "search",
        ["collection"],
        COLLECTION | {"file": "a.xlsx"},
        "collection → file: the name of a .jsonl, .csv or .parquet file must stand here.",
    ),
    (
        "search",
        ["collection"],
        COLLECTION | {"file": "/data/a.csv"},
        "collection → file: the file must lie in the folder of this one.",
    ),
    (
        "search",
        ["collection"],
        COLLECTION | {"file": "data/../../a.csv"},
        "collection → file: the file must lie in the folder of this one.",
    ),
    (
        "search",
        ["collection"],
        COLLECTION | {"labelled": [{"query": "a", "relevant": []}]},
        "collection → labelled → 1 → relevant: this list is too short: at least 1 must",
    ),
]


@pytest.mark.parametrize(("file", "place", "value", "sentence"), MISTAKES)
def test_a_mistake_is_refused_with_its_place(folder, file, place, value, sentence):
    write(folder / f"{file}.json", place, value)
    message = refusal(folder)
    assert message.startswith(f"examples/{file}.json, {sentence}")
    assert message.endswith(".")
    assert "\n" not in message


def test_a_misspelled_name_is_refused_rather_than_missed(folder):
    path = folder / "search.json"
    path.write_text(path.read_text().replace('"queries"', '"querries"'))
    assert refusal(folder) == (
        "examples/search.json: “querries” is none of the names that may stand here, which are "
        "explanation, exercises, documents, queries, labelled, collection."
    )


def test_a_missing_name_is_refused(folder):
    (folder / "arithmetic.json").write_text('{"explanation": [], "exercises": []}')
    assert refusal(folder) == "examples/arithmetic.json, analogies: this is missing."


def test_a_missing_file_is_refused(folder):
    (folder / "search.json").unlink()
    assert refusal(folder) == "examples/search.json is missing or cannot be read."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "EOF while parsing a value at line 1 column 0"),
        ('{\n  "words": ["king", "queen",]\n}', "trailing comma at line 2 column 29"),
        # Columns count characters, whatever these take in bytes.
        ('{\n  "words": ["köng", "“”−",]\n}', "trailing comma at line 2 column 27"),
    ],
)
def test_what_is_no_json_is_refused_with_line_and_column(folder, text, sentence):
    (folder / "similarity.json").write_text(text, encoding="utf-8")
    assert refusal(folder) == f"examples/similarity.json: this is no JSON: {sentence}."


def test_another_encoding_is_refused_and_the_mark_of_utf_8_is_not(folder):
    path = folder / "similarity.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8-sig")
    assert load_lesson(folder) == load_lesson()
    path.write_text(text, encoding="utf-16")
    assert refusal(folder) == "examples/similarity.json must be saved as UTF-8."
