"""An instructor's hour: from a copy of the folder to a class that sees what it guessed."""

import json
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from served import copy_app, serve
from test_accessibility import RULES

TITLE = "Words & Wines"
WORDS = ["wine", "grape", "beer", "barrel", "cheese", "cellar"]
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><path d="M0 0h90v30z"/></svg>'
)
CODE = re.compile(r"^[0-9A-Z]{4}")


def edit(path, **changes):
    content = json.loads(path.read_text()) | changes
    path.write_text(json.dumps(content))


@pytest.fixture(scope="module")
def own_url(tmp_path_factory):
    """The app with a course of its own: the folder copied, title and words set."""
    folder = tmp_path_factory.mktemp("course") / "app"
    copy_app(folder)
    examples = folder / "examples"
    steps = json.loads((examples / "lesson.json").read_text())["steps"]
    (examples / "logo.svg").write_text(LOGO)
    edit(
        examples / "course.json",
        title=TITLE,
        logo="logo.svg",
        colours={"background": "#5c1030", "text": "#ffffff"},
        links=[{"title": "Syllabus", "url": "https://example.org/syllabus"}],
        contact={"name": "Dr Ada Byron", "url": "mailto:ada@example.org"},
        questions=["texts", "list", "equation"],
    )
    edit(examples / "similarity.json", words=WORDS, pairs=[["wine", "grape"], ["wine", "tax"]])
    famous = next(step for step in steps if step["title"] == "The famous example")
    edit(examples / "lesson.json", steps=[steps[0], famous], takeaways=["{similarity:wine,grape}"])
    with serve(folder, tmp_path_factory.mktemp("log") / "log.txt") as app:
        yield app.url


def take_lesson(browser, url, number, choice):
    """Guess at both steps; returns the code that the recap shows."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/?step=1")
    slider = page.get_by_role("slider", name="Your guess")
    expect(slider).to_be_visible(timeout=30_000)
    slider.fill(number)
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("radio", name=choice, exact=True).check()
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#revealed")).to_contain_text("queen", timeout=30_000)
    page.get_by_role("button", name="Your recap").click()
    code = page.locator(".for-class .code")
    expect(code).to_have_text(CODE)
    text = code.inner_text()
    context.close()
    return text


def test_an_instructors_hour(own_url, new_page, browser, tmp_path):
    page = new_page(1280, 800)
    page.goto(own_url)
    # The course, in its own words and colours.
    heading = page.get_by_role("heading", name=TITLE)
    expect(heading).to_have_css("color", "rgb(255, 255, 255)")
    expect(page.locator("#header .heading")).to_have_css("background-color", "rgb(92, 16, 48)")
    logo = page.locator("#header .heading img")
    expect(logo).to_be_in_viewport(ratio=1)
    assert logo.evaluate("image => image.complete && image.naturalWidth / image.naturalHeight") == 3
    expect(page.get_by_role("link", name="Syllabus")).to_be_visible()
    expect(page.locator("#tabs").get_by_role("tab", name="Search")).to_have_count(0)
    page.get_by_role("tab", name="A list of words").click()
    expect(page.get_by_role("textbox", name="Words")).to_have_value(", ".join(WORDS))

    # The teacher's page.
    page.get_by_text("About", exact=True).click()
    page.get_by_role("link", name="lesson plan and notes").click()
    expect(page).to_have_title(f"For teachers · {TITLE}")
    expect(page.locator("[data-answer='0']")).to_have_text("0.681", timeout=60_000)
    expect(page.locator("[data-answer='1']")).to_have_text("queen")
    expect(page.get_by_role("link", name="Dr Ada Byron")).to_be_visible()
    page.get_by_role("link", name="duke - male + female").click()
    expect(page.locator("#equation .reading").first).to_contain_text("duchess", timeout=30_000)

    # Three students; then the class sees itself.
    guesses = [("0.2", "queen"), ("0.4", "princess"), ("0.4", "queen")]
    codes = [take_lesson(browser, own_url, *guess) for guess in guesses]
    page.goto(f"{own_url}/class")
    page.get_by_label("First vote").fill("\n".join(codes))
    first, second = page.locator("#steps section").all()
    expect(first.locator(".sentence")).to_contain_text("0.4")
    assert first.locator(".bars .bar").count() == 2
    expect(first.locator(".answer-name")).to_contain_text("0.681", timeout=60_000)
    queen = second.locator("li", has_text="queen").locator(".option-row")
    expect(queen).to_contain_text("First vote: 2")

    # One question, in a page of the course.
    page.goto(f"{own_url}/?tab=similarity&question=texts&text_a=wine&text_b=cheese")
    expect(page.locator("#texts .reading").first).to_contain_text("cheese", timeout=30_000)
    page.locator("#texts").get_by_role("button", name="code for a course page").click()
    code = page.locator("#texts .copied").first.input_value()
    assert 'title="Words &amp; Wines"' in code
    page.set_content(f"<h1>Week 3</h1>{code}")
    framed = page.frame_locator("iframe")
    expect(framed.locator("#texts .reading").first).to_contain_text("cheese", timeout=30_000)
    expect(framed.get_by_role("heading", name=TITLE)).to_be_hidden()

    # The handout, on paper.
    page.goto(f"{own_url}/handout")
    paper = tmp_path / "handout.pdf"
    page.pdf(path=paper)
    reader = PdfReader(paper)
    assert len(reader.pages) == 1
    text = " ".join(reader.pages[0].extract_text().split())
    assert "How similar are “king” and “queen”?" in text
    assert "Your name" in text
    assert "Print this page" not in text
    assert "0.681" not in text


# Each width and each theme once: what stands where depends on the one, its colours on the other.
@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (1280, "light")])
@pytest.mark.parametrize("address", ["", "teachers", "handout"])
def test_axe_finds_nothing_in_an_own_course(own_url, browser, address, width, theme):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
    page = context.new_page()
    page.goto(f"{own_url}/{address}?__theme={theme}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if address == "teachers":
        expect(page.locator("[data-answer='1']")).to_have_text("queen", timeout=60_000)
    elif address == "":
        # Once the figure is drawn and named.
        expect(page.locator("#texts [role=img][aria-label]").first).to_be_visible(timeout=30_000)
        page.wait_for_timeout(1_000)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light, *_ = map(int, re.findall(r"\d+", background))
    assert (light < 60) == (theme == "dark"), background
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
