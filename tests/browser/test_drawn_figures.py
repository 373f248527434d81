"""Figures in the page: what draws them, and what stays when another takes the place of one."""

import re

import pytest
from playwright.sync_api import expect

from embviz.server.plotly_script import PLOTLY_FILE

PLOT = ".js-plotly-plot"
WIDTHS = "plot => [plot.clientWidth, plot._fullLayout.width]"


@pytest.fixture
def page(new_page):
    return new_page()


def compare(page, text_a, text_b):
    for name, text in (("Text A", text_a), ("Text B", text_b)):
        page.get_by_role("textbox", name=name).fill(text)
    page.get_by_role("button", name="Compare", exact=True).click()


def expect_its_width(page, plot):
    for _ in range(50):
        width, drawn = plot.evaluate(WIDTHS)
        if abs(width - drawn) < 1:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"It is drawn {drawn} pixels wide, in a place of {width}.")


def open_list(page):
    page.get_by_role("tab", name="A list of words").click()
    expect(page.locator("#list .heatmap-label text").first).to_be_visible(timeout=60_000)


def open_panel(page, name, title):
    page.locator(f"#{name}").get_by_role("radio", name=title).check()


def test_our_copy_of_plotly_draws_and_no_other_is_loaded(page, app_url):
    scripts = []
    page.on("request", lambda request: scripts.append(request.url.rsplit("/", 1)[-1]))
    page.goto(app_url)
    expect(page.locator(f"#texts {PLOT} .main-svg").first).to_be_visible(timeout=30_000)
    assert scripts.count(PLOTLY_FILE) == 1
    assert [name for name in scripts if re.match("PlotlyPlot.*js", name)] == []
    assert f"plotly-{page.evaluate('Plotly.version')}.min.js" == PLOTLY_FILE


def test_a_figure_takes_the_place_of_one_of_its_kind(page, app_url):
    page.goto(app_url)
    plot = page.locator(f"#texts {PLOT}").first
    expect(plot.locator(".annotation-text")).to_have_text("this pair: 0.388")
    plot.evaluate("plot => (plot.isTheSame = true)")
    compare(page, "dog", "puppy")
    expect(plot.locator(".annotation-text")).to_have_text("this pair: 0.804")
    assert plot.evaluate("plot => plot.isTheSame")
    # What is drawn is this figure and nothing of the one before.
    drawn = plot.evaluate("plot => [plot.querySelectorAll('.annotation').length, plot.data.length]")
    fresh = page.context.new_page()
    fresh.goto(f"{app_url}/?tab=similarity&text_a=dog&text_b=puppy")
    other = fresh.locator(f"#texts {PLOT}").first
    expect(other.locator(".annotation-text")).to_have_text("this pair: 0.804")
    assert drawn == other.evaluate(
        "plot => [plot.querySelectorAll('.annotation').length, plot.data.length]"
    )
    fresh.close()


def test_a_figure_of_another_kind_is_drawn_anew(page, app_url):
    page.goto(app_url)
    open_list(page)
    open_panel(page, "list", "Map: PCA")
    closer = page.locator("#list .closer")
    expect(closer.locator(f"{PLOT}.is-map .map-tools")).to_be_visible(timeout=30_000)
    open_panel(page, "list", "Which one is odd?")
    expect(closer.locator(PLOT)).to_be_visible()
    expect(closer.locator(f"{PLOT}.is-map")).to_have_count(0)
    expect(closer.locator(".map-tools")).to_have_count(0)
    open_panel(page, "list", "Just the answer")
    expect(closer.locator(PLOT)).to_have_count(0)


def test_a_figure_has_the_width_of_its_place_also_where_it_changed_out_of_sight(page, app_url):
    page.goto(app_url)
    plot = page.locator(f"#texts {PLOT}").first
    expect(plot.locator(".main-svg").first).to_be_visible(timeout=30_000)
    page.get_by_role("tab", name="Search").click()
    expect(page.locator("#documents .reading").first).to_be_visible()
    page.set_viewport_size({"width": 1000, "height": 800})
    page.get_by_role("tab", name="Similarity").click()
    expect(plot).to_be_visible()
    expect_its_width(page, plot)
    assert plot.evaluate(WIDTHS)[0] < 800


