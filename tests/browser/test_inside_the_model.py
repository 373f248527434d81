"""A word in context, axes, and tests of prejudice, in a real browser."""

import csv
import re

import pytest
from playwright.sync_api import expect

# The 10,000 common words may have to be encoded first.
PATIENCE = 60_000

CONTEXT = "?tab=similarity&question=context"
AXES = "?tab=arithmetic&question=axes"
ASSOCIATION = "?tab=arithmetic&question=association"


@pytest.fixture
def open_page(new_page, app_url):
    def open_page(query="", width=1280, height=800):
        page = new_page(width, height)
        page.goto(app_url + "/" + query)
        expect(page.locator("#tabs .reading:visible").first).to_be_visible(timeout=PATIENCE)
        return page

    return open_page


def reading(page, question):
    return page.locator(f"#{question} .reading").first


def box(page, label):
    return page.get_by_role("textbox", name=re.compile(f"^{label}"))


def choose_model(page, name):
    page.locator("#model summary").click()
    page.locator("#model").get_by_role("link", name=name).click()
    expect(page.locator("#model summary")).to_have_text(f"Model: {name}", timeout=PATIENCE)


def test_a_word_falls_into_groups_and_the_sentences_show_it(open_page):
    page = open_page(CONTEXT)
    expect(reading(page, "context")).to_contain_text("sentences 1, 2 and 3, and sentences 4, 5")
    expect(page.locator("#context tbody mark")).to_have_text(["bank"] * 6)
    # Beside it stands what the word is without its sentences.
    expect(page.locator("#context .figure").first).to_contain_text("alone")
    page.get_by_role("button", name="crane", exact=True).click()
    expect(reading(page, "context")).to_contain_text("sentence 4.")
    expect(box(page, "Word")).to_have_value("crane")
    expect(page).to_have_url(re.compile("question=context&word=crane&sentences="))


def test_a_link_to_a_ready_word_brings_its_sentences(open_page):
    page = open_page(f"{CONTEXT}&word=light&layer=0&panel=by-layer")
    expect(reading(page, "context")).to_contain_text("Before the first layer")
    expect(box(page, "Sentences")).to_have_value(re.compile("^The light in the hall"))
    expect(page.get_by_role("radio", name="0", exact=True)).to_be_checked()
    expect(page.locator("#context .closer .reading")).to_contain_text("after the last")


def test_a_layer_is_chosen_from_those_of_the_model(open_page):
    page = open_page(f"{CONTEXT}&layer=2")
    expect(reading(page, "context")).to_contain_text("After layer 2 of 6")
    choose_model(page, "MiniLM untrained")
    expect(page.get_by_role("radio", name="2", exact=True)).to_be_checked()
    expect(reading(page, "context")).to_contain_text("After layer 2 of 6")
    choose_model(page, "WordLlama")
    expect(page.locator("#context .refusal")).to_contain_text("has no layers to look into")
    expect(page.get_by_role("radio", name="The last", exact=True)).to_be_checked()
    choose_model(page, "all-MiniLM-L6-v2")
    expect(page.locator("#context .refusal")).to_have_count(0)
    expect(reading(page, "context")).to_contain_text("After the last layer")
    expect(page.get_by_role("radio", name="6, the last", exact=True)).to_be_checked()


def test_a_word_that_stands_nowhere_is_refused_and_nothing_is_lost(open_page):
    page = open_page(CONTEXT)
    box(page, "Word").fill("zebra")
    page.get_by_role("button", name="Compare the sentences").click()
    expect(page.locator("#context .refusal")).to_have_text(
        "The word stands in none of the sentences: type at least two sentences with it."
    )
    expect(box(page, "Sentences")).to_have_value(re.compile("picnic"))


def test_an_axis_is_drawn_when_somebody_looks_at_it(open_page):
    page = open_page("?tab=arithmetic")
    expect(page.locator("#axes .reading")).to_have_count(0)
    page.get_by_role("tab", name="An axis").click()
    expect(reading(page, "axes")).to_contain_text("comes first", timeout=PATIENCE)
    expect(page.locator("#axes .figure").first).to_contain_text("elephant")
    page.get_by_role("button", name="Temperature", exact=True).click()
    expect(reading(page, "axes")).to_contain_text("“cold”, “freezing” and “icy”")
    expect(page).to_have_url(re.compile("question=axes.*low=cold"))


