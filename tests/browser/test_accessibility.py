"""Whether everybody can use the page: WCAG 2.2 AA, as far as a machine can tell."""

import pytest
from playwright.sync_api import expect

# Each question, the tabs that lead to it, and the panel that is opened, with a figure of its own.
QUESTIONS = {
    "texts": (["Similarity", "Two texts"], "Which words made it?"),
    "list": (["Similarity", "A list of words"], "Map: PCA"),
    "equation": (["Arithmetic"], "Where does it lead?"),
    "documents": (["Search"], "Meaning or keywords?"),
}
# Panels that take long before their vectors are kept, and maps that differ in the points alone.
SKIPPED = {
    *("Which words are near?", "Test this claim: how often does it work?"),
    *("Map: MDS", "Map: t-SNE", "Map: random layout"),
}

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def open_page(new_page, app_url):
    """Open the app as people do who asked their system for less motion."""

    def open_page(width=1280, height=800, theme="light"):
        page = new_page(width, height)
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{app_url}/?__theme={theme}")
        expect(page.locator("#texts .main-svg").first).to_be_visible(timeout=30_000)
        return page

    return open_page


def open_question(page, name):
    for tab in QUESTIONS[name][0]:
        page.get_by_role("tab", name=tab).click()
    expect(page.locator(f"#{name} .main-svg").first).to_be_visible()


def open_panel(page, name, question):
    """Open a panel and wait until it is filled."""
    closer = page.locator(f"#{name} .closer")
    before = closer.inner_text()
    page.locator(f"#{name}").get_by_role("radio", name=question).check()
    expect(closer).not_to_have_text(before, use_inner_text=True, timeout=30_000)
    expect(page.locator(f"#{name}[data-stale], #{name} [data-stale]")).to_have_count(0)


def open_everything(page, name):
    """Open a question, what is folded in it and one of its panels."""
    open_question(page, name)
    for summary in page.locator(".panels summary:visible").all():
        summary.click()
    open_panel(page, name, QUESTIONS[name][1])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(open_page, width, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(width, theme=theme)
    found = []

    def look(where):
        # Nothing is left out, neither a rule nor a part of the page.
        options = {"runOnly": WCAG, "resultTypes": ["violations"]}
        for rule in Axe().run(page, options=options).response["violations"]:
            if rule["impact"] in ("serious", "critical"):
                found.extend((where, rule["id"], node["html"][:200]) for node in rule["nodes"])

    for name in QUESTIONS:
        open_everything(page, name)
        look(name)
    page.locator("#lesson summary").click()
    page.get_by_role("slider", name="Your guess").press("ArrowRight")
    look("lesson, before the answer")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#revealed .yours")).to_contain_text("You guessed")
    look("lesson, with the answer")
    assert found == []


# A look that a focus may change. Kept in the page, to be compared once the focus has gone.
WALK = """() => {
    // What stands for a control that is itself out of sight: the label around it.
    window.seen = (element) => element.checkVisibility({ opacityProperty: true })
        ? element : element.closest("label") ?? element;
    window.look = (element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(seen(element));
        return [outlineStyle, outlineStyle === "none" ? "" : outlineWidth, boxShadow].join();
    };
    window.stops = new Map();
    window.step = () => {
        const element = document.activeElement;
        const isNew = element !== document.body && !stops.has(element);
        if (isNew) {
            const isSeen = seen(element).checkVisibility({ opacityProperty: true });
            stops.set(element, isSeen ? look(element) : "invisible");
        }
        return isNew;
    };
}"""

# What can be used but was not reached. One stop may stand for all choices of a group.
MISSED = """() => {
    const groupOf = (element) => element.closest("fieldset, [role=tablist], tbody, .gallery");
    const groups = new Set([...stops.keys()].map(groupOf).filter(Boolean));
    const controls = "button, input, textarea, select, summary, a[href], [tabindex='0']";
    return [...document.querySelectorAll(controls)].filter((element) =>
        element.checkVisibility({ visibilityProperty: true }) && !element.disabled
        && element.tabIndex >= 0 && !stops.has(element) && !groups.has(groupOf(element))
    ).map((element) => element.outerHTML.slice(0, 200));
}"""

UNSEEN = """() => {
    document.activeElement.blur();
    return [...stops].filter(([element, focused]) => [look(element), "invisible"].includes(focused))
        .map(([element]) => element.outerHTML.slice(0, 200));
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_control_is_reached_with_the_tab_key_and_seen(open_page, theme):
    page = open_page(theme=theme)
    page.evaluate(WALK)
    for _ in range(300):
        page.keyboard.press("Tab")
        if not page.evaluate("step()"):
            break
    assert 15 < page.evaluate("stops.size") < 40
    assert page.evaluate(MISSED) == []
    assert page.evaluate(UNSEEN) == []


def tab_to(page, control):
    """Press Tab until the focus is on a control."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if control.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{control} was not reached")


