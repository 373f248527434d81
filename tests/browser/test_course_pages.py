"""Links and embedding, from the outside: what an instructor copies is what a student sees."""

import re
import struct
import threading
import urllib.request
from functools import partial
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import gradio
import pytest
from alone import alone
from playwright.sync_api import expect

from embviz.capabilities import QUESTIONS
from embviz.server.request_limits import RATE

ROOT = Path(__file__).parent.parent.parent
IMAGE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def open_link(new_page, app_url):
    def open_link(**parameters):
        page = new_page(1280, 900)
        page.goto(f"{app_url}/?{urlencode(parameters, quote_via=quote)}")
        return page

    return open_link


def reading(page, ask):
    return page.locator(f"#{ask} .reading").first


def test_arithmetic_opens_in_the_state_of_its_link(open_link):
    page = open_link(
        tab="arithmetic",
        expression="king - male + female",
        candidates="queen,princess,man",
        top_k=3,
        exclude_inputs="false",
        panel="Where does it lead?",
    )
    expect(reading(page, "equation")).to_have_text(
        "king − male + female is nearest to “king” (0.788)."
    )
    expect(page.get_by_role("tab", name="Arithmetic")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("textbox", name="Candidates")).to_have_value("queen,princess,man")
    expect(page.get_by_label("Leave out the words of the expression")).not_to_be_checked()
    expect(page.locator("#equation .closer .js-plotly-plot")).to_be_visible()


def test_an_expression_without_candidates_looks_among_common_words(open_link):
    page = open_link(tab="arithmetic", expression="king - man + woman")
    expect(page.get_by_label("Common English words")).to_be_checked(timeout=60_000)
    expect(reading(page, "equation")).to_contain_text("“queen” (0.579)", timeout=60_000)


def test_a_link_with_no_candidates_opens_with_the_common_words_chosen(open_link):
    page = open_link(
        tab="arithmetic", expression="king - man + woman", look_among="mine", candidates=""
    )
    expect(reading(page, "equation")).to_contain_text("“queen” (0.579)", timeout=60_000)
    expect(page.get_by_label("Common English words")).to_be_checked()


def test_search_opens_in_the_state_of_its_link(open_link):
    page = open_link(tab="search", query="loaf", documents="Bread\nBicycles", method="fused")
    expect(reading(page, "documents")).to_contain_text("First by both for “loaf”: “Bread”")
    expect(page.get_by_role("radio", name="By both")).to_be_checked()
    expect(page.locator("#documents tbody tr")).to_have_count(2)


def test_both_questions_of_the_similarity_tab_can_be_linked_to(open_link):
    page = open_link(text_a="sea", text_b="ocean", texts="sun, moon, star", ordered="true")
    expect(reading(page, "texts")).to_contain_text("“sea” and “ocean”")
    page.get_by_role("tab", name="A list of words").click()
    expect(page.locator("#list .heatmap-label text")).to_have_count(9)
    expect(page.get_by_label("Put alike words side by side")).to_be_checked()


@pytest.mark.parametrize("named", [{"question": "list"}, {"panel": "map-pca"}, {}])
def test_a_link_opens_the_question_that_it_is_about(open_link, named):
    page = open_link(texts="sun, moon, star", ordered="true", **named)
    expect(page.get_by_role("tab", name="A list")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#list .heatmap-label text")).to_have_count(9)
    expect(page.get_by_label("Put alike words side by side")).to_be_checked()


def test_one_text_of_a_link_leaves_the_other_as_it_is(open_link):
    page = open_link(tab="similarity", text_a="sea")
    expect(reading(page, "texts")).to_contain_text("“sea” and “chocolate”")


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"tab": "magic"}, "tab must be one of: similarity, arithmetic, search."),
        ({"tab": "search", "panel": "magic"}, "panel must be one of: none, tokens, similar"),
        ({"tab": "search", "top_k": "-1"}, "top_k must be a whole number"),
        ({"tab": "arithmetic", "expression": "-", "candidates": "a"}, "has a sign or a weight"),
        (
            {"tab": "arithmetic", "expression": "a", "candidates": f"{IMAGE}, {IMAGE}"},
            f"“{IMAGE}” is in the list twice",
        ),
        ({"tab": "similarity", "colours": IMAGE}, "Colours must be one"),
    ],
)
def test_a_wrong_link_shows_the_start_and_one_sentence(open_link, parameters, sentence):
    page = open_link(**parameters)
    expect(page.locator(".toast-wrap")).to_contain_text(sentence)
    start = "“happiness” and “chocolate” score"
    expect(page.locator(".section .reading").first).to_contain_text(start)
    assert page.locator(".toast-wrap img, .section img").count() == 0