def test_on_a_phone_the_axis_is_there_before_one_has_scrolled_to_it(open_page):
    page = open_page(AXES, width=390, height=844)
    expect(reading(page, "axes")).to_contain_text("comes first", timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_another_model_answers_an_axis_when_it_is_looked_at(open_page):
    page = open_page(AXES)
    expect(reading(page, "axes")).to_contain_text("comes first", timeout=PATIENCE)
    first = reading(page, "axes").inner_text()
    choose_model(page, "MiniLM without context")
    expect(reading(page, "axes")).to_contain_text("comes first", timeout=PATIENCE)
    expect(reading(page, "axes")).not_to_have_text(first)


def test_ends_that_are_the_same_are_refused(open_page):
    page = open_page(AXES)
    expect(reading(page, "axes")).to_contain_text("comes first", timeout=PATIENCE)
    box(page, "High end").fill("tiny, microscopic, miniature")
    page.get_by_role("button", name="Place the words").click()
    expect(page.locator("#axes .refusal")).to_contain_text("The two ends of the axis are the same")
    box(page, "High end").fill("")
    page.get_by_role("button", name="Place the words").click()
    expect(page.locator("#axes .refusal")).to_contain_text("High end: type at least one text")
    expect(box(page, "High end")).to_have_attribute("aria-invalid", "true")


def test_two_axes_make_a_plane(open_page):
    page = open_page(f"{AXES}&low_2=cheap&high_2=expensive&panel=plane")
    expect(page.locator("#axes .closer .reading")).to_contain_text("“expensive”", timeout=PATIENCE)
    expect(page.locator("#axes .closer .figure")).to_contain_text("cheap → expensive")


def test_a_test_of_prejudice_says_what_it_is_beside_what_it_finds(open_page):
    page = open_page(ASSOCIATION)
    expect(reading(page, "association")).to_contain_text("effect size 1.24", timeout=PATIENCE)
    answer = page.locator("#association .answer")
    for doubt in ("It does not say what is true", "Zhang et al. 2020", "May et al. 2019"):
        expect(answer).to_contain_text(doubt)
    # What one came for stands first.
    figure = answer.locator(".figure").first.bounding_box()
    doubts = answer.get_by_text("Zhang et al. 2020").first.bounding_box()
    assert figure["y"] + figure["height"] <= doubts["y"]
    # Names of people are shown in the tests of names only.
    expect(answer).not_to_contain_text("Ebony")


def test_the_words_of_a_test_can_be_changed(open_page):
    page = open_page(f"{ASSOCIATION}&test=math-arts")
    expect(box(page, "First group")).to_have_value(re.compile("^math, algebra"), timeout=PATIENCE)
    expect(reading(page, "association")).to_contain_text("effect size 0.94")
    box(page, "First group").fill("poetry, dance, drama")
    page.get_by_role("button", name="Test the model").click()
    expect(page.locator("#association .answer")).to_contain_text("You changed the words")
    expect(page).to_have_url(re.compile("test=math-arts&first_group=poetry"))
    box(page, "Second group").fill("sonata")
    page.get_by_role("button", name="Test the model").click()
    expect(page.locator("#association .refusal")).to_contain_text("The second group")
    expect(page.get_by_role("radio", name="Math or Arts")).to_be_checked()
    page.get_by_role("radio", name="Flowers or Insects").check()
    expect(reading(page, "association")).to_contain_text("effect size 1.24")
    expect(page).to_have_url(re.compile("test=flowers-insects"))
    expect(box(page, "First group")).to_have_value(re.compile("^aster, clover"))
    # One of them is marked as chosen, before and after.
    expect(page.get_by_role("radio", name="Math or Arts")).not_to_be_checked()
    expect(page.locator("#association .answer")).not_to_contain_text("You changed the words")


def test_every_model_takes_the_test_the_untrained_one_too(open_page):
    page = open_page(f"{ASSOCIATION}&panel=models")
    closer = page.locator("#association .closer")
    expect(closer.locator("tbody tr")).to_have_count(4, timeout=PATIENCE)
    expect(closer).to_contain_text("MiniLM untrained")


@pytest.mark.parametrize("question", ["equation", "axes", "association"])
def test_occupations_are_a_closer_look_at_each_question_of_the_tab(open_page, question):
    page = open_page(f"?tab=arithmetic&question={question}&panel=occupations")
    closer = page.locator(f"#{question} .closer .reading")
    expect(closer).to_contain_text("0.68", timeout=PATIENCE)


def test_a_link_to_a_panel_opens_it_in_one_question_alone(open_page):
    page = open_page("?tab=arithmetic&panel=occupations")
    expect(page.locator("#equation .closer .reading")).to_be_visible()
    expect(page.locator("#axes .reading")).to_have_count(0)


@pytest.mark.parametrize(
    ("query", "question", "first_row"),
    [
        (CONTEXT, "context", ["number", "sentence", "form", "tokens", "group", *"123456"]),
        (AXES, "axes", ["rank", "text", "position", "percentile"]),
        (ASSOCIATION, "association", ["list", "word", "association"]),
    ],
)
def test_their_answers_are_saved_and_shared(open_page, query, question, first_row):
    page = open_page(query)
    expect(reading(page, question)).not_to_be_empty(timeout=PATIENCE)
    section = page.locator(f"#{question}")
    for button, start in (("table (CSV)", first_row), ("vectors (CSV)", None)):
        with page.expect_download() as download:
            section.locator(".save").first.get_by_role(
                "button", name=re.compile(f"^{re.escape(button[:5])}")
            ).click()
        with download.value.path().open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
            assert header == start if start else len(header) == 1 + 384
    section.get_by_role("button", name="code for a course page").click()
    expect(section.locator(".copied").first).to_have_value(
        re.compile(f"question={question}.*embed=1")
    )
