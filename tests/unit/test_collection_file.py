import csv
import json
import os
import sys
import tracemalloc

import pytest

from embviz.course import collection_file
from embviz.course.collection_file import read_collection
from embviz.course.course_files import CollectionSource
from embviz.course.json_file import LessonError
from embviz.evaluation.retrieval import LabelledQuery

ROWS = [
    {"title": "Bread", "abstract": "How to bake a loaf.", "url": "https://a.example/1", "year": 7},
    {"title": " Wheels\n of  fire ", "abstract": "", "url": None, "year": 8},
    {"title": None, "abstract": "Text\nonly,\twith “quotes”", "url": "", "year": None},
    {"title": "Bread", "abstract": "How to bake a loaf.", "url": "http://b.example", "year": 9},
]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "examples"
    folder.mkdir()
    return folder


def source(file, **columns):
    names = {"title": "title", "text": "abstract", "link": "url"} | columns
    return CollectionSource(file=file, **names)


def write_jsonl(path, rows=ROWS):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def write_csv(path, rows=ROWS, **options):
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), **options)
        table.writeheader()
        table.writerows(rows)


def write_parquet(path, rows=ROWS):
    pyarrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet").write_table(pyarrow.Table.from_pylist(rows), path)


WRITERS = [("c.jsonl", write_jsonl), ("c.csv", write_csv), ("c.parquet", write_parquet)]


def refusal(folder, source):
    with pytest.raises(LessonError) as error:
        read_collection(source, folder)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(("file", "write"), WRITERS)
def test_each_kind_of_file_gives_the_same_collection(folder, file, write):
    write(folder / file)
    collection = read_collection(source(file), folder)
    assert collection.name == "c"
    assert tuple(collection.titles) == ("Bread", "Wheels of fire", "", "Bread")
    assert tuple(collection.texts) == (
        "Bread How to bake a loaf.",
        "Wheels of fire",
        "Text\nonly,\twith “quotes”",
        "Bread How to bake a loaf.",
    )
    assert tuple(collection.links) == ("https://a.example/1", "", "", "http://b.example")
    assert collection.labelled == ()


def test_titles_and_links_are_optional(folder):
    write_jsonl(folder / "c.jsonl", [{"text": "sea"}, {"text": "sky"}])
    collection = read_collection(CollectionSource(file="c.jsonl", text="text"), folder)
    assert tuple(collection.texts) == ("sea", "sky")
    assert tuple(collection.titles) == tuple(collection.links) == ("", "")


def test_texts_titles_and_links_take_little_more_memory_than_in_the_file(folder):
    texts = [f"{n} – {'word ' * 200}end" for n in range(1_000)]
    rows = [{"title": f"Text {n}", "abstract": text, "url": ""} for n, text in enumerate(texts)]
    write_jsonl(folder / "c.jsonl", rows)
    tracemalloc.start()
    try:
        collection = read_collection(source("c.jsonl"), folder)
        assert tracemalloc.get_traced_memory()[0] < 1.1 * sum(len(t.encode()) for t in texts)
    finally:
        tracemalloc.stop()
    assert list(collection.texts) == [f"Text {n} {text}" for n, text in enumerate(texts)]


