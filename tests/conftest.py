"""What the tests share: the real model, the running app, a real browser."""

import json
import os
import shutil
import urllib.error
import urllib.request
from contextlib import contextmanager
from functools import partial
from pathlib import Path

# Two processes run the tests, and apps beside them. Threads that wait for each other by counting
# would take the cores from those that compute: with one thread each, it takes 40 % less time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# No test asks the Hugging Face Hub, nor waits for it.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
from alone import beside_others
from hypothesis import settings
from served import find_nginx, serve

from embviz import load_encoder
from embviz.analysis.baseline import load_baseline
from embviz.analysis.vocabulary import CommonWords
from embviz.course.course_files import FOLDER, load_lesson
from embviz.models.catalogue import list_models
from embviz.service import Service
from embviz.service_of_each_model import Services

# Locust, which the first imports, changes the standard library for all who share a process with it;
# the second needs packages that no test needs.
collect_ignore = ["benchmarks/visitor.py", "benchmarks/engines.py"]

ROOT = Path(__file__).parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# The files that last, in the order in which they begin, so that both processes end together. First
# one waits and measures, while the other draws pages.
FIRST = (
    "tests/app/test_connections.py",
    "tests/browser/test_page.py",
    "tests/browser/test_accessibility.py",
    "tests/app/test_sessions.py",
    "tests/browser/test_privacy.py",
    "tests/app/test_faults.py",
    "tests/app/test_operations.py",
    "tests/browser/test_lesson.py",
    "tests/app/test_course.py",
    "tests/app/test_hostile.py",
    "tests/browser/test_maps.py",
    "tests/browser/test_models.py",
    "tests/app/test_replicas.py",
    "tests/browser/test_course_pages.py",
    "tests/browser/test_file_transfer.py",
    "tests/app/test_remote_model.py",
    "tests/browser/test_class.py",
    "tests/browser/test_instructors_hour.py",
    "tests/app/test_class_page.py",
    "tests/browser/test_collection.py",
    "tests/app/test_notebook.py",
    "tests/app/test_endpoints.py",
    "tests/unit/test_catalogue.py",
    "tests/unit/test_section.py",
    "tests/unit/test_transformer.py",
    "tests/unit/test_projection.py",
    "tests/unit/test_encoder.py",
    "tests/unit/test_lesson_answers.py",
    "tests/unit/test_analogies.py",
)

# No case fails because the machine is busy. Against the running app: some dozen cases each, or
# thousands.
settings.register_profile("unhurried", deadline=None)
settings.register_profile("long", deadline=None, max_examples=5_000)
settings.load_profile("unhurried")


def pytest_addoption(parser):
    parser.addoption("--pictures", type=Path, help="folder for pictures of every tab")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Begin with the files that last, and mark what asks the real model."""
    for item in items:
        if "encoder" in getattr(item, "fixturenames", ()):
            item.add_marker("model")

    def place(item):
        name = item.path.relative_to(ROOT).as_posix()
        return FIRST.index(name) if name in FIRST else len(FIRST) + name.startswith("tests/unit")

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol():
    """Let no test run beside one that measures."""
    with beside_others():
        return (yield)


@pytest.fixture(scope="session")
def encoder():
    return load_encoder()


@pytest.fixture(scope="session")
def lesson():
    return load_lesson()


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory):
    """An empty cache at the start of the tests: what one process measures, the other reads."""
    folder = tmp_path_factory.getbasetemp()
    return (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "cache"


@pytest.fixture(scope="session")
def baseline(encoder, cache_folder):
    return load_baseline(encoder, cache_folder)


@pytest.fixture(scope="session")
def service(encoder, lesson, baseline, cache_folder):
    return Service(encoder, lesson, baseline, CommonWords(encoder, cache_folder))


@pytest.fixture(scope="session")
def services(service, cache_folder):
    """Those of all models that are built in, each loaded when it is first asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("platformdirs.user_cache_path", lambda name: cache_folder)
        yield Services(service, list_models(service.encoder, ""))


@pytest.fixture(scope="session")
def nginx():
    """The program; without it a test is skipped, but not where all tests must run."""
    found = find_nginx()
    if found is None:
        reason = "No nginx found: install Debian's nginx-light."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
def course_folder(tmp_path):
    """A copy of the files of the course, to be changed."""
    folder = tmp_path / "examples"
    folder.mkdir()
    for file in FOLDER.glob("*.json"):
        shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="session")
def app_url(tmp_path_factory):
    """Address of the app, started as the README says."""
    with serve(ROOT, tmp_path_factory.mktemp("app") / "log.txt", is_new=True) as app:
        yield app.url


@pytest.fixture(scope="session")
def start_app(tmp_path_factory):
    """Start the app of a folder, for as long as a `with` lasts; returns its address."""

    @contextmanager
    def start_app(folder):
        with serve(folder, tmp_path_factory.mktemp("app") / "log.txt") as app:
            yield app.url

    return start_app


@pytest.fixture(scope="session")
def post_to():
    """Call an endpoint of an app with one POST; returns the status and the JSON of the answer."""

    def post_to(url, name, *arguments, body=None, timeout=60):
        body = json.dumps({"data": list(arguments)}).encode() if body is None else body
        request = urllib.request.Request(
            f"{url}/gradio_api/run/{name}",
            data=body,
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    return post_to


@pytest.fixture(scope="session")
def post(app_url, post_to):
    """Call an endpoint with one POST; returns the status and the JSON of the answer."""
    return partial(post_to, app_url)


@pytest.fixture(scope="session")
def ask(post):
    """Call an endpoint that answers; returns its one answer."""

    def ask(name, *arguments):
        status, answer = post(name, *arguments)
        assert status == 200, answer
        return answer["data"][0]

    return ask


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import expect, sync_playwright

    # Slow machines may take longer than the 5 s of Playwright's.
    expect.set_options(timeout=15_000)
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        reason = f"No browser found: install one of {', '.join(BROWSERS)}."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    # Pages of one context share a process, and with it the scripts that it has compiled.
    arguments += ["--process-per-site"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_context(browser, app_url):
    """A browser's context that many tests share, and a page in it that stays open.

    That page keeps the process alive, so that the others open in half the time.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{app_url}/favicon.ico")
    yield context, page
    context.close()


@pytest.fixture
def new_page(shared_context):
    """Make a page of a browser that has kept nothing; when the test ends, it is closed."""
    context, standing = shared_context
    pages = []

    def new_page(width=1280, height=800):
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        return page

    yield new_page
    for page in pages:
        page.close()
    standing.evaluate("localStorage.clear(); sessionStorage.clear()")
    context.clear_cookies()
