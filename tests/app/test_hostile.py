"""Random input over every endpoint, every route of the page and every parameter of a link.

Dozens of cases a test, over a thousand with --hypothesis-profile=long. Never a 500, never a hang,
never an answer that is no JSON, never one that depends on what somebody else asks meanwhile.
"""

import base64
import http.client
import json
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect
from steps import TOTAL
from test_endpoints import ENDPOINTS
from test_request_limits import LEAKS

from embviz.capabilities import QUESTIONS

# Longer than anything takes on two cores; the slowest question encodes 500 new documents.
PATIENCE = 30

# Words whose vectors are known soon, so that thousands of cases take minutes.
WORDS = ["king", "queen", "sea", "semantic", "fused", "keyword", "simlex999", "3CosMul"]

texts = st.one_of(
    st.sampled_from(
        [
            *WORDS,
            "",
            " ",
            "king - male + female",
            "1e309 * king",
            "-0 * king",
            "king + king - king - king",
            "nan * king",
            "9" * 400 + " * king",
            "\x00",
            "\ud800",
            "\u202e",
            "<script>alert(1)</script>",
            "${alert(1)}",
            "{{7*7}}",
            "../../etc/passwd",
            "file.json",
            "\n" * 300,
            "a," * 400,
            "x" * 6_000,
        ]
    ),
    st.text(max_size=30),
)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True, allow_infinity=True), texts
)
values = st.one_of(
    leaves,
    st.lists(texts, max_size=6),
    st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=3)
        ),
        max_leaves=8,
    ),
)
# Mostly right, so that what lies behind the first check is reached too.
LIKELY = {
    "model": st.one_of(st.sampled_from(["", "wordllama", "minilm-untrained"]), values),
    "top_k": st.one_of(st.integers(-1, 5), values),
    "exclude_inputs": st.one_of(st.booleans(), values),
    "ordered": st.one_of(st.booleans(), values),
    "method": st.one_of(st.sampled_from(["semantic", "keyword", "fused", "3CosMul"]), values),
    "candidates": st.one_of(st.lists(texts, min_size=1, max_size=4), values),
    "documents": st.one_of(st.lists(texts, max_size=4), values),
    "texts": st.one_of(st.lists(texts, max_size=4), values),
}

