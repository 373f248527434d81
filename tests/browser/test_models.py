"""Another model is chosen: all that the page shows follows it."""

import csv
import re

import pytest
from playwright.sync_api import expect
from steps import TOTAL, number_of

# The first time, a model is loaded and its random pairs are measured.
PATIENCE = 90_000
UNTRAINED = re.compile(r"higher than 2\d\.\d\s% of random pairs")


def open_page(new_page, app_url, query="", **size):
    page = new_page(**size)
    page.goto(f"{app_url}/{query}")
    expect(page.locator("#tabs .reading").first).to_be_visible()
    return page


def choose(page, name):
    page.locator("#model summary").click()
    page.locator("#model").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("#model summary")).to_have_text(f"Model: {name}", timeout=PATIENCE)


def test_all_answers_are_those_of_the_model_that_is_chosen(new_page, app_url, ask):
    page = open_page(new_page, app_url)
    page.get_by_role("textbox", name="Text A").fill("king")
    page.get_by_role("textbox", name="Text B").fill("queen")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#texts .numbers")).to_contain_text("0.681")
    choose(page, "MiniLM untrained")
    expect(page.locator("#texts .reading").first).to_have_text(UNTRAINED)
    page.get_by_role("tab", name="Search").click()
    query = page.get_by_role("textbox", name="Query").input_value()
    documents = page.get_by_role("textbox", name="Documents").input_value()
    best = ask("search", query, documents, 3, "semantic", "minilm-untrained")["matches"][0]
    expect(page.locator("#documents .reading").first).to_contain_text(best["text"])
    expect(page.locator("#model summary")).to_be_visible()


def test_the_model_is_part_of_the_address_and_of_back_and_reload(new_page, app_url):
    page = open_page(new_page, app_url, "?tab=similarity&text_a=king&text_b=queen")
    choose(page, "WordLlama")
    expect(page.locator("#texts .numbers")).to_contain_text("0.341")
    expect(page).to_have_url(re.compile("model=wordllama"))
    page.get_by_role("textbox", name="Text B").fill("prince")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#texts .reading").first).to_contain_text("“prince”")
    expect(page).to_have_url(re.compile("text_b=prince.*model=wordllama|model=wordllama.*prince"))
    page.reload()
    expect(page.locator("#model summary")).to_have_text("Model: WordLlama", timeout=PATIENCE)
    expect(page.locator("#texts .reading").first).to_contain_text("“prince”")
    choose(page, "all-MiniLM-L6-v2")
    expect(page).not_to_have_url(re.compile("model="))
    page.go_back()
    expect(page.locator("#model summary")).to_have_text("Model: WordLlama")


def test_what_was_typed_is_not_lost(new_page, app_url):
    page = open_page(new_page, app_url)
    page.get_by_role("textbox", name="Text A").fill("not sent yet")
    choose(page, "WordLlama")
    expect(page.get_by_role("textbox", name="Text A")).to_have_value("not sent yet")
    expect(page.locator("#texts .reading").first).to_contain_text("“not sent yet”")


def test_what_cannot_be_answered_is_said_beside_its_field(new_page, app_url):
    page = open_page(new_page, app_url)
    page.get_by_role("textbox", name="Text A").fill("")
    choose(page, "WordLlama")
    expect(page.locator("#texts [data-refused]")).to_be_attached()
    page.get_by_role("tab", name="Arithmetic").click()
    expect(page.locator("#equation .reading").first).to_be_visible()


def test_panels_that_a_model_cannot_fill_are_not_offered(new_page, app_url):
    page = open_page(new_page, app_url)
    panels = page.locator("#texts").get_by_role("radio")
    tokens = page.locator("#texts").get_by_role("radio", name="Which words made the score?")
    expect(tokens).to_have_count(1)
    all_panels = panels.count()
    choose(page, "WordLlama")
    expect(tokens).to_have_count(0)
    # It has no layers either.
    assert panels.count() == all_panels - 2
    choose(page, "all-MiniLM-L6-v2")
    expect(tokens).to_have_count(1)


