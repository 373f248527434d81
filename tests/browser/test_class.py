"""The page for a class in a real browser: codes of three students in, their guesses drawn."""

import re
import time

import pytest
from playwright.sync_api import expect
from steps import TOTAL, number_of
from test_accessibility import RULES

NUMBER = 1
CHOICE = number_of("The famous example")
# How far each student moves the slider of one step, and what each chooses at another.
FIRST = [(2, "queen"), (4, "lady"), (4, "queen")]
SECOND = [(12, "queen"), (14, "queen"), (15, "queen")]

# A code of guesses that are named by step, for what takes too many students to click.
ENCODE = """(guesses) => {
  const { lesson, steps } = JSON.parse(document.getElementById("lesson").textContent);
  const scales = steps.map(({ slider, options }) => slider
    ? codes.scale(slider.low, slider.high, slider.step) : codes.scale(0, options.length - 1, 1));
  return codes.encode(steps.map((_, n) => guesses[n] ?? null), scales, lesson);
}"""


def guess(page, presses, choice):
    """Guess at two steps as a student does who has guessed before, or has not."""
    page.get_by_role("button", name=f"Step {NUMBER} of {TOTAL}:").click()
    slider = page.get_by_role("slider", name="Your guess")
    slider.fill(f"{presses * 0.05:.2f}")
    page.get_by_role("button", name=f"Step {CHOICE} of {TOTAL}:").click()
    page.get_by_role("radio", name=choice, exact=True).check()


def read_code(page):
    page.get_by_role("button", name=f"Step {TOTAL} of {TOTAL}:").click()
    page.get_by_role("button", name="Next", exact=True).click()
    return page.locator(".for-class .code").inner_text()


@pytest.fixture
def open_lesson(new_page, app_url):
    def open_lesson():
        page = new_page()
        page.goto(f"{app_url}/?step=1")
        expect(page.get_by_role("slider", name="Your guess")).to_be_visible(timeout=30_000)
        return page

    return open_lesson


@pytest.fixture(scope="module")
def votes(browser, app_url):
    """The codes of three students, for the first vote and for the second."""
    codes = []
    for first, second in zip(FIRST, SECOND, strict=True):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{app_url}/?step=1")
        expect(page.get_by_role("slider", name="Your guess")).to_be_visible(timeout=30_000)
        guess(page, *first)
        before = read_code(page)
        page.get_by_role("button", name="Guess again").click()
        expect(page.get_by_role("slider", name="Your guess")).to_have_value(
            re.compile(f"^{first[0] * 0.05:.2g}$")
        )
        guess(page, *second)
        codes.append((before, read_code(page)))
        context.close()
    return tuple(zip(*codes, strict=True))


@pytest.fixture
def open_class(new_page, app_url):
    def open_class(width=1280, query=""):
        page = new_page(width, 900)
        page.goto(f"{app_url}/class{query}")
        # Some of them take the server seconds, once.
        expect(page.locator("#waiting")).to_have_text("", timeout=120_000)
        return page

    return open_class


def paste(page, first, second=()):
    page.get_by_role("textbox", name="First vote").fill("\n".join(first))
    page.get_by_role("textbox", name="Second vote").fill("\n".join(second))


def step(page, number):
    return page.locator("section").nth(number - 1)


def test_three_guesses_and_the_answer_stand_on_one_scale(open_class, votes, ask):
    page = open_class()
    paste(page, votes[0])
    expect(page.locator("#read")).to_have_text("First vote: 3 codes.")
    truth = ask("compare", "king", "queen")["similarity"]
    numbers = step(page, NUMBER)
    expect(numbers.locator(".sentence")).to_have_text(
        f"The median is 0.20; the answer is {truth:.3f}. 3 of 3 (100 %) guessed less."
    )
    expect(numbers.locator(".vote")).to_have_text("First vote: 3 guesses, median 0.20")
    bars = numbers.locator(".bar")
    assert [bar.get_attribute("title") for bar in bars.all()] == ["0.10: 1", "0.20: 2"]
    low, high = (bar.bounding_box() for bar in bars.all())
    assert high["height"] == pytest.approx(2 * low["height"], abs=1)
    # 41 guesses from -1 to 1, side by side.
    box = numbers.locator(".bars").bounding_box()
    for mark, value in ((low, 0.1), (high, 0.2)):
        middle = (mark["x"] + mark["width"] / 2 - box["x"]) / box["width"]
        assert middle == pytest.approx(((value + 1) / 0.05 + 0.5) / 41, abs=0.002)
    line = numbers.locator(".answer-line").bounding_box()
    middle = (line["x"] + line["width"] / 2 - box["x"]) / box["width"]
    assert middle == pytest.approx(((truth + 1) / 0.05 + 0.5) / 41, abs=0.003)
    options = step(page, CHOICE)
    expect(options.locator(".is-answer p")).to_have_text("✓ queen (the answer)")
    expect(options.locator(".sentence")).to_have_text("2 of 3 (67 %) chose the answer, queen.")
    expect(step(page, 2)).to_contain_text("Nobody has guessed here.")