def test_a_hostile_link_is_only_text(open_link):
    page = open_link(text_a="<img src=x onerror=alert(1)>${alert(2)}", text_b="x " * 1_500)
    expect(reading(page, "texts")).to_contain_text("<img src=x onerror=alert(1)>${alert(2)}")
    assert page.locator(".section img").count() == 0


def copied(page, kind):
    name = {"link": "link", "embed code": "code for a course page"}[kind]
    page.get_by_role("button", name=name, exact=True).locator("visible=true").click()
    box = page.get_by_role("textbox", name="What was copied").locator("visible=true")
    expect(box).not_to_have_value("")
    return box.input_value()


def test_a_copied_link_opens_what_was_to_be_seen(new_page, open_link):
    page = open_link(tab="search")
    page.get_by_role("textbox", name="Query").fill("coral & “reefs” + 50 %")
    page.get_by_role("radio", name="By keywords").check()
    page.locator("#documents .questions").get_by_label("Meaning or keywords?").check()
    answer = page.locator("#documents .answer")
    expect(answer).to_contain_text("The first 5 documents by meaning")
    link = copied(page, "link")
    assert "documents=" not in link
    other = new_page(1280, 900)
    other.goto(link)
    expect(other.get_by_role("textbox", name="Query")).to_have_value("coral & “reefs” + 50 %")
    expect(other.get_by_role("radio", name="By keywords")).to_be_checked()
    expect(other.locator("#documents .closer")).to_contain_text("The first 5 documents by meaning")
    assert reading(other, "documents").inner_text() == reading(page, "documents").inner_text()


@pytest.fixture
def course_page(tmp_path):
    """Write a page of a course and serve it from another origin; returns its address."""
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=tmp_path))
    threading.Thread(target=server.serve_forever).start()

    def course_page(name, body):
        (tmp_path / f"{name}.html").write_text(
            f"<!doctype html><title>Course</title><h1>Week 3</h1>{body}<p>Now go on.</p>"
        )
        return f"http://127.0.0.1:{server.server_port}/{name}.html"

    yield course_page
    server.shutdown()
    server.server_close()


# A script as an instructor may write it into a course page.
FETCH = """async (url) => {
  const response = await fetch(`${url}/gradio_api/run/compare`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ data: ["king", "queen"] }),
  });
  return [response.status, await response.json()];
}"""


def test_a_script_of_a_course_page_reads_answers_and_refusals(context, app_url, course_page):
    # A visitor of its own, so that no other test is refused.
    visitor = {"X-Forwarded-For": "198.51.100.8"}
    context.set_extra_http_headers(visitor)
    course = context.new_page()
    course.goto(course_page("script", ""))
    status, answer = course.evaluate(FETCH, app_url)
    assert (status, round(answer["data"][0]["similarity"], 3)) == (200, 0.681)

    connection = HTTPConnection(urlsplit(app_url).netloc, timeout=30)
    with alone():
        for _ in range(2 * RATE.amount):
            connection.request("GET", "/gradio_api/nothing", headers=visitor)
            response = connection.getresponse()
            response.read()
            if response.status == 429:
                break
        connection.close()
        status, answer = course.evaluate(FETCH, app_url)
    assert status == 429
    assert answer["error"].startswith("Too many requests from your network at once")


@pytest.mark.parametrize("width", [320, 1000])
def test_an_instructor_pastes_the_code_and_sees_the_tab(context, open_link, course_page, width):
    page = open_link(tab="arithmetic")
    page.get_by_role("button", name="puppy - dog + cat").click()
    expect(reading(page, "equation")).to_contain_text("“kitten” (0.828)")
    code = copied(page, "embed code")

    course = context.new_page()
    course.set_viewport_size({"width": width, "height": 700})
    course.goto(course_page("before", "<p>Before.</p>"))
    plain = course.locator("h1").evaluate(STYLE)
    course.goto(course_page("after", code))
    tab = course.frame_locator("iframe")
    expect(reading(tab, "equation")).to_contain_text("“kitten” (0.828)")
    expect(tab.get_by_role("heading", name="Embeddings Visualizer")).to_be_hidden()
    expect(tab.get_by_role("tablist")).to_be_hidden()
    expect(tab.locator("footer")).to_be_hidden()
    assert course.locator("h1").evaluate(STYLE) == plain

    frame = course.frames[1]
    low = settled_height(course, frame)
    tab.get_by_role("radio", name="Where does it lead?").check()
    expect(tab.locator(".closer .js-plotly-plot")).to_be_visible()
    high = settled_height(course, frame)
    assert high > low + 300
    tab.get_by_role("radio", name="Just the answer").check()
    expect(tab.locator(".closer .js-plotly-plot")).to_have_count(0)
    assert settled_height(course, frame) == pytest.approx(low, abs=4)
    assert course.evaluate("document.documentElement.scrollWidth") <= width


