"""What those who run the app see of it."""

import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

import pytest
import yaml
from alone import alone
from conftest import ROOT
from gradio_client import Client
from prometheus_client.parser import text_string_to_metric_families
from served import fill_cache, serve, serve_replicas

from embviz.capabilities import ENDPOINTS

DEPLOY = ROOT / "examples" / "deploy"

# A word that stands nowhere else, and an address of those that belong to nobody.
MARK = "zyxomarkwq"
ADDRESS = "203.0.113.77"


def send(url, method, path, body=None, **headers):
    """One request; returns the status, the headers and the body."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=300)
    try:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        body = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, body, {"Content-Type": "application/json"} | headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def get(url, path, **headers):
    return send(url, "GET", path, **headers)


def metrics(url):
    """The values of /metrics, by name and the values of the labels."""
    status, headers, body = get(url, "/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


@contextmanager
def serving(folder, *, script="app.py", **settings):
    """An app with a cache folder of its own; yields it, its log and that folder."""
    log, cache = folder / "log.txt", folder / "cache"
    fill_cache(cache)
    with serve(ROOT, log, script, XDG_CACHE_HOME=str(cache), **settings) as app:
        while "Serving" not in log.read_text():
            time.sleep(0.05)
        yield app, log, cache


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    """An app that counts."""
    with serving(tmp_path_factory.mktemp("observed"), EMBVIZ_METRICS="1") as served:
        yield served


# Health.


@pytest.mark.parametrize(("path", "status"), [("/healthz", "alive"), ("/readyz", "ready")])
def test_health_is_told_by_get_and_head_and_kept_by_nobody(observed, path, status):
    app, *_ = observed
    code, headers, body = get(app.url, path)
    assert (code, json.loads(body)) == (200, {"status": status})
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    code, of_head, body = send(app.url, "HEAD", path)
    assert (code, body) == (200, b"")
    assert of_head["Content-Length"] == headers["Content-Length"]
    for method in ("POST", "PUT", "DELETE"):
        assert send(app.url, method, path)[0] == 404


def wait_for_status(url, wanted):
    """Until /readyz has noticed; returns what it says."""
    for _ in range(100):
        status, headers, body = get(url, "/readyz")
        if status == wanted:
            return headers, json.loads(body)
        time.sleep(0.2)
    pytest.fail(f"/readyz still answers {status}")


@pytest.fixture(params=["full", "not writable"])
def break_disk(request):
    """What breaks the cache's disk, and what mends it."""

    def limit_files(pid, size):
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))

    def replace_by_file(_, cache):
        cache.rename(cache.with_name("elsewhere"))
        cache.touch()

    def put_back(_, cache):
        cache.unlink()
        cache.with_name("elsewhere").rename(cache)

    if request.param == "full":
        # Every write of more than some bytes fails, as on a full disk.
        return (
            lambda pid, _: limit_files(pid, 4096),
            lambda pid, _: limit_files(pid, resource.RLIM_INFINITY),
        )
    return replace_by_file, put_back


def test_readiness_ends_where_the_cache_cannot_be_written_and_comes_back(observed, break_disk):
    app, _, cache = observed
    do_break, mend = break_disk
    wait_for_status(app.url, 200)
    kept = sorted((cache / "embviz").iterdir())
    do_break(app.pid, cache)
    try:
        headers, said = wait_for_status(app.url, 503)
        assert headers["Cache-Control"] == "no-store"
        assert int(headers["Retry-After"]) > 0
        assert list(said) == ["error"]
        assert re.fullmatch(r"The cache folder [^/\n]+\.", said["error"])
        # It lives, and answers.
        assert get(app.url, "/healthz")[0] == 200
        body = {"data": ["king", "queen"]}
        assert send(app.url, "POST", "/gradio_api/run/compare", body)[0] == 200
    finally:
        mend(app.pid, cache)
    wait_for_status(app.url, 200)
    assert sorted((cache / "embviz").iterdir()) == kept


def count_runs(url):
    """How many requests to endpoints have ended."""
    run = ("embviz_requests_total", "/gradio_api/run/{name}")
    return sum(value for key, value in metrics(url).items() if key[:2] == run)


