"""The guided lesson in a real browser: guess first, then see the answer in its tab."""

import json
import re

import pytest
from playwright.sync_api import expect
from steps import TASKS_IN_ALL, TOTAL, number_of

KEPT = "JSON.stringify({...localStorage})"


@pytest.fixture
def open_page(new_page, app_url):
    def open_page(query=""):
        page = new_page(1280, 900)
        page.goto(f"{app_url}/{query}")
        expect(page.locator("#lesson summary")).to_be_visible(timeout=30_000)
        expect(page.locator("#texts .js-plotly-plot").first).to_be_attached()
        return page

    return open_page


def guess_number(page, presses):
    """Move the slider from its middle, by keys alone."""
    slider = page.get_by_role("slider", name="Your guess")
    slider.focus()
    for _ in range(presses):
        slider.press("ArrowRight")


def show(page):
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#revealed .yours")).to_contain_text("You guessed")
    expect(page.locator("#explained .go-on")).to_be_focused()


def answer_step(page, step):
    """Open a step, guess whatever is nearest, and see the answer."""
    page.get_by_role("button", name=f"Step {step} of {TOTAL}").click()
    shown = page.locator("#lesson section:not([hidden])")
    shown.locator("input").first.click()
    show(page)


def overlaps(part, other):
    a, b = part.bounding_box(), other.bounding_box()
    return a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]


def centre(part):
    box = part.bounding_box()
    return box["x"] + box["width"] / 2


def test_nothing_is_asked_until_an_answer_is(open_page):
    page = open_page()
    expect(page.locator("#texts .main-svg").first).to_be_visible(timeout=30_000)
    expect(page.locator("#lesson section").first).to_be_hidden()
    expect(page.locator("#texts .answer")).to_be_visible()
    asked = []
    page.on("request", lambda request: asked.append(request))
    page.locator("#lesson summary").click()
    guess_number(page, 6)
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Back").click()
    page.wait_for_timeout(500)
    assert [request.url for request in asked if "/queue/" in request.url] == []


def test_the_tabs_are_out_of_sight_until_the_answer_is_asked_for(open_page):
    page = open_page("?step=1")
    expect(page.locator("#texts .answer")).not_to_be_visible()
    page.get_by_role("button", name="Show the answer").click()
    expect(page.get_by_text("Guess first:")).to_be_visible()
    expect(page.locator("#texts .answer")).not_to_be_visible()
    guess_number(page, 6)
    show(page)
    expect(page.locator("#texts .answer")).to_be_visible()
    expect(page.get_by_role("button", name="Show the answer")).to_be_hidden()
    page.get_by_role("button", name="Next: Nothing in common").click()
    expect(page.locator("#texts .answer")).not_to_be_visible()
    page.locator("#lesson summary").click()
    expect(page.locator("#texts .answer")).to_be_visible()


def test_guess_and_truth_stand_on_one_scale(open_page, ask):
    page = open_page("?step=4")
    guess_number(page, 2)
    show(page)
    truth = ask("compare", "hot", "cold")["similarity"]
    expect(page.locator("#revealed .verdict")).to_have_text(
        f"You guessed 0.10. The answer is {truth:.3f}."
    )
    scale = page.locator("#revealed .scale")
    box = scale.bounding_box()
    for dot, value in ((".guess", 0.1), (".truth", truth)):
        where = (centre(scale.locator(dot)) - box["x"]) / box["width"]
        assert where == pytest.approx((value + 1) / 2, abs=0.003)
    gap = scale.locator(".gap").bounding_box()
    assert gap["width"] == pytest.approx(box["width"] * (truth - 0.1) / 2, abs=1)
    expect(page.get_by_role("textbox", name="Text A")).to_be_hidden()
    page.get_by_role("button", name="Do the task").click()
    expect(page.get_by_role("textbox", name="Text A")).to_have_value("hot")
    expect(page.get_by_role("textbox", name="Text A")).to_be_focused()
    expect(page.locator("#texts dd").first).to_have_text(f"{truth:.3f}")
    expect(page.locator("#texts .js-plotly-plot").first).to_be_visible()


