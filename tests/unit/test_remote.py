import asyncio
import gzip
import json
import logging
import socket
import subprocess
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from embviz import InputError
from embviz.models import remote
from embviz.models.encoder import Encoder
from embviz.models.remote import RemoteModel, parse_address

KEY = "key-that-is-secret"
TYPED = "what a visitor typed"


class Handler(BaseHTTPRequestHandler):
    """Remembers each question, and answers as `server.answer` says, which a test may replace."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), question))
        self.server.answer(self, question["input"])

    def begin(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def finish_with(self, body, status=200, **headers):
        self.begin(status, Content_Length=len(body), **headers)
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Endpoint(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.answer = answer_well
        self.url = f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request, client_address):
        """Say nothing of a client that hangs up, as ours has to."""


def vectors_of(texts):
    return [[len(text), 1] for text in texts]


def as_json(vectors):
    items = [{"index": n, "embedding": vector} for n, vector in enumerate(vectors)]
    return json.dumps({"data": items}).encode()


def answer_well(handler, texts):
    handler.finish_with(as_json(vectors_of(texts)))


@pytest.fixture
def start_endpoint():
    endpoints = []

    def start_endpoint():
        endpoint = Endpoint()
        threading.Thread(target=endpoint.serve_forever, args=(0.01,)).start()
        endpoints.append(endpoint)
        return endpoint

    yield start_endpoint
    for endpoint in endpoints:
        endpoint.shutdown()
        endpoint.server_close()


@pytest.fixture
def endpoint(start_endpoint):
    return start_endpoint()


@pytest.fixture
def connect(endpoint):
    """Make a model of the endpoint, which has forgotten the question of the constructor."""

    def connect(answer_seconds=10, **options):
        options = {"pause_seconds": 0, "retries": 0} | options
        model = RemoteModel(endpoint.url, "small-model", KEY, **options)
        # Afterwards, since a sound answer may take longer than a test wants to wait for a bad one.
        model._answer_seconds = answer_seconds
        endpoint.asked.clear()
        return model

    return connect


@pytest.fixture
def fail(caplog, endpoint):
    """Let a function fail; returns the sentence for visitors, and what the operator reads.

    Neither has anything of the texts, the key or the address.
    """

    def fail(function, *arguments):
        caplog.clear()
        with caplog.at_level(logging.DEBUG), pytest.raises(InputError) as caught:
            function(*arguments)
        shown = caplog.text + "".join(traceback.format_exception(caught.value))
        for secret in (TYPED, KEY, "127.0.0.1", str(endpoint.server_port)):
            assert secret not in shown
        lines = [record.getMessage() for record in caplog.records if record.name == "embviz"]
        return str(caught.value), "\n".join(lines)

    return fail


DOES_NOT_ANSWER = "The model small-model does not answer: try again later, or choose another model."
CANNOT_BE_USED = (
    "The model small-model gave an answer that cannot be used: try again later, or choose another "
    "model."
)


@pytest.mark.parametrize(
    ("entry", "base_url", "model"),
    [
        ("https://host/v1#model-name", "https://host/v1", "model-name"),
        (" http://10.0.0.1:8080/v1#BAAI/bge-m3 ", "http://10.0.0.1:8080/v1", "BAAI/bge-m3"),
        ("http://[::1]:8080#m", "http://[::1]:8080", "m"),
    ],
)
def test_an_entry_names_an_address_and_a_model(entry, base_url, model):
    assert parse_address(entry) == (base_url, model)


@pytest.mark.parametrize(
    "entry",
    [
        "https://host/v1",
        "https://host/v1#",
        "https://someone:secret@host/v1#m",
        "https://someone@host/v1#m",
        "https://host/v1?key=secret#m",
        "ftp://host/v1#m",
        "file:///etc/passwd#m",
        "host/v1#m",
        "https:///v1#m",
        "https://host:port/v1#m",
        "http://[::1/v1#m",
        "https://host/v1#m\x00",
        "",
    ],
)
def test_another_entry_is_refused_with_a_sentence_that_does_not_repeat_it(entry):
    with pytest.raises(ValueError, match=r"^The address of a model must look like") as caught:
        parse_address(entry)
    assert "secret" not in "".join(traceback.format_exception(caught.value))


def test_a_question_is_sent_as_the_endpoint_expects_it(endpoint, monkeypatch):
    # The client would add these to its headers.
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "not-meant-for-others")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Gateway: not-meant-for-others")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    RemoteModel(endpoint.url, "small-model", KEY).read(["one", "two"])
    _, (path, headers, question) = endpoint.asked
    assert path == "/v1/embeddings"
    assert question == {
        "model": "small-model",
        "input": ["one", "two"],
        "encoding_format": "float",
    }
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers.keys() <= set(remote._HEADERS)
    assert "not-meant-for-others" not in str(headers)


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_a_placeholder_is_sent(endpoint, monkeypatch, key):
    monkeypatch.setenv("OPENAI_API_KEY", "not-meant-for-others")
    RemoteModel(endpoint.url, "small-model", key)
    [(_, headers, _)] = endpoint.asked
    assert headers["authorization"] == "Bearer none"


@pytest.mark.parametrize("key", ["sécret", "secret\n"])
def test_a_key_that_no_header_can_hold_is_refused(endpoint, key):
    with pytest.raises(ValueError, match=r"^The key in EMBVIZ_API_KEY has characters") as caught:
        RemoteModel(endpoint.url, "small-model", key)
    assert "cret" not in "".join(traceback.format_exception(caught.value)).partition("has")[0]


def test_a_model_says_what_is_known_of_it(connect):
    model = connect()
    assert (model.family, model.dimension) == ("remote", 2)
    assert model.max_tokens is None
    assert model.layers is None


def test_vectors_are_unit_vectors_of_float32(connect):
    vectors, truncated, unknown = connect().read(["four", "five5"])
    assert vectors.dtype == np.float32
    assert vectors == pytest.approx(np.array([[4, 1], [5, 1]]) / np.sqrt([[17], [26]]), abs=1e-7)
    assert truncated == unknown == [False, False]


def test_vectors_come_in_the_order_of_the_texts_whatever_that_of_the_answer(endpoint, connect):
    def answer(handler, texts):
        items = [{"index": n, "embedding": v} for n, v in enumerate(vectors_of(texts))]
        handler.finish_with(json.dumps({"data": items[2:] + items[:2]}).encode())

    model = connect()
    endpoint.answer = answer
    vectors, _, _ = model.read(["1", "22", "333", "4444", "55555"])
    assert vectors[:, 0] / vectors[:, 1] == pytest.approx([1, 2, 3, 4, 5])


def test_no_texts_are_not_sent(endpoint, connect):
    vectors, truncated, unknown = connect().read([])
    assert vectors.shape == (0, 2)
    assert truncated == unknown == endpoint.asked == []


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ([1] * 70, [32, 32, 6]),
        ([3_000, 5_000, 1], [2, 1]),
        ([9_000, 1, 9_000], [1, 1, 1]),
    ],
)
def test_long_lists_are_sent_in_batches(endpoint, connect, lengths, batches):
    vectors, truncated, _ = connect().read(["x" * length for length in lengths])
    assert [len(question["input"]) for _, _, question in endpoint.asked] == batches
    assert vectors[:, 0] / vectors[:, 1] == pytest.approx(lengths, rel=1e-3)
    assert len(truncated) == len(lengths)


def test_half_an_emoji_is_sent_as_an_unknown_character(endpoint, connect):
    connect().read(["a\ud83d", "\U0001f600"])
    [(_, _, question)] = endpoint.asked
    assert question["input"] == ["a\ufffd", "\U0001f600"]


def test_tokens_are_not_to_be_had(connect):
    with pytest.raises(InputError, match=r"^The model small-model .* does not show its tokens: ch"):
        connect().read_tokens("king")


def test_layers_are_not_to_be_had(connect):
    with pytest.raises(InputError, match=r"^The model small-model .* does not show its layers: ch"):
        connect().read_layers("king")


def test_where_tokens_stand_is_not_to_be_had(connect):
    with pytest.raises(InputError, match=r"^The model small-model .* a text apart into tokens: ch"):
        connect().find_tokens("king")


GOOD = {"index": 0, "embedding": [3, 4]}


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "no list of vectors"),
        (b"<html>Welcome</html>", "no list of vectors"),
        (b"\xff\xfe", "no list of vectors"),
        (b"[" * 100_000, "no list of vectors"),
        (b'{"data": [' + b"1" * 5_000 + b"]}", "no list of vectors"),
        (b"[]", "no list of vectors"),
        ({"error": TYPED}, "no list of vectors"),
        ({"data": None}, "no list of vectors"),
        ({"data": "text"}, "no list of vectors"),
        ({"data": [{"index": 0}]}, "no list of vectors"),
        ({"data": [{"embedding": [3, 4]}]}, "no list of vectors"),
        ({"data": [{"index": 0, "embedding": TYPED}]}, "no list of vectors"),
        ({"data": [{"index": 0, "embedding": [10**400, 1]}]}, "no list of vectors"),
        ({"data": [GOOD, {"index": 1, "embedding": [1]}]}, "no list of vectors"),
        ({"data": [GOOD, GOOD | {"index": "1"}]}, "no list of vectors"),
        ({"data": []}, "not one vector for each text"),
        ({"data": [GOOD, GOOD]}, "not one vector for each text"),
        ({"data": [GOOD | {"index": 1}]}, "not one vector for each text"),
        ({"data": [GOOD | {"index": "0"}]}, "not one vector for each text"),
        ({"data": [GOOD | {"embedding": 3}]}, "vectors of another length"),
        ({"data": [GOOD | {"embedding": [[3, 4]]}]}, "vectors of another length"),
        ({"data": [GOOD | {"embedding": [3, 4, 5]}]}, "vectors of another length"),
        ({"data": [GOOD | {"embedding": []}]}, "vectors of another length"),
        ({"data": [GOOD | {"embedding": [0, 0]}]}, "vectors without a direction"),
        ({"data": [GOOD | {"embedding": [float("nan"), 1]}]}, "vectors without a direction"),
        ({"data": [GOOD | {"embedding": [float("inf"), 1]}]}, "vectors without a direction"),
        ({"data": [GOOD | {"embedding": [None, 1]}]}, "vectors without a direction"),
        ({"data": [GOOD | {"embedding": [1e300, 1]}]}, "vectors without a direction"),
    ],
)
def test_an_answer_that_is_none_is_refused(endpoint, connect, fail, body, cause):
    model = connect()
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    endpoint.answer = lambda handler, texts: handler.finish_with(body)
    assert fail(model.read, [TYPED]) == (CANNOT_BE_USED, f"The model small-model: {cause}")


def test_an_index_may_be_written_as_another_kind_of_number(endpoint, connect):
    model = connect()
    items = [{"index": 1.0, "embedding": [0, 2]}, {"index": 0.0, "embedding": [2, 0]}]
    body = json.dumps({"data": items}).encode()
    endpoint.answer = lambda handler, texts: handler.finish_with(body)
    assert model.read(["one", "two"])[0].tolist() == [[1, 0], [0, 1]]


def test_vectors_of_nothing_are_refused_at_the_start(endpoint, connect, fail):
    endpoint.answer = lambda handler, texts: handler.finish_with(as_json([[]]))
    assert fail(connect)[0] == CANNOT_BE_USED


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (302, "answered with an error: try again later, or choose another model"),
        (400, "did not take these texts: shorten them, or choose another model"),
        (401, "does not let this app in: choose another model"),
        (403, "does not let this app in: choose another model"),
        (404, "is not known where it should run: choose another model"),
        (413, "did not take these texts: shorten them, or choose another model"),
        (422, "did not take these texts: shorten them, or choose another model"),
        (429, "has too much to do: try again later, or choose another model"),
        (500, "answered with an error: try again later, or choose another model"),
        (503, "answered with an error: try again later, or choose another model"),
    ],
)
def test_an_error_is_told_in_a_sentence(endpoint, connect, fail, status, sentence):
    model = connect()
    # Many servers repeat what was wrong with a question.
    body = json.dumps({"error": {"message": f"{TYPED} {KEY}"}}).encode()
    endpoint.answer = lambda handler, texts: handler.finish_with(body, status)
    assert fail(model.read, [TYPED]) == (
        f"The model small-model {sentence}.",
        f"The model small-model: status {status}",
    )


@pytest.mark.parametrize("status", [429, 500])
def test_a_question_is_asked_again_soon_whatever_a_header_says(endpoint, connect, status):
    def answer(handler, texts):
        endpoint.answer = answer_well
        handler.finish_with(b"{}", status, Retry_After=100, X_Should_Retry="false")

    model = connect(retries=1)
    endpoint.answer = answer
    model.read(["one"])
    assert len(endpoint.asked) == 2


def test_nobody_is_sent_to_another_host(start_endpoint, endpoint, connect, fail):
    other = start_endpoint()
    model = connect()
    endpoint.answer = lambda handler, texts: handler.finish_with(
        b"", 307, Location=f"{other.url}/embeddings"
    )
    assert "answered with an error" in fail(model.read, [TYPED])[0]
    assert other.asked == []


def fall_silent(handler, texts):
    handler.rfile.read(1)


def drip(handler, texts):
    handler.begin(200, Content_Length=1_000)
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def drip_headers(handler, texts):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("answer", [fall_silent, drip, drip_headers])
def test_an_answer_that_takes_too_long_is_not_waited_for(endpoint, connect, fail, answer):
    model = connect(answer_seconds=0.3, retries=2)
    endpoint.answer = answer
    assert fail(model.read, [TYPED]) == (DOES_NOT_ANSWER, "The model small-model: TimeoutError")
    assert len(endpoint.asked) <= 1


def test_after_silence_questions_fail_at_once_for_a_while(endpoint, connect, fail):
    model = connect(answer_seconds=0.2, pause_seconds=1)
    endpoint.answer = fall_silent
    fail(model.read, [TYPED])
    endpoint.asked.clear()
    endpoint.answer = answer_well
    # Once in the log is enough.
    assert fail(model.read, [TYPED]) == (DOES_NOT_ANSWER, "")
    assert endpoint.asked == []
    model._answer_seconds = 10
    time.sleep(1)
    assert len(model.read([TYPED])[0]) == 1


def test_those_who_wait_together_do_not_wait_one_after_the_other(endpoint, connect):
    encoder = Encoder(connect(answer_seconds=0.3, pause_seconds=60), "small-model")
    endpoint.answer = fall_silent
    sentences = []

    def ask(text):
        with pytest.raises(InputError) as caught:
            encoder.encode([text])
        sentences.append(str(caught.value))

    threads = [threading.Thread(target=ask, args=(f"word {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sentences == [DOES_NOT_ANSWER] * 6
    assert len(endpoint.asked) <= 1


def hang_up(handler, texts):
    handler.close_connection = True


def die_in_mid_answer(handler, texts):
    handler.begin(200, Content_Length=1_000)
    handler.wfile.write(b'{"data": [')
    handler.close_connection = True


@pytest.mark.parametrize("answer", [hang_up, die_in_mid_answer])
def test_a_server_that_dies_in_mid_answer_is_told_in_a_sentence(endpoint, connect, fail, answer):
    model = connect(pause_seconds=60)
    endpoint.answer = answer
    assert fail(model.read, [TYPED]) == (
        DOES_NOT_ANSWER,
        "The model small-model: RemoteProtocolError",
    )
    assert fail(model.read, [TYPED]) == (DOES_NOT_ANSWER, "")


def test_a_question_is_asked_again_when_an_answer_breaks_off(endpoint, connect):
    def answer(handler, texts):
        endpoint.answer = answer_well
        die_in_mid_answer(handler, texts)

    model = connect(retries=1)
    endpoint.answer = answer
    model.read(["one"])
    assert len(endpoint.asked) == 2


def test_a_server_that_is_switched_off_is_told_in_a_sentence(fail):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        sentence, line = fail(lambda: RemoteModel(url, "small-model", KEY, retries=0))
    assert sentence == DOES_NOT_ANSWER
    assert line == "The model small-model: ConnectError"


def test_a_server_that_accepts_no_connection_is_not_waited_for(fail):
    def connect_to(port):
        RemoteModel(
            f"http://127.0.0.1:{port}/v1", "small-model", KEY, connect_seconds=0.2, retries=0
        )

    with socket.socket() as full, socket.socket() as first:
        full.bind(("127.0.0.1", 0))
        # One waits to be accepted, and there is no room for a second.
        full.listen(0)
        first.connect(full.getsockname())
        sentence, line = fail(connect_to, full.getsockname()[1])
    assert (sentence, line) == (DOES_NOT_ANSWER, "The model small-model: ConnectTimeout")


@pytest.mark.parametrize("status", [200, 400])
def test_an_enormous_answer_is_not_read_to_its_end(endpoint, connect, fail, monkeypatch, status):
    sent = []

    def answer(handler, texts):
        handler.begin(status, Content_Length=10**12)
        while True:
            sent.append(handler.wfile.write(b" " * 10_000))

    monkeypatch.setattr(remote, "MAX_ANSWER_BYTES", 1_000_000)
    model = connect()
    endpoint.answer = answer
    assert fail(model.read, [TYPED]) == (
        CANNOT_BE_USED,
        "The model small-model: an answer that is too long",
    )
    # What lies in the buffers of the connection comes on top.
    assert sum(sent) < 20_000_000


def test_the_longest_sound_answer_is_not_too_long():
    vectors = np.random.default_rng(0).standard_normal((remote.MAX_BATCH_TEXTS, 16_384))
    assert len(as_json(vectors.tolist())) < remote.MAX_ANSWER_BYTES


def test_a_packed_answer_is_not_unpacked(endpoint, connect, fail):
    model = connect()
    body = gzip.compress(as_json([[3, 4]]))
    endpoint.answer = lambda handler, texts: handler.finish_with(body, Content_Encoding="gzip")
    assert fail(model.read, [TYPED])[0] == CANNOT_BE_USED


def test_what_the_client_writes_down_has_nothing_of_a_question(endpoint, connect, caplog):
    # As a person may have set it who looks for a mistake.
    for library in ("openai", "httpx2", "httpcore2"):
        logging.getLogger(library).setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        connect().read([TYPED])
    for secret in (TYPED, KEY, str(endpoint.server_port)):
        assert secret not in caplog.text


def test_a_model_may_be_made_where_an_event_loop_runs(connect):
    async def notebook():
        return connect().read(["one"])

    # In a thread of its own, since the browser's tests leave an event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        vectors, _, _ = thread.submit(asyncio.run, notebook()).result()
    assert vectors.shape == (1, 2)


def test_the_client_is_imported_only_for_a_model_that_runs_elsewhere():
    script = "import sys, embviz.models.remote; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "embviz.models.remote" in modules
    assert "openai" not in modules