def test_control_characters_and_half_an_emoji_are_taken_out(folder):
    (folder / "c.jsonl").write_text(r'{"text": " a\u0000b \ud83d"}')
    collection = read_collection(CollectionSource(file="c.jsonl", text="text"), folder)
    assert tuple(collection.texts) == ("ab \ufffd",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_separate_cells_in_three_ways(folder, delimiter):
    write_csv(folder / "c.csv", delimiter=delimiter)
    assert read_collection(source("c.csv"), folder).titles[0] == "Bread"


def test_the_mark_of_utf_8_and_blank_lines_do_no_harm(folder):
    (folder / "c.csv").write_text("text\n\nsea\n\n", encoding="utf-8-sig")
    (folder / "c.jsonl").write_text('{"text": "sea"}\n\n', encoding="utf-8-sig")
    for file in ("c.csv", "c.jsonl"):
        collection = read_collection(CollectionSource(file=file, text="text"), folder)
        assert tuple(collection.texts) == ("sea",)


GOOD = '{"title": "a", "abstract": "b", "url": ""}\n'
HEADER = "title,abstract,url\n"
MISTAKES = [
    ("c.jsonl", GOOD + GOOD + '{"title": ', "line 3: this is no JSON: Expecting value at column"),
    ("c.jsonl", GOOD + "[1]", "line 2: names and their values in curly braces must stand here."),
    ("c.jsonl", '\n{"title": "a", "url": ""}', "line 2: “abstract” is missing; there is title, ur"),
    ("c.jsonl", "{}", "line 1: “title” is missing; there is nothing."),
    (
        "c.jsonl",
        GOOD + '{"title": 5, "abstract": "b", "url": ""}',
        "line 2 → title: a text must stand here.",
    ),
    (
        "c.jsonl",
        GOOD + '{"title": " ", "abstract": "\\u200b", "url": ""}',
        "line 2 → abstract: this text is empty: write it, or a title.",
    ),
    (
        "c.jsonl",
        GOOD + '{"title": "a", "abstract": "b", "url": "javascript:alert(1)"}',
        "line 2 → url: write an address that begins with https:// here.",
    ),
    ("c.csv", "title,text,url\na,b,c\n", "line 1: “abstract” is missing; there is title, text, ur"),
    ("c.csv", "", "line 1: “title” is missing; there is nothing."),
    ("c.csv", HEADER + 'a,"b\nc",\na,b\n', "line 4: 3 cells must stand here, as in the first line"),
    ("c.csv", HEADER + 'a,b,\na,"b\nc,\n', "line 3: this is no CSV: unexpected end of data."),
    ("c.csv", HEADER + "a,b,\n,,\n", "line 3 → abstract: this text is empty"),
    (
        "c.csv",
        HEADER + 'a,"b\nc",\na,b,ftp://c.example\n',
        "line 4 → url: write an address that begins",
    ),
]


@pytest.mark.parametrize(("file", "content", "sentence"), MISTAKES)
def test_a_broken_row_is_named_with_its_line(folder, file, content, sentence):
    (folder / file).write_text(content)
    assert refusal(folder, source(file)).startswith(f"examples/{file}, {sentence}")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"url": "javascript:alert(1)"},
            ", row 1501 → url: write an address that begins with https://",
        ),
        ({"title": "", "abstract": None}, ", row 1501 → abstract: this text is empty"),
    ],
)
def test_a_broken_row_of_parquet_is_named_with_its_number(folder, change, sentence):
    write_parquet(folder / "c.parquet", [*ROWS[:1] * 1_500, ROWS[0] | change])
    assert refusal(folder, source("c.parquet")).startswith(f"examples/c.parquet{sentence}")


def test_a_parquet_file_without_the_column_or_of_numbers_is_refused(folder):
    write_parquet(folder / "c.parquet")
    assert refusal(folder, source("c.parquet", text="text")) == (
        "examples/c.parquet: “text” is missing; there is title, abstract, url, year."
    )
    assert refusal(folder, source("c.parquet", text="year")) == (
        "examples/c.parquet, row 1 → year: a text must stand here."
    )


@pytest.mark.parametrize("part", [0, 0.5, 0.99])
def test_half_a_parquet_file_is_refused(folder, part):
    path = folder / "c.parquet"
    write_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    sentence = "examples/c.parquet is no Parquet file, or is damaged."
    assert refusal(folder, source("c.parquet")) == sentence


def test_without_pyarrow_the_sentence_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (folder / "c.parquet").touch()
    assert refusal(folder, source("c.parquet")) == (
        "examples/c.parquet can only be read with pyarrow: install it (pip install pyarrow), or "
        "save the file as .jsonl or .csv."
    )


@pytest.mark.parametrize("file", ["c.jsonl", "c.csv"])
def test_a_missing_file_and_another_encoding_are_refused(folder, file):
    assert refusal(folder, source(file)) == f"examples/{file} is missing or cannot be read."
    (folder / file).write_text(HEADER, encoding="utf-16")
    assert refusal(folder, source(file)) == f"examples/{file} must be saved as UTF-8."


