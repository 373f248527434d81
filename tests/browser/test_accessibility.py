"""Whether everybody can use the page: WCAG 2.2 AA, as far as a machine can tell."""

import pytest
from playwright.sync_api import expect
from steps import TOTAL, number_of

# Each question, the tabs that lead to it, and the panel that is opened, with a figure of its own.
QUESTIONS = {
    "texts": (["Similarity", "Two texts"], "Which words made the score?"),
    "list": (["Similarity", "A list of words"], "Map: PCA"),
    "context": (["Similarity", "In context"], "From which layer on?"),
    "equation": (["Arithmetic"], "Where does it lead?"),
    "axes": (["Arithmetic", "An axis"], "And on a second axis?"),
    "association": (["Arithmetic", "Prejudice"], "Test this claim: he or she?"),
    "documents": (["Search"], "Meaning or keywords?"),
    "passages": (["Search", "A long text"], "What would a chatbot be given?"),
}
# Panels that take long before their vectors are kept, and maps that differ in the points alone.
SKIPPED = {
    *("Which words are near?", "Test this claim: how often does it work?"),
    *("Map: MDS", "Map: t-SNE", "Map: random layout"),
}

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def open_page(new_page, app_url):
    """Open the app as people do who asked their system for less motion."""

    def open_page(width=1280, height=800, theme="light", forced="none"):
        page = new_page(width, height)
        page.emulate_media(reduced_motion="reduce", forced_colors=forced, color_scheme=theme)
        page.goto(f"{app_url}/?__theme={theme}")
        expect(page.locator("#texts .main-svg").first).to_be_visible(timeout=30_000)
        return page

    return open_page


def open_question(page, name):
    for tab in QUESTIONS[name][0]:
        page.get_by_role("tab", name=tab).click()
    # The common words may have to be encoded.
    expect(page.locator(f"#{name} .main-svg").first).to_be_visible(timeout=60_000)


def open_panel(page, name, question):
    """Open a panel and wait until it is filled."""
    closer = page.locator(f"#{name} .closer")
    before = closer.inner_text()
    page.locator(f"#{name}").get_by_role("radio", name=question).check()
    expect(closer).not_to_have_text(before, use_inner_text=True, timeout=60_000)
    stale = page.locator(f"#{name}[data-stale], #{name} [data-stale]")
    expect(stale).to_have_count(0, timeout=60_000)


def open_everything(page, name):
    """Open a question, what is folded in it and one of its panels."""
    open_question(page, name)
    for summary in page.locator(".panels summary:visible").all():
        summary.click()
    open_panel(page, name, QUESTIONS[name][1])


def open_step(page, step=1):
    """Open the lesson at a step, with a guess at its answer."""
    if page.locator("#lesson details").get_attribute("open") is None:
        page.locator("#lesson summary").click()
    page.locator("#lesson .step-list button").nth(step - 1).click()
    page.locator("#lesson section:not([hidden]) input").first.click()


def show_answer(page):
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#revealed .yours")).to_contain_text("You guessed")


# Each width and each theme once: what stands where depends on the one, its colours on the other.
@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing(open_page, width, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(width, theme=theme)
    found = []

    def look(where, *parts):
        # A violation counts however small its impact. All parts of the page are looked at once,
        # and later those that are new.
        options = {"runOnly": RULES, "resultTypes": ["violations"]}
        new = {"include": [[part] for part in parts]} if parts else None
        for rule in Axe().run(page, new, options).response["violations"]:
            found.extend((where, rule["id"], node["html"][:200]) for node in rule["nodes"])

    look("as it opens")
    for name in QUESTIONS:
        open_everything(page, name)
        look(name, f"#{name}")
    page.get_by_role("textbox", name="Query").fill("")
    page.get_by_role("textbox", name="Query").press("Enter")
    expect(page.locator(".refusal")).to_be_visible()
    look("refused")
    # A slider, and a choice.
    for step in (1, number_of("The famous example")):
        open_step(page, step)
        look(f"step {step}, before the answer", "#guided")
        show_answer(page)
        look(f"step {step}, with the answer", "#guided", "#tabs", "#explained")
    page.get_by_role("button", name=f"Step {TOTAL} of {TOTAL}").click()
    page.get_by_role("button", name="Next", exact=True).click()
    look("recap")
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

    tab_to(page, comparison.get_by_role("radio", name="Which numbers are compared?"))
    page.keyboard.press("Space")
    expect(comparison.locator(".closer")).to_contain_text("To the model, each text is a list of")

    page.get_by_role("tab", name="Two texts").focus()
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_label("Put alike words side by side"))
    page.keyboard.press("Space")
    expect(page.locator("#list .ytick text").first).not_to_have_text("king")