def test_a_choice_says_right_or_no_and_opens_its_tab(open_page):
    page = open_page(f"?step={number_of('What if nothing is left out?')}")
    page.get_by_role("radio", name="queen", exact=True).check()
    show(page)
    verdict = page.locator("#revealed .verdict")
    expect(verdict).to_have_text("You guessed queen. Not quite: the answer is king.")
    expect(page.locator("#equation .reading").first).to_contain_text("“king” (0.788)")
    page.get_by_role("button", name=f"Step {number_of('The famous example')} of {TOTAL}").click()
    page.get_by_role("radio", name="queen", exact=True).check()
    page.get_by_role("button", name="Show the answer").click()
    expect(verdict).to_have_text("You guessed queen. Right: the answer is queen.")
    page.locator("#lesson summary").click()
    expect(page.get_by_role("tab", name="Arithmetic")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_label("Leave out the words of the expression")).to_be_checked()


def test_a_guess_below_0_has_a_minus(open_page):
    page = open_page("?step=1")
    slider = page.get_by_role("slider", name="Your guess")
    slider.focus()
    for _ in range(12):
        slider.press("ArrowLeft")
    expect(page.locator("#lesson section:not([hidden]) output")).to_have_text("−0.60")
    show(page)
    expect(page.locator("#revealed .yours")).to_have_text("You guessed −0.60.")


def test_an_answer_replaces_what_was_typed_and_its_veil(open_page):
    page = open_page()
    page.get_by_role("textbox", name="Text A").press_sequentially("s")
    expect(page.locator("#texts")).to_have_attribute("data-stale", "edited")
    page.locator("#lesson summary").click()
    guess_number(page, 1)
    show(page)
    expect(page.locator("#texts")).not_to_have_attribute("data-stale", re.compile(""))
    page.get_by_role("button", name="Do the task").click()
    expect(page.get_by_role("textbox", name="Text A")).to_have_value("king")


def test_an_answer_leaves_the_veil_of_another_question(open_page):
    page = open_page()
    page.get_by_role("tab", name="A list of words").click()
    page.get_by_role("textbox", name="Words").press_sequentially(", sea")
    expect(page.locator("#list")).to_have_attribute("data-stale", "edited")
    page.locator("#lesson summary").click()
    guess_number(page, 1)
    show(page)
    expect(page.locator("#list")).to_have_attribute("data-stale", "edited")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_figure_is_in_sight_of_the_text_that_speaks_of_it(open_page, width):
    page = open_page("?step=1")
    page.set_viewport_size({"width": width, "height": {1280: 800, 390: 844}[width]})
    for title in (
        "Two words, one number",
        "How high is high?",
        "One word, two sentences",
        "Layer by layer",
        "The famous example",
        "He or she?",
    ):
        page.evaluate("scrollTo(0, 0)")
        answer_step(page, number_of(title))
        figure = page.locator("#stage .figure .js-plotly-plot:visible").last
        page.wait_for_timeout(1_000)  # until the page has scrolled
        expect(figure, title).to_be_in_viewport(ratio=0.99)
        drawn, words = figure.bounding_box(), page.locator("#explained p").first.bounding_box()
        assert drawn["x"] + drawn["width"] <= width, title
        if width == 1280:
            expect(page.locator("#explained .go-on"), title).to_be_in_viewport(ratio=0.99)
            assert words["x"] + words["width"] < drawn["x"], title
        else:
            assert drawn["y"] + drawn["height"] < words["y"], title


def test_what_was_there_before_is_out_of_sight_until_the_answer_comes(open_page):
    page = open_page("?step=1")
    held = []
    page.route("**/queue/join*", lambda route: held.append(route))
    guess_number(page, 1)
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#tabs")).to_be_hidden()
    held[0].continue_()
    expect(page.locator("#revealed")).to_contain_text("You guessed", timeout=30_000)
    expect(page.locator("#texts .figure .js-plotly-plot:visible").last).to_be_in_viewport()