patient = settings(
    # Over HTTP a case takes ten times as long as where nothing is sent.
    max_examples=max(30, settings().max_examples // 3),
    deadline=PATIENCE * 1_000,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Where most are answered, which takes longer.
fewer = settings(patient, max_examples=max(15, settings().max_examples // 10))


def exchange(url, method, path, body=None):
    """One request, sent as it is; returns the status and the body."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != 429:
            return answer.status, answer.read()
        # Thousands of short requests are faster than an address may send.
        time.sleep(int(answer.headers["Retry-After"]))
    finally:
        connection.close()
    return exchange(url, method, path, body)


def ask(url, name, arguments):
    return exchange(
        url, "POST", f"/gradio_api/run/{name}", json.dumps({"data": arguments}).encode()
    )


def is_number_that_json_has(token):
    raise AssertionError(f"{token} is not JSON")


def assert_sound(status, body):
    """An answer in strict JSON, or a refusal in one sentence that gives nothing away."""
    answer = json.loads(body, parse_constant=is_number_that_json_has)
    if status == 200:
        assert list(answer) == ["data"]
        return
    assert status in (400, 422)
    assert list(answer) == ["error"]
    sentence = answer["error"]
    assert re.fullmatch(r"[^\n]{10,200}\.", sentence)
    assert not LEAKS.search(sentence)


@st.composite
def calls(draw, name):
    names = ENDPOINTS[name]
    arguments = [draw(LIKELY.get(argument, st.one_of(texts, values))) for argument in names]
    return arguments[: draw(st.integers(max(0, len(names) - 2), len(names)))]


@pytest.mark.parametrize("name", [name for name in ENDPOINTS if ENDPOINTS[name]])
def test_any_arguments_get_an_answer_or_a_sentence(app_url, name):
    @patient
    @given(calls(name))
    def check(arguments):
        assert_sound(*ask(app_url, name, arguments))

    check()


# What can be read, however strange; so that more than the first check is reached.
strange = st.one_of(
    st.sampled_from(
        [
            *(
                "king",
                "queen",
                "a\u202eb",
                "\u2067\u05d0",
                "e" + "\u0301" * 200,
                "a\ud800",
                "\x1bking",
            ),
            *(
                "<img src=x onerror=alert(1)>",
                "{{7*7}}",
                "null",
                "-1",
                "x" * 5_000,
                "king " * 1_000,
            ),
        ]
    ),
    st.text(min_size=1, max_size=20),
)
sentences = ["The king sleeps.", "A king's kings", "\u202eking", "king " * 500, "a <b>queen</b>"]
numbers = st.one_of(st.integers(-2, 40), st.sampled_from([10**30, 1e308, -0.0, 3.0]))
RIGHT = {
    "text_a": strange,
    "text_b": strange,
    "query": strange,
    "expression": st.lists(strange, min_size=1, max_size=3).map(" - ".join),
    "candidates": st.lists(strange, min_size=1, max_size=4, unique=True),
    "documents": st.lists(strange, min_size=1, max_size=8),
    "texts": st.lists(strange, min_size=2, max_size=8),
    "low": st.lists(strange, min_size=1, max_size=3),
    "high": st.lists(strange, min_size=1, max_size=3),
    "word": st.sampled_from(["king", "kings", "king sleeps", "\u202eking", "K\u0131ng"]),
    "sentences": st.lists(st.sampled_from(sentences), min_size=2, max_size=4),
    # As long as a text may be, and longer.
    "text": st.sampled_from(
        ["Rain. King. " * 99, "\u202e" * 500, "x" * 200_000, "x" * 200_001, "a\n\n" * 999, "\ud800"]
    ),
    "layer": st.integers(-1, 7),
    "top_k": st.integers(1, 5),
    "tokens": st.integers(8, 24),
    "overlap": st.integers(0, 7),
    "count": st.integers(0, 4),
    "exclude_inputs": st.booleans(),
    "ordered": st.booleans(),
    "method": st.sampled_from(["semantic", "keyword", "fused", "3CosAdd", "3CosMul"]),
    "colours": st.sampled_from(["purple-green", "red-green", "Red to green"]),
    **dict.fromkeys(["model", "model_a", "model_b"], st.sampled_from(["", "wordllama"])),
}
# Those of texts; the tests are asked the same again and again.
OF_TEXTS = [name for name in ENDPOINTS if RIGHT.keys() & {*ENDPOINTS[name]} - {"model"}]


@st.composite
def nearly_right_calls(draw, name):
    """Arguments of which at most one is wrong."""
    arguments = [draw(RIGHT[argument]) for argument in ENDPOINTS[name]]
    if draw(st.booleans()):
        arguments[draw(st.integers(0, len(arguments) - 1))] = draw(st.one_of(numbers, values))
    return arguments


@pytest.mark.parametrize("name", OF_TEXTS)
def test_nearly_right_arguments_get_an_answer_or_a_sentence(app_url, name):
    @fewer
    @given(nearly_right_calls(name))
    def check(arguments):
        assert_sound(*ask(app_url, name, arguments))

    check()


@pytest.mark.parametrize("name", ["compare", "solve"])
def test_any_body_gets_an_answer_or_a_sentence(app_url, name):
    @patient
    @given(st.one_of(st.binary(max_size=200), values.map(lambda value: json.dumps(value).encode())))
    def check(body):
        assert_sound(*exchange(app_url, "POST", f"/gradio_api/run/{name}", body))

    check()


@pytest.mark.parametrize(
    "path", ["queue/join", "call/compare", "call/v2/compare", "cancel", "reset", "mcp/"]
)
def test_no_body_upsets_the_routes_of_the_page(app_url, path):
    fields = st.dictionaries(
        st.sampled_from(
            ["data", "fn_index", "session_hash", "event_id", "trigger_id", "text_a", "text_b"]
        ),
        st.one_of(values, st.integers(-2, 200)),
    )
    bodies = st.one_of(fields, values).map(lambda value: json.dumps(value).encode())

    @patient
    @given(st.one_of(bodies, st.binary(max_size=100)))
    def check(body):
        status, answer = exchange(app_url, "POST", f"/gradio_api/{path}", body)
        assert status < 500, answer
        if status >= 400:
            assert list(json.loads(answer)) == ["error"]
            assert not LEAKS.search(answer.decode())

    check()


# Characters that an address may hold as they are.
addresses = st.text(
    st.sampled_from("abcdefgilmoprstu_/.%?=&:;~-0123456789"), min_size=0, max_size=30
).map(lambda text: "/" + text)
prefixes = st.sampled_from(
    ["", "/gradio_api", "/gradio_api/call", "/gradio_api/run", "/assets", "/static", "/config"]
)


def test_no_address_upsets_the_app(app_url):
    methods = st.sampled_from(["GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])

    @patient
    @given(methods, prefixes, addresses)
    def check(method, prefix, address):
        status, answer = exchange(app_url, method, prefix + address)
        assert status < 500, answer
        if status >= 400 and method != "HEAD":
            assert list(json.loads(answer)) == ["error"]
            assert not LEAKS.search(answer.decode())

    check()


PARAMETERS = ["tab", "panel", "embed", "view", "deep_link", "__theme", "__lang", "page"]


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info", "/theme.css"])
def test_no_parameter_upsets_the_page(app_url, path):
    queries = st.dictionaries(st.sampled_from(PARAMETERS), texts, max_size=4)

    @patient
    @given(queries)
    def check(query):
        query = {name: text.encode("utf-8", "replace") for name, text in query.items()}
        status, answer = exchange(app_url, "GET", f"{path}?{urlencode(query)}")
        assert status < 500, answer
        # It is the same for all: what stands in a link is read later, and shown as text.
        assert b"<script>alert(1)" not in answer

    check()


@pytest.fixture(scope="module")
def config(app_url):
    return json.loads(exchange(app_url, "GET", "/config")[1])


@pytest.fixture(scope="module")
def trigger(app_url):
    """Trigger an event as the page's own script does, without a browser; returns what it gets."""

    def trigger(event, data=(), query=(), **more):
        session = os.urandom(8).hex()
        body = {"data": list(data), "fn_index": event["id"], "session_hash": session} | more
        path = f"/gradio_api/queue/join?{urlencode(query, quote_via=quote)}"
        status, answer = exchange(app_url, "POST", path, json.dumps(body))
        assert status == 200, answer
        status, events = exchange(app_url, "GET", f"/gradio_api/queue/data?session_hash={session}")
        assert status == 200
        return [json.loads(line[6:]) for line in events.decode().split("\n") if line]

    return trigger


@pytest.fixture(scope="module")
def open_link(config, trigger):
    """Open the page at a query."""
    event = event_of(config, "address")

    def open_link(query):
        search = f"?{urlencode(query, quote_via=quote)}"
        return trigger(event, values_of(config, event), event_data={"search": search})

    return open_link


def event_of(config, id):
    """The event of a component, by the id that it has in the page, that asks the server."""
    (part,) = [p["id"] for p in config["components"] if p["props"].get("elem_id") == id]
    (event,) = [e for e in events_of(config, "select") if [part, "select"] in e["targets"]]
    return event


def values_of(config, event):
    """What the inputs of an event hold when the page opens."""
    values = {part["id"]: part["props"].get("value") for part in config["components"]}
    return [values[part] for part in event["inputs"]]


def events_of(config, kind):
    """The events of a kind that ask the server."""
    return [
        event
        for event in config["dependencies"]
        if event["backend_fn"] and kind in [name for _, name in event["targets"]]
    ]


def refusal(events):
    """The sentence with which an event was refused."""
    (done,) = [event for event in events if event["msg"] == "process_completed"]
    if not done["success"]:
        return done["output"]["error"]
    # A section says beside its inputs why it has no answer.
    (sentence,) = re.findall('<p data-refused="[^"]*">(.*)</p>', str(done["output"]["data"]))
    return sentence


@pytest.mark.parametrize(
    "file",
    [
        None,
        5,
        "../../etc/passwd",
        [],
        ["x.txt", "a2luZw=="],
        {},
        {"name": "x.txt"},
        {"content": "a2luZw=="},
        {"name": 5, "content": "a2luZw=="},
        {"name": "x.txt", "content": 5},
        {"name": "x.txt", "content": ["a2luZw=="]},
        {"name": "x.txt", "content": "*a2luZw=="},
        {"name": "x.txt", "content": "königin"},
        {"name": "x.csv", "content": "a2luZw==", "column": 5},
        {"name": "x.csv", "content": "a2luZw==", "second": 5},
    ],
    ids=str,
)
def test_a_forged_file_gets_one_sentence(config, trigger, file):
    uploads = events_of(config, "upload")
    assert len(uploads) == 6
    values = {part["id"]: part["props"].get("value") for part in config["components"]}
    for upload in uploads:
        field = upload["outputs"][1]
        data = [file if part == field else values[part] for part in upload["inputs"]]
        sentence = refusal(trigger(upload, data))
        assert sentence == "The file did not arrive as it was sent: open it again."


def test_a_file_of_the_server_is_not_opened(config, app_url):
    file = {"path": "/etc/passwd", "orig_name": "x.txt", "meta": {"_type": "gradio.FileData"}}
    for upload in events_of(config, "upload"):
        body = {"data": [file] * len(upload["inputs"]), "fn_index": upload["id"]}
        body["session_hash"] = os.urandom(8).hex()
        status, answer = exchange(app_url, "POST", "/gradio_api/queue/join", json.dumps(body))
        assert status == 422
        assert json.loads(answer)["error"].startswith("Files cannot be sent")


@pytest.mark.parametrize("index", [-1, TOTAL, 99, "0", None, 0.5, [0], {}], ids=str)
def test_a_forged_step_gets_one_sentence(config, trigger, index):
    reveal = event_of(config, "lesson")
    sentence = refusal(trigger(reveal, values_of(config, reveal), event_data={"index": index}))
    assert sentence == f"Step must be a whole number from 0 to {TOTAL - 1}."


SECTIONS = [question.id for question in QUESTIONS]


@pytest.mark.parametrize("kind", ["../../x", "", None, 5, ["table"], {}], ids=str)
@pytest.mark.parametrize("section", SECTIONS)
def test_a_forged_wish_to_save_gets_one_sentence(app_url, section, kind):
    body = json.dumps({"data": [kind, "king", "queen", ""]})
    status, answer = exchange(app_url, "POST", f"/save/{section}", body)
    assert status == 422
    assert json.loads(answer)["error"].startswith("Save must be one of: ")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            ["table", "king", "queen", "", "none"],
            "The closer look that is open must be one of: vectors",
        ),
        (
            ["figure", "king", "queen", "", "who"],
            "The closer look that is open must be one of: vectors",
        ),
        (["table", "king", "queen", "", ["angle"]], "The closer look that is open must be one of"),
        (["table", "king", "queen", "", "angle"], "There is no table to save here."),
        (["figure", "king", "queen", "", "neighbours"], "There is no figure to save here."),
        (["vectors", "king", "queen", "", "angle"], "A closer look has no vectors of its own"),
        (["table", "king", "queen", "", "angle", "king"], "Save: 3 values must follow"),
    ],
    ids=str,
)
def test_what_no_panel_shows_gets_one_sentence(app_url, data, sentence):
    status, answer = exchange(app_url, "POST", "/save/texts", json.dumps({"data": data}))
    assert status == 422
    assert json.loads(answer)["error"].startswith(sentence)


@pytest.mark.parametrize("section", SECTIONS)
def test_anything_to_save_gets_a_file_or_a_sentence(app_url, section):
    kinds = st.sampled_from(["table", "vectors", "figure"])

    @patient
    @given(kinds, st.lists(st.one_of(texts, values), max_size=6))
    def check(kind, data):
        body = json.dumps({"data": [kind, *data]}).encode()
        status, answer = exchange(app_url, "POST", f"/save/{section}", body)
        if status == 200:
            assert answer.startswith(b"<!doctype html>" if kind == "figure" else b"\xef\xbb\xbf")
        else:
            assert_sound(status, answer)

    check()


def test_forged_values_of_the_page_upset_no_link(config, trigger):
    event = event_of(config, "address")
    for forged in (None, 5, {"a": 1}, ["x"] * 3, "nobody"):
        data = [forged] * len(event["inputs"])
        events = trigger(event, data, event_data={"search": "?tab=search&query=sea"})
        (done,) = [event for event in events if event["msg"] == "process_completed"]
        assert done["success"], done


def test_no_link_upsets_the_page(open_link):
    names = sorted({name for names in ENDPOINTS.values() for name in names} | {"panel", "colours"})
    queries = st.dictionaries(
        st.sampled_from(names),
        st.one_of(texts, st.sampled_from(["1", "true", "3", "Which map can be trusted?"])),
        max_size=4,
    )
    tabs = st.sampled_from(["similarity", "arithmetic", "search", "", "<b>"])

    @patient
    @given(tabs, queries)
    def check(tab, query):
        query = {name: text.encode("utf-8", "replace") for name, text in query.items()}
        events = open_link({"tab": tab} | query)
        (done,) = [event for event in events if event["msg"] == "process_completed"]
        assert done["success"], done
        assert not LEAKS.search(json.dumps([e for e in events if e["msg"] == "log"]))

    check()


# Parameters that each question has beside its panels.
QUERIES = {
    "texts": ["text_a", "text_b"],
    "list": ["texts", "ordered", "colours", "model_b"],
    "context": ["word", "sentences", "layer"],
    "equation": ["expression", "candidates", "top_k", "exclude_inputs", "look_among"],
    "axes": ["texts", "low", "high", "low_2", "high_2"],
    "association": ["test", "first_group", "second_group", "first_attribute", "second_attribute"],
    "documents": ["query", "documents", "top_k", "method", "count"],
    "passages": ["query", "text", "tokens", "overlap", "top_k"],
}
# These take half a minute the first time.
SLOW_PANELS = {"leaderboard", "models", "analogies", "occupations"}
in_links = st.one_of(
    strange,
    texts,
    st.integers(-2, 40).map(str),
    st.sampled_from(
        ["9" * 5_000, "true", "tiny, small", "king\nqueen\nsea\nfused", "-1", "wordllama"]
    ),
    st.sampled_from(["The king sleeps.\nA king.", "Rain. King. " * 99, "x" * 30_000]),
)

WHOLE = {"top_k", "layer", "tokens", "overlap"}
whole_numbers = st.one_of(
    st.integers(-2, 40).map(str), st.sampled_from(["9" * 5_000, "-" + "9" * 5_000, "", "1e3", "²"])
)


def test_every_question_has_parameters_here():
    assert QUERIES.keys() == set(SECTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_no_link_to_a_question_upsets_the_page(open_link, question):
    panels = st.sampled_from(["none", *sorted({p.id for p in question.panels} - SLOW_PANELS)])
    models = st.one_of(st.sampled_from(["", "wordllama"]), texts)

    @fewer
    @given(
        st.fixed_dictionaries(
            {},
            optional={
                name: whole_numbers if name in WHOLE else in_links for name in QUERIES[question.id]
            },
        ),
        st.fixed_dictionaries({}, optional={"panel": st.one_of(panels, texts), "model": models}),
    )
    def check(query, more):
        query = {"tab": question.tab, "question": question.id} | query | more
        query = {name: text.encode("utf-8", "replace") for name, text in query.items()}
        events = open_link(query)
        (done,) = [event for event in events if event["msg"] == "process_completed"]
        assert done["success"], done
        for said in [event["log"] for event in events if event["msg"] == "log"]:
            assert re.fullmatch(r"[^\n]{10,300}\.", said)
            assert not LEAKS.search(said)

    check()


names = st.sampled_from(
    [
        "a.txt",
        "a.md",
        "a.csv",
        "a.pdf",
        "A.PDF",
        "a",
        "a.pdf.exe",
        "../../a.txt",
        "\u202e.txt",
        "<b>.csv",
    ]
)
lines = st.lists(st.one_of(strange, texts), max_size=6)
# By a name, since hypothesis writes down what it tries.
LARGE = {
    b"too long a text": b"x" * 200_001,
    b"too large a file": b"x" * 5_000_001,
    b"columns": b"," * 100_000,
    b"too long a cell": b'"' + b"x" * 200_000,
}
contents = st.one_of(
    st.binary(max_size=200),
    st.tuples(st.sampled_from([",", "\n", ";", "\r", "\0", '"\n']), lines).map(
        lambda parts: parts[0].join(parts[1]).encode("utf-8", "replace")
    ),
    lines.map(lambda lines: "\n".join(lines).encode("utf-16", "replace")),
    st.sampled_from(
        [
            b"%PDF-1.7\n1 0 obj<</Kids[1 0 R]>>endobj trailer<</Root 1 0 R>>",
            b"%PDF-1.7",
            *LARGE,
            b"PK\x03\x04xl/",
            b"a,b\n" + b'"' * 1_001,
        ]
    ),
)


def test_any_file_gives_texts_or_a_sentence(config, trigger):
    uploads = events_of(config, "upload")
    values = {part["id"]: part["props"].get("value") for part in config["components"]}

    # A file is of one kind, and has one of many names.
    @settings(patient, max_examples=max(150, settings().max_examples))
    @example(uploads[0], "a.csv", b"too long a cell", None)
    @example(uploads[0], "\ud800.csv", b"year,title\n2017,Attention", None)
    @example(uploads[0], "a.csv", b"year,title\n2017,Attention", "\ud800")
    @given(st.sampled_from(uploads), names, contents, st.none() | strange)
    def check(upload, name, content, column):
        content = LARGE.get(content, content)
        file = {"name": name, "content": base64.b64encode(content).decode()}
        file |= {"column": column} if column is not None else {}
        field = upload["outputs"][1]
        data = [file if part == field else values[part] for part in upload["inputs"]]
        events = trigger(upload, data)
        (done,) = [event for event in events if event["msg"] == "process_completed"]
        if not done["success"] or "data-refused" in str(done["output"]):
            sentence = refusal(events)
            assert re.fullmatch(r"[^\n]{10,}\.", sentence)
            assert not LEAKS.search(sentence)

    check()


NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script>${alert(3)}{{alert(4)}}"


def wait_until_quiet(page, pending):
    """Until nothing is loaded any more but the heartbeat, which lasts as long as the page."""
    for _ in range(60):
        page.wait_for_timeout(500)
        if all("/heartbeat/" in request.url for request in pending):
            return
    pytest.fail(f"Still loading: {[request.url for request in pending]}")


@pytest.mark.parametrize(
    "query",
    [
        {"text_a": NASTY, "text_b": "</style><svg onload=alert(1)>"},
        {"texts": f"{NASTY}\n[a](javascript:alert(1))\nking"},
        {"tab": "arithmetic", "expression": f"{NASTY} + king", "candidates": f"{NASTY}\nqueen"},
        {"tab": "search", "query": NASTY, "documents": f"{NASTY}\n' onclick='alert(1)"},
        {"tab": "search", "query": "x", "method": NASTY},
        {"tab": NASTY, "panel": NASTY, "embed": NASTY, "view": NASTY},
        {"__theme": NASTY, "__lang": NASTY, "deep_link": NASTY},
    ],
    ids=lambda query: next(iter(query)),
)
def test_nothing_of_a_link_is_executed(app_url, new_page, query):
    page = new_page(1280, 720)
    troubles, pending = [], set()
    page.on("request", lambda request: pending.add(request))
    page.on("requestfinished", lambda request: pending.discard(request))
    page.on("requestfailed", lambda request: pending.discard(request))
    page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((app_url, "data:", "blob:")) or troubles.append(request.url)
        ),
    )
    page.goto(f"{app_url}/?{urlencode(query, quote_via=quote)}")
    expect(page.locator(".section .reading").first).to_be_attached(timeout=30_000)
    wait_until_quiet(page, pending)
    forbidden = "img[src=x], .section script, .section svg[onload], [onclick]"
    assert page.locator(forbidden).count() == 0
    assert troubles == []


