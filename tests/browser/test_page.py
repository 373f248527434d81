"""What people see, in a real browser: each tab as it opens, and after typing something else."""

import re
import time

import pytest
from playwright.sync_api import expect
from steps import TOTAL

from embviz.analysis.baseline import sample_sentences
from embviz.capabilities import ASSOCIATION, QUESTIONS

# Each tab and its first section.
TABS = {"Similarity": "texts", "Arithmetic": "equation", "Search": "documents"}
COMMON_WORDS = "among the 9,558 common English words that are not inputs"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}


@pytest.fixture
def open_page(new_page, app_url):
    """Open the app; when the test ends, nothing may have gone wrong behind its back."""
    troubles, pages = [], []

    def open_page(width=1280, height=800, theme="light"):
        page = new_page(width, height)
        pages.append(page)
        page.on("pageerror", lambda error: troubles.append(f"page error: {error}"))
        page.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
        page.on("console", lambda m: m.type == "error" and troubles.append(f"console: {m.text}"))
        page.on("request", lambda r: is_elsewhere(r.url) and troubles.append(f"asked {r.url}"))
        page.on("response", lambda r: r.status >= 400 and troubles.append(f"{r.status} {r.url}"))
        page.goto(f"{app_url}/?__theme={theme}")
        expect(page.locator("#texts .main-svg").first).to_be_visible(timeout=30_000)
        return page

    def is_elsewhere(url):
        return not url.startswith((app_url, "data:", "blob:"))

    yield open_page
    for page in pages:
        page.close()
    assert troubles == []


@pytest.fixture
def page(open_page):
    return open_page()


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def open_question(page, question):
    open_tab(page, question.tab.capitalize())
    page.get_by_role("tab", name=question.name, exact=True).click()


def open_list(page):
    """Choose the other question of the similarity tab."""
    page.get_by_role("tab", name="A list of words").click()


def section(page, name):
    """The part of the page that holds one question and its answer."""
    return page.locator(f"#{name}")


def box(page, label):
    """The box to type in that has this label."""
    return page.get_by_role("textbox", name=re.compile(f"^{label}"))


def reading(page, name):
    return section(page, name).locator(".reading")


def rows(page, name):
    return section(page, name).locator("tbody tr")


def cells(page, name):
    return [row.split("\t") for row in rows(page, name).all_inner_texts()]


def ticks(page, name, axis="y"):
    return section(page, name).locator(f".{axis}tick text").all_text_contents()


def test_similarity_opens_with_the_answer_drawn(page):
    expect(section(page, "texts").locator("dd").first).to_have_text("0.388")
    expect(section(page, "texts").locator("dd").last).to_have_text("67.2°")
    expect(reading(page, "texts")).to_contain_text("higher than 97.6 % of random pairs of words.")
    expect(section(page, "texts").locator(".annotation-text")).to_have_text("this pair: 0.388")
    # What was drawn while the page was built must not stand in it.
    expect(page.locator(".js-plotly-plot")).to_have_count(1)


def test_the_first_screen_says_what_this_is_and_where_to_start(page):
    header = page.locator("#header")
    expect(page).to_have_title("Embeddings Visualizer")
    expect(header.get_by_role("heading", level=1)).to_have_text("Embeddings Visualizer")
    expect(
        header.get_by_text("turn each text into a vector, a list of numbers called its embedding")
    ).to_be_visible()
    model = page.locator("#model").get_by_text("Model: all-MiniLM-L6-v2")
    expect(model).to_be_in_viewport(ratio=1)
    model.click()
    expect(page.locator("#model").get_by_text("was trained on English")).to_be_visible()
    lesson = page.get_by_text(f"Start here: a lesson in {TOTAL} steps")
    expect(lesson).to_be_in_viewport(ratio=1)
    size, ground = page.locator("#lesson summary").evaluate(
        "e => [parseFloat(getComputedStyle(e).fontSize), getComputedStyle(e).backgroundColor]"
    )
    assert size >= 18
    assert ground == "rgb(0, 114, 178)"


def test_a_similarity_is_higher_than_all_and_no_percentage_says_100(page):
    box(page, "Text A").fill("king")
    box(page, "Text B").fill("king")
    box(page, "Text B").press("Enter")
    expect(reading(page, "texts")).to_contain_text("higher than at least 99.9 % of random pairs")
    expect(section(page, "texts").locator("dd").first).to_have_text("1.000")
    assert "100.0" not in section(page, "texts").inner_text()


def test_texts_that_the_model_cannot_read_get_no_percentage(page):
    box(page, "Text A").fill("😀")
    box(page, "Text B").fill("🎉")
    box(page, "Text B").press("Enter")
    expect(reading(page, "texts")).to_contain_text("The model has no token for “😀” and “🎉”")
    assert "%" not in reading(page, "texts").inner_text()


def test_similarity_of_something_else(page):
    box(page, "Text A").fill("puppy")
    box(page, "Text B").fill("dog")
    box(page, "Text B").press("Enter")
    expect(section(page, "texts").locator("dd").first).to_have_text("0.804")
    expect(reading(page, "texts")).to_contain_text("“puppy” and “dog”")
    expect(section(page, "texts").locator(".annotation-text")).to_have_text("this pair: 0.804")


def test_map_opens_with_every_value_printed(page):
    open_list(page)
    values = section(page, "list").locator(".heatmap-label text")
    expect(values).to_have_count(14 * 14)
    # Those in dark cells, which are white, come last.
    assert values.all_text_contents()[0] == "0.68"
    assert values.all_text_contents()[-1] == "1.00"
    assert ticks(page, "list")[0] == "king"
    expect(rows(page, "list")).to_have_count(91)
    assert cells(page, "list")[0] == ["1", "car", "vehicle", "0.870"]


