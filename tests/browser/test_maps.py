"""Maps and the boxes beside what is pointed at, in a real browser."""

import re
from itertools import combinations

import pytest
from playwright.sync_api import expect

from embviz.analysis.baseline import sample_words
from embviz.inputs.limits import MAX_DOCUMENTS
from embviz.views.colours import BLUE, GREEN

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
WORDS = sample_words()
DOCUMENTS = [f"{WORDS[i]} {WORDS[-i - 1]}" for i in range(MAX_DOCUMENTS)]

# The labels that can be seen, where they are, and the frame that they must not leave.
LABELS = """plot => {
  const round = ({ left, top, right, bottom }) => ({ left, top, right, bottom });
  const texts = [...plot.querySelectorAll(".textpoint text")];
  return {
    frame: round(plot.querySelector(".nsewdrag").getBoundingClientRect()),
    labels: texts.filter(text => getComputedStyle(text).visibility === "visible").map(text => ({
      text: text.textContent, ...round(text.getBoundingClientRect())
    })),
  };
}"""
SPAN = "plot => plot._fullLayout.xaxis.range[1] - plot._fullLayout.xaxis.range[0]"


@pytest.fixture
def open_map(new_page, app_url):
    """Open the page with a map of many documents; returns the page and the map."""

    def open_map(width=1280, height=800, theme="light", documents=DOCUMENTS, query="music"):
        page = new_page(width, height)
        page.goto(f"{app_url}/?__theme={theme}&tab=search")
        # Until the address is opened, which fills the boxes.
        expect(page.locator("#documents .main-svg").first).to_be_visible(timeout=30_000)
        page.get_by_role("textbox", name="Documents").fill("\n".join(documents))
        page.get_by_role("textbox", name="Query").fill(query)
        page.get_by_role("textbox", name="Query").press("Enter")
        answer = page.locator("#documents .answer")
        expect(answer.locator(".reading").first).to_contain_text(f"“{query}”", timeout=60_000)
        page.locator("#documents").get_by_role("radio", name="Map: PCA").check()
        plot = answer.locator(".js-plotly-plot.is-map")
        expect(plot.locator(".textpoint")).to_have_count(len(documents) + 1, timeout=60_000)
        plot.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        return page, plot

    return open_map


def overlap(a, b):
    return (
        a["left"] < b["right"]
        and b["left"] < a["right"]
        and a["top"] < b["bottom"]
        and b["top"] < a["bottom"]
    )


def visible_labels(plot):
    """The texts of the labels that are seen; none may touch another or leave the map."""
    seen = plot.evaluate(LABELS)
    frame, labels = seen["frame"], seen["labels"]
    for one, other in combinations(labels, 2):
        assert not overlap(one, other), (one, other)
    for label in labels:
        assert frame["left"] <= label["left"] and label["right"] <= frame["right"], label
        assert frame["top"] <= label["top"] and label["bottom"] <= frame["bottom"], label
    return [label["text"] for label in labels]


@pytest.mark.parametrize("size", SIZES)
def test_labels_of_500_documents_never_overlap(open_map, size):
    page, plot = open_map(*SIZES[size])
    labels = visible_labels(plot)
    assert len(labels) > 5
    assert "music" in labels
    assert any(label.startswith("1. ") for label in labels)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


@pytest.mark.parametrize("size", SIZES)
def test_buttons_zoom_to_more_labels_and_back(open_map, size):
    page, plot = open_map(*SIZES[size])
    whole, span = visible_labels(plot), plot.evaluate(SPAN)
    for _ in range(2):
        plot.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(300)
    assert plot.evaluate(SPAN) == pytest.approx(span / 1.6**2)
    closer = visible_labels(plot)
    assert len(closer) > len(whole)
    plot.get_by_role("button", name="Zoom out").click()
    page.wait_for_timeout(300)
    assert plot.evaluate(SPAN) == pytest.approx(span / 1.6)
    visible_labels(plot)
    plot.get_by_role("button", name="Show the whole map").click()
    page.wait_for_timeout(300)
    assert plot.evaluate(SPAN) == pytest.approx(span)
    assert sorted(visible_labels(plot)) == sorted(whole)
    plot.get_by_role("button", name="Zoom out").click()
    page.wait_for_timeout(300)
    assert plot.evaluate(SPAN) == pytest.approx(span)


