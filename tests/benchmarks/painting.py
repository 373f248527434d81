"""What a browser takes to show a page and a new figure, beside the barest page of Gradio."""

import statistics
from collections.abc import Iterator

from benchmarks.table import Row
from playwright.sync_api import Browser, Page
from served import Served

# Seconds from a click until the browser has painted another figure than the one before.
CLICK = """async (button) => {
    const plot = () => document.querySelector(".js-plotly-plot:has(.main-svg)");
    // The line where the pair stands.
    const drawn = () => JSON.stringify(plot()?.layout?.shapes?.[0]?.x0 ?? null);
    const before = drawn();
    const start = performance.now();
    button.click();
    while (drawn() === before || drawn() === "null")
        await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return (performance.now() - start) / 1000;
}"""


def rows_of_painting(browser: Browser, app: Served, bare: Served) -> Iterator[Row]:
    """The bytes of a first page view, and the time from a click to the new figure."""
    sizes, pages = zip(*(_first_view(browser, served) for served in (app, bare)), strict=True)
    yield Row(
        "bytes of a first page view",
        "a page with one figure",
        sizes[0] / sizes[1],
        1.1,
        f"{sizes[0] / 1e6:.2f} and {sizes[1] / 1e6:.2f} MB",
    )
    ours, theirs = pages
    seconds = [[], []]
    for n in range(20):
        pair = ("king", "queen") if n % 2 else ("dog", "puppy")
        for label, text in zip(("Text A", "Text B"), pair, strict=True):
            ours.get_by_role("textbox", name=label).fill(text)
        buttons = (
            ours.get_by_role("button", name="Compare", exact=True),
            theirs.get_by_role("button", name="Show"),
        )
        for button, of_page in zip(buttons, seconds, strict=True):
            of_page.append(button.evaluate(CLICK))
    both = (statistics.median(of_page) for of_page in seconds)
    yield Row.of_times("click to painted figure", "the same figure in a bare app", *both, 1.2)


def _first_view(browser: Browser, served: Served) -> tuple[int, Page]:
    """All bytes that come over the wire until the figure is there; and the page."""
    page = browser.new_context().new_page()
    network = page.context.new_cdp_session(page)
    sizes = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.send("Network.enable")
    page.goto(served.url)
    page.locator(".main-svg").first.wait_for()
    page.wait_for_timeout(2000)
    return sum(sizes), page