def test_similarity_is_used_with_the_keyboard_alone(open_page):
    page = open_page()
    tab_to(page, page.get_by_role("tab", name="Similarity"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#documents .reading").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#documents .reading").first).to_be_hidden()

    comparison = page.locator("#texts")
    similarity = comparison.locator("dd").first
    tab_to(page, page.locator(".panels summary").first)
    page.keyboard.press("Enter")
    expect(page.locator(".panels details").first).to_have_attribute("open", "")

    tab_to(page, page.get_by_role("textbox", name="Text A"))
    page.keyboard.press("Control+A")
    page.keyboard.type("puppy")
    tab_to(page, page.get_by_role("textbox", name="Text B"))
    page.keyboard.press("Control+A")
    page.keyboard.type("dog")
    tab_to(page, page.get_by_role("button", name="Compare", exact=True))
    page.keyboard.press("Space")
    expect(similarity).to_have_text("0.804")

    tab_to(page, page.locator("#texts .gallery-item").first)
    page.keyboard.press("Enter")
    expect(similarity).to_have_text("0.388")

    tab_to(page, comparison.get_by_role("radio", name="Which numbers are they?"))
    page.keyboard.press("Space")
    expect(comparison.locator(".closer")).to_contain_text("To the model each text is these")

    page.get_by_role("tab", name="Two texts").focus()
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_label("Put alike words side by side"))
    page.keyboard.press("Space")
    expect(page.locator("#list .ytick text").first).not_to_have_text("king")


# What moves. The wait before a veil is not counted: it takes no time and spares a flicker.
MOVING = """() => [...document.querySelectorAll(":is(.tabs, #guided) *")].flatMap((element) =>
    [null, "::before", "::after"].filter((part) => {
        const { content, animationName, transitionDuration } = getComputedStyle(element, part);
        return !(part && content === "none")
            && (animationName !== "none" || transitionDuration.split(",").some(parseFloat));
    }).map((part) => `${element.tagName}.${element.className}${part ?? ""}`)
)"""


def test_nothing_moves_for_those_who_asked_for_less_motion(open_page):
    page = open_page()
    assert page.evaluate(MOVING) == []
    page.get_by_role("textbox", name="Text A").press_sequentially("s")
    expect(page.locator("#texts")).to_have_attribute("data-stale", "edited")
    assert page.evaluate(MOVING) == []


# Figures with neither a sentence nor a table beside them.
ALONE = """() => [...document.querySelectorAll(".figure .js-plotly-plot")].filter((plot) => {
    if (!plot.checkVisibility()) return false;
    const part = plot.closest(".closer") ?? plot.closest(".answer");
    const sentences = part ? [...part.querySelectorAll(".reading, table")] : [];
    return !sentences.some((words) => words.checkVisibility() && words.innerText.trim());
}).map((plot) => plot.closest(".section")?.id ?? "nowhere")"""


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_figure_is_put_into_words_and_nothing_sticks_out(open_page, name):
    page = open_page(width=320)
    open_question(page, name)
    panels = page.locator(f"#{name} .questions label").all_inner_texts()
    assert len(panels) > 1
    for panel in panels:
        title = panel.strip().split("\n")[0]
        if title == "Just the answer" or title in SKIPPED:
            continue
        open_panel(page, name, title)
        assert page.evaluate(ALONE) == [], title
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, title
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_timeout(300)  # until the figures have their new width
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920