def test_health_is_told_at_once_while_the_model_is_busy(observed):
    app, *_ = observed
    host, port = urlsplit(app.url).netloc.split(":")
    waits, searches = [], []
    before = count_runs(app.url)
    with alone():
        for n in range(20):
            documents = [f"{n} {m} " + "a long document " * 300 for m in range(200)]
            body = json.dumps({"data": ["sea", documents]}).encode()
            searches.append(socket.create_connection((host, int(port)), timeout=60))
            head = f"POST /gradio_api/run/search HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}"
            searches[-1].sendall(f"{head}\r\n\r\n".encode() + body)
        # Long enough that the model is asked again.
        for _ in range(8):
            for path in ("/healthz", "/readyz"):
                start = time.monotonic()
                assert get(app.url, path)[0] == 200
                waits.append(time.monotonic() - start)
            time.sleep(0.8)
        for search in searches:
            # It still waits.
            search.setblocking(False)
            with pytest.raises(BlockingIOError):
                search.recv(1)
            search.close()
        # Those who have left are counted late, which no test that counts may see.
        ends = time.monotonic() + 60
        while count_runs(app.url) < before + len(searches):
            assert time.monotonic() < ends
            time.sleep(0.1)
    assert sorted(waits)[-2] < 1, waits


# Metrics.


def test_metrics_are_closed_unless_they_are_asked_for(app_url):
    for method in ("GET", "HEAD", "POST"):
        assert send(app_url, method, "/metrics")[0] == 404


def test_requests_are_counted_and_endpoints_timed(observed):
    app, *_ = observed
    # Its own texts are known from now on.
    assert send(app.url, "POST", "/gradio_api/run/embed", {"data": [["king"]]})[0] == 200
    before = metrics(app.url)
    for texts in (["counted 1", "counted 2"], ["counted 2", "king"], ["counted 3"]):
        assert send(app.url, "POST", "/gradio_api/run/embed", {"data": [texts]})[0] == 200
    # One reaches the endpoint, which refuses it; the other has no arguments.
    for data in ([[]], []):
        assert send(app.url, "POST", "/gradio_api/run/embed", {"data": data})[0] == 422
    Client(app.url, verbose=False).predict(["counted 4"], api_name="/embed")
    after = metrics(app.url)

    def added(*key):
        return after.get(key, 0) - before.get(key, 0)

    assert added("embviz_requests_total", "/gradio_api/run/{name}", "200") == 3
    assert added("embviz_requests_total", "/gradio_api/run/{name}", "422") == 2
    assert added("embviz_endpoint_seconds_count", "embed") == 5
    assert added("embviz_endpoint_seconds_bucket", "embed", "+Inf") == 5
    assert added("embviz_endpoint_seconds_sum", "embed") > 0
    assert added("embviz_endpoint_seconds_count", "compare") == 0
    assert after["embviz_models_loaded",] == 1
    assert added("embviz_cached_texts", "all-minilm-l6-v2") == 4
    # The numbers of four vectors, and what is around them.
    assert 4 * 384 * 4 < added("embviz_cached_bytes", "all-minilm-l6-v2") < 4 * 384 * 8
    assert after["process_resident_memory_bytes",] > 10**8


def test_a_model_counts_once_it_is_loaded(observed):
    app, *_ = observed
    body = {"data": ["king", "queen", "wordllama"]}
    assert send(app.url, "POST", "/gradio_api/run/compare", body)[0] == 200
    after = metrics(app.url)
    assert after["embviz_models_loaded",] == 2
    assert after["embviz_cached_texts", "wordllama"] > 0


def test_strangers_make_no_labels(observed):
    app, *_ = observed
    for n in range(30):
        for method, path in [
            ("GET", f"/nothing-{n}"),
            ("GET", f"/assets/{n}.js"),
            ("GET", f"/gradio_api/heartbeats/{n}"),
            ("GET", f"/gradio_api/call/compare/{n}"),
            ("POST", f"/gradio_api/run/{n}"),
            ("POST", f"/gradio_api/call/{n}"),
            ("POST", f"/save/{n}"),
            ("BREW", f"/%0a{n}"),
        ]:
            send(app.url, method, path, b"{}" if method == "POST" else None)
    names = metrics(app.url)
    routes = {key[1] for key in names if key[0] == "embviz_requests_total"}
    assert not any(re.search(r"\d", route) for route in routes)
    assert {"other", "/gradio_api/run/{name}", "/assets/{name}"} <= routes
    endpoints = {key[1] for key in names if key[0].startswith("embviz_endpoint_seconds")}
    assert endpoints == {endpoint.name for endpoint in ENDPOINTS}


# The log.