def test_map_of_something_else(page):
    open_list(page)
    box(page, "Words").fill("sea\nocean\nlaptop")
    page.get_by_role("button", name="Compare all").click()
    expect(section(page, "list").locator(".heatmap-label text")).to_have_count(9)
    assert ticks(page, "list") == ["sea", "ocean", "laptop"]
    assert cells(page, "list")[0][:3] == ["1", "sea", "ocean"]
    page.get_by_role("button", name="The built-in words").click()
    expect(rows(page, "list")).to_have_count(91)
    expect(box(page, "Words")).to_have_value(re.compile("^king, queen, man"))


def test_map_puts_alike_words_side_by_side(page):
    open_list(page)
    page.get_by_label("Put alike words side by side").check()
    expect(section(page, "list").locator(".ytick text").first).not_to_have_text("king")
    names = ticks(page, "list")
    assert abs(names.index("dog") - names.index("puppy")) == 1
    assert ticks(page, "list", "x") == names


def test_map_has_other_colours_on_request(page):
    open_list(page)
    cells = section(page, "list").locator(".heatmaplayer image").first
    before = cells.get_attribute("xlink:href")
    page.get_by_label("Red to green").check()
    expect(cells).not_to_have_attribute("xlink:href", before)


def map_cell(page, row, column, count=14):
    """Point at a cell of the map, as a hand would; returns where it is."""
    area = section(page, "list").locator(".nsewdrag")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    x = box["x"] + box["width"] * (column + 0.5) / count
    y = box["y"] + box["height"] * (row + 0.5) / count
    page.mouse.move(x - 5, y)
    page.mouse.move(x, y)
    return x, y


def test_pointing_at_a_cell_names_both_words(page):
    open_list(page)
    map_cell(page, row=0, column=3)
    expect(section(page, "list").locator(".hoverlayer")).to_contain_text("king and woman: 0.264")


def test_clicking_a_cell_compares_that_pair_above(page):
    open_list(page)
    page.mouse.click(*map_cell(page, row=0, column=3))
    expect(section(page, "texts").locator("dd").first).to_have_text("0.264")
    expect(box(page, "Text A")).to_have_value("king")
    expect(box(page, "Text B")).to_have_value("woman")
    expect(section(page, "texts").locator("dd").first).to_be_in_viewport()


def test_clicking_still_compares_after_the_map_was_drawn_anew(page):
    open_list(page)
    box(page, "Words").fill("sea, <b>ocean</b>, laptop")
    page.get_by_role("button", name="Compare all").click()
    expect(section(page, "list").locator(".heatmap-label text")).to_have_count(9)
    page.mouse.click(*map_cell(page, row=2, column=1, count=3))
    expect(box(page, "Text A")).to_have_value("laptop")
    expect(box(page, "Text B")).to_have_value("<b>ocean</b>")


def test_a_row_of_the_pairs_can_be_compared_from_the_keyboard(page):
    open_list(page)
    rows(page, "list").nth(2).get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(box(page, "Text A")).to_have_value("cat")
    expect(box(page, "Text B")).to_have_value("kitten")


def test_a_heat_map_keeps_its_scale_when_the_address_changes(page):
    open_list(page)
    panel(page, "list", "Which one is odd?")
    expect(page).to_have_url(re.compile("odd-one-out"))
    scale = section(page, "list").locator(".cbfill").first
    expect(scale).to_have_attribute("style", re.compile(r"url\(\W*#"))
    # By the address that the page had, its gradient would be looked for on another page.
    expect(page.locator('.js-plotly-plot [style*="url(\\"http"]')).to_have_count(0)
    expect(page.locator(".js-plotly-plot [clip-path*=http]")).to_have_count(0)


def test_a_heat_map_is_read_out_as_its_summary_and_pairs_by_their_names(page):
    open_list(page)
    expect(rows(page, "list")).to_have_count(91)
    figure = section(page, "list").locator(".js-plotly-plot")
    # What stands in a picture is not read out.
    expect(figure).to_have_role("img")
    expect(figure).to_have_accessible_name(reading(page, "list").inner_text())
    button = rows(page, "list").first.get_by_role("button")
    expect(button).to_have_accessible_name("Compare car and vehicle")


def test_a_table_that_is_cut_says_so(page):
    open_list(page)
    region = section(page, "list").get_by_role("region").first
    expect(region.locator("caption")).to_contain_text("(91 rows: scroll for more)")
    height, whole = region.evaluate("e => [e.clientHeight, e.scrollHeight]")
    assert height < whole
    # The last row that is seen is seen in part.
    bottom = region.bounding_box()["y"] + height
    edges = [row.bounding_box() for row in rows(page, "list").all()[:20]]
    assert any(edge["y"] + 5 < bottom < edge["y"] + edge["height"] - 5 for edge in edges)
    # A caption counts rows above ten; what has fewer is not cut.
    page.set_viewport_size({"width": 960, "height": 700})
    open_tab(page, "Search")
    opened = panel(page, "documents", "Meaning or keywords?")
    region = opened.get_by_role("region", name="The first documents by each method")
    expect(region.locator("tbody tr")).to_have_count(5)
    assert region.evaluate("e => e.scrollHeight - e.clientHeight") <= 1