# The smallest letters that are seen, in pixels.
SMALLEST = """() => Math.min(...[...document.querySelectorAll("#texts *")].filter((element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
).map((element) => parseFloat(getComputedStyle(element).fontSize)))"""


# As a learning platform leaves it: an iframe of a fixed size, and no script beside it.
@pytest.mark.parametrize(("width", "height"), [(700, 600), (360, 640)])
def test_a_plain_iframe_leads_to_inputs_number_and_scale(
    context, app_url, course_page, width, height
):
    course = context.new_page()
    course.set_viewport_size({"width": width + 40, "height": height + 200})
    src = f"{app_url}/?embed=1&amp;tab=similarity&amp;question=texts"
    frame = f'<iframe src="{src}" width="{width}" height="{height}" style="border: 0"></iframe>'
    course.goto(course_page("plain", f"<style>body {{ margin: 0 }}</style>{frame}"))
    tab = course.frame_locator("iframe")
    inner = course.frames[1]
    number, scale = tab.locator("#texts dd").first, tab.locator("#texts .main-svg").first
    expect(scale).to_be_visible(timeout=30_000)
    # What it is about is seen at once.
    expect(tab.get_by_role("heading", name="How alike are two texts?")).to_be_in_viewport(ratio=1)
    for label in ("Text A", "Text B"):
        expect(tab.get_by_role("textbox", name=label)).to_be_in_viewport(ratio=1)

    tab.get_by_role("textbox", name="Text A").fill("sea")
    tab.get_by_role("button", name="Compare", exact=True).click()
    expect(reading(tab, "texts")).to_contain_text("“sea” and “chocolate”")
    course.mouse.move(width / 2, height / 2)
    for _ in range(30):
        if inner.evaluate(WHOLE):
            break
        course.mouse.wheel(0, 50)
        course.wait_for_timeout(100)
    # The number and where it stands on its scale, both at once.
    expect(number).to_be_in_viewport(ratio=1)
    expect(scale).to_be_in_viewport(ratio=0.99)
    assert inner.evaluate(SMALLEST) >= 12
    assert inner.evaluate("document.documentElement.scrollWidth") <= width
    assert course.evaluate("document.documentElement.scrollWidth") <= width + 40


def test_a_plain_iframe_of_any_question_begins_with_what_it_asks(context, app_url, course_page):
    course = context.new_page()
    for question in QUESTIONS:
        src = f"{app_url}/?embed=1&amp;tab={question.tab}&amp;question={question.id}"
        frame = f'<iframe src="{src}" style="border: 0; width: 100%; height: 100vh"></iframe>'
        course.goto(course_page("plain", f"<style>body {{ margin: 0 }}</style>{frame}"))
        inner, within = course.frames[1], course.frame_locator("iframe")
        for width, height in ((700, 600), (360, 640)):
            course.set_viewport_size({"width": width, "height": height})
            inner.evaluate("scrollTo(0, 0)")
            where = f"{question.id}, {width} × {height}"
            heading = within.get_by_role("heading", name=question.title)
            expect(heading, where).to_be_in_viewport(ratio=1, timeout=30_000)
            field = within.locator(f"#{question.id} .inputs :is(textarea, input):visible").first
            expect(field, where).to_be_in_viewport(ratio=1)
            # One screen further on stands the answer.
            inner.evaluate("scrollTo(0, innerHeight)")
            answer = within.locator(f"#{question.id} .answer .reading").first
            expect(answer, where).to_be_visible(timeout=30_000)
            assert answer.evaluate("e => e.getBoundingClientRect().top") <= height / 2, where
            assert inner.evaluate("document.documentElement.scrollWidth") <= width, where


WHOLE = """() => ["#texts dd", "#texts .main-svg"].every((selector) => {
    const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
})"""


