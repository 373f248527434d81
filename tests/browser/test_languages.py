"""The page speaks the language of the browser, unless a link or the course says otherwise."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import expect


@pytest.fixture
def open_in(browser, app_url):
    """Open the page in a browser that is set to a language."""
    contexts = []

    def open_in(locale, address="", **options):
        contexts.append(browser.new_context(locale=locale, **options))
        page = contexts[-1].new_page()
        page.goto(f"{app_url}/{address}")
        return page

    yield open_in
    for context in contexts:
        context.close()


def ask_by_button(page, button, text):
    page.get_by_label("Text B").fill(text)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_german_browser_shows_and_answers_in_german(open_in):
    page = open_in("de-AT")
    expect(page.get_by_role("tab", name="Ähnlichkeit")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"
    ask_by_button(page, "Vergleichen", "volcano")
    reading = page.locator("#texts .answer .reading")
    expect(reading).to_contain_text("„happiness“ und „volcano“ sind einander ähnlicher als")
    # What is refused is said beside its field, whose label is German, too.
    ask_by_button(page, "Vergleichen", "")
    expect(page.get_by_label("Text B")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#texts .inputs")).to_contain_text("Text B ist leer")


def test_an_english_browser_shows_and_answers_in_english(open_in):
    page = open_in("en-GB")
    expect(page.get_by_role("tab", name="Similarity")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    ask_by_button(page, "Compare", "volcano")
    reading = page.locator("#texts .answer .reading")
    expect(reading).to_contain_text("“happiness” and “volcano” score higher than")


@pytest.mark.parametrize(
    ("locale", "language", "button", "said"),
    [
        ("en-GB", "de", "Vergleichen", "sind einander ähnlicher als"),
        ("de-DE", "en", "Compare", "score higher than"),
    ],
)
def test_a_link_decides_about_all_that_follows(open_in, locale, language, button, said):
    page = open_in(locale, f"?language={language}")
    ask_by_button(page, button, "volcano")
    expect(page.locator("#texts .answer .reading")).to_contain_text(said)
    # Also after a reload, and where one goes from here.
    expect(page).to_have_url(re.compile(rf"[?&]language={language}\b.*volcano"))
    page.reload()
    expect(page.locator("#texts .answer .reading")).to_contain_text("volcano")
    expect(page.locator("#texts .answer .reading")).to_contain_text(said)


def test_one_can_go_on_in_the_other_language(open_in):
    page = open_in("de-DE", "?text_a=lava&text_b=volcano")
    expect(page.locator("#texts .answer .reading")).to_contain_text("„lava“ und „volcano“")
    page.locator("#about summary").click()
    page.get_by_role("link", name="English").click()
    expect(page.locator("#texts .answer .reading")).to_contain_text("“lava” and “volcano”")


def test_the_guided_lesson_speaks_german_around_the_course_s_english(open_in):
    page = open_in("de-DE", "?step=2")
    lesson = page.locator("#lesson")
    expect(lesson).to_contain_text(re.compile(r"Schritt 2 von \d+"))
    # Who listens hears the course's own words as the English that they are.
    question = lesson.locator("section:visible").locator("[lang=en]").first
    expect(question).to_be_visible()
    page.locator("#lesson section:visible input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    lesson.get_by_role("button", name="Antwort zeigen", exact=True).click()
    expect(page.locator("#revealed .yours")).to_contain_text("geschätzt")
    explained = page.locator("#explained p [lang=en]").first
    expect(explained).to_be_visible()


@pytest.mark.parametrize("address", ["teachers", "handout", "class"])
def test_the_pages_for_teachers_follow_it(open_in, address):
    page = open_in("de-DE", address)
    assert page.evaluate("document.documentElement.lang") == "de"
    german = page.locator("main").inner_text()
    page = open_in("de-DE", f"{address}?language=en")
    english = page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert german != english
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_programs_are_answered_in_the_language_that_they_ask_for(app_url):
    def ask(headers, query=""):
        request = urllib.request.Request(
            f"{app_url}/gradio_api/run/compare{query}",
            data=json.dumps({"data": ["king", "queen"]}).encode(),
            headers={"Content-Type": "application/json", **headers},
        )
        with urllib.request.urlopen(request) as response:
            return json.load(response)["data"][0]

    english, german = ask({}), ask({"Accept-Language": "de"})
    assert "score higher than" in english["reading"]
    assert "einander ähnlicher als" in german["reading"]
    assert ask({}, "?language=de") == german
    # All else is the same, the names of kinds included.
    assert english | {"reading": ""} == german | {"reading": ""}