def test_the_second_vote_stands_below_the_first(open_class, votes):
    page = open_class()
    paste(page, *votes)
    expect(page.locator("#read")).to_have_text("First vote: 3 codes. Second vote: 3 codes.")
    numbers = step(page, NUMBER)
    assert numbers.locator(".vote").all_inner_texts() == [
        "First vote: 3 guesses, median 0.20",
        "Second vote: 3 guesses, median 0.70",
    ]
    first, second = (row.bounding_box() for row in numbers.locator(".bars").all())
    assert first["y"] + first["height"] < second["y"]
    assert (first["x"], first["width"]) == (second["x"], second["width"])
    line = numbers.locator(".answer-line").bounding_box()
    assert line["y"] <= first["y"]
    assert line["y"] + line["height"] == pytest.approx(second["y"] + second["height"], abs=6)
    expect(numbers.locator(".sentence")).to_have_text(
        "After talking the median is 0.70 instead of 0.20: closer to the answer, 0.681."
    )
    expect(step(page, CHOICE).locator(".sentence")).to_have_text(
        "2 of 3 (67 %) chose the answer, queen. After talking it was 3 of 3 (100 %)."
    )


def test_each_step_is_one_click_away(open_class, votes):
    page = open_class()
    expect(page.get_by_role("navigation")).to_have_count(0)
    paste(page, votes[0])
    links = page.get_by_role("navigation", name="Steps").get_by_role("link")
    expect(links).to_have_count(TOTAL)
    for n in (TOTAL, 1):
        title = links.nth(n - 1).inner_text()
        links.nth(n - 1).click()
        expect(page.get_by_role("heading", name=f"Step {n}: {title}")).to_be_in_viewport()


def test_the_answers_can_be_left_out(open_class, votes):
    page = open_class()
    paste(page, votes[0])
    page.get_by_role("checkbox", name="Mark the answers").uncheck()
    expect(page.locator(".bar").first).to_be_visible()
    expect(page.locator(".answer-line, .is-answer")).to_have_count(0)
    assert "0.681" not in page.locator("#steps").inner_text()
    expect(step(page, CHOICE).locator(".sentence")).to_have_text(
        "Most often chosen: queen, by 2 of 3 (67 %)."
    )