def test_a_long_table_scrolls_by_itself_and_is_printed_whole(page):
    open_tab(page, "Arithmetic")
    page.get_by_role("tab", name="Prejudice").click()
    region = section(page, "association").get_by_role("region", name=re.compile("^Target words"))
    expect(region.locator("tbody tr")).to_have_count(50, timeout=30_000)
    box = region.bounding_box()
    assert 9 <= box["height"] / region.locator("tbody tr").first.bounding_box()["height"] <= 14
    region.focus()
    page.keyboard.press("End")
    # The header stays where one sees it, above the last row.
    expect(region.get_by_role("cell", name="flea", exact=True)).to_be_in_viewport()
    page.wait_for_timeout(500)
    header = region.locator("thead").bounding_box()
    assert header["y"] == pytest.approx(region.bounding_box()["y"], abs=1)
    page.emulate_media(media="print")
    assert region.evaluate("e => e.scrollHeight - e.clientHeight") <= 1
    page.emulate_media(media="screen")


def test_arithmetic_opens_with_the_answer_drawn(page):
    open_tab(page, "Arithmetic")
    expect(reading(page, "equation")).to_have_text(
        "king − male + female is nearest to “queen” (0.705). "
        "Words of the expression do not count: “king” would be nearer still."
    )
    assert ticks(page, "equation")[:3] == ["king (input)", "queen", "monarch"]
    assert cells(page, "equation")[0][:3] == ["1", "queen", "0.705"]
    assert cells(page, "equation")[5] == ["", "king", "0.788", "would rank 1"]


def test_arithmetic_with_something_else(page):
    open_tab(page, "Arithmetic")
    box(page, "Expression").fill("2 * ice cream - cold")
    box(page, "Candidates").fill("dessert, winter")
    page.get_by_role("button", name="Solve").click()
    expect(reading(page, "equation")).to_contain_text("2 * ice cream − cold is nearest to “des")
    expect(rows(page, "equation").first).to_contain_text("dessert")


def test_candidates_that_are_left_from_another_expression_are_doubted(page):
    open_tab(page, "Arithmetic")
    answer = section(page, "equation").locator(".answer")
    expect(answer).not_to_contain_text("Perhaps none of these candidates fits")
    box(page, "Expression").fill("Paris - France + Germany")
    box(page, "Expression").press("Enter")
    expect(reading(page, "equation")).to_contain_text("Paris − France + Germany")
    expect(answer).to_contain_text("Perhaps none of these candidates fits")
    expect(answer).to_contain_text("Try the common English words.")


def test_a_sign_without_spaces_is_asked_about_first(page):
    open_tab(page, "Arithmetic")
    box(page, "Expression").fill("king-male+female")
    box(page, "Expression").press("Enter")
    expect(reading(page, "equation")).to_have_text(
        re.compile("^Did you mean “king [−-] male \\+ female”\\? ")
    )


def test_without_candidates_it_looks_among_the_common_words_and_says_so(page):
    open_tab(page, "Arithmetic")
    box(page, "Candidates").fill("")
    expect(page.get_by_label("Common English words")).to_be_checked()
    page.get_by_role("button", name="Solve").click()
    answer = section(page, "equation").locator(".answer")
    expect(answer).to_contain_text(COMMON_WORDS, timeout=60_000)


def test_who_types_candidates_looks_among_them(page):
    open_tab(page, "Arithmetic")
    page.get_by_label("Common English words").check()
    expect(section(page, "equation")).to_contain_text(COMMON_WORDS, timeout=60_000)
    box(page, "Candidates").fill("lady, duchess")
    expect(page.get_by_label("My candidates")).to_be_checked()
    page.get_by_role("button", name="Solve").click()
    expect(section(page, "equation")).to_contain_text("among these 2 candidates")


def test_my_candidates_cannot_be_looked_among_where_there_are_none(page):
    open_tab(page, "Arithmetic")
    box(page, "Candidates").fill("")
    expect(page.get_by_label("Common English words")).to_be_checked()
    page.get_by_label("My candidates").check()
    refusal = section(page, "equation").locator(".refusal")
    expect(refusal).to_have_text("Type candidates, or choose “Common English words”.")
    expect(box(page, "Candidates")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="puppy - dog + cat").click()
    expect(reading(page, "equation")).to_contain_text("“kitten”")
    expect(refusal).to_have_count(0)


def test_inputs_can_be_kept_in(page):
    open_tab(page, "Arithmetic")
    page.get_by_label("Leave out the words of the expression").uncheck()
    expect(reading(page, "equation")).to_contain_text("is nearest to “king” (0.788)")
    assert "would rank" not in section(page, "equation").inner_text()


def test_arithmetic_examples_are_one_click_away(page):
    open_tab(page, "Arithmetic")
    page.get_by_role("button", name="puppy - dog + cat").click()
    expect(reading(page, "equation")).to_contain_text("“kitten” (0.828)")
    expect(box(page, "Candidates")).to_have_value(re.compile("^cat, feline"))


def test_search_opens_with_the_answer_drawn(page):
    open_tab(page, "Search")
    expect(reading(page, "documents")).to_contain_text("“BERT: Pre-training of Deep")
    assert [row[0::2] for row in cells(page, "documents")] == [
        ["1", "0.466"],
        ["2", "0.316"],
        ["3", "0.146"],
    ]
    expect(section(page, "documents").locator(".bartext")).to_have_count(3)
    expect(section(page, "documents").locator(".annotation-text").first).to_contain_text("BERT")


def test_search_for_something_else(page):
    open_tab(page, "Search")
    box(page, "Documents").fill("How to bake bread\nHow to fix a bicycle")
    box(page, "Query").fill("loaf")
    box(page, "Query").press("Enter")
    expect(rows(page, "documents")).to_have_count(2)
    expect(rows(page, "documents").first).to_contain_text("How to bake bread")


