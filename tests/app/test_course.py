"""A course of another subject: the same app with other examples, and nothing else changed."""

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterable
from html import unescape
from pathlib import Path

import pytest
from served import copy_app, start

from embviz.course.course_files import (
    FOLDER,
    Analogy,
    ArithmeticPart,
    CollectionSource,
    Condition,
    GuidedLesson,
    Labelled,
    Notes,
    PreparedVariants,
    SearchPart,
    SimilarityPart,
    Slider,
    Source,
    Step,
    Task,
)
from embviz.course.course_settings import Colours, Contact, Course, Link
from embviz.course.templates import QUOTATIONS
from embviz.course.truths import TRUTHS

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "examples" / "README.md").read_text()
SECTION = README.split("## Your own course")[1].split("\n## ")[0]

SIMILARITY = {
    "pairs": [["violin", "cello"], ["waltz", "tax return"]],
    "words": ["violin", "cello", "trumpet", "trombone", "waltz", "tango"],
    "variants": [{"text": "violin", "paraphrase": "small bowed string instrument"}],
    "explanation": ["Instruments of one family have vectors of one direction."],
    "exercises": ["Which instrument is nearest to your own?"],
}
ARITHMETIC = {
    "analogies": [
        {
            "expression": "pianist - piano + violin",
            "candidates": ["violinist", "drummer", "singer", "conductor"],
        }
    ],
    "explanation": ["A player less an instrument, and another instrument."],
    "exercises": ["Do it with composers and countries."],
}
SEARCH = {
    "documents": [
        "The Tuning of Harpsichords in the Baroque",
        "Breathing Exercises for Opera Singers",
        "How Vinyl Records Are Pressed",
        "Polyrhythm in West African Drumming",
    ],
    "queries": ["how to sing on stage without getting tired"],
    "labelled": [
        {
            "query": "training of the voice",
            "relevant": ["Breathing Exercises for Opera Singers"],
        },
        {"query": "percussion", "relevant": ["Polyrhythm in West African Drumming"]},
        {"query": "making an LP", "relevant": ["How Vinyl Records Are Pressed"]},
    ],
    "explanation": ["A title is found by what it means."],
    "exercises": ["Search the programme of your concert hall."],
}
STEP = {
    "title": "Two bowed instruments",
    "tab": "similarity",
    "state": {"text_a": "violin", "text_b": "cello"},
    "question": "How alike are violin and cello?",
    "slider": {"low": 0, "high": 1, "step": 0.1},
    "truth": "similarity",
    "explanation": ["Both have four strings."],
    "source": {"title": "A book on strings", "url": "https://example.org/strings"},
}
COURSE = {
    "similarity.json": SIMILARITY,
    "arithmetic.json": ARITHMETIC,
    "search.json": SEARCH,
    "lesson.json": {"steps": [STEP]},
}


@pytest.fixture
def course(tmp_path):
    """A copy of the app with the four files of another course."""
    folder = tmp_path / "course"
    copy_app(folder)
    for name, content in COURSE.items():
        write(folder, name, content)
    return folder


def write(folder, name, content):
    (folder / "examples" / name).write_text(json.dumps(content), encoding="utf-8")


def texts(content):
    """Every text that stands somewhere in a JSON."""
    if isinstance(content, str):
        return [content]
    if isinstance(content, dict):
        content = content.values()
    return [t for inner in content for t in texts(inner)] if isinstance(content, Iterable) else []


def test_another_course_is_what_the_app_shows_and_answers(course, start_app, post_to):
    with start_app(course) as url:
        with urllib.request.urlopen(f"{url}/config", timeout=60) as response:
            shown = "\n".join(texts(json.load(response)["components"]))

        def ask(name, *arguments):
            status, answer = post_to(url, name, *arguments)
            assert status == 200, answer
            return answer["data"][0]

        found = ask("search", "how to sing on stage without getting tired")
        tested = ask("retrieval_test")

    # Single words may stand anywhere; a title or a paragraph of the old course may not.
    contents = {name: json.loads((FOLDER / name).read_bytes()) for name in COURSE}
    steps = contents.pop("lesson.json")["steps"]
    # Of the steps, what names a panel or a unit is the app's own.
    old = texts(contents) + [step[name] for step in steps for name in ("title", "question")]
    assert [text for text in old if " " in text and text in shown] == []
    assert "Start here: a lesson in 1 step<" in shown
    for text in (STEP["title"], STEP["question"]):
        assert text in shown
    for part in (SIMILARITY, ARITHMETIC, SEARCH):
        for text in (*part["explanation"], *part["exercises"]):
            assert text in shown
    for text in (
        "violin · cello",
        ", ".join(SIMILARITY["words"]),
        "pianist - piano + violin",
        "violinist, drummer, singer, conductor",
        "\n".join(SEARCH["documents"]),
        *SEARCH["queries"],
    ):
        assert text in shown
    assert found["matches"][0]["text"] == "Breathing Exercises for Opera Singers"
    assert {match["text"] for match in found["matches"]} <= set(SEARCH["documents"])
    assert [query["query"] for query in tested["queries"]] == [
        labelled["query"] for labelled in SEARCH["labelled"]
    ]