def test_a_link_of_the_file_system_does_not_lead_out_of_the_folder(folder, tmp_path):
    write_jsonl(tmp_path / "secret.jsonl")
    (folder / "c.jsonl").symlink_to(tmp_path / "secret.jsonl")
    assert refusal(folder, source("c.jsonl")) == (
        "examples/c.jsonl must lie in the folder examples."
    )


def replace_file(path):
    write_jsonl(path.with_name("new"))
    path.with_name("new").replace(path)


def cut_file(path):
    path.write_bytes(path.read_bytes()[:-1])


def grow_file(path):
    with path.open("a") as file:
        file.write(json.dumps(ROWS[0]))


def begin_another_line(path):
    with path.open("a") as file:
        file.write('{"title": "not yet wh')


def overwrite_file(path):
    path.write_bytes(path.read_bytes().replace(b"Bread", b"Cakes"))


CHANGES = [replace_file, cut_file, grow_file, begin_another_line, overwrite_file]


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_while_it_is_read_is_refused(folder, monkeypatch, change):
    path = folder / "c.jsonl"
    write_jsonl(path)
    # In the past, since the clock of the file system counts in milliseconds.
    os.utime(path, (1_000_000_000, 1_000_000_000))
    read_row = collection_file._read_row

    def change_and_read(*arguments):
        monkeypatch.undo()
        change(path)
        return read_row(*arguments)

    monkeypatch.setattr(collection_file, "_read_row", change_and_read)
    assert refusal(folder, source("c.jsonl")) == (
        "examples/c.jsonl was changed while it was read: start again when it is whole."
    )


def test_a_file_may_lie_in_a_folder_of_the_folder(folder):
    (folder / "data").mkdir()
    write_jsonl(folder / "data" / "c.jsonl")
    assert read_collection(source("data/c.jsonl"), folder).name == "c"


def test_no_texts_and_too_many_are_refused(folder, monkeypatch):
    (folder / "c.csv").write_text(HEADER)
    assert refusal(folder, source("c.csv")) == "examples/c.csv holds no texts."
    monkeypatch.setattr(collection_file, "MOST_TEXTS", 3)
    write_jsonl(folder / "c.jsonl", ROWS[:3])
    assert len(read_collection(source("c.jsonl"), folder).texts) == 3
    write_jsonl(folder / "c.jsonl", ROWS)
    assert refusal(folder, source("c.jsonl")) == (
        "examples/c.jsonl holds more than 3 texts: keep fewer."
    )


def test_what_is_not_asked_for_is_not_kept(folder):
    # 40 MB in the file, of which 40 kB are texts.
    rows = [{"text": f"text {n}", "body": "x" * 10_000} for n in range(4_000)]
    write_jsonl(folder / "c.jsonl", rows)
    tracemalloc.start()
    try:
        read_collection(CollectionSource(file="c.jsonl", text="text"), folder)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_labelled_queries_name_texts_by_their_titles(folder):
    write_jsonl(folder / "c.jsonl")
    labelled = [
        {"query": "baking", "relevant": ["Bread", "Wheels of fire"]},
        {"query": "quotes", "relevant": ["Text\nonly,\twith “quotes”"]},
    ]
    collection = read_collection(source("c.jsonl", labelled=labelled), folder)
    # Two texts have the first title, and the last text has none.
    assert collection.labelled == (
        LabelledQuery("baking", frozenset({0, 1, 3})),
        LabelledQuery("quotes", frozenset({2})),
    )


def test_a_labelled_title_that_is_not_there_is_refused(folder):
    write_jsonl(folder / "c.jsonl")
    labelled = [
        {"query": "a", "relevant": ["Bread"]},
        {"query": "b", "relevant": ["Bread", "Braed"]},
    ]
    assert refusal(folder, source("c.jsonl", labelled=labelled)) == (
        "examples/search.json, collection → labelled → 2 → relevant: “Braed” is not one of the "
        "titles of the collection."
    )