def test_search_examples_bring_the_titles_back(page):
    open_tab(page, "Search")
    box(page, "Documents").fill("How to bake bread")
    page.get_by_role("button", name="medical AI applications").click()
    expect(rows(page, "documents").first).to_contain_text("0.637")
    expect(box(page, "Query")).to_have_value("medical AI applications")


def test_bad_input_gets_one_sentence_and_loses_nothing(page):
    box(page, "Text A").fill("")
    box(page, "Text B").fill("something long that was typed")
    page.get_by_role("button", name="Compare", exact=True).click()
    refusal = section(page, "texts").locator(".refusal")
    expect(refusal).to_have_text("Text A is empty: type a word or a sentence.")
    field = box(page, "Text A")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Text A is empty: type a word or a sentence.")
    expect(page.locator("#header [role=status]")).to_have_text(refusal.inner_text())
    page.wait_for_timeout(7_000)  # longer than a message that passes would stay
    expect(refusal).to_be_visible()
    expect(page.get_by_text("Error", exact=True)).to_have_count(0)
    assert refusal.bounding_box()["y"] < box(page, "Text B").bounding_box()["y"]
    expect(box(page, "Text B")).to_have_value("something long that was typed")
    box(page, "Text A").fill("something")
    expect(refusal).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", ANY)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(reading(page, "texts")).to_contain_text("“something long that was typed”")


def test_after_a_refusal_no_old_answer_comes_back(page):
    open_tab(page, "Arithmetic")
    box(page, "Candidates").fill("queen, queen")
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".refusal")).to_contain_text("“queen” is in the list twice")
    equation = section(page, "equation")
    expect(equation).to_have_attribute("data-stale", "refused")
    page.wait_for_timeout(500)
    for part in (".answer .table", ".js-plotly-plot"):
        assert not equation.locator(part).first.evaluate(SEEN)


def test_options_are_answered_at_once(page):
    open_tab(page, "Search")
    section(page, "documents").get_by_role("radio", name="20").check()
    expect(rows(page, "documents")).to_have_count(16)
    frame = section(page, "documents").locator(".main-svg").first.bounding_box()
    for number in section(page, "documents").locator(".bartext").all():
        box = number.bounding_box()
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]


def test_what_was_typed_is_never_executed(page):
    hostile = "<img src=x onerror=alert(1)> ${alert(2)} {{alert(3)}}"
    box(page, "Text A").fill(hostile)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(reading(page, "texts")).to_contain_text(hostile)
    open_list(page)
    box(page, "Words").fill(f"{hostile}\nking")
    page.get_by_role("button", name="Compare all").click()
    expect(rows(page, "list")).to_have_count(1)
    open_tab(page, "Arithmetic")
    box(page, "Expression").fill(hostile)
    box(page, "Candidates").fill(f"{hostile}, {hostile}")
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".refusal")).to_contain_text(hostile)
    assert page.locator(".section img, #header img").count() == 0


def test_an_old_answer_never_stands_beside_new_inputs(page):
    comparison = section(page, "texts")
    expect(comparison).not_to_have_attribute("data-stale", ANY)
    height = comparison.locator(".answer").bounding_box()["height"]
    box(page, "Text A").press_sequentially("s")
    expect(comparison).to_have_attribute("data-stale", "edited")
    page.wait_for_timeout(500)
    # It keeps its place, so that nothing jumps.
    assert comparison.locator(".answer").bounding_box()["height"] == height
    for part in (".answer .html-container", ".html-container:has(.figure)", ".questions"):
        assert comparison.locator(part).first.evaluate(OPACITY) == 0
    box(page, "Text A").press("Enter")
    expect(comparison).not_to_have_attribute("data-stale", ANY)


def test_an_answer_that_was_overtaken_by_typing_stays_veiled(page):
    # Hold the answer back until something else was typed.
    waiting = []
    page.route("**/queue/data*", lambda route: waiting.append(route))
    box(page, "Text A").fill("first")
    box(page, "Text A").press("Enter")
    box(page, "Text A").press_sequentially(" second")
    page.wait_for_timeout(300)
    for route in waiting:
        route.continue_()
    expect(reading(page, "texts")).to_contain_text("“first”")
    expect(section(page, "texts")).to_have_attribute("data-stale", "edited")


ANY = re.compile("")
SEEN = "element => element.checkVisibility({ opacityProperty: true })"
OPACITY = "element => Number(getComputedStyle(element).opacity)"


def test_one_question_is_shown_and_has_an_address(page):
    expect(section(page, "list")).to_have_count(0)
    open_list(page)
    expect(section(page, "list").locator(".main-svg").first).to_be_visible()
    expect(section(page, "texts")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?__theme=light&tab=similarity&question=list$"))
    open_tab(page, "Arithmetic")
    expect(section(page, "equation")).to_be_visible()
    expect(page).to_have_url(re.compile("tab=arithmetic&question=equation$"))
    page.go_back()
    expect(section(page, "list")).to_be_visible()
    expect(page.get_by_role("tab", name="Similarity")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="A list")).to_have_attribute("aria-selected", "true")


def test_an_answer_that_comes_after_its_question_was_left_keeps_the_address(page):
    waiting = []
    page.route("**/queue/join*", lambda route: waiting.append(route))
    box(page, "Text A").fill("late")
    box(page, "Text A").press("Enter")
    open_list(page)
    expect(page).to_have_url(re.compile("question=list$"))
    for route in waiting:
        route.continue_()
    expect(reading(page, "texts")).to_contain_text("“late”")
    page.wait_for_timeout(300)
    expect(page).to_have_url(re.compile("question=list$"))
    page.get_by_role("tab", name="Two texts").click()
    expect(page).to_have_url(re.compile("question=texts&text_a=late"))


