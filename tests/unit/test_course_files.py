import json

import pytest

from embviz.course.course_files import load_lesson
from embviz.course.json_file import LessonError


@pytest.fixture
def folder(course_folder):
    return course_folder


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


TASK = ["steps", 1, "task"]
CHECK = "steps → 2 → task → check → similarity"
MISTAKES = [
    ("lesson", ["steps"], {}, "steps: write a list in square brackets here"),
    ("lesson", ["steps", 0, "tab"], "magic", "steps → 1 → tab: write one of these here: 'sim"),
    ("lesson", ["steps", 0, "truth"], "magic", "steps → 1 → truth: write one of these here"),
    ("lesson", ["steps", 0, "truth"], 0.68, "steps → 1 → truth: write one of these here"),
    (
        "lesson",
        ["steps", 0, "truth"],
        "best_score",
        "steps → 1: “best_score” belongs to the search",
    ),
    ("lesson", ["steps", 0, "slider"], None, "steps → 1: “similarity” is guessed with “slider”:"),
    ("lesson", ["steps", 0, "options"], ["a", "b"], "steps → 1: “similarity” is guessed with “sli"),
    (
        "lesson",
        ["steps", 0, "slider", "low"],
        "x",
        "steps → 1 → slider → low: write a number here.",
    ),
    ("lesson", ["steps", 0, "slider", "low"], 1, "steps → 1 → slider: low must be less than high."),
    (
        "lesson",
        ["steps", 0, "slider", "step"],
        0,
        "steps → 1 → slider → step: write a number greater",
    ),
    ("lesson", ["steps", 0, "state"], {"text_a": "x"}, "steps → 1: its state needs “text_b”"),
    ("lesson", ["steps", 0, "state"], ["x"], "steps → 1 → state: write names and their values in"),
    (
        "lesson",
        ["steps", 7, "state", "exclude_inputs"],
        False,
        "steps → 8 → state → exclude_inputs:",
    ),
    ("lesson", ["steps", 6, "options"], ["a"], "steps → 7 → options: this list is too short"),
    (
        "lesson",
        ["steps", 6, "options"],
        ["a", "A"],
        "steps → 7 → options: “A” is in this list twice",
    ),
    (
        "lesson",
        ["steps", 0, "source", "url"],
        "javascript:alert(1)",
        "steps → 1 → source → url: write an",
    ),
    (
        "lesson",
        [*TASK, "check"],
        {},
        "steps → 2 → task → check: this list is too short: it",
    ),
    (
        "lesson",
        [*TASK, "check", "similarity"],
        {},
        f"{CHECK}: give at least one of above",
    ),
    (
        "lesson",
        [*TASK, "check", "similarity"],
        {"under": 0},
        f"{CHECK}: “under” is not one of the",
    ),
    ("lesson", [*TASK, "check", "similarity"], {"below": "x"}, f"{CHECK} → below: write a number"),
    ("lesson", [*TASK, "check", "similarity"], {"is": []}, f"{CHECK} → is: write a text, a number"),
    (
        "lesson",
        [*TASK, "check", "similarity"],
        {"above": 0.5, "below": 0.5},
        f"{CHECK}: above must be less than below.",
    ),
    ("similarity", ["words"], None, "words: write a list in square brackets here"),
    ("similarity", ["words"], "king", "words: write a list in square brackets here"),
    ("similarity", ["words", 1], 5, "words → 2: write a text in quotation marks here"),
    ("similarity", ["words", 1], "\u200b", "words → 2: this text is empty: type a word or a"),
    ("similarity", ["words", 1], "Paris, Texas", "words → 2: “Paris, Texas” has a comma in it"),
    ("similarity", ["words"], ["king"], "words: this list is too short: it needs at least 2."),
    ("similarity", ["pairs"], [], "pairs: this list is too short: it needs at least 1."),
    ("similarity", ["pairs", 0], ["a"], "pairs → 1 → 2: this is missing."),
    ("similarity", ["pairs", 0], ["a", "b", "c"], "pairs → 1: this list is too long: it can have"),
    ("similarity", ["variants", 0, "oposite"], "x", "variants → 1: “oposite” is not one of the"),
    ("arithmetic", ["analogies"], [], "analogies: this list is too short: it needs at least 1."),
    ("arithmetic", ["analogies", 2], "king", "analogies → 3: write names and their values"),
    ("arithmetic", ["analogies", 1, "candidates"], [], "analogies → 2 → candidates: this list is"),
    ("arithmetic", ["analogies", 0, "expression"], "king -", "analogies → 1 → expression: The"),
    (
        "arithmetic",
        ["analogies", 0, "candidates"],
        ["queen", "Queen"],
        "analogies → 1 → candidates: “Queen” is in this list twice (capitals make no difference).",
    ),
    (
        "arithmetic",
        ["analogies", 0, "candidates"],
        ["New York", "New\u00a0York"],
        "analogies → 1 → candidates: “New\u00a0York” is in this list twice",
    ),
    ("search", ["documents"], [], "documents: this list is too short: it needs at least 1."),
    ("search", ["documents", 3], "a\nb", "documents → 4: write this text on one line."),
    ("search", ["queries"], [], "queries: this list is too short: it needs at least 1."),
    ("search", ["queries", 0], " ", "queries → 1: this text is empty: type a word or a sentence."),
    ("search", ["labelled"], [], "labelled: this list is too short: it needs at least 1."),
    (
        "search",
        ["labelled", 2, "relevant", 0],
        "{Foo}",
        "labelled → 3 → relevant: “{Foo}” is not one of the documents.",
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
        "examples/search.json: “querries” is not one of the names allowed here: "
        "explanation, exercises, documents, queries, labelled, long_text, collection."
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
    assert refusal(folder) == f"examples/similarity.json is not valid JSON: {sentence}."


def test_another_encoding_is_refused_and_the_mark_of_utf_8_is_not(folder):
    path = folder / "similarity.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8-sig")
    assert load_lesson(folder) == load_lesson()
    path.write_text(text, encoding="utf-16")
    assert refusal(folder) == "examples/similarity.json must be saved as UTF-8."