def test_wrong_codes_are_named_with_their_line_and_skipped(open_class, votes):
    page = open_class()
    good = votes[0][0]
    plain = good.replace("-", "")
    changed = plain[:-1] + ("1" if plain[-1] == "0" else "0")
    other = page.evaluate("codes.encode([3], [codes.scale(0, 10, 1)], 77)")
    html = "<img src=x onerror='window.hacked = true'>"
    paste(page, [good, changed, "", other, html, good.lower().replace("0", "o")])
    expect(page.locator("#read")).to_have_text(
        "First vote: 2 codes, 1 of them like one above. 3 lines skipped."
    )
    assert page.locator("#skipped li").all_inner_texts() == [
        f"First vote, line 2: “{changed}” has a mistake in it: a letter is wrong or missing.",
        f"First vote, line 4: “{other}” belongs to another lesson, or to an older version of this "
        "one.",
        f"First vote, line 5: “{html[:40]}…” is not a code.",
    ]
    expect(page.locator("img")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_ten_thousand_lines_and_a_megabyte_are_read(open_class):
    page = open_class()
    code = page.evaluate(ENCODE, {0: 20})
    fill = "(lines) => { first.value = lines; first.dispatchEvent(new Event('input')); }"
    page.evaluate(fill, "\n".join([code, "nonsense"] * 5_000))
    expect(page.locator("#read")).to_have_text(
        "First vote: 5,000 codes, 4,999 of them like one above. 5,000 lines skipped."
    )
    expect(page.locator("#skipped li")).to_have_count(21)
    expect(page.locator("#skipped li").last).to_have_text("And 4,980 more lines.")
    expect(step(page, 1).locator(".vote")).to_have_text("First vote: 5,000 guesses, median 0.00")
    page.evaluate(fill, "Z" * 1_000_000 + "\n" + code)
    expect(page.locator("#read")).to_have_text("First vote: 1 code. 1 line skipped.")


def test_many_places_share_bars(open_class):
    page = open_class()
    at = number_of("How high is high?") - 1
    paste(page, [page.evaluate(ENCODE, {at: guess}) for guess in (0, 4, 5, 100)])
    bars = page.locator("section").nth(at).locator(".bar")
    assert [bar.get_attribute("title") for bar in bars.all()] == [
        *("0 % to 4 %: 2", "5 % to 9 %: 1", "100 %: 1"),
    ]
    expect(page.locator("section").nth(at).locator(".vote")).to_have_text(
        "First vote: 4 guesses, median 4.5 %"
    )


def test_the_page_draws_without_a_connection(browser, app_url, votes):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{app_url}/class")
    expect(page.locator("#waiting")).to_have_text("", timeout=120_000)
    context.set_offline(True)
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    paste(page, *votes)
    expect(step(page, NUMBER).locator(".bar")).to_have_count(5)
    expect(step(page, NUMBER).locator(".answer-line")).to_be_visible()
    page.wait_for_timeout(1_500)
    assert sent == []
    context.close()


def test_the_page_draws_while_the_answers_are_on_their_way(new_page, app_url, votes):
    page = new_page()
    arrived = []
    page.route(
        "**/class/truths*", lambda route: route.abort() if not arrived else route.continue_()
    )
    page.goto(f"{app_url}/class")
    expect(page.locator("#waiting")).to_contain_text("cannot be fetched just now")
    paste(page, votes[0])
    expect(step(page, NUMBER).locator(".bar")).to_have_count(2)
    expect(step(page, NUMBER)).to_contain_text("The answer is on its way.")
    arrived.append(True)
    expect(step(page, NUMBER).locator(".answer-line")).to_be_visible()


def test_no_request_carries_a_code(open_class, open_lesson, votes):
    page = open_lesson()
    sent = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    guess(page, *FIRST[0])
    code = read_code(page)
    assert code == votes[0][0]
    page.get_by_role("button", name="Show it as a QR code").click()
    expect(page.get_by_role("img", name="Your code as a QR code")).to_be_visible()
    teacher = open_class()
    teacher.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    paste(teacher, [code])
    expect(step(teacher, NUMBER).locator(".bar")).to_have_count(1)
    time.sleep(1.5)
    assert [url for url in sent if url.endswith("/class/qr.mjs")]
    assert not [url for url in sent if code in url or code.replace("-", "") in url]


def test_the_code_is_copied_and_the_library_comes_when_it_is_asked_for(open_lesson):
    page = open_lesson()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    read_code(page)
    expect(page.locator(".for-class .no-code")).to_be_visible()
    expect(page.locator(".for-class .code")).to_be_hidden()
    guess(page, *FIRST[0])
    code = read_code(page)
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_text("The code is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code
    assert not [url for url in loaded if "qr.mjs" in url]
    page.context.clear_permissions()


def test_a_qr_code_that_cannot_be_loaded_says_what_to_do(open_lesson):
    page = open_lesson()
    page.route("**/class/qr.mjs", lambda route: route.abort())
    guess(page, *FIRST[0])
    read_code(page)
    page.get_by_role("button", name="Show it as a QR code").click()
    expect(page.get_by_text("could not be loaded: copy the code instead.")).to_be_visible()


def test_about_leads_to_the_page(new_page, app_url):
    page = new_page()
    page.goto(app_url)
    page.locator("#about summary").click()
    page.get_by_role("link", name="what the class guessed").click()
    expect(page).to_have_title("What the class guessed · Embeddings Visualizer")
    page.get_by_role("link", name="Embeddings Visualizer").click()
    expect(page.locator("#lesson summary")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(open_class, votes, width, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = open_class(width, f"?__theme={theme}")
    paste(page, [*votes[0], "W" * 90], votes[1])
    expect(step(page, NUMBER).locator(".bar")).to_have_count(5)
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_recap_with_a_code(new_page, app_url, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = new_page(390)
    page.goto(f"{app_url}/?step=1&__theme={theme}")
    expect(page.get_by_role("slider", name="Your guess")).to_be_visible(timeout=30_000)
    guess(page, *FIRST[0])
    read_code(page)
    page.get_by_role("button", name="Show it as a QR code").click()
    expect(page.locator("canvas.qr")).to_be_visible()
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_paper_has_the_figures_and_no_text_boxes(open_class, votes):
    page = open_class()
    paste(page, *votes)
    page.emulate_media(media="print")
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(step(page, NUMBER).locator(".bar").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
