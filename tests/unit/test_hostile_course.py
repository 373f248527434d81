"""Random mistakes in the files of a course: each gets one sentence that says where it is.

Hundreds of cases a test, thousands with --hypothesis-profile=long. Never another exception than
LessonError; and what is read can be shown.
"""

import copy
import json
import re

import pytest
import test_class_codes
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from embviz.course.collection_file import read_collection
from embviz.course.course_files import (
    FOLDER,
    MOST_GUESSES,
    CollectionSource,
    Condition,
    Slider,
    load_lesson,
)
from embviz.course.json_file import LessonError
from embviz.course.templates import QUOTATIONS
from embviz.ui.class_page import _page_html
from embviz.ui.lesson_markup import decimals, steps_html

FILES = ("course", "lesson", "similarity", "arithmetic", "search")
CONTENTS = {name: json.loads((FOLDER / f"{name}.json").read_text()) for name in FILES}
# A few steps of each kind and a setting of each kind, so that every place is met often.
_STEPS = CONTENTS["lesson"]["steps"]
CONTENTS["lesson"]["steps"] = [
    *[step for step in _STEPS if "slider" in step and "task" in step][:2],
    *[step for step in _STEPS if "options" in step][:2],
]
CONTENTS["course"] = {
    "title": "Embeddings",
    "logo": "logo.svg",
    "colours": {"background": "#003c71", "text": "#ffffff"},
    "links": [{"title": "Syllabus", "url": "https://example.org"}],
    "contact": {"name": "Ada", "url": "mailto:ada@example.org"},
    "questions": ["texts", "list"],
    "model": "wordllama",
}
CONTENTS["search"]["collection"] = {
    "file": "texts.csv",
    "text": "abstract",
    "title": "title",
    "labelled": [{"query": "sea", "relevant": ["The sea"]}],
}

# A fixture: the functions of codes.js.
run = test_class_codes.run

# Control characters, line breaks and direction marks are not for a terminal.
ONE_SENTENCE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{5,}\.")

