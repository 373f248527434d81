"""examples/course.json."""

import base64
import json

import pytest

from embviz.course.course_files import load_lesson
from embviz.course.course_settings import contrast_ratio
from embviz.course.json_file import LessonError

PICTURE = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture
def load(course_folder):
    """Load the course with these settings."""
    folder = course_folder
    (folder / "logo.svg").write_bytes(PICTURE)
    (folder / "large.png").write_bytes(bytes(100_001))

    def load(**settings):
        (folder / "course.json").write_text(json.dumps(settings))
        return load_lesson(folder)

    load.folder = folder
    return load


def test_a_course_needs_no_settings(load):
    (load.folder / "course.json").unlink(missing_ok=True)
    lesson = load_lesson(load.folder)
    assert lesson.course.title == "Embeddings Visualizer"
    assert (lesson.course.questions, lesson.course.model, lesson.logo) == (None, None, "")
    assert load() == lesson


def test_the_texts_are_english_unless_the_course_says_otherwise(load):
    assert (load().course.language, load().course.spoken) == (None, "en")
    german = load(language="de").course
    assert (german.language, german.spoken) == ("de", "de")


def test_the_logo_is_part_of_the_page(load):
    kind, _, content = load(logo="logo.svg").logo.partition(";base64,")
    assert kind == "data:image/svg+xml"
    assert base64.b64decode(content) == PICTURE


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"titel": "x"}, "course.json: “titel” is not one of the names allowed here: title, logo,"),
        ({"title": ""}, "course.json, title: "),
        ({"title": "a\nb"}, "course.json, title: write this text on one line."),
        (
            {"language": "fr"},
            "course.json, language: write one of the languages of the page here: en",
        ),
        ({"logo": "logo.gif"}, "course.json, logo: the name of a file must stand here: .svg,"),
        ({"logo": "../logo.svg"}, "course.json, logo: the file must lie in the folder of this one"),
        ({"logo": "none.svg"}, "course.json, logo: none.svg is missing or cannot be read."),
        ({"logo": "large.png"}, "course.json, logo: large.png has 100 KB; make it smaller than"),
        (
            {"colours": {"background": "blue", "text": "#ffffff"}},
            "course.json, colours → background: write a colour as # and six digits or letters",
        ),
        (
            {"colours": {"background": "#777777", "text": "#ffffff"}},
            "course.json, colours: the contrast of these two is 4.48:1, and reading takes 4.5:1",
        ),
        ({"colours": {"text": "#ffffff"}}, "course.json, colours → background: this is missing."),
        (
            {"links": [{"title": "Syllabus", "url": "javascript:alert(1)"}]},
            "course.json, links → 1 → url: write an address that begins with https:// here.",
        ),
        (
            {"contact": {"name": "Ada", "url": "ada@example.org"}},
            "course.json, contact → url: write an address that begins with https:// or mailto:",
        ),
        (
            {"contact": {"name": "Ada", "url": "mailto:ada@example.org?bcc=all@example.org"}},
            "course.json, contact → url: write an address that begins",
        ),
        ({"questions": []}, "course.json, questions: this list is too short: it needs at least 1."),
        ({"questions": ["list", "list"]}, "course.json, questions: “list” is in this list twice"),
    ],
)
def test_a_mistake_is_refused_with_its_place(load, settings, sentence):
    with pytest.raises(LessonError) as error:
        load(**settings)
    assert str(error.value).startswith(f"examples/{sentence}")


@pytest.mark.parametrize(
    ("one", "other", "contrast"),
    [
        # By hand, from the definition of WCAG 2.2.
        ("#ffffff", "#000000", 21),
        ("#123456", "#123456", 1),
        ("#ff0000", "#ffffff", 1.05 / (0.2126 + 0.05)),
        ("#000000", "#0000ff", (0.0722 + 0.05) / 0.05),
        # Published by WebAIM as the lightest grey that passes on white.
        ("#767676", "#ffffff", 4.54),
    ],
)
def test_contrast(one, other, contrast):
    assert contrast_ratio(one, other) == pytest.approx(contrast, abs=0.005)
    assert contrast_ratio(other, one) == contrast_ratio(one, other)