def test_an_answer_that_comes_while_its_tab_is_hidden_has_its_width(page, app_url):
    page.goto(app_url)
    plot = page.locator(f"#texts {PLOT}").first
    expect(plot.locator(".main-svg").first).to_be_visible(timeout=30_000)
    compare(page, "dog", "puppy")
    page.get_by_role("tab", name="Search").click()
    expect(page.locator("#documents .reading").first).to_be_visible()
    page.get_by_role("tab", name="Similarity").click()
    expect(plot.locator(".annotation-text")).to_have_text("this pair: 0.804")
    expect_its_width(page, plot)


def test_of_answers_that_come_before_plotly_the_last_is_drawn(page, app_url):
    waiting = []
    page.route(f"**/{PLOTLY_FILE}", lambda route: waiting.append(route))
    page.goto(app_url)
    expect(page.locator("#texts dd").first).to_have_text("0.388", timeout=30_000)
    compare(page, "dog", "puppy")
    expect(page.locator("#texts dd").first).to_have_text("0.804")
    for route in waiting:
        route.continue_()
    expect(page.locator(f"#texts {PLOT} .annotation-text")).to_have_text("this pair: 0.804")


def test_a_cell_of_a_map_that_took_the_place_of_another_is_compared(page, app_url):
    page.goto(app_url)
    open_list(page)
    plot = page.locator(f"#list {PLOT}").first
    plot.evaluate("plot => (plot.isTheSame = true)")
    plot.hover()
    words = page.get_by_role("textbox", name="Words")
    words.fill("sea, ocean")
    page.get_by_role("button", name="Compare all").click()
    expect(plot.locator(".heatmap-label text")).to_have_count(4)
    assert plot.evaluate("plot => plot.isTheSame")
    area = plot.locator(".nsewdrag").first.bounding_box()
    page.mouse.move(area["x"] + area["width"] / 4, area["y"] + area["height"] * 3 / 4)
    page.mouse.click(area["x"] + area["width"] / 4, area["y"] + area["height"] * 3 / 4)
    expect(page.get_by_role("textbox", name="Text A")).to_have_value("ocean")
    expect(page.get_by_role("textbox", name="Text B")).to_have_value("sea")


def test_a_figure_that_was_printed_is_drawn_as_before(page, app_url):
    page.goto(f"{app_url}/?tab=search")
    plot = page.locator(f"#documents {PLOT}").first
    expect(plot.locator(".main-svg").first).to_be_visible(timeout=30_000)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert plot.locator(".main-svg[viewBox]").count() > 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.locator("#documents").get_by_role("radio", name="20").check()
    expect(page.locator("#documents tbody tr")).to_have_count(16)
    expect(plot.locator(".main-svg[viewBox]")).to_have_count(0)


def test_a_figure_keeps_its_room_while_plotly_is_on_its_way(page, app_url):
    waiting = []
    page.route(f"**/{PLOTLY_FILE}", lambda route: waiting.append(route))
    page.goto(app_url)
    place = page.locator("#texts .figure").first
    expect(place).to_be_visible(timeout=30_000)
    height = place.bounding_box()["height"]
    assert height > 100
    for route in waiting:
        route.continue_()
    expect(place.locator(".main-svg").first).to_be_visible()
    assert place.bounding_box()["height"] == pytest.approx(height, abs=1)


def test_without_plotly_a_sentence_says_so_and_the_rest_goes_on(page, app_url):
    page.route(f"**/{PLOTLY_FILE}", lambda route: route.abort())
    page.goto(app_url)
    expect(page.locator("#texts .figure").first).to_have_text(
        "The figure could not be drawn: please reload the page.", timeout=30_000
    )
    compare(page, "dog", "puppy")
    expect(page.locator("#texts dd").first).to_have_text("0.804")