def try_it(page, **texts):
    """Ask with other inputs; those of the step are there already."""
    if "trying" not in page.locator("html").get_attribute("class"):
        page.get_by_role("button", name="Do the task").click()
    for label, text in texts.items():
        name = re.compile(f"^{label.replace('_', ' ')}", re.IGNORECASE)
        page.get_by_role("textbox", name=name).and_(page.locator(":visible")).fill(text)
    page.locator(".section .inputs button.primary:visible").click()
    expect(page.locator("[data-stale]")).to_have_count(0)


def kept(page):
    return json.loads(json.loads(page.evaluate(KEPT))["embviz-lesson"])


# Of each tab one: what is asked first and is not enough, and what is.
TASKS = {
    "Nothing in common": (
        {"text_a": "king", "text_b": "queen"},
        {"text_a": "violin", "text_b": "tax"},
    ),
    "One word, two sentences": (
        {"sentences": "A light room.\nA light meal."},
        {"sentences": "The light is on.\nThe light is off."},
    ),
    "The famous example": (
        {"expression": "lord - male + female"},
        {"expression": "duke - male + female"},
    ),
    "What if nothing is left out?": (
        {"expression": "king - male + female", "candidates": "queen"},
        {"expression": "puppy - dog + cat", "candidates": "Kitten"},
    ),
    "Not a word in common": ({"query": "sea"}, {"query": "coral"}),
}


@pytest.mark.parametrize("title", TASKS)
def test_a_task_is_checked_against_the_live_answer(open_page, title):
    not_enough, enough = TASKS[title]
    step = number_of(title)
    page = open_page(f"?step={step}")
    answer_step(page, step)
    state = page.locator("#explained .task .state")
    expect(state).to_be_empty()
    try_it(page, **not_enough)
    expect(state).to_have_text("Not yet. Try something else.")
    try_it(page, **enough)
    expect(state).to_have_text(re.compile("^Done. .+"))
    tick = state.evaluate("state => getComputedStyle(state, '::before').content")
    assert "✓" in tick
    assert len(kept(page)["tasks"]) == 1
    expect(
        page.get_by_role("button", name=re.compile(f"^Step {step} .*, task done$"))
    ).to_be_visible()
    expect(page.locator("#lesson .note.progress")).to_contain_text(f"1 of {TASKS_IN_ALL} tasks")
    # What is done stays done, also where another answer follows and in another visit.
    try_it(page, **not_enough)
    expect(state).to_have_text(re.compile("^Done. .+"))
    page.reload()
    show(page)
    expect(state).to_have_text(re.compile("^Done. .+"))


def test_a_task_is_announced_where_the_answer_is(open_page):
    page = open_page("?step=2")
    answer_step(page, 2)
    listen = page.locator("#header .listen")
    try_it(page, text_a="king", text_b="queen")
    expect(listen).to_have_text(re.compile("^Task: Not yet.* “king” and “queen” score higher than"))
    try_it(page, text_a="violin", text_b="tax")
    expect(listen).to_have_text(re.compile("^Task done: Done. .* “violin” and “tax” score higher"))


def test_a_task_is_done_only_where_it_is_tried(open_page):
    page = open_page("?step=2")
    answer_step(page, 2)
    page.locator("#lesson summary").click()
    page.get_by_role("textbox", name="Text A").fill("violin")
    page.get_by_role("textbox", name="Text B").fill("tax")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator("#texts dd").first).to_have_text("0.133")
    assert kept(page)["tasks"] == {}


def test_the_lesson_can_be_done_again(open_page):
    page = open_page("?step=2")
    answer_step(page, 2)
    try_it(page, text_a="violin", text_b="tax")
    expect(page.locator("#explained .task.made")).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    expect(page.locator("#lesson .note.progress")).to_have_text(
        f"0 of {TOTAL} steps done, 0 of {TASKS_IN_ALL} tasks"
    )
    answer_step(page, 2)
    expect(page.locator("#explained .task.made")).to_have_count(0)
    assert len(kept(page)["answers"]) == 1


