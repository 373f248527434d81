"""Answers reach the page however the connection orders, splits or loses what the server sends."""

import pytest
from conftest import ROOT
from playwright.sync_api import expect

SCRIPT = (ROOT / "embviz/ui/static/answer_stream.js").read_text()

# A server of which the test says when it sends what, and what Gradio's page reads of its stream.
FAKE = """
const JOIN = "http://localhost/gradio_api/queue/join";
const DATA = "http://localhost/gradio_api/queue/data?session_hash=one";
const streams = [];
const read = [];
let statusOfStreams = 200;

window.gettext = (message) => message;
window.fetch = async (resource, options) => {
  if (new URL(resource.url ?? resource).pathname.endsWith("join"))
    return new Response(JSON.stringify({ event_id: options.body }));
  const bytes = new TransformStream();
  const writer = bytes.writable.getWriter();
  streams.push({
    address: resource,
    send: (text) => writer.write(new TextEncoder().encode(text)),
    sendBytes: (...values) => writer.write(new Uint8Array(values)),
    end: () => writer.close(),
    lose: () => writer.abort(new TypeError("network error")),
  });
  return new Response(bytes.readable, { status: statusOfStreams });
};

const join = (id) => fetch(JOIN, { method: "POST", body: id }).then((response) => response.json());

async function openStream() {
  const response = await fetch(new Request(DATA));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return read.push("end");
    read.push(value);
  }
}

const answer = (id) => `data: {"msg":"process_completed","event_id":"${id}","output":{}}\\n\\n`;
const CLOSE = 'data: {"msg":"close_stream","event_id":null}\\n\\n';
// Longer than all that was started takes.
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));
"""


@pytest.fixture
def run(new_page):
    """Run a script beside `FAKE`; returns what it returns."""
    page = new_page()
    page.add_script_tag(content=FAKE + SCRIPT)
    return lambda script: page.evaluate(f"async () => {{ {script} }}")


BEGIN = "await join('a'); openStream(); await settle();"


def test_the_stream_lasts_while_the_servers_end(run):
    assert run(
        BEGIN
        + """
        streams[0].send(answer("a"));
        streams[0].send(CLOSE);
        await settle();
        streams[0].end();
        await settle();
        const before = streams.length;
        const receipt = await join("b");
        await settle();
        streams[1].send(answer("b"));
        await settle();
        return [before, receipt, streams.map(({ address }) => address === DATA), read];
        """
    ) == [
        1,
        {"event_id": "b"},
        [True, True],
        [
            'data: {"msg":"process_completed","event_id":"a","output":{}}\n\n',
            'data: {"msg":"process_completed","event_id":"b","output":{}}\n\n',
        ],
    ]


def test_a_question_asked_before_the_end_was_read_gets_a_stream(run):
    read = run(
        BEGIN
        + """
        streams[0].send(answer("a"));
        await settle();
        await join("b");
        streams[0].send(CLOSE);
        streams[0].end();
        await settle();
        streams[1].send(answer("b"));
        await settle();
        return read.map((message) => message.slice(0, 60));
        """
    )
    assert len(read) == 2 and '"b"' in read[1]


def test_an_answer_before_its_receipt_is_awaited_no_longer(run):
    assert run(
        BEGIN
        + """
        streams[0].send(answer("b"));
        await settle();
        await join("b");
        streams[0].send(answer("a"));
        streams[0].send(CLOSE);
        streams[0].end();
        await settle();
        return [streams.length, read.length];
        """
    ) == [1, 2]


def test_messages_arrive_whole(run):
    read = run(
        BEGIN
        + """
        streams[0].send('data: {"msg":"estimation","event_id":"a","text":"');
        await settle();
        streams[0].sendBytes(0xc3);
        await settle();
        streams[0].sendBytes(0xa9);
        streams[0].send('"}\\n\\n' + answer("a") + CLOSE);
        await settle();
        return read.join("");
        """
    )
    message = '{"msg":"estimation","event_id":"a","text":"é"}'
    assert read == (
        f'data: {message}\n\ndata: {{"msg":"process_completed","event_id":"a","output":{{}}}}\n\n'
    )


@pytest.mark.parametrize(
    "trouble",
    [
        "streams[0].lose();",
        # All that the server knew of is lost: it refuses the next.
        "statusOfStreams = 404; streams[0].end();",
    ],
)
def test_all_questions_are_lost_with_the_connection_and_the_next_is_answered(run, trouble):
    *failed, answered = run(
        BEGIN
        + "await join('b');"
        + trouble
        + """
        await settle();
        statusOfStreams = 200;
        await join("c");
        await settle();
        streams.at(-1).send(answer("c"));
        await settle();
        return read.join("").trim().split("\\n\\n").map((message) => JSON.parse(message.slice(6)));
        """
    )
    assert [message["event_id"] for message in failed] == ["a", "b"]
    sentence = "The connection was lost: please ask again."
    assert {message["output"]["error"] for message in failed} == {sentence}
    assert (answered["event_id"], answered["output"]) == ("c", {})


def test_a_page_that_has_closed_its_stream_opens_another(run):
    assert run(
        """
        await join("a");
        const closed = await fetch(new Request(DATA));
        await closed.body.cancel();
        await settle();
        streams[0].send(answer("a"));
        streams[0].end();
        await settle();
        await join("b");
        openStream();
        await settle();
        streams[1].send(answer("b"));
        await settle();
        return read.map((message) => message.includes('"b"'));
        """
    ) == [True]


# With the app.

STREAM, JOIN = "**/queue/data*", "**/queue/join*"


@pytest.fixture
def page(new_page, app_url):
    page = new_page()
    page.goto(app_url)
    expect(page.locator("#texts .main-svg").first).to_be_visible(timeout=30_000)
    return page


def ask(page, text):
    box = page.get_by_role("textbox", name="Text A")
    box.fill(text)
    box.press("Enter")


def test_the_page_asks_again_while_its_stream_ends(page):
    chosen = []

    def choose_meanwhile(route):
        if chosen:
            return route.continue_()
        ended = route.fetch()
        with page.expect_response(JOIN):
            chosen.append("an angle")
            look = page.locator("#texts").get_by_role("radio", name="Which angle is that?")
            look.evaluate("look => look.click()")
        page.wait_for_timeout(300)
        route.fulfill(response=ended)

    page.route(STREAM, choose_meanwhile)
    ask(page, "first")
    expect(page.locator("#texts .closer .reading").first).to_contain_text("apart")
    expect(page.locator("#texts .reading").first).to_contain_text("“first”")
    expect(page.locator("[data-stale]")).to_have_count(0)


def test_the_page_goes_on_after_a_lost_connection(page):
    page.route(STREAM, lambda route: route.abort(), times=1)
    ask(page, "lost")
    expect(page.get_by_text("The connection was lost: please ask again.")).to_be_visible()
    ask(page, "found")
    expect(page.locator("#texts .reading").first).to_contain_text("“found”")