# What moves. The wait before a veil is not counted: it takes no time and spares a flicker.
MOVING = """() => [...document.querySelectorAll("body *")].flatMap((element) =>
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
    open_step(page)
    show_answer(page)
    assert page.evaluate(MOVING) == []


# Figures with neither a sentence nor a table beside them.
ALONE = """() => [...document.querySelectorAll(".figure .js-plotly-plot")].filter((plot) => {
    if (!plot.checkVisibility()) return false;
    const part = plot.closest(".closer") ?? plot.closest(".answer");
    const sentences = part ? [...part.querySelectorAll(".reading, table")] : [];
    return !sentences.some((words) => words.checkVisibility() && words.innerText.trim());
}).map((plot) => plot.closest(".section")?.id ?? "nowhere")"""


# Cells of tables that end where one does not see them.
OUT_OF_SIGHT = """answer => [...document.querySelectorAll(`${answer} :is(th, td)`)].filter(cell => {
    const { left, right } = cell.getBoundingClientRect();
    return cell.checkVisibility() && (left < 0 || right > innerWidth);
}).map(cell => cell.textContent)"""


# Numbers and words of headings that go on in the next line, other than after a hyphen.
BROKEN = """answer => [...document.querySelectorAll(`${answer} :is(th, .number)`)].filter(cell => {
    const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
    return cell.checkVisibility() && [...(text?.data ?? "").matchAll(/[^\\s-]+/g)].some(word => {
        const place = document.createRange();
        place.setStart(text, word.index);
        place.setEnd(text, word.index + word[0].length);
        return place.getClientRects().length > 1;
    });
}).map(cell => cell.textContent)"""


def test_every_figure_is_put_into_words_and_no_column_of_a_table_is_out_of_sight(open_page):
    page = open_page(width=320)
    for name in QUESTIONS:
        open_question(page, name)
        panels = page.locator(f"#{name} .questions label").all_inner_texts()
        assert len(panels) > 1
        for panel in panels:
            title = panel.strip().split("\n")[0]
            if title in SKIPPED:
                continue
            if title != "Just the answer":
                open_panel(page, name, title)
            where = f"{name}, {title}"
            assert page.evaluate(ALONE) == [], where
            assert page.evaluate(OUT_OF_SIGHT, f"#{name} .answer") == [], where
            assert page.evaluate(BROKEN, f"#{name} .answer") == [], where
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, where
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.wait_for_timeout(300)  # until the figures have their new width
        assert page.evaluate("document.documentElement.scrollWidth") <= 1920, name
        page.set_viewport_size({"width": 320, "height": 800})


# What is wider than its place, where nothing can be scrolled; and what stands beyond the window.
CUT = """() => {
    const seen = [...document.querySelectorAll("body *")].filter((element) =>
        element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && !element.closest(".listen, .sr-only, svg, .file input"));
    const scrolls = (element) => {
        for (let e = element.parentElement; e; e = e.parentElement)
            if (["auto", "scroll"].includes(getComputedStyle(e).overflowX)) return true;
        return false;
    };
    return seen.filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        if (width <= 1) return false;
        const { overflowX } = getComputedStyle(element);
        const hides = ["hidden", "clip"].includes(overflowX)
            && element.scrollWidth > element.clientWidth + 1 && element.innerText?.trim();
        return hides || ((left < -1 || right > innerWidth + 1) && !scrolls(element));
    }).map((element) => element.outerHTML.slice(0, 160));
}"""
# What is written in the figures, beyond their edge.
WRITTEN_BEYOND = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((plot) => {
    if (!plot.checkVisibility()) return [];
    const edge = plot.querySelector(".main-svg").getBoundingClientRect();
    return [...plot.querySelectorAll("text")].filter((text) => {
        const { left, right, top, bottom, width } = text.getBoundingClientRect();
        return width && getComputedStyle(text).visibility === "visible" && (left < edge.left - 1
            || right > edge.right + 1 || top < edge.top - 1 || bottom > edge.bottom + 1);
    }).map((text) => text.textContent);
})"""
# Figures that have not yet the width of their place.
TOO_OLD = """() => [...document.querySelectorAll(".js-plotly-plot")].filter((plot) =>
    plot.checkVisibility() && Math.abs(plot.clientWidth - plot._fullLayout.width) >= 1
).map((plot) => plot.ariaLabel)"""
# 1280 × 800 at 200 % is 640 × 400.
WINDOWS = [(320, 640), (360, 640), (390, 844), (640, 400), (700, 800), (960, 700), (1280, 800)]
WINDOWS += [(1920, 1080)]


def assert_nothing_is_cut(page, where, scripts=(CUT, WRITTEN_BEYOND)):
    # It takes a moment until the figures have their width.
    for _ in range(20):
        page.wait_for_timeout(200)
        beyond = [cut for script in (TOO_OLD, *scripts) for cut in page.evaluate(script)]
        if not beyond:
            break
    assert beyond == [], where
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, where


