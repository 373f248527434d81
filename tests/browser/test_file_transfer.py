"""Files in a real browser: texts that are opened, answers that are saved."""

import csv
import io
import re
from html import escape

import pytest
from asked import ARGUMENTS
from PIL import Image
from playwright.sync_api import expect

from embviz.capabilities import DOCUMENTS, EQUATION, QUESTIONS, show_panel
from embviz.ui.saved_map import map_tools
from embviz.views.figure_html import page_html

PAPERS = (
    "Year;Title;Field\n2017;Attention is all you need;language, mostly\n"
    "2015;Deep <img src=x onerror=alert(1)> learning;vision\n"
)


@pytest.fixture(scope="module")
def app(start_app, tmp_path_factory):
    """An app, and the folder where Gradio would keep what is uploaded."""
    from conftest import ROOT

    folder = tmp_path_factory.mktemp("gradio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        with start_app(ROOT) as url:
            yield url, folder


@pytest.fixture
def page(new_page, app):
    url, folder = app
    troubles = []
    page = new_page()
    page.on("pageerror", lambda error: troubles.append(f"page error: {error}"))
    page.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
    page.on("request", lambda r: "/upload" in r.url and troubles.append(f"uploaded: {r.url}"))
    page.on("response", lambda r: r.status >= 400 and troubles.append(f"{r.status} {r.url}"))
    # Playwright catches file choosers from now on: later, a key might be pressed too early.
    page.on("filechooser", lambda chooser: None)
    page.goto(url)
    expect(page.locator("#texts .main-svg").first).to_be_visible(timeout=30_000)
    yield page
    page.close()
    assert troubles == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def open_list(page):
    open_tab(page, "A list of words")


def open_file(page, ask, name, content):
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator(f"#{ask}").get_by_label("Open a file…").set_input_files(file)


def box(page, label):
    return page.get_by_role("textbox", name=re.compile(f"^{label}"))


def rows(page, ask):
    return page.locator(f"#{ask} tbody tr")


def save(page, ask, button):
    """Click a button; returns the name and the bytes of what is saved."""
    with page.expect_download() as download:
        page.locator(f"#{ask}").get_by_role("button", name=button).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def table(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_words_from_a_txt(page):
    open_list(page)
    open_file(page, "list", "words.txt", "sea\nocean, deep\n\nlaptop\n".encode("utf-16"))
    expect(box(page, "Words")).to_have_value("sea\nocean, deep\nlaptop")
    expect(rows(page, "list")).to_have_count(3)


def test_candidates_from_a_txt_are_looked_among(page):
    open_tab(page, "Arithmetic")
    page.get_by_label("Common English words").check()
    guess = page.locator("#equation .note", has_text="among these 8 candidates")
    expect(guess).to_have_count(0, timeout=60_000)
    open_file(page, "equation", "x.txt", b"queen, regnant\nlaptop")
    expect(rows(page, "equation").first).to_contain_text("queen, regnant")
    expect(page.get_by_label("My candidates")).to_be_checked()


def test_documents_from_a_csv_and_another_column_of_it(page):
    open_tab(page, "Search")
    assert page.locator("#documents select").count() == 0
    open_file(page, "documents", "papers.csv", PAPERS.encode())
    expect(box(page, "Documents")).to_have_value(
        "Attention is all you need\nDeep <img src=x onerror=alert(1)> learning"
    )
    column = page.get_by_label("Column of papers.csv")
    column.focus()
    column.select_option("Field")
    expect(box(page, "Documents")).to_have_value("language, mostly\nvision")
    expect(rows(page, "documents")).to_have_count(2)
    expect(column).to_have_value("Field")
    expect(column).to_be_focused()
    assert page.locator("#documents img").count() == 0


def test_title_and_abstract_make_one_document(page):
    open_tab(page, "Search")
    papers = b"Year,Title,Abstract\n2017,Attention,Only that.\n2018,BERT,\n2019,,No title.\n"
    open_file(page, "documents", "papers.csv", papers)
    expect(box(page, "Documents")).to_have_value("Attention\nBERT")
    second = page.get_by_label("followed by")
    expect(second.locator("option")).to_have_text(["nothing", "Abstract"])
    second.focus()
    second.select_option("Abstract")
    expect(box(page, "Documents")).to_have_value("Attention Only that.\nBERT\nNo title.")
    expect(rows(page, "documents")).to_have_count(3)
    expect(second).to_have_value("Abstract")
    expect(second).to_be_focused()
    # The first one changes places with it: what follows is not the same column again.
    page.get_by_label("Column of papers.csv").select_option("Abstract")
    expect(box(page, "Documents")).to_have_value("Only that.\nNo title.")
    expect(second).to_have_value("")
    expect(second.locator("option")).to_have_text(["nothing", "Title"])


def test_columns_whose_names_differ_in_capitals_alone(page):
    open_tab(page, "Search")
    open_file(page, "documents", "x.csv", b"A,a\nking,sea\nqueen,ocean\n")
    expect(box(page, "Documents")).to_have_value("king\nqueen")
    page.get_by_label("Column of x.csv").select_option("a")
    expect(box(page, "Documents")).to_have_value("sea\nocean")


def test_a_refused_file_leaves_no_columns_of_another_to_choose_from(page):
    open_tab(page, "Search")
    button = page.locator("#documents").get_by_label("Open a file…")
    column = page.locator("#documents select[name=column]")
    for _ in range(2):
        # The second time it is the same file, whose columns are offered again.
        open_file(page, "documents", "papers.csv", PAPERS.encode())
        expect(column.locator("option")).to_have_text(["Title", "Field"])
        button.focus()
        open_file(page, "documents", "x.xlsx", b"PK\x03\x04")
        expect(column).to_have_count(0)
        expect(page.locator(".refusal")).to_contain_text("This is an Excel workbook")
        expect(column).to_have_count(0)
        expect(button).to_be_focused()
    expect(box(page, "Documents")).to_have_value(re.compile("^Attention is all you need"))


def test_another_file_opens_with_its_own_first_column(page):
    open_tab(page, "Search")
    open_file(page, "documents", "papers.csv", PAPERS.encode())
    page.get_by_label("Column of papers.csv").select_option("Field")
    expect(box(page, "Documents")).to_have_value("language, mostly\nvision")
    open_file(page, "documents", "other.csv", b"Name,Kind\nking,man\nqueen,woman\n")
    expect(box(page, "Documents")).to_have_value("king\nqueen")
    expect(page.get_by_label("Column of other.csv")).to_have_value("Name")


def test_columns_that_arrive_late_are_not_offered(page):
    open_tab(page, "Search")
    open_file(page, "documents", "papers.csv", PAPERS.encode())
    column = page.get_by_label("Column of papers.csv")
    expect(column).to_be_visible()
    held = []
    page.route("**/queue/join*", lambda route: route.continue_() if held else held.append(route))
    column.focus()
    column.select_option("Field")
    # Has the same name, so that a name alone does not tell whose columns these are.
    open_file(page, "documents", "papers.csv", b"PK\x03\x04xl/")
    expect(column).to_have_count(0)
    held[0].continue_()
    expect(page.locator(".refusal")).to_contain_text("This is an Excel workbook")
    expect(box(page, "Documents")).to_have_value("language, mostly\nvision")
    expect(column).to_have_count(0)
    expect(page.locator("#documents").get_by_label("Open a file…")).to_be_focused()


def test_a_refused_file_leaves_the_input_alone(page):
    open_list(page)
    box(page, "Words").fill("sea, ocean")
    for name, content, sentence in [
        ("x.xlsx", b"PK\x03\x04", "This is an Excel workbook"),
        ("x.txt", b"\x89PNG\x00\x00", "This is not a text file"),
        ("x.csv", b"k\xf6nig", "save it as UTF-8"),
        ("x.txt", b"k" * 3_000_000, "The file is larger than 1 MB"),
        ("x.txt", b"", "The file holds no texts"),
        ("x.txt", b"king\n" * 51, "Words: 51 texts are too many; at most 50 can be read"),
    ]:
        open_file(page, "list", name, content)
        expect(page.locator(".refusal")).to_contain_text(sentence)
        expect(box(page, "Words")).to_have_value("sea, ocean")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_file_is_opened_from_the_keyboard(page, key):
    open_list(page)
    box(page, "Words").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#list").get_by_label("Open a file…")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press(key)
    chooser.value.set_files({"name": "x.txt", "mimeType": "text/plain", "buffer": b"sea\nice"})
    expect(rows(page, "list")).to_have_count(1)


def test_many_texts_show_how_far_they_are(page):
    open_tab(page, "Search")
    seen = """() => new Promise(resolve => new MutationObserver(() => {
        const bar = document.querySelector("#documents .answer .progress-bar");
        if (bar?.checkVisibility({ opacityProperty: true })) resolve(true);
    }).observe(document.body, { childList: true, subtree: true, attributes: true }))"""
    page.evaluate(f"() => {{ window.progressSeen = ({seen})() }}")
    lines = "\n".join(f"{'A long sentence on birds and trees ' * 8} {n}" for n in range(500))
    open_file(page, "documents", "x.txt", lines.encode())
    expect(rows(page, "documents").first).to_contain_text("A long sentence", timeout=60_000)
    assert page.evaluate("Promise.race([progressSeen, new Promise(r => setTimeout(r, 500))])")


def test_saved_tables_hold_every_row_and_digit(page, encoder):
    name, content = save(page, "texts", "table")
    assert name == "embviz-texts-table.csv"
    assert table(content)[1][:2] == ["happiness", "chocolate"]
    open_list(page)
    headers, *lines = table(save(page, "list", "table")[1])
    assert headers[:3] == ["text", "king", "queen"]
    assert len(lines) == 14
    vectors = encoder.encode(["king", "queen"])
    assert float(lines[0][2]) == pytest.approx(float(vectors[0] @ vectors[1]), abs=1e-6)
    open_tab(page, "Search")
    assert len(table(save(page, "documents", "table")[1])) == 1 + 16
    open_tab(page, "Arithmetic")
    name, content = save(page, "equation", "vectors")
    headers, *lines = table(content)
    assert name == "embviz-equation-vectors.csv"
    assert headers == ["text", *(f"d{n}" for n in range(1, 385))]
    assert [line[0] for line in lines[:3]] == ["king", "male", "female"]
    assert [float(x) for x in lines[0][1:]] == pytest.approx(vectors[0].tolist(), abs=1e-6)


def test_a_formula_is_saved_as_a_text(page):
    open_tab(page, "Search")
    open_file(page, "documents", "x.txt", b"=HYPERLINK(1)\n@SUM(A1)")
    expect(rows(page, "documents")).to_have_count(2)
    for button in ("table", "vectors"):
        cells = {cell for row in table(save(page, "documents", button)[1]) for cell in row}
        assert {"'=HYPERLINK(1)", "'@SUM(A1)"} <= cells


def picture(content):
    return Image.open(io.BytesIO(content)).convert("L")


def height_of_figure(page, part):
    plot = page.locator(f"#{part} .js-plotly-plot").first
    return plot.evaluate("plot => plot._fullLayout.height")


def lines_of(picture, top, bottom):
    """How many lines of text stand between two heights, from the rows with something dark."""
    rows = [
        picture.crop((0, y, picture.width, y + 1)).getextrema()[0] < 128 for y in range(top, bottom)
    ]
    return sum(row and not before for before, row in zip([False, *rows], rows, strict=False))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_has_title_numbers_and_source_on_white(page, scheme):
    page.emulate_media(color_scheme=scheme)
    name, content = save(page, "texts", "picture")
    assert name == "embviz-texts.png"
    drawn = picture(content)
    figure = 2 * height_of_figure(page, "texts")
    assert figure + 2 * 3 * 13 < drawn.height < figure + 400
    # The title and the numbers above the figure, the source below it.
    assert lines_of(drawn, 0, drawn.height - figure - 100) >= 2
    assert lines_of(drawn, drawn.height - 80, drawn.height) == 1
    assert drawn.getpixel((0, 0)) == drawn.getpixel((5, drawn.height - 5)) == 255
    assert drawn.getextrema()[0] == 0


def test_a_picture_of_a_heat_map_has_its_scale(page):
    open_list(page)
    _, content = save(page, "list", "picture")
    right = Image.open(io.BytesIO(content)).convert("RGB")
    right = right.crop((right.width - 160, 0, right.width, right.height))
    # The purple of -1 is in no cell, only in the scale.
    assert any(red > green + 60 for _, (red, green, _) in right.getcolors(1_000_000))


def test_a_long_title_takes_more_lines(page):
    _, content = save(page, "texts", "picture")
    before = picture(content).height
    box(page, "Text A").fill("a long sentence about birds, trees and all the rest " * 3)
    box(page, "Text B").fill("مرحبا بالعالم هذه جملة طويلة جدا عن الطيور والأشجار " * 3)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#texts .reading").first).to_contain_text("a long sentence")
    expect(page.locator("#texts .answer")).not_to_have_attribute("inert", "")
    page.set_viewport_size({"width": 500, "height": 800})
    _, content = save(page, "texts", "picture")
    assert picture(content).height > before + 2 * 18


def test_what_a_panel_shows_is_saved(page):
    buttons = page.locator("#texts .closer .save button")
    expect(buttons.filter(visible=True)).to_have_count(0)
    page.get_by_label("Which angle is that?").check()
    expect(buttons.filter(visible=True)).to_have_text(["picture (PNG)", "figure (HTML)"])
    name, content = save(page, "texts .closer", "picture")
    assert name == "embviz-texts-angle.png"
    assert picture(content).height > 2 * 520
    name, content = save(page, "texts .closer", "figure")
    assert name == "embviz-texts-angle-figure.html"
    assert b"<h1>Both vectors have length 1" in content
    page.get_by_label("Which words are near?").check()
    expect(buttons.filter(visible=True)).to_have_text(["table (CSV)"])
    name, content = save(page, "texts .closer", "table")
    assert name == "embviz-texts-neighbours-table.csv"
    assert table(content)[0] == ["Rank", "happiness", "Similarity", "chocolate", "Similarity"]
    page.get_by_label("Just the answer").first.check()
    expect(buttons.filter(visible=True)).to_have_count(0)


def test_the_row_that_a_panel_shows_is_what_is_saved_of_it(page):
    open_tab(page, "Search")
    third = rows(page, "documents").nth(2).get_by_role("button")
    third.click()
    expect(page.locator("#documents .closer .main-svg").first).to_be_visible()
    _, content = save(page, "documents .closer", "figure")
    shown = page.locator("#documents .closer .reading").inner_text()
    assert f"<h1>{escape(shown)}</h1>" in content.decode()
    # It is not what the panel shows of the best document.
    page.locator("#documents").get_by_role("button", name="Search").click()
    expect(page.locator("#documents .closer .reading")).not_to_have_text(shown)


def test_the_button_says_which_rows_the_table_has(page):
    open_list(page)
    button = {"name": re.compile("^table")}
    words = page.locator("#list").get_by_role("button", **button)
    expect(words).to_have_text("table, all 91 pairs (CSV)")
    box(page, "Words").fill("sea, ocean, lake")
    page.get_by_role("button", name="Compare all").click()
    expect(words).to_have_text("table, all 3 pairs (CSV)")
    open_tab(page, "Two texts")
    expect(page.locator("#texts").get_by_role("button", **button)).to_have_text("table (CSV)")
    open_tab(page, "Arithmetic")
    candidates = page.locator("#equation").get_by_role("button", **button)
    expect(candidates).to_have_text("table, all 8 candidates (CSV)")
    open_tab(page, "Search")
    documents = page.locator("#documents").get_by_role("button", **button)
    expect(documents).to_have_text("table, all 16 documents (CSV)")


def test_a_saved_figure_says_what_it_is_and_where_it_comes_from(page, app):
    url, _ = app
    open_tab(page, "Arithmetic")
    name, content = save(page, "equation", "figure")
    assert name == "embviz-equation-figure.html"
    assert f" · model all-MiniLM-L6-v2 · {url}/</footer>" in content.decode()


# The figures of the answers, and a map, which has a script of its own. Those of the panels are
# drawn by the same copy of Plotly on the page.
FIGURES = [(question, None) for question in QUESTIONS]
FIGURES += [(DOCUMENTS, panel) for panel in DOCUMENTS.panels if panel.id == "map-pca"]


@pytest.fixture(scope="module")
def offline(browser):
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("question", "panel"), FIGURES, ids=lambda part: getattr(part, "id", "answer")
)
def test_the_figure_of_an_answer_is_drawn_from_its_file_without_a_network(
    offline, services, tmp_path, question, panel
):
    arguments = ARGUMENTS[question.id]
    if panel:
        view = show_panel(panel, services, "", arguments)
    else:
        view = question.show(services.default, **arguments)
    kept = tmp_path / "figure.html"
    saved = page_html(view, "Embeddings Visualizer", tools=map_tools(view))
    kept.write_text(saved, encoding="utf-8")
    assert kept.stat().st_size < 1_500_000
    troubles = []
    listen = {
        "pageerror": lambda error: troubles.append(str(error)),
        "console": lambda message: troubles.append(message.text),
        "request": lambda request: troubles.append(request.url),
    }
    for name, note in listen.items():
        offline.on(name, note)
    offline.goto(kept.as_uri())
    expect(offline.locator("#figure .main-svg").first).to_be_visible()
    count = len(view.figure.data)
    assert offline.evaluate("document.getElementById('figure')._fullData.length") == count
    expect(
        offline.locator(":is(.barlayer, .scatterlayer, .heatmaplayer) :is(path, image)").first
    ).to_be_attached()
    for name, note in listen.items():
        offline.remove_listener(name, note)
    assert [t for t in troubles if not t.startswith(("file:", "data:", "blob:"))] == []


def test_a_saved_figure_is_pointed_at(offline, service, tmp_path):
    kept = tmp_path / "figure.html"
    view = EQUATION.show(service, **ARGUMENTS["equation"])
    kept.write_text(page_html(view, "Embeddings Visualizer"), encoding="utf-8")
    offline.goto(kept.as_uri())
    expect(offline).to_have_title(re.compile("^king − male"))
    # No button that sends the figure to anybody.
    expect(offline.locator(".modebar-btn")).to_have_count(1)
    offline.locator("#figure .bars .point").nth(1).hover(force=True)
    expect(offline.locator(".hoverlayer")).to_contain_text("queen: 0.")


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def visible(page):
    """What print.css leaves to be seen, asked by selectors."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    return lambda selector: page.locator(f"{selector}:visible").count()


@pytest.mark.parametrize(
    ("tab", "section"), [("", "texts"), ("Arithmetic", "equation"), ("Search", "documents")]
)
def test_an_answer_prints_on_one_page(page, tab, section):
    if tab:
        open_tab(page, tab)
        expect(page.locator(f"#{section} .main-svg").first).to_be_visible()
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1


def test_a_list_prints_on_one_page(page):
    open_list(page)
    expect(page.locator("#list .main-svg").first).to_be_visible()
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1


def test_print_shows_question_inputs_and_answer_black_on_white(page):
    page.emulate_media(color_scheme="dark")
    count = visible(page)
    for gone in ("button", "[role=tab]", ".save", ".file", ".share", "footer", "#lesson", "#list"):
        assert count(gone) == 0, gone
    assert count("#texts textarea") == 2
    assert count("#texts .main-svg") > 0
    expect(page.get_by_role("heading", name="How alike are two texts?")).to_be_visible()
    look = "element => [getComputedStyle(element).color, getComputedStyle(element).borderTopWidth]"
    for part in (".reading", "textarea"):
        style = page.locator(f"#texts {part}").first.evaluate(look)
        assert style == ["rgb(0, 0, 0)", "0px"], part
    fill = "text => getComputedStyle(text).fill"
    assert page.locator("#texts .xtick text").first.evaluate(fill) == "rgb(0, 0, 0)"
    back = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(back) == "rgb(255, 255, 255)"


def test_an_open_step_of_the_lesson_prints_alone(page):
    page.locator("#lesson summary").click()
    count = visible(page)
    assert count("#lesson section") == 1
    assert count("#tabs .section") == 0
    assert count("button") == 0
    page.emulate_media(media="null")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1


def test_figures_fit_the_width_of_the_paper(page):
    page.set_viewport_size({"width": 1900, "height": 900})
    visible(page)
    page.set_viewport_size({"width": 690, "height": 900})
    svg = page.locator("#texts .main-svg").first
    place = page.locator("#texts .answer")
    assert svg.bounding_box()["width"] <= place.bounding_box()["width"] + 1
    assert svg.get_attribute("viewBox").startswith("0 0 ")


def test_an_old_answer_cannot_be_saved(page):
    box(page, "Text A").fill("sea")
    expect(page.locator("#texts .answer")).to_have_attribute("inert", "")


def test_a_long_job_can_be_stopped(page):
    open_tab(page, "Search")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_hidden()
    lines = "\n".join(f"{n} {'a paragraph on birds and trees ' * 60}" for n in range(500))
    open_file(page, "documents", "x.txt", lines.encode())
    stop.click()
    expect(page.locator(".refusal")).to_contain_text("Stopped.", timeout=15_000)
    expect(stop).to_be_hidden()
    # What was computed until then is kept, and other questions are answered.
    open_tab(page, "Similarity")
    page.get_by_role("button", name="dog · puppy").click()
    expect(page.locator("#texts .reading").first).to_contain_text("puppy")