def ask_everything(url):
    """Type MARK into every endpoint, event and address; returns the addresses by request id."""
    asked = {}

    def ask(method, path, body=None):
        id = f"asked-{len(asked)}"
        asked[id] = path
        forwarded = {"X_Forwarded_For": ADDRESS, "X_Request_ID": id}
        accepted = {"Accept": "application/json, text/event-stream"}
        return send(url, method, path, body, **forwarded, **accepted)

    described = json.loads(get(url, "/gradio_api/info")[2])["named_endpoints"]
    for path, endpoint in described.items():
        names = [p["parameter_name"] for p in endpoint["parameters"]]
        # Where nothing else can be typed, the tests of a model would run, for long.
        typed = dict.fromkeys(names, MARK) | ({"model": ""} if "model" in names[1:] else {})
        if not typed:
            continue
        # The last names a model that is not there, which is refused before anything else.
        for values in (list(typed.values()), [[MARK, "sea"]], [{"a": MARK}], [MARK] * len(names)):
            ask("POST", f"/gradio_api/run{path}", {"data": values})
        call = {"name": path[1:], "arguments": typed}
        rpc = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        ask("POST", "/gradio_api/mcp/", rpc)
        body = {"data": list(typed.values())}
        for address, sent in ((f"call{path}", body), (f"call/v2{path}", typed)):
            status, _, answer = ask("POST", f"/gradio_api/{address}", sent)
            if status == 200:
                event = json.loads(answer)["event_id"]
                ask("GET", f"/gradio_api/call{path}/{event}")
    config = json.loads(get(url, "/config")[2])
    components = {component["id"]: component for component in config["components"]}
    for event in config["dependencies"]:
        inputs = [components[id] for id in event["inputs"]]
        typed = [
            MARK if component["type"] == "textbox" else component["props"].get("value")
            for component in inputs
        ]
        for n, data in enumerate(([MARK] * len(inputs), typed)):
            session = f"session-{event['id']}-{n}"
            body = {"fn_index": event["id"], "data": data, "session_hash": session}
            if ask("POST", "/gradio_api/queue/join", body)[0] == 200:
                ask("GET", f"/gradio_api/queue/data?session_hash={session}")
    for path in ("/?text_a=", "/?tab=", "/gradio_api/heartbeats/", "/", "/gradio_api/call/"):
        ask("GET", path + MARK)
    for path in ("/save/texts", "/gradio_api/queue/join", f"/save/{MARK}", "/gradio_api/cancel"):
        for body in (MARK.encode(), f'["{MARK}"]'.encode(), f'{{"data": "{MARK}"}}'.encode()):
            ask("POST", path, body)
    ask("POST", "/save/texts", {"data": ["table", MARK, "sea", ""]})
    return asked


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """An app that logs JSON, after all was asked; and its log."""
    folder = tmp_path_factory.mktemp("logged")
    # What libraries print depends on when they are imported.
    settings = {"EMBVIZ_LOG": "json", "MARK": MARK, "is_new": True}
    with serving(folder, script="tests/failing_app.py", **settings) as (app, log, _):
        asked = ask_everything(app.url)
        yield log.read_text(), asked


def test_the_log_holds_neither_texts_nor_addresses_nor_places(logged):
    log, _ = logged
    assert MARK not in log
    assert ADDRESS not in log
    assert str(ROOT) not in log
    assert not re.search(r"site-packages|/home/|/usr/|/tmp/|/root/|Traceback", log)


def test_each_line_is_json_and_names_its_request(logged):
    log, asked = logged
    lines = [json.loads(line) for line in log.splitlines()]
    assert all(line.keys() >= {"time", "level", "logger", "message"} for line in lines)
    after_start = next(n for n, line in enumerate(lines) if "Serving" in line["message"]) + 1
    of_requests = [line for line in lines[after_start:] if line.get("request")]
    failed = [line for line in of_requests if line["level"] == "ERROR"]
    by_queue = [line for line in failed if line["message"].startswith("A question could not be")]
    addresses = {asked[line["request"]] for line in by_queue}
    assert addresses > {"/gradio_api/call/compare", "/gradio_api/queue/join"}
    assert all("compare" in each or each.endswith("join") for each in addresses)
    assert len({line["request"] for line in by_queue}) == len(by_queue)
    assert "/gradio_api/run/compare" in {asked.get(line["request"]) for line in failed}
    # Enough to find what failed.
    assert any("ValueError in __main__:" in line["message"] for line in failed)
    assert any("after KeyError in __main__:" in line["message"] for line in failed)
    # What this file, a library and Python say on the way.
    said = {line["message"] for line in of_requests if line["level"] == "WARNING"}
    assert "Refused in …/failing_app.py" in said
    assert any(re.fullmatch(r"a message of line \d+ in failing_app.py", each) for each in said)
    assert any(re.fullmatch(r"UserWarning in line \d+ of failing_app.py", each) for each in said)