def test_an_answer_is_the_same_in_a_crowd(app_url):
    questions = st.sampled_from(["compare", "solve", "search", "similarity_matrix", "embed"])
    crowd = st.lists(
        questions.flatmap(lambda name: st.tuples(st.just(name), calls(name))),
        min_size=8,
        max_size=8,
    )

    @settings(patient, max_examples=max(10, settings().max_examples // 10))
    @given(crowd)
    def check(crowd):
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(lambda call: ask(app_url, *call), crowd))
        assert together == [ask(app_url, *call) for call in crowd]

    check()


# Pastes lines on the page for a class, and says what that makes of them.
PASTE = """(lines) => {
  first.value = lines;
  first.dispatchEvent(new Event("input"));
  return {
    pasted: first.value.split("\\n").filter((line) => line.trim()).length,
    read: document.getElementById("read").textContent,
    skipped: skipped.childElementCount,
    tags: [...new Set([...skipped.querySelectorAll("*")].map(({ tagName }) => tagName))],
    attributes: [...skipped.querySelectorAll("*")].flatMap((e) => e.getAttributeNames()),
    hacked: window.hacked ?? null,
  };
}"""


def test_any_lines_that_are_pasted_are_codes_or_skipped(app_url, new_page):
    page = new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
    page.goto(f"{app_url}/class")
    expect(page.locator("#read")).to_contain_text("Paste the codes")
    code = page.evaluate(
        """() => {
          const { lesson, steps } = JSON.parse(document.getElementById("lesson").textContent);
          const scales = steps.map(({ slider, options }) => slider
            ? codes.scale(slider.low, slider.high, slider.step)
            : codes.scale(0, options.length - 1, 1));
          return codes.encode(steps.map((_, n) => (n ? null : 3)), scales, lesson);
        }"""
    )
    right = st.sampled_from([code, code.lower(), code.replace("-", ""), f"  {code}\t", f"{code}\r"])
    wrong = st.one_of(
        st.sampled_from(
            [
                "<img src=x onerror='window.hacked = 1'>",
                "<script>window.hacked = 2</script>",
                "</textarea><svg onload='window.hacked = 3'>",
                "__proto__",
                "constructor",
                f"{code}0",
                code[:-1],
                "\u202e" + code,
                "\U0001f469\u200d" * 60,
                "e" + "\u0301" * 500,
            ]
        ),
        texts,
    ).map(lambda text: text.encode("utf-8", "replace").decode())

    @patient
    @given(st.lists(st.one_of(right, wrong), min_size=1, max_size=30), st.sampled_from([1, 1, 200]))
    def check(lines, times):
        lines = lines * times
        said = page.evaluate(PASTE, "\n".join(lines))
        counts = [
            sum(int(n.replace(",", "")) for n in re.findall(pattern, said["read"]))
            for pattern in (r"First vote: ([\d,]+) code", r"([\d,]+) lines? skipped")
        ]
        assert sum(counts) == said["pasted"]
        assert counts[0] >= sum(line.strip().upper() == code for line in lines)
        assert said["skipped"] == min(counts[1], 21)
        assert set(said["tags"]) <= {"LI", "BDI"}
        assert set(said["attributes"]) <= {"class"}
        assert said["hacked"] is None
        assert errors == []

    check()
    page.get_by_role("textbox", name="First vote").fill(code)
    expect(page.locator("#read")).to_have_text("First vote: 1 code.")
    expect(page.locator("#skipped li")).to_have_count(0)