def test_buttons_and_legend_cover_no_point(open_map):
    _, plot = open_map(*SIZES["phone"])
    frame = plot.evaluate(LABELS)["frame"]
    for part in (*plot.get_by_role("button").all(), plot.locator(".annotation")):
        box = part.bounding_box()
        assert box["y"] + box["height"] <= frame["top"] or box["y"] >= frame["bottom"]


def middle(plot):
    box = plot.locator(".nsewdrag").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_wheel_scrolls_past_a_map_and_zooms_one_that_was_clicked(open_map):
    page, plot = open_map()
    whole, span = visible_labels(plot), plot.evaluate(SPAN)
    page.evaluate("window.scrollBy(0, -200)")
    scrolled = page.evaluate("window.scrollY")
    page.mouse.move(*middle(plot))
    page.mouse.wheel(0, 100)
    page.wait_for_timeout(500)
    assert page.evaluate("window.scrollY") > scrolled
    assert plot.evaluate(SPAN) == pytest.approx(span)

    scrolled = page.evaluate("window.scrollY")
    page.mouse.click(*middle(plot))
    for _ in range(3):
        page.mouse.wheel(0, -100)
    page.wait_for_timeout(500)
    assert page.evaluate("window.scrollY") == scrolled
    assert plot.evaluate(SPAN) < span / 2
    assert len(visible_labels(plot)) > len(whole)

    # Elsewhere the wheel scrolls again, and so it does when the pointer comes back.
    zoomed = plot.evaluate(SPAN)
    page.mouse.move(5, 5)
    page.mouse.move(*middle(plot))
    page.mouse.wheel(0, -100)
    page.wait_for_timeout(500)
    assert page.evaluate("window.scrollY") < scrolled
    assert plot.evaluate(SPAN) == pytest.approx(zoomed)


def test_a_map_is_moved_by_dragging(open_map):
    page, plot = open_map()
    query = plot.locator(".point").last
    before = query.bounding_box()
    x, y = middle(plot)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 5)
    page.mouse.move(x + 60, y + 30)
    page.mouse.up()
    page.wait_for_timeout(500)
    after = query.bounding_box()
    assert after["x"] - before["x"] == pytest.approx(60, abs=2)
    assert after["y"] - before["y"] == pytest.approx(30, abs=2)
    visible_labels(plot)