@pytest.fixture
def refused_start(tmp_path):
    """Start an app that must refuse to; returns the lines that it prints."""

    def refused_start(folder, **variables):
        log = tmp_path / "refused.txt"
        app = start(folder, log, **variables)
        app.join(timeout=120)
        assert app.exitcode == 1
        assert "Traceback" not in log.read_text()
        return log.read_text().splitlines()

    return refused_start


def test_a_mistake_ends_the_start_with_the_sentence_of_the_readme(course, refused_start):
    labelled = [*SEARCH["labelled"][:2], {"query": "making an LP", "relevant": ["Foo"]}]
    write(course, "search.json", SEARCH | {"labelled": labelled})
    (sentence,) = re.findall(r"^> (examples/.*)$", SECTION, flags=re.MULTILINE)
    assert refused_start(course) == [sentence]


def test_more_than_a_visitor_may_ask_ends_the_start_with_a_sentence(course, refused_start):
    words = [f"étude {n}" for n in range(51)]
    write(course, "similarity.json", SIMILARITY | {"words": words})
    assert refused_start(course)[-1] == (
        "The tabs cannot start with what is in examples: "
        "Words: 51 texts are too many; at most 50 can be read."
    )


def test_a_step_that_cannot_be_shown_ends_the_start_with_its_place(course, refused_start):
    step = STEP | {"state": STEP["state"] | {"colours": "grey"}}
    write(course, "lesson.json", {"steps": [STEP, step]})
    assert refused_start(course)[-1] == (
        "examples/lesson.json, steps → 2 → state: colours must be one of: purple-green, red-green."
    )


def test_a_model_that_is_not_there_ends_the_start_with_a_sentence(course, refused_start):
    write(course, "course.json", {"model": "no-such-folder/model"})
    assert "The model no-such-folder/model could not be loaded" in refused_start(course)[-1]


NEAREST = STEP | {
    "tab": "arithmetic",
    "state": {"expression": "pianist - piano + violin", "candidates": "violinist, drummer"},
    "slider": None,
    "truth": "nearest",
}


def with_state(**state):
    return STEP | {"state": STEP["state"] | state}


def with_check(**check):
    return STEP | {"task": {"text": "Find two that are less alike.", "check": check}}


STATE = "examples/lesson.json, steps → 2 → state: "
CHECK = "examples/lesson.json, steps → 2 → task → check"
FACTS = "which are similarity, percentile, kind"

# Second steps that cannot be, or questions that are not shown, and why not.
REFUSED = [
    (
        with_state(text_c="viola"),
        f"{STATE}“text_c” is not one of the inputs, which are question, model, text_a, text_b, "
        "panel, texts, ordered, colours, model_b, word, sentences, layer.",
    ),
    (
        with_state(panel="Why?"),
        f"{STATE}panel must be one of: none, vectors, angle, tokens, layers, changes, neighbours, "
        "models, people, leaderboard, odd-one-out, map-pca, map-mds, map-tsne, map-random, "
        "by-layer.",
    ),
    (
        with_state(model="nobody"),
        f"{STATE}Model must be one of: all-minilm-l6-v2, minilm-without-context, "
        "minilm-untrained, wordllama.",
    ),
    (
        NEAREST | {"options": ["drummer", "x"]},
        "examples/lesson.json, steps → 2 → options: none of these is the model’s answer, "
        "“violinist”.",
    ),
    (
        with_check(magic={"is": "x"}),
        f"{CHECK}: “magic” is not one of the facts of this answer, {FACTS}.",
    ),
    (
        with_check(similarity={"below": 0}, nearest={"is": "viola"}),
        f"{CHECK}: “nearest” is not one of the facts of this answer, {FACTS}.",
    ),
    (
        with_check(kind={"above": 1}),
        f"{CHECK} → kind: this is a text and is compared with a number.",
    ),
    (
        ["texts", "magic"],
        "examples/course.json, questions → 2: “magic” is not one of the questions, which are "
        "texts, list, context, equation, axes, association, documents, passages.",
    ),
    (
        ["equation"],
        "examples/lesson.json, steps → 1 → tab: course.json shows no question of this tab; add "
        "one there, or leave out this step.",
    ),
]

