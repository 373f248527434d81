"""The page for a class over HTTP: its addresses, and the answers that it asks for."""

import hashlib
import http.client
import json
import re
import time
from threading import Event
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from embviz.course.course_files import load_lesson
from embviz.course.course_settings import Course
from embviz.course.truths import TRUTHS
from embviz.errors import InputError
from embviz.ui.class_page import LessonAnswers, class_routes
from embviz.ui.lesson_markup import lesson_version

# Of index.mjs in the npm package lean-qr 2.7.4.
SHA256 = "0ce41cd6f92cc23cf057a1df7e1b3876767d678665dd65af4e1d22b4fad967dc"

ADDRESSES = {
    "/class": "text/html; charset=utf-8",
    "/class/truths": "application/json",
    "/class/qr.mjs": "text/javascript; charset=utf-8",
}


@pytest.fixture
def get(app_url):
    def get(path, method="GET"):
        connection = http.client.HTTPConnection(urlsplit(app_url).netloc, timeout=60)
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    return get


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_answers_get_and_head_with_the_headers_of_the_page(get, address):
    page, _ = get("/")
    for method in ("GET", "HEAD"):
        response, body = get(address, method)
        assert response.status == 200
        assert response.headers["Content-Type"] == ADDRESSES[address]
        assert (body == b"") == (method == "HEAD")
        for name in ("Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"):
            assert response.headers[name] == page.headers[name]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_can_be_sent_there(get, address):
    response, _ = get(address, "POST")
    assert response.status == 404


@pytest.mark.parametrize("address", ["/class/", "/class/codes", "/class/truths/1", "/classes"])
def test_there_is_nothing_beside_it(get, address):
    assert get(address)[0].status == 404


def test_the_truths_are_those_of_the_lesson(get, services):
    for _ in range(120):
        response, body = get("/class/truths")
        assert response.headers["Cache-Control"] == "no-store"
        answer = json.loads(body)
        if None not in answer["truths"]:
            break
        time.sleep(0.5)
    steps = load_lesson().steps
    assert answer["lesson"] == lesson_version(steps)
    for step, said in zip(steps, answer["truths"], strict=True):
        service = services.get(step.state.get("model", ""))
        truth = TRUTHS[step.truth].find(service, step.state)
        if step.slider:
            assert said["value"] == pytest.approx(truth, abs=1e-6)
            assert float(re.match(r"[\d.−]+", said["text"])[0].replace("−", "-")) == pytest.approx(
                truth, abs=0.1
            )
        else:
            assert said == {"text": truth}


@pytest.mark.parametrize("root", ["", "/embviz"])
def test_behind_a_root_path_all_that_it_names_lies_beside_it(services, root):
    app = Starlette(routes=class_routes(services, ":root {}"))
    client = TestClient(app, root_path=root)
    page = client.get(f"{root}/class")
    assert page.status_code == 200
    # An address that begins with / would leave the root path.
    named = re.findall(r'(?:href|src|fetch\()=?"?([^" >]*)', page.text)
    assert {"theme.css", "favicon.ico", "./", "class/truths"} <= set(named)
    assert not [address for address in named if address.startswith(("/", "http"))]


def test_without_a_lesson_there_is_no_page():
    services = SimpleNamespace(default=SimpleNamespace(lesson=SimpleNamespace(steps=())))
    assert class_routes(services, "") == []


def test_no_title_ends_the_script_that_it_stands_in(services):
    first, *_ = services.default.lesson.steps
    evil = first.model_copy(update={"title": "</script><script>alert(1)</script>"})
    lesson = SimpleNamespace(steps=(evil,), course=Course())
    fake = SimpleNamespace(default=SimpleNamespace(lesson=lesson))
    page = TestClient(Starlette(routes=class_routes(fake, ""))).get("/class").text
    assert "<script>alert" not in page


def test_the_qr_library_is_the_file_that_was_published(get):
    _, body = get("/class/qr.mjs")
    assert hashlib.sha256(body).hexdigest() == SHA256


class SlowService:
    """Compares at once, and takes as long as one likes for the analogy test, or fails."""

    def __init__(self, lesson):
        self.lesson = lesson
        self.may_go_on = Event()
        self.asked = []
        self.error = None

    def compare(self, text_a, text_b):
        self.asked.append("compare")
        return SimpleNamespace(similarity=0.5)

    def analogy_test(self):
        self.asked.append("analogies")
        assert self.may_go_on.wait(30)
        if self.error:
            raise self.error
        return SimpleNamespace(overall=SimpleNamespace(no_arithmetic=0.25))


@pytest.fixture
def slow():
    steps = load_lesson().steps
    numbers = next(step for step in steps if step.truth == "similarity")
    analogies = next(step for step in steps if step.truth == "no_arithmetic")
    service = SlowService(SimpleNamespace(steps=(analogies, numbers)))
    yield service
    service.may_go_on.set()


def wait_for(answers, is_there):
    for _ in range(300):
        known = answers.known()
        if is_there(known):
            return known
        time.sleep(0.01)
    pytest.fail(f"That is all that is known: {known}")


def test_quick_answers_come_first_and_each_is_computed_once(slow):
    answers = LessonAnswers(SimpleNamespace(default=slow, get=lambda model: slow))
    known = wait_for(answers, lambda known: known[1])
    assert known == [None, {"text": "0.500", "value": 0.5}]
    slow.may_go_on.set()
    known = wait_for(answers, all)
    assert known == [{"text": "25.0 %", "value": 25.0}, {"text": "0.500", "value": 0.5}]
    assert answers.known() == known
    assert slow.asked == ["compare", "analogies"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InputError("The model is away."), "The model is away."),
        (OSError("/secret/path"), "Something went wrong on the server; its log says what."),
    ],
)
def test_what_fails_says_so_and_is_tried_again(slow, error, sentence):
    slow.error = error
    slow.may_go_on.set()
    answers = LessonAnswers(SimpleNamespace(default=slow, get=lambda model: slow))
    assert wait_for(answers, all)[0] == {"refused": sentence}
    slow.error = None
    assert wait_for(answers, all)[0] == {"text": "25.0 %", "value": 25.0}