def test_in_every_window_nothing_is_cut_and_the_width_is_used(open_page):
    page = open_page(*WINDOWS[0])

    def look(where):
        for width, height in WINDOWS:
            page.set_viewport_size({"width": width, "height": height})
            assert_nothing_is_cut(page, f"{where}, {width} × {height}")
            if where in QUESTIONS:
                section = page.locator(f"#{where}").bounding_box()
                assert section["width"] >= 0.9 * min(width, 1440), (where, width)
        page.set_viewport_size(dict(zip(("width", "height"), WINDOWS[0], strict=True)))

    for name in QUESTIONS:
        open_everything(page, name)
        look(name)
    open_step(page)
    look("lesson, before the answer")
    show_answer(page)
    look("lesson, with the answer")


def test_the_first_answer_is_within_two_screens_of_a_phone(open_page):
    page = open_page(390, 844)
    for name in QUESTIONS:
        open_question(page, name)
        page.evaluate("scrollTo(0, 0)")
        for part in (".answer .reading", ".answer .main-svg"):
            place = page.locator(f"#{name} {part}").first.bounding_box()
            assert place["y"] + min(place["height"], 300) <= 2 * 844, (name, part)


# What WCAG 1.4.12 names.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""


def test_wider_spacing_of_text_cuts_nothing(open_page):
    page = open_page(390)
    page.add_style_tag(content=SPACED)

    def look(where):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            # Plotly has placed what is written in figures before.
            assert_nothing_is_cut(page, f"{where}, {width}", [CUT])

    for name in QUESTIONS:
        open_everything(page, name)
        look(name)
    open_step(page)
    show_answer(page)
    look("lesson")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_colour_alone_would_say_is_seen_in_forced_colours(open_page, theme):
    page = open_page(theme=theme, forced="active")

    def look(part, *properties):
        return part.evaluate(
            "(e, all) => all.map((name) => getComputedStyle(e)[name])", list(properties)
        )

    def tells_apart(one, other, *properties):
        assert look(one, *properties) != look(other, *properties), properties

    def has_line(part):
        style, width, colour, ground = look(
            part, "borderTopStyle", "borderTopWidth", "borderTopColor", "backgroundColor"
        )
        assert (style, float(width.removesuffix("px")) >= 1) == ("solid", True), part
        assert colour != ground, part

    has_line(page.locator("#lesson summary"))
    tabs = page.get_by_role("tab")
    tells_apart(tabs.nth(0), tabs.nth(1), "backgroundColor", "color")
    has_line(page.get_by_role("button", name="Compare", exact=True))
    has_line(page.locator("#texts .gallery-item").first)
    open_panel(page, "texts", "Which words made the score?")
    labels = page.locator("#texts .questions label")
    chosen = page.locator("#texts .questions label:has(:checked)")
    tells_apart(chosen, labels.last, "borderLeftColor")
    tokens = page.locator("#texts .token")
    assert len({look(token, "backgroundColor")[0] for token in tokens.all()}) > 1
    open_question(page, "documents")
    for radio in page.locator("#documents .details input[type=radio]").all():
        assert look(radio, "appearance") == ["auto"]
    page.get_by_role("textbox", name="Query").fill("deep learning")
    page.get_by_role("radio", name="By keywords").check()
    mark = page.locator("#documents mark").first
    tells_apart(mark, mark.locator(".."), "backgroundColor")

    open_step(page)
    dots = page.locator("#lesson .step-list button")
    page.get_by_role("button", name=f"Step 2 of {TOTAL}").click()
    has_line(page.locator("#lesson .untouched input:visible"))
    has_line(page.get_by_role("button", name="Show the answer"))
    tells_apart(dots.nth(1), dots.nth(2), "borderTopWidth")
    open_step(page, 1)
    show_answer(page)
    page.mouse.move(0, 0)
    content = "e => getComputedStyle(e, '::after').content"
    assert "✓" in dots.nth(0).evaluate(content)
    assert "✓" not in dots.nth(2).evaluate(content)
    tells_apart(page.locator(".scale .dot.truth"), page.locator(".scale"), "backgroundColor")
    tells_apart(page.locator(".scale .gap"), page.locator("body"), "backgroundColor")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_in_a_heat_map_are_read_in_forced_colours(open_page, theme):
    page = open_page(theme=theme, forced="active")
    open_question(page, "list")
    fills = page.locator("#list .heatmap-label text").evaluate_all(
        "all => [...new Set(all.map((text) => getComputedStyle(text).fill))].sort()"
    )
    # Black on pale cells, white on dark ones, whatever the theme of the system.
    assert fills == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