# The folder is the same for all cases: each writes over what the one before it wrote.
shared_folder = settings(
    max_examples=max(200, settings().max_examples),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

templates = st.lists(
    st.sampled_from([*"{}:,!.[] ", "{{", "}}", "\n", "king", "é", "\u202e", *QUOTATIONS]),
    max_size=12,
).map("".join)
texts = st.one_of(
    templates,
    st.text(max_size=20),
    st.sampled_from(
        [
            *("", " ", "\u200b", "\x00", "\x1b[31m", "a\nb", "a\u2028b", "\u202e", "a, b"),
            *("../x.svg", "a\x00.svg", "x" * 300 + ".svg", "/etc/passwd.csv", "a/../../b.jsonl"),
            *("https://[", "https://a:b", "http://", "mailto:a@b", "javascript:alert(1)", "//a"),
            *("https://\u2100.com", "#12345g", "#000000", "king - male", "9" * 400 + " * king"),
            *("wordllama", "percentile", "similarity", "x" * 2_000, "{" * 2_000),
        ]
    ),
)
numbers = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([0, 1, -1, 10**400, 1e308, -1e308, 5e-324, 1e-300, float("nan")]),
)
leaves = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(texts.filter(len), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("course") / "examples"


@pytest.fixture(autouse=True)
def sound_course(folder):
    folder.mkdir(exist_ok=True)
    for name, content in CONTENTS.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")


def assert_read_or_refused(folder, name):
    """What is read can be shown, and what is not is refused in one sentence about this file."""
    try:
        lesson = load_lesson(folder)
    except LessonError as error:
        message = str(error)
        assert message.startswith(f"examples/{name}.json")
        assert ONE_SENTENCE.fullmatch(message), message
        return message
    questions = ["texts"] * len(lesson.steps)
    assert steps_html(lesson.steps, lesson.takeaways, questions)
    page = _page_html(lesson.steps, lesson.course.title, "")
    (described,) = re.findall(r'id="lesson">(.*?)</script>', page, re.DOTALL)
    json.loads(described, parse_constant=pytest.fail)
    return None


def places_in(content, place=()):
    """All places of a file, by what stands there: items of one list are the same kind of place."""
    found = {tuple(name if isinstance(name, str) else None for name in place): [place]}
    if isinstance(content, list):
        content = dict(enumerate(content))
    for name, inner in content.items() if isinstance(content, dict) else ():
        for kind, places in places_in(inner, (*place, name)).items():
            found.setdefault(kind, []).extend(places)
    return found


@st.composite
def mistakes(draw, content):
    """What stands in a file, with one value or two changed, left out or added."""
    content = {"file": copy.deepcopy(content)}
    for _ in range(draw(st.integers(1, 2))):
        kinds = places_in(content)
        kinds.pop(())
        *above, last = draw(st.sampled_from(kinds[draw(st.sampled_from(list(kinds)))]))
        inner = content
        for name in above:
            inner = inner[name]
        change = draw(st.sampled_from(["replace"] * 6 + ["leave out", "add"]))
        if change == "add" and isinstance(inner[last], dict):
            inner[last][draw(texts)] = draw(values)
        elif change == "leave out" and above:
            del inner[last]
        else:
            alike = numbers if isinstance(inner[last], int | float) else texts
            inner[last] = draw(st.one_of(alike, alike, values))
    return content["file"]


@pytest.mark.parametrize("name", FILES)
def test_any_value_at_any_place_is_read_or_refused(folder, name):
    @shared_folder
    @given(mistakes(CONTENTS[name]))
    def check(content):
        (folder / f"{name}.json").write_text(json.dumps(content))
        assert_read_or_refused(folder, name)

    check()


@given(low=numbers, high=numbers, step=numbers)
@example(low=0, high=1, step=float("inf"))
@example(low=float("nan"), high=1, step=1)
@example(low=-1e308, high=1e308, step=1)
@example(low=0, high=1, step=1e-300)
@example(low=0, high=1e-299, step=1e-300)
def test_any_slider_is_refused_or_its_last_guess_has_a_code(run, low, high, step):
    try:
        slider = Slider.model_validate_json(json.dumps({"low": low, "high": high, "step": step}))
    except ValidationError:
        return
    scale = run("scale", slider.low, slider.high, slider.step)
    last = scale["size"] - 1
    assert run("decode", run("encode", [last], [scale], 5), [scale], 5) == {"guesses": [last]}
    # Few enough for a figure of them, and with so few decimals that JavaScript writes them.
    assert last <= MOST_GUESSES
    assert decimals(slider) < 100


@pytest.mark.parametrize("number", [5, 5.0, -1, 0])
def test_a_fact_can_be_compared_with_a_whole_number(number):
    condition = Condition.model_validate_json(json.dumps({"is": number}))
    assert condition.values == (number,)
    assert isinstance(condition.is_, float)


@pytest.mark.parametrize("name", FILES)
def test_any_bytes_are_read_or_refused(folder, name):
    path = folder / f"{name}.json"
    content = path.read_bytes()

    @shared_folder
    @given(
        st.binary(max_size=60),
        st.integers(0, len(content)),
        st.sampled_from([0, 1, 100, len(content)]),
    )
    def check(wrong, start, length):
        path.write_bytes(content[:start] + wrong + content[start + length :])
        assert_read_or_refused(folder, name)

    check()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("opening", ["[", '{"a":', '{"steps":[', '[{"explanation":'])
def test_any_depth_is_refused(folder, name, opening):
    for depth in (50, 5_000, 200_000):
        (folder / f"{name}.json").write_text(opening * depth)
        assert assert_read_or_refused(folder, name)


@pytest.mark.parametrize("name", FILES)
def test_thousands_of_mistakes_are_refused_with_the_first(folder, name):
    for field in CONTENTS[name]:
        for wrong in ([5] * 20_000, dict.fromkeys(map(str, range(20_000)), 5)):
            (folder / f"{name}.json").write_text(json.dumps(CONTENTS[name] | {field: wrong}))
            message = assert_read_or_refused(folder, name)
            assert message.startswith(f"examples/{name}.json, {field}")


@pytest.mark.parametrize("place", ["explanation", "exercises"])
def test_any_braces_are_read_or_refused_with_their_place(folder, place):
    @shared_folder
    @given(templates)
    def check(template):
        content = CONTENTS["similarity"] | {place: ["Fine.", template]}
        (folder / "similarity.json").write_text(json.dumps(content))
        message = assert_read_or_refused(folder, "similarity")
        assert message is None or message.startswith(f"examples/similarity.json, {place} → 2: ")

    check()


SOURCE = CollectionSource(file="texts.jsonl", text="text", title="title", link="link")
rows = st.dictionaries(
    st.one_of(st.sampled_from(["text", "title", "link"]), texts), values, max_size=4
)
lines = st.one_of(
    rows.map(json.dumps),
    st.text(max_size=30),
    st.sampled_from(
        [
            '{"text": "a", "title": "b", "link": "https://example.org"}',
            '{"text": "a", "title": "b", "link": ""}',
            '{"text": "a\\ud800", "title": "b", "link": ""}',
            '{"text": ' + "9" * 5_000 + ', "title": "b", "link": ""}',
            "[" * 3_000,
            '{"text":' * 3_000,
            '"text","title","link"',
            "text;title;link",
            "a,b,https://[",
            '"a',
        ]
    ),
)


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_any_collection_is_read_or_refused_with_its_line(folder, kind):
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    source = SOURCE.model_copy(update={"file": f"texts.{kind}"})
    sound = st.just("text,title,link" if kind == "csv" else '{"text":"a","title":"","link":""}')
    contents = st.lists(st.one_of(lines, sound), max_size=4).map(
        lambda lines: "\n".join(lines).encode("utf-8", "replace")
    )

    @shared_folder
    @given(st.one_of(contents, st.binary(max_size=100)))
    def check(content):
        (folder / source.file).write_bytes(content)
        try:
            collection = read_collection(source, folder)
        except LessonError as error:
            message = str(error)
            assert message.startswith(f"examples/{source.file}")
            assert ONE_SENTENCE.fullmatch(message), message
            return
        for text in (*collection.texts, *collection.titles, *collection.links):
            text.encode()

    check()