def test_a_link_to_such_a_panel_says_why(new_page, app_url):
    page = open_page(new_page, app_url, "?tab=similarity&panel=tokens&model=wordllama")
    expect(page.locator("#texts .closer .reading")).to_contain_text(
        "same vector in every text", timeout=PATIENCE
    )


def test_an_unknown_model_leaves_the_page_as_it_is(new_page, app_url):
    page = open_page(new_page, app_url, "?model=nobody")
    expect(page.locator(".toast-wrap")).to_contain_text("Model must be one of: all-minilm-l6-v2,")
    expect(page.locator("#model summary")).to_have_text("Model: all-MiniLM-L6-v2")


def test_files_and_links_are_those_of_the_model(new_page, app_url):
    page = open_page(new_page, app_url, "?tab=similarity&text_a=king&text_b=queen&model=wordllama")
    expect(page.locator("#texts .numbers")).to_contain_text("0.341", timeout=PATIENCE)
    with page.expect_download() as download:
        page.locator("#texts .save").first.get_by_role("button", name="vectors (CSV)").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert len(next(csv.reader(file))) == 1 + 256
    page.locator("#texts .share").get_by_role("button", name="link").click()
    copied = page.locator("#texts .copied").first
    expect(copied).to_have_value(re.compile("model=wordllama"))
    with page.expect_download() as download:
        page.locator("#texts .save").first.get_by_role("button", name="figure (HTML)").click()
    assert "model WordLlama" in download.value.path().read_text("utf-8")


def test_the_choice_says_which_is_asked_and_keeps_the_focus(new_page, app_url):
    page = open_page(new_page, app_url)
    choose(page, "MiniLM without context")
    focused = page.evaluate("document.activeElement.closest('#model')?.id")
    assert focused == "model"
    expect(page.locator("#header .listen")).to_have_text("Model: MiniLM without context")
    page.locator("#model summary").click()
    current = page.locator("#model [aria-current=true]")
    expect(current).to_have_text("MiniLM without context")
    expect(page.locator("#model")).to_contain_text("50 MB of memory")


@pytest.mark.parametrize("width", [1280, 390])
def test_models_are_compared_each_on_its_own_scale(new_page, app_url, width):
    page = open_page(
        new_page, app_url, "?tab=similarity&text_a=king&text_b=queen&panel=models", width=width
    )
    closer = page.locator("#texts .closer")
    expect(closer.locator("tbody tr")).to_have_count(4, timeout=PATIENCE)
    expect(closer.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(closer.locator(".reading")).to_contain_text("cannot be compared")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_list_is_compared_with_the_second_model_that_is_chosen(new_page, app_url):
    page = open_page(new_page, app_url, "?tab=similarity&question=list&panel=models")
    closer = page.locator("#list .closer")
    expect(closer.locator("th").last).to_have_text("WordLlama", timeout=PATIENCE)
    page.locator("#list").get_by_role("radio", name="MiniLM untrained").check()
    expect(closer.locator("th").last).to_have_text("MiniLM untrained", timeout=PATIENCE)
    expect(page).to_have_url(re.compile("model_b=minilm-untrained"))


def test_a_step_of_the_lesson_asks_the_model_that_it_names(new_page, app_url):
    page = new_page()
    page.goto(f"{app_url}/?step={number_of('A model that learnt nothing')}")
    page.get_by_role("slider").first.press("ArrowRight")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#revealed")).to_contain_text("24.", timeout=PATIENCE)
    expect(page.locator("#model summary")).to_have_text("Model: MiniLM untrained")
    page.get_by_role("button", name=f"Step 3 of {TOTAL}").click()
    page.get_by_role("slider").first.press("ArrowRight")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#revealed")).to_contain_text("99.9")
    expect(page.locator("#model summary")).to_have_text("Model: all-MiniLM-L6-v2")
