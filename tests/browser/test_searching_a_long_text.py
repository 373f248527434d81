"""A long text is searched by its passages, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

LONG_TEXT = "?tab=search&question=passages"


@pytest.fixture
def open_page(new_page, app_url):
    def open_page(query="", width=1280, height=800):
        page = new_page(width, height)
        page.goto(app_url + "/" + query)
        expect(page.locator("#passages .reading").first).to_be_visible(timeout=30_000)
        return page

    return open_page


def reading(page):
    return page.locator("#passages .reading").first


def open_file(page, name, content):
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("#passages").get_by_label("Open a file…").set_input_files(file)


def test_what_the_model_does_not_read_is_found_by_its_passages(open_page):
    page = open_page(LONG_TEXT)
    expect(reading(page)).to_contain_text("the model reads its first 256 tokens only")
    expect(page.locator("#passages tbody tr").first).to_contain_text("The wall behind the gates")
    page.get_by_role("button", name="why the sea rises twice a day").click()
    expect(page.locator("#passages tbody tr").first).to_contain_text("The tide tables")


def test_smaller_passages_are_asked_for_at_once(open_page):
    page = open_page(LONG_TEXT)
    expect(page.locator("#passages .note").first).to_contain_text("one of 8 passages")
    page.get_by_role("radio", name="64", exact=True).check()
    expect(page.locator("#passages .note").first).not_to_contain_text("one of 8 passages")
    expect(page).to_have_url(re.compile("tokens=64"))


def test_the_prompt_can_be_read_and_says_that_nothing_is_generated(open_page):
    page = open_page(f"{LONG_TEXT}&panel=prompt")
    closer = page.locator("#passages .closer")
    expect(closer.locator(".reading")).to_contain_text("Nothing is generated here")
    prompt = closer.locator(".quoted")
    expect(prompt).to_contain_text("[1] The wall behind the gates")
    expect(prompt).to_contain_text("Question: Who pays for the harbour wall?")


def test_the_prompt_can_be_copied(open_page):
    page = open_page(f"{LONG_TEXT}&panel=prompt")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    closer = page.locator("#passages .closer")
    closer.get_by_role("button", name="Copy", exact=True).click()
    expect(closer.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == closer.locator(".quoted").inner_text()
    # Where the browser does not let a page write there, the text is selected.
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    closer.get_by_role("button", name="Copy", exact=True).click()
    expect(closer.get_by_text("It is selected: copy it.")).to_be_visible()
    assert page.evaluate("getSelection().toString()").strip() == copied.strip()


def test_the_best_passages_are_marked_in_the_text(open_page):
    page = open_page(f"{LONG_TEXT}&panel=in-text&top_k=1")
    pieces = page.locator("#passages .closer .token")
    expect(pieces).to_have_count(2)
    expect(pieces.first).to_contain_text("The tide tables of a small harbour")
    expect(pieces.last).to_contain_text(re.compile(r"^\[1\] The wall behind the gates"))


def test_a_file_is_searched_and_what_cannot_be_read_is_refused(open_page):
    page = open_page(LONG_TEXT)
    text = "Bread needs time. " * 40 + "The oven must be hot. <img src=x onerror=alert(1)>"
    page.get_by_role("textbox", name="Query").fill("temperature for baking")
    open_file(page, "bread.md", text.encode())
    expect(reading(page)).to_contain_text("“temperature for baking”")
    expect(page.locator("#passages tbody")).to_contain_text("The oven must be hot. <img src=x")
    open_file(page, "scan.pdf", b"%PDF-1.4 broken")
    expect(page.locator("#passages .refusal")).to_contain_text("This PDF is damaged")
    # What was there stays.
    expect(page.get_by_role("textbox", name="Text")).to_have_value(re.compile("^Bread needs time"))


def test_a_static_model_searches_a_long_text_too(open_page):
    page = open_page(f"{LONG_TEXT}&model=wordllama")
    expect(reading(page)).to_contain_text("the model reads all of it", timeout=60_000)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_nothing_sticks_out(open_page, width):
    page = open_page(f"{LONG_TEXT}&panel=prompt", width=width)
    expect(page.locator("#passages .quoted")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_themes_and_smaller_vectors_are_closer_looks_at_documents(new_page, app_url):
    page = new_page()
    page.goto(f"{app_url}/?tab=search&panel=themes")
    closer = page.locator("#documents .closer")
    expect(closer.locator(".reading")).to_contain_text("themes", timeout=30_000)
    expect(closer.locator("tbody")).to_contain_text("Quantum Computing: Algorithms")
    page.goto(f"{app_url}/?tab=search&panel=compression")
    # The 10,000 common words may have to be encoded first.
    expect(closer.locator(".reading")).to_contain_text("1,536 bytes", timeout=90_000)