# Build the page of each course as the app does, with a model that is loaded once.
REFUSE = """
import json, sys
from pathlib import Path
from embviz.analysis.baseline import load_baseline
from embviz.analysis.vocabulary import CommonWords
from embviz.course.course_files import load_lesson
from embviz.course.json_file import LessonError
from embviz.models.catalogue import list_models, load_first
from embviz.server.endpoints import build_endpoints
from embviz.service import Service
from embviz.service_of_each_model import Services
from embviz.ui.page import build_page

encoder = load_first(None)
refusals = []
for folder in map(Path, sys.argv[1:]):
    try:
        service = Service(
            encoder, load_lesson(folder), load_baseline(encoder), CommonWords(encoder)
        )
        services = Services(service, list_models(encoder))
        build_page(services, build_endpoints(services))
        refusals.append(None)
    except LessonError as error:
        refusals.append(str(error))
print(json.dumps(refusals))
"""


def test_a_missing_model_ends_the_start_with_one_sentence(refused_start):
    *_, sentence = refused_start(ROOT, EMBVIZ_MODEL="nobody/no-such-model")
    assert sentence.startswith("The model nobody/no-such-model could not be loaded: connect to the")


def test_what_a_course_cannot_show_is_refused_with_its_place(tmp_path):
    sound = tmp_path / "0"
    sound.mkdir()
    for name, content in COURSE.items():
        (sound / name).write_text(json.dumps(content), encoding="utf-8")
    folders = [sound]
    for n, (change, _) in enumerate(REFUSED, 1):
        folders.append(shutil.copytree(sound, tmp_path / str(n)))
        if isinstance(change, dict):
            first = NEAREST | {"options": ["violinist", "x"]} if "options" in change else STEP
            name, content = "lesson.json", {"steps": [first, change]}
        else:
            name, content = "course.json", {"questions": change}
        (folders[-1] / name).write_text(json.dumps(content), encoding="utf-8")
    # In a process of its own: Gradio leaves event loops behind.
    ran = subprocess.run(
        [sys.executable, "-c", REFUSE, *folders], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    refusals = json.loads(ran.stdout.splitlines()[-1])
    assert refusals == [None, *(sentence for _, sentence in REFUSED)]


SETTINGS = {
    "title": "Words & Music {2026}",
    "links": [{"title": "Syllabus", "url": "https://example.org/syllabus"}],
    "contact": {"name": "Dr Ada Byron", "url": "mailto:ada@example.org"},
    "questions": ["documents", "texts"],
    "model": "wordllama",
}


def test_the_settings_of_a_course_are_what_the_page_shows(course, start_app, post_to):
    write(course, "course.json", SETTINGS)
    explanation = ["{model}: {similarity:violin,cello} of violin and cello."]
    write(course, "similarity.json", SIMILARITY | {"explanation": explanation})
    with start_app(course) as url:

        def read(path):
            with urllib.request.urlopen(url + path, timeout=60) as response:
                return response.read().decode()

        page, config, of_class = read("/"), json.loads(read("/config")), read("/class")
        status, answer = post_to(url, "compare", "violin", "cello")
        _, solved = post_to(url, "solve", "pianist - piano + violin", "violinist, drummer")

    title = "Words &amp; Music {2026}"
    for pattern in ("<title>(.*?)</title>", 'og:title" content="(.*?)"'):
        assert [unescape(found) for found in re.findall(pattern, page)] == [unescape(title)]
    assert f"What the class guessed · {title}" in of_class
    shown = "\n".join(texts(config["components"]))
    assert f"<h1>{title}</h1>" in shown
    assert '<a href="https://example.org/syllabus"' in shown
    assert 'Ask <a href="mailto:ada@example.org">Dr Ada Byron</a>' in shown
    tabs = [c["props"]["label"] for c in config["components"] if c["type"] == "tabitem"]
    assert tabs == ["Similarity", "Search"]
    assert status == 200
    similarity = answer["data"][0]["similarity"]
    assert f"WordLlama: {similarity:.2f} of violin and cello." in shown
    # What is not shown can be asked by programs.
    assert solved["data"][0]["matches"][0]["text"] == "violinist"


def test_readme_names_everything_that_stands_in_the_files():
    kinds = (SimilarityPart, PreparedVariants, ArithmeticPart, Analogy, SearchPart, Labelled)
    kinds += (CollectionSource, GuidedLesson, Step, Slider, Task, Condition, Source)
    kinds += (Course, Colours, Link, Contact, Notes)
    named = set(re.findall(r"`(\w+)`", SECTION))
    fields = [item for kind in kinds for item in kind.model_fields.items()]
    assert {field.alias or name for name, field in fields} <= named
    assert set(TRUTHS) <= named
    assert set(QUOTATIONS) <= named
    assert {*COURSE, "course.json"} <= set(re.findall(r"`(\w+\.json)`", SECTION))