def test_an_address_that_asks_for_nothing_is_not_sent(new_page, app_url):
    page = new_page()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(f"{app_url}/?__theme=dark&embed=1")
    expect(section(page, "texts").locator(".main-svg").first).to_be_visible()
    page.wait_for_timeout(500)
    assert sent and not [url for url in sent if "/queue/" in url]


def test_a_tab_that_is_clicked_while_a_link_opens_stays_open(new_page, app_url):
    page = new_page()
    waiting = []
    hold = True
    page.route("**/queue/join*", lambda r: waiting.append(r) if hold else r.continue_())
    page.goto(f"{app_url}/?tab=similarity&question=list&words=sea,ocean,king")
    expect(section(page, "texts").locator(".main-svg").first).to_be_visible()
    open_tab(page, "Arithmetic")
    page.get_by_role("tab", name="An axis").click()
    expect(page).to_have_url(re.compile("question=axes$"))
    hold = False
    for route in waiting:
        route.continue_()
    expect(section(page, "axes").locator(".main-svg").first).to_be_visible()
    expect(page.get_by_role("tab", name="Arithmetic")).to_have_attribute("aria-selected", "true")
    # One step for each click, also if both are made at once.
    page.go_back()
    page.go_back()
    expect(section(page, "list").locator(".main-svg").first).to_be_visible()


def test_on_a_phone_a_closer_look_comes_into_sight(new_page, app_url):
    page = new_page(390, 844)
    page.goto(app_url)
    choice = section(page, "texts").get_by_role("radio", name="Which numbers are compared?")
    choice.evaluate("choice => choice.closest('label').scrollIntoView({ block: 'end' })")
    choice.click()
    closer = section(page, "texts").locator(".closer .reading")
    expect(closer).to_be_in_viewport(timeout=30_000)
    # One that is in sight already stays where it is.
    before = page.evaluate("scrollY")
    page.get_by_role("radio", name="Which angle is that?").evaluate("choice => choice.click()")
    expect(closer).to_contain_text("apart")
    assert abs(page.evaluate("scrollY") - before) < 200


def test_a_reload_finds_what_was_asked(page):
    box(page, "Text A").fill("sea & “ocean”")
    box(page, "Text A").press("Enter")
    expect(reading(page, "texts")).to_contain_text("“sea & “ocean””")
    panel(page, "texts", "Which angle is that?")
    expect(page).to_have_url(re.compile("&text_a=sea.*&panel=angle$"))
    similarity = section(page, "texts").locator("dd").first.inner_text()
    page.reload()
    expect(reading(page, "texts").first).to_contain_text("“sea & “ocean””")
    expect(section(page, "texts").locator("dd").first).to_have_text(similarity)
    expect(section(page, "texts").locator(".closer")).to_contain_text("apart")


def test_a_reload_finds_what_is_too_long_for_an_address(page):
    open_tab(page, "Search")
    box(page, "Documents").fill("\n".join(f"Abstract {n}: {'word ' * 50}" for n in range(300)))
    box(page, "Query").fill("abstract 7")
    box(page, "Query").press("Enter")
    expect(rows(page, "documents").first).to_contain_text("Abstract")
    assert len(page.url) < 2_000
    section(page, "documents").get_by_role("button", name="link", exact=True).click()
    message = section(page, "documents").locator(".saved").first
    expect(message).to_contain_text(
        re.compile(r"The link would have \d\d,\d{3} characters, too many")
    )
    expect(section(page, "documents").locator(".copied").first).to_be_hidden()
    page.reload()
    expect(box(page, "Query")).to_have_value("abstract 7")
    expect(box(page, "Documents")).to_have_value(re.compile("^Abstract 0.*Abstract 299", re.S))