def test_a_text_log_has_one_line_for_each_failure_too(tmp_path):
    with serving(tmp_path, script="tests/failing_app.py", MARK=MARK) as (app, log, _):
        body = {"data": [MARK, "sea"]}
        before = len(log.read_text())
        status, headers, _ = send(app.url, "POST", "/gradio_api/run/compare", body)
        assert status == 500
        time.sleep(0.5)
        lines = log.read_text()[before:].splitlines()
    assert len(lines) == 4
    assert MARK not in "".join(lines)
    for line in lines:
        assert line.endswith(f" [request {headers['X-Request-ID']}]")
        assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (WARNING|ERROR) [\w.]+: ", line)


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/nothing", "/healthz"])
def test_a_plain_id_is_kept_and_any_other_replaced(observed, path):
    app, *_ = observed
    assert get(app.url, path, X_Request_ID="a-1_B")[1].get_all("X-Request-ID") == ["a-1_B"]
    made = set()
    for odd in ("", "x" * 65, "two words", "<b>", "é", "a;b", "a\tb"):
        _, headers, _ = get(app.url, path, X_Request_ID=odd.encode("latin-1"))
        (id,) = headers.get_all("X-Request-ID")
        assert re.fullmatch(r"[0-9a-f]{16}", id)
        made.add(id)
    assert len(made) == 7


# Replicas behind nginx, and containers.


@pytest.fixture(scope="module")
def replicas(nginx, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EMBVIZ_METRICS", "1")
        with serve_replicas(ROOT, tmp_path_factory.mktemp("nginx"), nginx) as served:
            yield served


def test_an_operator_sees_each_replica_and_strangers_no_metrics(replicas):
    url, apps = replicas
    for app in apps:
        assert get(app.url, "/healthz")[0] == 200
        wait_for_status(app.url, 200)
        assert ("embviz_models_loaded",) in metrics(app.url)
    for path in ("/metrics", "//metrics", "/%6detrics", "/x/../metrics", "/metrics?a=b"):
        status, _, body = get(url, path)
        assert status == 404
        assert b"embviz_" not in body
    assert get(url, "/healthz", X_Request_ID="through-nginx")[1]["X-Request-ID"] == "through-nginx"


def test_visitors_go_on_when_a_replica_dies(replicas):
    url, (first, second) = replicas
    before = metrics(second.url)
    os.kill(first.pid, signal.SIGKILL)
    body = {"data": ["king", "queen"]}
    for n in range(20):
        visitor = {"User_Agent": f"visitor {n}"}
        assert send(url, "POST", "/gradio_api/run/compare", body, **visitor)[0] == 200
        assert get(url, "/readyz", **visitor)[0] == 200
    with pytest.raises(OSError):
        get(first.url, "/healthz")
    key = ("embviz_requests_total", "/gradio_api/run/{name}", "200")
    assert metrics(second.url)[key] - before.get(key, 0) == 20


def test_the_containers_are_told_apart_and_nginx_names_each(nginx, tmp_path):
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    proxy = services.pop("nginx")
    addresses = {
        name: service["networks"]["default"]["ipv4_address"]
        for name, service in {**services, "nginx": proxy}.items()
    }
    (network,) = compose["networks"]["default"]["ipam"]["config"]
    assert len(set(addresses.values())) == len(addresses)
    assert all(ip_address(each) in ip_network(network["subnet"]) for each in addresses.values())
    assert proxy["depends_on"].keys() == services.keys()
    for service in services.values():
        folder = DEPLOY / service["build"]["context"]
        assert folder.resolve() == ROOT
        assert (folder / service["build"]["dockerfile"]).is_file()
        assert service["environment"]["FORWARDED_ALLOW_IPS"] == addresses["nginx"]
    # What the container of nginx does, in a folder of ours.
    (volume,) = proxy["volumes"]
    ours, theirs, _ = volume.split(":")
    assert (DEPLOY / ours).is_file()
    script = proxy["command"][-1].replace(theirs, str(DEPLOY / ours))
    script = script.replace("/tmp", str(tmp_path)).replace("exec nginx", f"{nginx} -t -q")
    subprocess.run(["sh", "-c", script], check=True)
    named = re.findall(r"^ *server ([\d.]+):7860 ", (tmp_path / "nginx.conf").read_text(), re.M)
    assert named == [addresses[name] for name in services]


def test_the_container_file_copies_all_that_the_app_needs(tmp_path):
    lines = (DEPLOY / "Containerfile").read_text().replace("\\\n", "").splitlines()
    for line in lines:
        if line.startswith("COPY "):
            *sources, target = line.split()[1:]
            for source in sources:
                copied = tmp_path / target / (source if target == "./" else "")
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, copied)
    (command,) = (json.loads(line[4:]) for line in lines if line.startswith("CMD "))
    (check,) = (json.loads(line.partition(" CMD ")[2]) for line in lines if "HEALTHCHECK" in line)
    assert command[0] == check[0] == "python"
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    ready = compose["services"]["replica-1"]["healthcheck"]["test"]
    log = tmp_path / "log.txt"
    with serve(tmp_path, log, command[1]) as app:
        port = app.url.rpartition(":")[2]
        for asked in (check, ready[1:]):
            script = asked[-1]
            assert ":7860/" in script
            here = [sys.executable, "-c", script.replace("7860", port)]
            subprocess.run(here, check=True)