def test_one_finger_scrolls_the_page_and_two_zoom_the_map(open_map):
    page, plot = open_map(*SIZES["phone"])
    span = plot.evaluate(SPAN)
    x, y = middle(plot)
    touches = page.context.new_cdp_session(page)

    def touch(kind, *points):
        touches.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in points]},
        )
        page.wait_for_timeout(40)

    scrolled = page.evaluate("window.scrollY")
    touch("touchStart", (0, (x, y)))
    for step in range(1, 11):
        touch("touchMove", (0, (x, y + 12 * step)))
    touch("touchEnd")
    page.wait_for_timeout(800)
    assert page.evaluate("window.scrollY") < scrolled
    assert plot.evaluate(SPAN) == pytest.approx(span)

    x, y = middle(plot)
    touch("touchStart", (0, (x - 30, y)), (1, (x + 30, y)))
    for step in range(1, 11):
        touch("touchMove", (0, (x - 30 - 6 * step, y)), (1, (x + 30 + 6 * step, y)))
    touch("touchEnd")
    page.wait_for_timeout(500)
    assert plot.evaluate(SPAN) == pytest.approx(span / 3, rel=0.1)
    visible_labels(plot)

    # Two fingers that keep their distance move the map.
    before = plot.locator(".point").last.bounding_box()
    touch("touchStart", (0, (x - 30, y)), (1, (x + 30, y)))
    for step in range(1, 11):
        touch("touchMove", (0, (x - 30 + 4 * step, y)), (1, (x + 30 + 4 * step, y)))
    touch("touchEnd")
    page.wait_for_timeout(500)
    after = plot.locator(".point").last.bounding_box()
    assert after["x"] - before["x"] == pytest.approx(40, abs=5)
    assert after["y"] - before["y"] == pytest.approx(0, abs=2)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_box_beside_a_point_can_be_read_and_stays_in_the_map(open_map, size, theme):
    documents = [f"{text} " + "and so it goes on " * 40 for text in DOCUMENTS[:30]]
    page, plot = open_map(*SIZES[size], theme, documents)
    window = page.evaluate("document.documentElement.clientWidth")
    outer = plot.bounding_box()
    # The points that lie farthest to the left, right, top and bottom.
    points = [point.bounding_box() for point in plot.locator(".point").all()]
    farthest = [f(points, key=lambda p: p[axis]) for axis in "xy" for f in (min, max)]
    for point in farthest:
        page.mouse.move(5, 5)
        page.mouse.move(point["x"] + point["width"] / 2 - 1, point["y"] + point["height"] / 2)
        page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
        hover = plot.locator(".hoverlayer .hovertext")
        expect(hover).to_have_count(1)
        box = hover.bounding_box()
        assert box["x"] >= max(0, outer["x"] - 1)
        assert box["x"] + box["width"] <= min(window, outer["x"] + outer["width"] + 1)
        assert box["y"] >= outer["y"] - 1
        assert box["y"] + box["height"] <= outer["y"] + outer["height"] + 1
        assert 3 <= hover.locator("tspan.line").count() <= 6
        text, paper = hover.evaluate(
            """box => [getComputedStyle(box.querySelector("text")).fill,
                       getComputedStyle(box.querySelector("path")).fill]"""
        )
        assert contrast(text, paper) >= 7
    size = hover.evaluate("box => getComputedStyle(box.querySelector('text')).fontSize")
    assert size == "13px"