def test_arrow_keys_move_within_a_group_that_is_one_stop(page):
    first = section(page, "texts").get_by_role("radio", name="Which numbers are compared?")
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(section(page, "texts").get_by_role("radio", name="Which angle")).to_be_focused()
    expect(section(page, "texts").locator(".closer")).to_contain_text("are 67.2° apart")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") != "radio"
    page.get_by_role("tab", name="Similarity").focus()
    page.keyboard.press("ArrowRight")
    expect(section(page, "equation")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    open_list(page)
    rows(page, "list").first.get_by_role("button").focus()
    page.keyboard.press("ArrowDown")
    expect(rows(page, "list").nth(1).get_by_role("button")).to_be_focused()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('tbody button')")


# What a screen reader would say of itself, in its order.
LISTEN = """() => {
    window.heard = [];
    const REGIONS = "[role=status], [role=alert], [role=log], [role=timer], [aria-live]";
    new MutationObserver((changes) => changes.forEach(({ target }) => {
        const element = target.closest ? target : target.parentElement;
        const region = element?.closest(REGIONS);
        if (!region || element.closest("[aria-hidden=true]")) return;
        const said = region.cloneNode(true);
        for (const silent of said.querySelectorAll("[aria-hidden=true]")) silent.remove();
        const words = said.textContent.trim();
        if (words) heard.push(words);
    })).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def test_an_answer_is_announced_once_and_in_words(page):
    page.evaluate(LISTEN)
    box(page, "Text A").fill("sea")
    box(page, "Text A").press("Enter")
    expect(reading(page, "texts")).to_contain_text("“sea” and “chocolate”")
    page.wait_for_timeout(500)
    assert page.evaluate("heard") == [reading(page, "texts").inner_text()]
    page.evaluate("heard = []")
    opened = panel(page, "texts", "Which angle is that?")
    expect(opened).to_contain_text("apart")
    page.wait_for_timeout(500)
    assert page.evaluate("heard") == [opened.locator(".closer .reading").inner_text()]


def test_the_answer_to_a_step_is_announced_in_words(page):
    page.locator("#lesson summary").click()
    page.get_by_role("slider", name="Your guess").press("ArrowRight")
    page.evaluate(LISTEN)
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#revealed .yours")).to_contain_text("You guessed")
    page.wait_for_timeout(500)
    heard = " ".join(page.evaluate("heard"))
    assert "The answer is 0.681." in heard
    assert not re.search(r"Loading|common\.|queue|\d\.\ds", heard)


def test_a_figure_is_named_by_its_summary(page):
    figure = section(page, "texts").locator(".js-plotly-plot")
    expect(figure).to_have_role("img")
    expect(figure).to_have_accessible_name(reading(page, "texts").inner_text())


def test_about_names_the_notebook_that_it_comes_from(page):
    page.locator("#about summary").click()
    link = page.locator("#about").get_by_role("link", name=re.compile("^Embeddings Visualizer"))
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", re.compile("^https://coding-for-reproducible-research"))


def test_explanations_are_folded_away_until_wanted(page):
    panel = page.get_by_text("Unrelated does not mean 0.")
    expect(panel).to_be_hidden()
    page.get_by_text("What does this show?").first.click()
    expect(panel).to_be_visible()


@pytest.fixture
def picture(request):
    """Take a picture of the page or a part of it, where pictures are wanted."""
    folder = request.config.getoption("pictures")

    def picture(part, name):
        if folder:
            time.sleep(0.8)  # until what slides and fades has come to rest
            part.screenshot(path=folder / f"{name}.png")

    return picture


def panel(page, name, question):
    """Open a panel; returns the column it stands in."""
    section(page, name).get_by_role("radio", name=question).check()
    return section(page, name).locator(".answer")


def test_panel_is_not_there_until_it_is_opened(page):
    expect(section(page, "texts").locator(".main-svg").first).to_be_visible()
    expect(section(page, "texts").locator(".js-plotly-plot")).to_have_count(1)
    opened = panel(page, "texts", "Which numbers are compared?")
    expect(opened.locator(".js-plotly-plot")).to_have_count(2)
    panel(page, "texts", "Just the answer")
    expect(opened.locator(".js-plotly-plot")).to_have_count(1)
    expect(opened.locator(".reading")).to_have_count(1)


def compare_king_and_queen(page):
    page.get_by_role("button", name="king · queen").click()
    expect(reading(page, "texts").first).to_contain_text("“king” and “queen”")


def test_which_numbers_are_they(page, picture):
    compare_king_and_queen(page)
    opened = panel(page, "texts", "Which numbers are compared?")
    expect(opened).to_contain_text("To the model, each text is a list of 384 numbers")
    strips = opened.locator(".js-plotly-plot").last.locator(".ytick text")
    expect(strips).to_have_text(["■ king", "■ queen"])
    values = table(opened, "The first 10 of 384 values").first.locator("td")
    expect(values.nth(0)).to_have_text("king")
    expect(values.nth(1)).to_have_text("−0.060")
    picture(opened.locator(".figure").last, "panel-vectors")


def test_which_angle_is_that(page, picture):
    compare_king_and_queen(page)
    opened = panel(page, "texts", "Which angle is that?")
    expect(opened).to_contain_text("are 47.1° apart")
    expect(opened.locator(".js-plotly-plot").last.locator(".bars .point")).to_have_count(384)
    expect(opened.locator(".annotation-text").filter(has_text="47.1°")).to_have_count(1)
    picture(opened.locator(".figure").last, "panel-angle")


def test_which_words_made_it(page, picture):
    box(page, "Text A").fill("ice cream")
    box(page, "Text A").press("Enter")
    opened = panel(page, "texts", "Which words made the score?")
    expect(opened.locator(".tokens").first).to_contain_text("[CLS] ice cream [SEP]")
    expect(opened.locator(".js-plotly-plot").last.locator(".heatmap-label text")).to_have_count(12)
    picture(opened.locator(".figure").last, "panel-tokens")
    similarity = opened.locator("dd").first.inner_text()
    expect(opened).to_contain_text(f"all cells together are {similarity}.")


def test_what_does_the_model_hear(page):
    page.get_by_role("button", name="I love this film").click()
    opened = panel(page, "texts", "What does the model hear?")
    table = opened.get_by_role("table", name="Changed versions, the most alike first")
    expect(table.locator("tbody tr")).to_have_count(6)
    expect(table.locator("tbody tr").first).to_have_text(re.compile("all capitals.*1.000", re.S))


def test_an_open_panel_follows_the_answer(page):
    opened = panel(page, "texts", "Which numbers are compared?")
    text_a = opened.locator(".js-plotly-plot").last.locator(".ytick text").first
    expect(text_a).to_have_text("■ happiness")
    page.get_by_role("button", name="dog · puppy").click()
    expect(text_a).to_have_text("■ dog")
    box(page, "Text A").press_sequentially("s")
    assert opened.evaluate("answer => answer.inert")


@pytest.mark.parametrize("method", ["PCA", "MDS", "t-SNE", "random layout"])
def test_map_comes_with_its_faithfulness(page, method, picture):
    open_list(page)
    opened = panel(page, "list", f"Map: {method}")
    expect(opened).to_contain_text("a random layout of 14 texts has 0.54.")
    expect(opened.locator(".textpoint")).to_have_count(14)
    picture(opened.locator(".figure").last, f"panel-map-{method}")


def test_too_few_words_for_a_map_get_a_sentence_beside_their_heat_map(page):
    open_list(page)
    opened = panel(page, "list", "Map: PCA")
    box(page, "Words").fill("one, two, three")
    page.get_by_role("button", name="Compare all").click()
    expect(opened).to_contain_text("A map needs at least 6 different texts: add some.")
    expect(section(page, "list").locator(".heatmap-label text")).to_have_count(9)
    expect(opened.locator(".textpoint")).to_have_count(0)


def test_where_does_it_lead(page, picture):
    open_tab(page, "Arithmetic")
    opened = panel(page, "equation", "Where does it lead?")
    expect(opened).to_contain_text("The step from “male” to “king” is the same as from “female”")
    expect(opened.locator(".textpoint")).to_have_count(9)
    expect(opened.locator(".annotation-arrow-g")).to_have_count(2)
    picture(opened.locator(".figure").last, "panel-plane")


def test_choosing_a_result_shows_more_like_it(page, picture):
    open_tab(page, "Search")
    rows(page, "documents").nth(1).click()
    closer = section(page, "documents").locator(".closer")
    expect(closer.locator(".reading")).to_contain_text("More like “Attention Mechanisms in")
    expect(page.get_by_role("radio", name="More like this").last).to_be_checked()
    # Which words made the nearest one similar.
    tokens = closer.locator(".tokens")
    expect(tokens.first).to_contain_text("This document [CLS] attention mechanisms")
    expect(table(closer, "Nearest documents")).to_have_count(5)
    picture(closer.locator(".figure").last, "panel-similar")
    # A row of this table leads on.
    nearest = table(closer, "Nearest documents").first.get_by_role("button")
    title = nearest.inner_text()
    nearest.click()
    expect(closer.locator(".reading")).to_contain_text(f"More like “{title[:20]}")


def test_choosing_another_result_explains_that_one(page):
    open_tab(page, "Search")
    panel(page, "documents", "Which words made the score?")
    rows(page, "documents").nth(1).click()
    tokens = section(page, "documents").locator(".tokens")
    expect(tokens.last).to_contain_text("Document [CLS] attention mechanisms")
    expect(tokens.first).to_contain_text("Query [CLS] transformers for text understanding [SEP]")
    page.get_by_role("button", name="medical AI applications").click()
    expect(tokens.last).to_contain_text("ai - based disease")


def test_search_draws_a_map_of_documents_and_query(page):
    open_tab(page, "Search")
    opened = panel(page, "documents", "Map: MDS")
    expect(opened.locator(".textpoint")).to_have_count(17)


def table(opened, caption):
    return opened.get_by_role("table", name=caption).locator("tbody tr")


def test_which_words_are_near(page):
    compare_king_and_queen(page)
    opened = panel(page, "texts", "Which words are near?")
    nearest = table(opened, "Nearest common words")
    expect(nearest).to_have_count(5, timeout=60_000)
    expect(nearest.first).to_have_text(re.compile("1.*kings.*queens", re.S))


def test_claim_that_the_model_agrees_with_people(page, picture):
    compare_king_and_queen(page)
    opened = panel(page, "texts", "Test this claim: do people agree?")
    expect(opened).to_contain_text("0.729 for related and 0.446 for similar")
    expect(opened).to_contain_text("people gave “king” and “queen” 8.58 of 10.")
    # All rated pairs that a class can be shown, and the typed one once more.
    points = opened.locator(".scatterlayer .point")
    expect(points.nth(1300)).to_be_attached()
    assert 1300 < points.count() < 353 + 999 + 2
    rated = table(opened, "Your pair, if it was rated, and the largest disagreements")
    expect(rated).to_have_count(11)
    expect(rated.first).to_have_text(re.compile("related.*king.*queen", re.S))
    picture(opened.locator(".figure").last, "panel-human-ratings")


def test_claim_that_the_arithmetic_works(page, picture):
    open_tab(page, "Arithmetic")
    opened = panel(page, "equation", "Test this claim: how often does it work?")
    for share in ("65.6 % of", "11.6 % if they are not", "53.2 % of the time", "905 words"):
        expect(opened).to_contain_text(share, timeout=60_000)
    expect(opened.locator(".js-plotly-plot").last.locator(".bars .point")).to_have_count(3 * 15)
    expect(table(opened, "Share answered right")).to_have_count(15)
    # As in the sentence above it.
    expect(opened.get_by_role("table", name="Share answered right")).to_contain_text("53.2 %")
    picture(opened.locator(".figure").last, "panel-analogies")


def test_whether_the_arithmetic_did_it(page):
    open_tab(page, "Arithmetic")
    opened = panel(page, "equation", "Did the arithmetic do it?")
    expect(opened).to_contain_text(
        "The arithmetic made a difference: its result is nearest to “queen”"
    )
    ways = table(opened, "The nearest texts")
    expect(ways).to_have_count(4)
    expect(ways.first).to_have_text(re.compile("3CosAdd.*king.*queen", re.S))


def test_arithmetic_among_common_words(page):
    open_tab(page, "Arithmetic")
    box(page, "Expression").fill("king - man + woman")
    page.get_by_label("Common English words").check()
    expect(reading(page, "equation")).to_contain_text("nearest to “queen” (0.579)", timeout=60_000)
    expect(reading(page, "equation")).to_contain_text("do not count: “king” and “woman”")
    expect(section(page, "equation")).to_contain_text(COMMON_WORDS)
    page.get_by_role("button", name="puppy - dog + cat").click()
    expect(reading(page, "equation")).to_contain_text("“kitty”")


def test_the_analogy_test_is_taken_when_it_is_asked_for(page):
    open_tab(page, "Arithmetic")
    opened = panel(page, "equation", "Test this claim: how often does it work?")
    expect(opened).to_contain_text("65.6 % of the time", timeout=60_000)


def test_which_one_is_odd(page):
    open_list(page)
    opened = panel(page, "list", "Which one is odd?")
    expect(opened).to_contain_text("The odd one out is “man”: its mean similarity")
    expect(opened.locator(".bartext")).to_have_count(14)


def test_search_by_keywords_marks_the_words(page):
    open_tab(page, "Search")
    box(page, "Query").fill("environmental impact of oceans")
    page.get_by_role("radio", name="By keywords").check()
    expect(reading(page, "documents")).to_contain_text(
        "Shares most with “environmental impact of oce"
    )
    expect(rows(page, "documents")).to_have_count(3)
    marked = section(page, "documents").locator("mark")
    assert set(marked.all_inner_texts()) == {"Environmental", "Impact", "Ocean"}
    box(page, "Query").fill("sour")
    box(page, "Query").press("Enter")
    expect(reading(page, "documents")).to_contain_text("No document shares a word with “sour”")
    expect(rows(page, "documents")).to_have_count(0)
    # Neither axes without bars, nor lines that keywords would have ranked.
    expect(section(page, "documents").locator(".main-svg")).to_have_count(0)
    opened = panel(page, "documents", "Meaning or keywords?")
    expect(opened).to_contain_text("Keywords find nothing")
    expect(section(page, "documents").locator(".main-svg")).to_have_count(0)


def test_meaning_and_keywords_side_by_side(page, picture):
    open_tab(page, "Search")
    page.get_by_role("button", name="environmental impact of oceans").click()
    opened = panel(page, "documents", "Meaning or keywords?")
    expect(table(opened, "The first documents by each method")).to_have_count(5)
    expect(opened).to_contain_text(
        "The first 5 documents by meaning and the first 5 by keywords have 3"
    )
    expect(opened.locator("mark").first).to_be_visible()
    expect(opened.locator(".js-plotly-plot").last.locator(".lines .js-line")).not_to_have_count(0)
    picture(opened.locator(".figure").last, "panel-rankings")


def test_claim_that_meaning_wins(page):
    open_tab(page, "Search")
    opened = panel(page, "documents", "Test this claim: does meaning win?")
    expect(table(opened, "Means over 30 queries")).to_have_count(3)
    expect(table(opened, re.compile("^Queries on which the methods differ"))).not_to_have_count(0)
    expect(opened.locator(".js-plotly-plot").last.locator(".point")).to_have_count(90)


def test_opening_a_panel_leaves_the_answer_alone(page):
    page.evaluate("document.querySelector('#texts .js-plotly-plot').isTheSame = true")
    opened = panel(page, "texts", "Which angle is that?")
    expect(opened).to_contain_text("are 67.2° apart")
    assert page.evaluate("document.querySelector('#texts .js-plotly-plot').isTheSame")
    expect(section(page, "texts")).not_to_have_attribute("data-stale", ANY)


def test_a_document_that_fits_is_not_doubted_among_300(page):
    open_tab(page, "Search")
    news = sample_sentences()
    others = [f"{news[n % 100]} {news[-1 - n % 49]}" for n in range(299)]
    box(page, "Documents").fill("\n".join(["Green roofs make cities cooler in summer.", *others]))
    box(page, "Query").fill("cooler cities")
    box(page, "Query").press("Enter")
    expect(reading(page, "documents")).to_contain_text(
        "“cooler cities”: “Green roofs", timeout=60_000
    )
    answer = section(page, "documents").locator(".answer")
    expect(answer).not_to_contain_text("Perhaps no document fits")


def test_search_says_when_no_document_fits(page):
    open_tab(page, "Search")
    warning = section(page, "documents").get_by_text("Perhaps no document fits")
    expect(warning).to_have_count(0)
    box(page, "Query").fill("a recipe for apple pie")
    box(page, "Query").press("Enter")
    expect(warning).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_sticks_out_of_the_page(open_page, size, theme, picture):
    page = open_page(*SIZES[size], theme)
    for tab, name in TABS.items():
        open_tab(page, tab)
        expect(section(page, name).locator(".main-svg").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        picture(page, f"{tab.lower()}-{size}-{theme}")


def test_question_input_and_answer_are_on_the_first_screen(page):
    for question in QUESTIONS:
        page.evaluate("scrollTo(0, 0)")
        open_question(page, question)
        parts = [".inputs :is(textarea, input)", ".answer .reading"]
        if question is not ASSOCIATION:  # whose button is for those who change its words
            parts.append(".inputs button.primary")
        for part in parts:
            there = section(page, question.id).locator(f"{part}:visible").first
            expect(there, f"{question.id} {part}").to_be_in_viewport(ratio=0.99)
        # Of a figure that is higher than a screen, as much as shows what it is.
        figure = section(page, question.id).locator(".main-svg:visible").first
        expect(figure, question.id).to_be_visible(timeout=60_000)
        top, bottom = figure.evaluate(
            "e => (({ top, bottom }) => [top, bottom])(e.getBoundingClientRect())"
        )
        assert top + min(bottom - top, 200) <= SIZES["desktop"][1], question.id


@pytest.mark.parametrize("name", ["texts", "list"])
def test_figure_text_can_be_read_in_the_dark(open_page, name):
    page = open_page(theme="dark")
    if name == "list":
        open_list(page)
    colour = (
        section(page, name)
        .locator(".ytick text")
        .first.evaluate("text => getComputedStyle(text).fill")
    )
    assert min(int(part) for part in re.findall(r"\d+", colour)[:3]) > 200
