"""A course with a collection of its own, in a real browser."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect
from served import copy_app, fill_cache, serve
from steps import number_of

from embviz.course.course_files import load_lesson

ROOT = Path(__file__).parent.parent.parent

FACTS = {
    "Bread": "It rises because yeast makes gas in the dough.",
    "Coral": "It grows in warm and shallow seas.",
    "Rust": "It forms where iron meets water and air.",
    "Bees": "They dance to tell each other where flowers are.",
    "Reefs <b>": "They die where the sea becomes too warm.",
    "Iron": "It is smelted from ore in a furnace.",
    "Loaves": "They are baked in a hot oven.",
    "Honey": "Bees make it from nectar.",
}


def address(title):
    return f"https://facts.example/{title.split()[0].lower()}?a=1&b=2"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """The address of an app with a collection that has been read."""
    folder = tmp_path_factory.mktemp("course")
    copy_app(folder)
    rows = [{"name": t, "fact": text, "url": address(t)} for t, text in FACTS.items()]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "examples" / "facts.jsonl").write_text(lines)
    search = json.loads((folder / "examples" / "search.json").read_text())
    search["queries"] = ["life under water"]
    search["collection"] = {
        "file": "facts.jsonl",
        "title": "name",
        "text": "fact",
        "link": "url",
        "labelled": [{"query": "pastry", "relevant": ["Bread", "Loaves"]}],
    }
    (folder / "examples" / "search.json").write_text(json.dumps(search))
    cache = tmp_path_factory.mktemp("cache")
    fill_cache(cache)
    log = tmp_path_factory.mktemp("app") / "log.txt"
    with serve(folder, log, XDG_CACHE_HOME=str(cache)) as app:
        # The app answers before that.
        deadline = time.monotonic() + 120
        while "is ready" not in log.read_text():
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield app.url


@pytest.fixture
def page(new_page, url):
    page = new_page()
    page.goto(f"{url}/?tab=search")
    expect(rows(page)).to_have_count(3, timeout=30_000)
    return page


def box(page):
    return page.locator("#documents").get_by_role("textbox", name="Documents")


def rows(page):
    return page.locator("#documents .table").first.locator("tbody tr")


def test_the_collection_is_searched_where_nothing_was_typed(page):
    expect(page.locator("#documents")).to_contain_text(
        "Leave empty to search the collection of this course (8 texts)."
    )
    expect(box(page)).to_have_value("")
    best = rows(page).first
    expect(best).to_contain_text(re.compile("Reefs <b>|Coral"))
    title = next(t for t in FACTS if t in best.inner_text())
    source = best.get_by_role("link", name=f"Source of {title}")
    expect(source).to_have_attribute("href", address(title))
    expect(source).to_have_attribute("target", "_blank")
    assert page.locator("#documents b").count() == 0


def test_typed_documents_take_its_place(page):
    box(page).fill("one fish\ntwo birds")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(rows(page)).to_have_count(2)
    expect(rows(page).first).to_contain_text("one fish")
    expect(rows(page).get_by_role("link")).to_have_count(0)


def test_one_walks_from_document_to_document(page):
    first = rows(page).first.get_by_role("button").inner_text()
    rows(page).first.get_by_role("button").click()
    closer = page.locator("#documents .closer")
    expect(closer.locator(".reading")).to_contain_text(f"More like “{first}”")
    expect(page.get_by_role("radio", name="More like this").last).to_be_checked()
    nearest = closer.get_by_role("table", name="Nearest documents").locator("tbody tr").first
    second = nearest.get_by_role("button").inner_text()
    nearest.get_by_role("button").click()
    expect(closer.locator(".reading")).to_contain_text(f"More like “{second}”")
    # What was asked is what it was.
    expect(rows(page).first).to_contain_text(first)


def test_its_labelled_queries_are_tested(new_page, url):
    page = new_page()
    page.goto(f"{url}/?tab=search&panel=retrieval")
    closer = page.locator("#documents .closer")
    expect(closer.locator(".reading")).to_contain_text("People labelled one query", timeout=30_000)
    expect(closer.locator(".reading")).to_contain_text("meaning 1.000, keywords 0.000")


def test_a_step_of_the_lesson_searches_the_titles(new_page, url):
    page = new_page()
    page.goto(f"{url}/?step={number_of('Nothing fits')}")
    page.locator("#lesson section:not([hidden]) input").first.click()
    page.get_by_role("button", name="Show the answer").click()
    titles = re.compile("|".join(map(re.escape, load_lesson().search.documents)))
    expect(rows(page).first).to_contain_text(titles)