def contrast(*colours):
    def luminance(colour):
        shares = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
        linear = [s / 12.92 if s <= 0.03928 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted(map(luminance, colours))
    return (high + 0.05) / (low + 0.05)


def test_a_map_of_a_search_marks_the_query_and_its_hits(open_map):
    _, plot = open_map()
    fills = plot.locator(".point").evaluate_all("all => all.map(p => getComputedStyle(p).fill)")
    blue, green = (
        "rgb(" + ", ".join(map(str, bytes.fromhex(colour[1:]))) + ")" for colour in (BLUE, GREEN)
    )
    assert fills[-4:] == [green, green, green, blue]
    assert not {blue, green} & set(fills[:-4])
    assert plot.locator(".textpoint").all_text_contents()[-1] == "music"
    legend = plot.locator(".annotation-text").text_content()
    for meaning in ("query", "best documents, with rank", "other documents"):
        assert meaning in legend


def test_no_figure_has_a_toolbar_and_only_maps_have_buttons(open_map):
    page, plot = open_map(query=WORDS[0])
    assert page.locator(".modebar").count() >= 2
    for toolbar in page.locator(".modebar").all():
        expect(toolbar).not_to_be_visible()
    page.locator("#documents").get_by_role("radio", name="Meaning or keywords?").check()
    expect(page.locator("#documents .closer .lines .js-line").first).to_be_attached()
    expect(page.locator(".map-tools")).to_have_count(0)
    page.locator("#documents").get_by_role("radio", name="Map: random layout").check()
    expect(plot.get_by_role("button", name="Show the whole map")).to_be_visible()


def test_with_a_finger_no_toolbar_covers_data(browser, app_url):
    width, height = SIZES["phone"]
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{app_url}/?tab=search")
    plot = page.locator("#documents .js-plotly-plot").first
    expect(plot.locator(".main-svg").first).to_be_visible(timeout=30_000)
    plot.tap()
    page.wait_for_timeout(500)
    for toolbar in page.locator(".modebar").all():
        expect(toolbar).not_to_be_visible()
    context.close()


def test_a_picture_of_a_map_has_the_labels_that_are_shown(open_map):
    page, plot = open_map()
    seen = plot.evaluate(
        """async plot => {
          const drawn = [];
          const OldBlob = Blob;
          window.Blob = function (parts, options) {
            if (String(options?.type).startsWith("image/svg")) drawn.push(parts.join(""));
            return new OldBlob(parts, options);
          };
          plot.querySelector('.modebar-btn[data-title*="PNG" i]').click();
          for (let n = 0; n < 100 && !drawn.length; n++) await new Promise(r => setTimeout(r, 50));
          window.Blob = OldBlob;
          const svg = new DOMParser().parseFromString(drawn[0], "image/svg+xml");
          return [...svg.querySelectorAll(".textpoint text")].map(text => text.textContent);
        }"""
    )
    page.wait_for_timeout(300)
    assert sorted(seen) == sorted(visible_labels(plot))
    assert len(plot.evaluate("plot => plot.data[0].text.filter(Boolean)")) == MAX_DOCUMENTS + 1


@pytest.mark.parametrize("size", SIZES)
def test_the_name_of_a_theme_covers_no_document(new_page, app_url, size):
    page = new_page(*SIZES[size])
    page.goto(f"{app_url}/?tab=search&panel=themes")
    plot = page.locator("#documents .closer .js-plotly-plot.is-map")
    # 16 documents and 8 names.
    expect(plot.locator(".textpoint")).to_have_count(24, timeout=60_000)
    page.wait_for_timeout(500)
    visible_labels(plot)
    names, dots = plot.evaluate("""plot => {
      const boxes = (parts) => parts.map((part) => {
        const { left, top, right, bottom } = part.getBoundingClientRect();
        return { text: part.textContent, left, top, right, bottom };
      });
      const names = [...plot.querySelectorAll(".textpoint text")].slice(16);
      return [
        boxes(names.filter((name) => getComputedStyle(name).visibility === "visible")),
        boxes([...plot.querySelectorAll(".scatterlayer .points .point")].slice(0, 16)),
      ];
    }""")
    assert len(names) == 8
    for name in names:
        assert not [dot for dot in dots if overlap(name, dot)], name


def test_a_map_of_words_fits_a_phone(new_page, app_url):
    page = new_page(*SIZES["phone"])
    page.goto(app_url)
    page.get_by_role("tab", name="A list of words").click()
    page.locator("#list").get_by_role("radio", name="Map: MDS").check()
    plot = page.locator("#list .js-plotly-plot.is-map")
    expect(plot.locator(".textpoint")).to_have_count(14)
    expect(plot.locator(".map-tools")).to_be_attached()
    page.wait_for_timeout(500)
    box = plot.bounding_box()
    assert box["width"] <= 390
    assert plot.locator(".main-svg").first.bounding_box()["width"] == pytest.approx(box["width"], 2)
    assert len(visible_labels(plot)) == 14


def test_a_saved_map_has_its_labels_and_its_buttons_without_a_network(open_map, browser, tmp_path):
    page, _ = open_map(documents=DOCUMENTS[:150])
    with page.expect_download() as download:
        page.locator("#documents .closer").get_by_role("button", name="figure (HTML)").click()
    file = tmp_path / "map.html"
    download.value.save_as(file)
    context = browser.new_context(offline=True)
    saved = context.new_page()
    saved.goto(file.as_uri())
    plot = saved.locator(".js-plotly-plot.is-map")
    expect(plot.locator(".map-tools")).to_be_visible()
    saved.wait_for_timeout(500)
    whole, span = visible_labels(plot), plot.evaluate(SPAN)
    assert 5 < len(whole) < 150
    plot.get_by_role("button", name="Zoom in").click()
    saved.wait_for_timeout(300)
    assert plot.evaluate(SPAN) == pytest.approx(span / 1.6)
    visible_labels(plot)
    plot.get_by_role("button", name="Show the whole map").click()
    saved.wait_for_timeout(300)
    assert plot.evaluate(SPAN) == pytest.approx(span)
    assert sorted(visible_labels(plot)) == sorted(whole)
    context.close()