def test_a_frame_tells_its_page_and_canvas_how_high_it_is(context, app_url, course_page):
    course = context.new_page()
    course.goto(
        course_page(
            "canvas",
            "<script>heard = []; addEventListener('message', (e) => heard.push(e.data))</script>"
            f'<iframe src="{app_url}/?embed=1&amp;tab=similarity&amp;question=texts" width="700"'
            ' height="400"></iframe>',
        )
    )
    tab, frame = course.frame_locator("iframe"), course.frames[1]
    expect(tab.locator("#texts .main-svg").first).to_be_visible(timeout=30_000)

    def told():
        """The height that was told last, in both ways."""
        course.wait_for_timeout(1_000)
        ours, canvas = course.evaluate(
            "[heard.findLast((data) => data.embvizHeight),"
            " heard.findLast((data) => data.subject === 'lti.frameResize')]"
        )
        assert canvas == {"subject": "lti.frameResize", "height": ours["embvizHeight"]}
        bottom = frame.evaluate(
            "scrollY + document.getElementById('texts').getBoundingClientRect().bottom"
        )
        assert bottom <= canvas["height"] <= bottom + 40
        return canvas["height"]

    low = told()
    tab.get_by_role("radio", name="Which angle is that?").check()
    expect(tab.locator(".closer .js-plotly-plot")).to_be_visible()
    high = told()
    assert high > low + 200
    # At this height nothing scrolls.
    course.locator("iframe").evaluate("(iframe, height) => (iframe.height = height)", high)
    course.wait_for_timeout(500)
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    tab.get_by_role("radio", name="Just the answer").check()
    expect(tab.locator(".closer .js-plotly-plot")).to_have_count(0)
    assert told() == pytest.approx(low, abs=4)


STYLE = "e => { const { font, color, margin } = getComputedStyle(e); return font + color + margin }"


def settled_height(course, frame):
    """The height of the iframe once it has come to rest, when nothing in it scrolls."""
    previous = None
    for _ in range(40):
        course.wait_for_timeout(300)
        height = course.locator("iframe").evaluate("iframe => iframe.clientHeight")
        inner = frame.evaluate(
            "[document.documentElement.scrollHeight, document.documentElement.scrollWidth,"
            " innerHeight, innerWidth]"
        )
        if height == previous and inner[0] <= inner[2] and inner[1] <= inner[3]:
            return height
        previous = height
    pytest.fail(f"the iframe scrolls: {inner}, {height}")


def test_the_tab_of_the_browser_has_our_sign(app_url):
    with urllib.request.urlopen(f"{app_url}/favicon.ico") as response:
        assert response.headers["Content-Type"].startswith("image/svg+xml")
        assert b"#0072B2" in response.read()


class MetaTags(HTMLParser):
    """The meta tags of a page, as those who show previews of links read them: the first counts."""

    def __init__(self, markup):
        super().__init__()
        self.found = {}
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        name = attributes.get("property") or attributes.get("name")
        if tag == "meta" and name:
            self.found.setdefault(name, []).append(attributes["content"])


def test_a_preview_of_a_link_speaks_of_embviz(app_url):
    with urllib.request.urlopen(app_url) as response:
        tags = MetaTags(response.read().decode()).found
    assert tags["og:title"] == ["Embeddings Visualizer"]
    assert tags["og:url"] == [f"{app_url}/"]
    assert tags["description"] == tags["og:description"]
    previewed = [text for name, texts in tags.items() if ":" in name for text in texts]
    assert not [text for text in previewed if "gradio" in text.lower()]
    (picture,) = tags["og:image"]
    with urllib.request.urlopen(picture) as response:
        header = response.read(24)
    # A PNG states its width and height in its first 24 bytes.
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", header[16:]) == (1200, 630)


def test_embedded_it_shows_one_tab(open_link):
    page = open_link(tab="search", embed="1")
    expect(page.locator("#documents .main-svg").first).to_be_visible()
    expect(page.get_by_role("tablist")).to_be_hidden()
    expect(page.get_by_role("textbox", name=re.compile("^Text A"))).to_be_hidden()


# <gradio-app> itself cannot be tried here: its script is not in the package of Gradio.
SCRIPT = re.compile(r'<script type="module" src="(https://[^"/]+/([\d.]+)/gradio\.js)"></script>')


def test_the_example_of_a_course_page_works(context, app_url, course_page):
    example = (ROOT / "examples" / "embed.html").read_text()
    ((script, version),) = SCRIPT.findall(example)
    assert version == gradio.__version__
    context.route(script, lambda route: route.fulfill(body="", content_type="text/javascript"))
    course = context.new_page()
    course.set_viewport_size({"width": 1000, "height": 800})
    course.goto(course_page("example", example.replace("https://YOUR-SPACE.hf.space", app_url)))
    first, second = (course.frame_locator("iframe").nth(n) for n in (0, 1))
    expect(reading(first, "texts")).to_contain_text("“king” and “queen”")
    expect(first.locator("#texts .js-plotly-plot").first).to_be_visible()
    expect(reading(second, "equation")).to_contain_text("“queen” (0.705)")
    assert course.evaluate("document.documentElement.scrollWidth") <= 1000
    heights = course.locator("iframe").evaluate_all("frames => frames.map((f) => f.clientHeight)")
    assert len(set(heights)) == 2
