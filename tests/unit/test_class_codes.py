"""The code of what somebody guessed: codes.js, run by node."""

import json
import math
import re
import shutil
import subprocess

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from embviz.course.course_files import Slider, load_lesson
from embviz.ui.lesson_markup import lesson_version

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

# Each line in is [function, arguments], each line out what it returns.
PROGRAM = """
const lines = require("readline").createInterface({ input: process.stdin });
const { decoder, ...functions } = codes;
functions.decode = (text, scales, lesson) => decoder(scales, lesson)(text);
lines.on("line", (line) => {
  const [name, values] = JSON.parse(line);
  console.log(JSON.stringify(functions[name](...values)));
});
"""


@pytest.fixture(scope="module")
def run():
    """Call a function of codes.js in a node that stays open."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = (ROOT / "embviz/ui/static/codes.js").read_text()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([node, "-e", script + PROGRAM], **pipes, encoding="utf-8") as process:

        def run(name, *values):
            process.stdin.write(json.dumps([name, values]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()


def scale(size):
    return {"low": 0, "step": 1, "size": size}


@st.composite
def lessons(draw):
    """How much can be guessed at each step, and a guess or none."""
    sizes = draw(st.lists(st.integers(2, 400), min_size=1, max_size=30))
    return sizes, [draw(st.none() | st.integers(0, size - 1)) for size in sizes]


versions = st.integers(0, 1023)


@given(lesson=lessons(), version=versions)
def test_a_code_says_what_was_guessed(run, lesson, version):
    sizes, guesses = lesson
    scales = [scale(size) for size in sizes]
    code = run("encode", guesses, scales, version)
    assert run("decode", code, scales, version) == {"guesses": guesses}
    # As many letters as the number of all possible guesses needs, and four.
    numbers = math.prod(size + 1 for size in sizes)
    letters = next(n for n in range(numbers) if 32**n >= numbers)
    assert len(code.replace("-", "")) == letters + 4
    assert set(code) <= {*LETTERS, "-"}


@given(lesson=lessons(), version=versions, data=st.data())
def test_case_dashes_and_letters_that_look_alike_make_no_difference(run, lesson, version, data):
    sizes, guesses = lesson
    scales = [scale(size) for size in sizes]
    code = run("encode", guesses, scales, version)
    alike = {"0": "0Oo", "1": "1IiLl", "-": ["", " ", "-", "–", "−", "\t"]}
    typed = "".join(data.draw(st.sampled_from(alike.get(c, (c, c.lower())))) for c in code)
    assert run("decode", typed, scales, version) == {"guesses": guesses}


@given(lesson=lessons(), version=versions)
def test_every_single_changed_letter_is_noticed(run, lesson, version):
    sizes, guesses = lesson
    scales = [scale(size) for size in sizes]
    code = run("encode", guesses, scales, version).replace("-", "")
    for place, right in enumerate(code):
        # One that is near in the alphabet, one that is far, and one that no code has.
        for wrong in (LETTERS[LETTERS.index(right) ^ 1], LETTERS[LETTERS.index(right) ^ 31]):
            typed = code[:place] + wrong + code[place + 1 :]
            assert run("decode", typed, scales, version) == {"problem": "mistake"}
        typed = code[:place] + "U" + code[place + 1 :]
        assert run("decode", typed, scales, version) == {"problem": "no code"}


def test_every_letter_in_every_place_and_every_swap_is_noticed(run):
    steps = load_lesson().steps
    scales = [scales_of(run, step) for step in steps]
    code = run("encode", [None, 0, 1] * 6 + [5], scales, 700).replace("-", "")
    changed = {code[:n] + c + code[n + 1 :] for n in range(len(code)) for c in LETTERS}
    changed |= {code[:n] + code[n + 1] + code[n] + code[n + 2 :] for n in range(len(code) - 1)}
    assert len(changed) > 31 * len(code)
    for typed in changed - {code}:
        assert run("decode", typed, scales, 700) == {"problem": "mistake"}


@given(lesson=lessons(), version=versions, other=versions)
def test_a_code_of_another_lesson_is_noticed(run, lesson, version, other):
    sizes, guesses = lesson
    scales = [scale(size) for size in sizes]
    code = run("encode", guesses, scales, version)
    expected = {"guesses": guesses} if version == other else {"problem": "other lesson"}
    assert run("decode", code, scales, other) == expected
    # So much more can be guessed there that its codes are longer.
    longer = [*scales, scale(400)]
    assert run("decode", code, longer, version) == {"problem": "other lesson"}


@given(text=st.text() | st.text(alphabet=LETTERS, max_size=30))
def test_nonsense_is_a_problem_or_a_code(run, text):
    answer = run("decode", text, [scale(41)] * 4, 5)
    problems = [{"problem": kind} for kind in ("no code", "mistake", "other lesson")]
    assert answer in problems or len(answer["guesses"]) == 4


def test_a_number_that_no_guesses_make_is_a_mistake(run):
    # Of 32 numbers that a letter can be, two guesses or none take three.
    codes = [run("encode", [guess], [scale(31)], 5) for guess in (None, *range(31))]
    read = [run("decode", code, [scale(2)], 5) for code in codes]
    assert read == [{"guesses": [None]}, {"guesses": [0]}, {"guesses": [1]}] + 29 * [
        {"problem": "mistake"}
    ]


@pytest.mark.parametrize(
    ("low", "high", "step", "size"),
    [(-1, 1, 0.05, 41), (0, 100, 1, 101), (0, 384, 16, 25), (0, 0.3, 0.1, 4), (0, 1, 0.3, 4)],
)
def test_each_place_of_a_slider_is_a_guess(run, low, high, step, size):
    of_slider = run("scale", low, high, step)
    assert of_slider == {"low": low, "step": step, "size": size}
    for index in range(size):
        # As a browser says where the slider stands.
        kept = f"{low + index * step:.10g}"
        assert run("indexOf", kept, of_slider) == index


@pytest.mark.parametrize("kept", [None, "nonsense", "1.05", "-1.2", {}, "1e999"])
def test_what_is_kept_but_was_never_offered_is_no_guess(run, kept):
    assert run("indexOf", kept, run("scale", -1, 1, 0.05)) is None


def scales_of(run, step):
    if step.slider:
        return run("scale", step.slider.low, step.slider.high, step.slider.step)
    return run("scale", 0, len(step.options) - 1, 1)


def test_the_lesson_takes_as_many_letters_as_the_readme_says(run):
    steps = load_lesson().steps
    scales = [scales_of(run, step) for step in steps]
    code = run("encode", [None] * len(steps), scales, lesson_version(steps))
    readme = (ROOT / "examples" / "README.md").read_text()
    (said,) = re.findall(r"code of the guesses \((\d+) letters and digits\)", readme)
    assert len(code.replace("-", "")) == int(said)


def test_the_version_changes_with_what_can_be_guessed_and_with_nothing_else():
    first, *others = load_lesson().steps
    choice = next(step for step in others if step.options)

    def version(step):
        return lesson_version([step])

    assert 0 <= version(first) < 1024
    assert version(first) == version(first.model_copy(update={"explanation": ("Other words.",)}))
    changes = [
        {"title": "Two words and a number"},
        {"slider": Slider(low=-1, high=1, step=0.1)},
        {"slider": Slider(low=0, high=1, step=0.05)},
    ]
    changed = [first.model_copy(update=change) for change in changes]
    changed.append(choice.model_copy(update={"options": choice.options[::-1]}))
    assert len({version(step) for step in (first, choice, *changed)}) == 2 + len(changes) + 1
    assert lesson_version([first, choice]) != lesson_version([choice, first])