@pytest.mark.parametrize("width", [1280, 390])
def test_a_task_is_in_sight_while_it_is_tried(open_page, width):
    page = open_page("?step=2")
    page.set_viewport_size({"width": width, "height": {1280: 800, 390: 844}[width]})
    answer_step(page, 2)
    page.wait_for_timeout(1_000)  # until the page has scrolled
    try_it(page, text_a="king", text_b="queen")
    page.wait_for_timeout(1_000)
    task = page.locator("#explained .task")
    for part in (task, page.locator("#texts dd").first, page.locator("#texts .text-a textarea")):
        expect(part).to_be_in_viewport(ratio=0.99)
    if width == 1280:
        expect(page.locator("#texts .js-plotly-plot:visible")).to_be_in_viewport(ratio=0.99)
    else:
        # Nothing lies under it.
        assert overlaps(task, page.locator("#texts .reading").first) is False
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_screen_says_how_long_it_takes_and_then_where_one_is(open_page):
    page = open_page()
    opener = page.locator("#lesson summary")
    expect(opener).to_be_in_viewport(ratio=0.99)
    assert f"Start here: a lesson in {TOTAL} steps" in opener.inner_text()
    assert "about 40 minutes" in opener.inner_text()
    opener.click()
    answer_step(page, 1)
    page.get_by_role("button", name="Next: Nothing in common").click()
    expect(page.get_by_role("heading", name=f"Step 2 of {TOTAL}")).to_be_visible()
    # Until the page has scrolled.
    page.wait_for_timeout(1_000)
    opener.click()
    expect(page.locator("#lesson details")).not_to_have_attribute("open", re.compile(""))
    page.wait_for_timeout(300)
    page.reload()
    expect(opener).to_be_visible()
    assert (
        opener.inner_text()
        == f"Continue: step 2 of {TOTAL}\n1 of {TOTAL} steps done, 0 of {TASKS_IN_ALL} tasks"
    )
    opener.click()
    expect(page.get_by_role("heading", name=f"Step 2 of {TOTAL}")).to_be_visible()


def test_the_recap_leads_to_what_is_left(open_page):
    page = open_page("?step=2")
    answer_step(page, 2)
    try_it(page, text_a="violin", text_b="tax")
    answer_step(page, TOTAL)
    page.get_by_role("button", name="Your recap").click()
    left = page.locator("#lesson .left li")
    expect(left).to_have_count(TASKS_IN_ALL - 1)
    expect(left.filter(has_text="below 0.15")).to_have_count(0)
    left.filter(has_text="comes first").first.get_by_role("button").click()
    expect(
        page.get_by_role("heading", name=f"Step {number_of('The famous example')} of {TOTAL}")
    ).to_be_focused()
    for _ in range(TOTAL + 1 - number_of("The famous example")):
        page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Explore on your own").click()
    expect(page.locator("#lesson section").first).to_be_hidden()
    expect(page.get_by_role("tab", name="Similarity")).to_be_focused()
    assert page.locator("#lesson summary").inner_text().startswith("Continue: your recap")


def test_what_the_slider_shows_can_be_guessed_by_a_click(open_page):
    page = open_page("?step=2")
    slider = page.get_by_role("slider", name="Your guess")
    expect(page.locator("#lesson .untouched:visible")).to_have_count(1)
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#lesson .untouched:visible")).to_have_count(0)
    show(page)
    expect(page.locator("#revealed .yours")).to_have_text("You guessed 0.00.")


def test_a_reload_comes_back_to_the_step_that_was_open(open_page):
    page = open_page("?step=1")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?step=2$"))
    page.reload()
    expect(page.get_by_role("heading", name=f"Step 2 of {TOTAL}")).to_be_visible()
    page.locator("#lesson summary").click()
    expect(page).not_to_have_url(re.compile("step"))


def test_a_reload_comes_back_to_the_recap(open_page):
    page = open_page(f"?step={TOTAL}")
    page.get_by_role("button", name="Next", exact=True).click()
    page.reload()
    expect(page.get_by_role("heading", name="Your recap")).to_be_visible()
    page.get_by_role("button", name="Back", exact=True).click()
    page.reload()
    expect(page.get_by_role("heading", name=f"Step {TOTAL} of {TOTAL}")).to_be_visible()


