"""What visitors type, among the words of the page, as a real browser draws it."""

import re
import unicodedata
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

HEBREW, ARABIC, REVERSING = "שלום עולם", "كتاب كبير", "abc\u202e"

# Where each character of an element stands, by Range.getBoundingClientRect.
PLACES = """element => {
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const places = [];
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    for (let at = 0; at < node.length; at++) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const { left, bottom } = range.getBoundingClientRect();
      places.push([node.data[at], bottom, left]);
    }
  }
  return places;
}"""


@pytest.fixture
def open_page(new_page, app_url):
    def open_page(**query):
        page = new_page(1280, 900)
        page.goto(f"{app_url}/?{urlencode(query)}")
        return page

    return open_page


def drawn_order(part):
    """What we wrote, without what was typed, in the order in which it is drawn."""
    places, is_quoted = [], False
    for character, bottom, left in part.evaluate(PLACES):
        is_quoted = is_quoted and character != "”"
        is_typed = is_quoted or unicodedata.bidirectional(character) in ("R", "AL")
        if not is_typed and character.isprintable() and not character.isspace():
            places.append((round(bottom / 5), left, character))
        is_quoted = is_quoted or character == "“"
    return "".join(character for *_, character in sorted(places))


@pytest.mark.parametrize("text_a", [REVERSING, f"{REVERSING}\u2069\u202e", HEBREW, f"{ARABIC} 12"])
@pytest.mark.parametrize("text_b", ["queen", ARABIC])
def test_a_percentage_is_drawn_in_its_order(open_page, text_a, text_b):
    page = open_page(text_a=text_a, text_b=text_b)
    reading = page.locator("#texts .reading").first
    expect(reading).not_to_contain_text("“happiness”", timeout=30_000)
    written = re.sub(r"“[^”]*”|\s", lambda m: "“”" * (len(m[0]) > 1), reading.text_content())
    assert re.search(r"scorehigherthan(atleast)?\d+\.\d%ofrandompairs", written)
    assert drawn_order(reading) == written


def test_an_expression_is_drawn_in_its_order(open_page):
    expression = f"{HEBREW} - 0.5 * {ARABIC} + king"
    page = open_page(tab="arithmetic", expression=expression, candidates=f"{ARABIC},queen,ملك")
    reading = page.locator("#equation .reading").first
    expect(reading).to_contain_text("0.5", timeout=30_000)
    assert drawn_order(reading).startswith("−0.5*+kingisnearestto“”(0.")
    expect(page.locator("#equation .ytick", has_text="(input)").first).to_be_visible()
    tick = page.locator("#equation .ytick text").filter(has_text=HEBREW)
    places = {character: left for character, _, left in tick.evaluate(PLACES)}
    assert places["ש"] < places["("] < places["i"] < places["t"] < places[")"]


def test_a_number_after_a_quotation_is_drawn_in_its_order(open_page):
    page = open_page(tab="search", query=ARABIC, documents=f"{HEBREW}\nking")
    reading = page.locator("#documents .reading").first
    expect(reading).to_contain_text(HEBREW, timeout=30_000)
    assert re.fullmatch(r"Nearestto“”:“”\(0\.\d{3}\)\.", drawn_order(reading))


@pytest.mark.parametrize("candidate", [REVERSING, f"{ARABIC} 1"])
def test_a_refusal_is_drawn_in_its_order(open_page, candidate):
    page = open_page(tab="arithmetic")
    page.get_by_role("textbox", name="Candidates").fill(f"{candidate}\n{candidate}")
    page.get_by_role("button", name="Solve").click()
    message = page.locator(".refusal")
    expect(message).to_be_visible()
    written = "Candidates:“”isinthelisttwice(capitalsmakenodifference)."
    assert drawn_order(message) == written


@pytest.mark.parametrize("mark", ["\u0308", "\u030a"])
def test_marks_cover_no_line_above(open_page, mark):
    # The model reads both as the letter alone, so that the numbers are the same.
    pictures = []
    for text in ("z", "z" + mark * 1_200):
        page = open_page(text_a=text, text_b="queen", panel="vectors")
        reading = page.locator("#texts .reading").first
        expect(reading).to_contain_text("“z", timeout=30_000)
        expect(page.locator("#texts .closer .main-svg").first).to_be_visible()
        page.mouse.move(0, 0)
        parts = [page.locator(f"#texts {part}") for part in (".numbers", "caption")]
        pictures.append([part.screenshot(animations="disabled") for part in parts])
        # Within a paragraph nothing is cut off: there the marks are few.
        assert sum(unicodedata.category(c) == "Mn" for c in reading.text_content()) < 5
    assert pictures[0] == pictures[1]
