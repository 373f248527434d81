"""What the server keeps of its visitors, found by searching the memory of its process."""

import json
import os
import re
import signal
import time
import urllib.request

import pytest
from conftest import ROOT
from playwright.sync_api import expect
from served import serve

# A word that stands nowhere else.
TYPED = "quixotryfane"
# How long an answer waits that nobody fetches.
SECONDS_KEPT = 10


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("searched")
    answer = folder / "found.txt"
    variables = {
        "WANTED_BACKWARDS": TYPED[::-1],
        "ANSWER": str(answer),
        "SECONDS_KEPT": str(SECONDS_KEPT),
    }
    with serve(ROOT, folder / "log.txt", "tests/searched_app.py", **variables) as app:

        def search():
            os.kill(app.pid, signal.SIGUSR1)
            for _ in range(600):
                if answer.exists():
                    found = answer.read_text().splitlines()
                    answer.unlink()
                    return found
                time.sleep(0.1)
            pytest.fail("The process does not answer.")

        yield app, search


def find_until_forgotten(search, seconds):
    """What is found until nothing is, or so many seconds are over."""
    deadline = time.monotonic() + seconds
    while (found := search()) and time.monotonic() < deadline:
        time.sleep(3)
    return found


def post(app, path, body):
    request = urllib.request.Request(
        f"{app.url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def ask_as_a_program(app):
    post(app, "/gradio_api/run/compare", {"data": [f"{TYPED} 1", "sea"]})
    post(app, "/gradio_api/run/search", {"data": [TYPED, [f"{TYPED} 2", "sea"], 1, "fused"]})
    # Its answer is never fetched.
    post(app, "/gradio_api/call/compare", {"data": [f"{TYPED} 3", "sea"]})


def test_what_was_typed_is_forgotten_when_its_page_closes_and_what_programs_asked_too(app, browser):
    app, search = app
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{app.url}/?text_a={TYPED} link&text_b=sea")
    expect(page.locator("#privacy")).to_contain_text("no texts")
    reading = page.locator("#texts .reading").first
    expect(reading).to_contain_text(TYPED, timeout=30_000)

    def fill(label, text, button):
        page.get_by_role("textbox", name=re.compile(f"^{label}")).fill(text)
        page.get_by_role("button", name=button, exact=True).click()

    fill("Text A", f"{TYPED} a", "Compare")
    expect(reading).to_contain_text(f"{TYPED} a")
    for panel, id in (
        ("Which words made the score?", "tokens"),
        ("Which words are near?", "neighbours"),
        ("What does the model hear?", "changes"),
    ):
        page.locator("#texts").get_by_label(panel).click()
        # Once it is answered; one of them encodes all common words first.
        expect(page).to_have_url(re.compile(f"&panel={id}$"), timeout=120_000)
        expect(page.locator("#texts .closer .reading")).to_be_visible()
    with page.expect_download():
        page.locator("#texts").get_by_role("button", name="vectors (CSV)").click()
    page.get_by_role("tab", name="A list of words").click()
    page.locator("#list").get_by_label("Open a file…").set_input_files(
        {"name": f"{TYPED}.txt", "mimeType": "text/plain", "buffer": f"{TYPED}\nsea".encode()}
    )
    expect(page.locator("#list .reading").first).to_contain_text(TYPED)
    page.get_by_role("tab", name="Arithmetic").click()
    expect(page).to_have_url(re.compile("question=equation"))
    page.get_by_role("textbox", name=re.compile("^Candidates")).fill(f"{TYPED} c, queen")
    fill("Expression", f"king - {TYPED} + sea", "Solve")
    expect(page.locator("#equation .reading").first).to_contain_text(TYPED)
    page.get_by_role("tab", name="Search").click()
    expect(page).to_have_url(re.compile("question=documents"))
    page.get_by_role("textbox", name=re.compile("^Documents")).fill(f"{TYPED}s of old\nsea\nking")
    page.get_by_role("radio", name="By both").click()
    fill("Query", f"{TYPED} query", "Search")
    expect(page.locator("#documents .reading").first).to_contain_text(TYPED)
    # A list that is refused.
    page.get_by_role("textbox", name=re.compile("^Documents")).fill(f"{TYPED}\n" * 501)
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".refusal")).to_contain_text("too many")
    ask_as_a_program(app)
    time.sleep(1)
    assert any(f"{TYPED} 3" in line for line in search())
    context.close()
    # Both take as long, so that they are waited for at the same time.
    assert find_until_forgotten(search, SECONDS_KEPT + 15) == []


def test_the_page_says_what_the_browser_keeps(new_page, app_url):
    page = new_page(1280, 800)
    page.goto(app_url)
    about = page.locator("#privacy")
    expect(about).to_contain_text("The address of this page, and so the history of your browser")
    expect(about).to_contain_text(
        "until you close the tab, a question that has no room in an address"
    )
    assert about.inner_text().count(".") == 3

    def ask(documents):
        page.get_by_role("textbox", name=re.compile("^Documents")).fill(documents)
        page.get_by_role("textbox", name="Query").fill(TYPED)
        page.get_by_role("textbox", name="Query").press("Enter")
        reading = page.locator("#documents .reading").first
        expect(reading).to_contain_text(TYPED)
        expect(page.locator("#documents tbody tr")).to_have_count(len(documents.splitlines()))

    def kept(page):
        return page.evaluate("[JSON.stringify({...sessionStorage}), JSON.stringify(localStorage)]")

    page.get_by_role("tab", name="Search").click()
    ask("sea\nocean")
    expect(page).to_have_url(re.compile(TYPED))
    assert TYPED not in "".join(kept(page))
    ask(f"sea {'and so it goes on ' * 250}\nocean\nlake")
    expect(page).not_to_have_url(re.compile(TYPED))
    of_tab, of_browser = kept(page)
    assert TYPED in of_tab
    assert TYPED not in of_browser
    other = new_page(1280, 800)
    other.goto(page.url)
    assert TYPED not in "".join(kept(other))
    # A question that fits an address takes the place of what was kept.
    ask("sea\nocean")
    expect(page).to_have_url(re.compile(TYPED))
    assert TYPED not in "".join(kept(page))
