"""What those who run the app see of it."""

import http.client
import json
import re
import resource
import socket
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from alone import alone
from conftest import ROOT
from served import serve


def send(url, method, path, body=None, **headers):
    """One request; returns the status, the headers and the body."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
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


@contextmanager
def serving(folder, *, script="app.py", **variables):
    """An app with a cache folder of its own; yields it, its log and that folder."""
    log, cache = folder / "log.txt", folder / "cache"
    with serve(ROOT, log, script, XDG_CACHE_HOME=str(cache), **variables) as app:
        while "Serving" not in log.read_text():
            time.sleep(0.05)
        yield app, log, cache


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    """An app."""
    with serving(tmp_path_factory.mktemp("observed")) as served:
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


def test_health_is_told_at_once_while_the_model_is_busy(observed):
    app, *_ = observed
    host, port = urlsplit(app.url).netloc.split(":")
    waits, searches = [], []
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
    assert sorted(waits)[-2] < 1, waits