def test_the_lesson_ends_in_a_recap_of_guesses_beside_answers(open_page):
    page = open_page("?step=1")
    for step in (1, number_of("What if nothing is left out?"), TOTAL):
        answer_step(page, step)
    page.get_by_role("button", name="Your recap").click()
    expect(page.get_by_role("heading", name="Your recap")).to_be_focused()
    rows = page.locator("#lesson .recap tbody tr")
    expect(rows).to_have_count(TOTAL)
    guess, answer = (
        rows.nth(number_of("What if nothing is left out?") - 1).locator("td").all_inner_texts()[1:]
    )
    assert (guess, answer) == ("queen", "king")
    expect(rows.first).to_contain_text("0.681")
    expect(rows.nth(1).locator("td").last).to_be_empty()
    expect(page.get_by_text("What to take away")).to_be_visible()
    page.locator("#lesson summary").click()
    expect(page.locator("#texts .answer")).to_be_visible()


def test_progress_stays_in_the_browser_and_is_never_sent(open_page):
    page = open_page()
    sent = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    page.locator("#lesson summary").click()
    guess_number(page, 7)
    show(page)
    page.get_by_role("button", name="Next", exact=True).click()
    kept = json.loads(page.evaluate(KEPT))
    assert "0.35" in kept["embviz-lesson"]
    assert not any("0.35" in text for text in sent)
    assert page.evaluate("document.cookie") == ""

    page.locator("#lesson summary").click()
    # The address follows a moment later; until then a reload would open the step again.
    expect(page).not_to_have_url(re.compile("step"))
    page.reload()
    expect(page.locator("#lesson summary")).to_contain_text(f"1 of {TOTAL} steps done")
    page.locator("#lesson summary").click()
    expect(page.get_by_role("heading", name=f"Step 2 of {TOTAL}")).to_be_visible()
    page.get_by_role("button", name=re.compile(f"Step 1 of {TOTAL}: .*, done")).click()
    expect(page.get_by_role("slider", name="Your guess")).to_have_value("0.35")
    page.get_by_role("button", name="Start over").click()
    assert "0.35" not in page.evaluate(KEPT)
    page.locator("#lesson summary").click()
    expect(page).not_to_have_url(re.compile("step"))
    page.reload()
    expect(page.locator("#lesson summary")).to_be_visible()
    assert "Start here" in page.locator("#lesson summary").inner_text()


def test_the_lesson_can_be_done_with_the_keyboard_alone(open_page):
    page = open_page()
    page.locator("#lesson summary").focus()
    page.keyboard.press("Enter")
    for _ in range(TOTAL + 1):
        page.keyboard.press("Tab")
    expect(page.get_by_role("slider", name="Your guess")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    # Back cannot be used yet, so the next stop is the answer.
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="The answer is 0.681")).to_be_visible()
    expect(page.locator("#explained .go-on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Step 2 of {TOTAL}")).to_be_focused()


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("0", f"from 1 to {TOTAL}"),
        (str(TOTAL + 1), f"from 1 to {TOTAL}"),
        ("<b>", "step must be a whole number"),
    ],
)
def test_a_wrong_step_shows_the_start_and_one_sentence(open_page, step, sentence):
    page = open_page(f"?step={step}")
    expect(page.locator(".toast-wrap")).to_contain_text(sentence)
    expect(page.locator("#lesson section").first).to_be_hidden()
    expect(page.locator("#texts .answer")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_embedded_on_a_narrow_page_only_a_linked_step_is_shown(new_page, app_url, theme):
    page = new_page(320, 700)
    page.goto(f"{app_url}/?step={number_of('Not a word in common')}&embed=1&__theme={theme}")
    page.get_by_role("radio", name="no document").check()
    show(page)
    expect(page.locator("#documents .closer")).to_contain_text("order by meaning", timeout=30_000)
    expect(page.get_by_role("tablist")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(f"{app_url}/?tab=search&embed=1")
    expect(page.locator("#documents .main-svg").first).to_be_visible()
    expect(page.locator("#lesson summary")).to_be_hidden()
