"""Several replicas behind nginx: one address, and one of them may die."""

import os
import signal
import socket
import threading
import time
import urllib.request
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from alone import alone
from gradio_client import Client
from served import serve_replicas

ROOT = Path(__file__).parent.parent.parent
CLIENTS = 8


@pytest.fixture(scope="module")
def replicas(nginx, tmp_path_factory):
    """Two replicas, and the address of nginx before them."""
    with serve_replicas(ROOT, tmp_path_factory.mktemp("nginx"), nginx) as served:
        yield served


def test_visitors_are_spread_and_each_keeps_to_one_replica(replicas):
    url, apps = replicas
    seen = Counter()
    for _ in range(20):
        with urllib.request.urlopen(url) as response:
            cookie = response.headers["Set-Cookie"].partition(";")[0]
        ids = set()
        for _ in range(3):
            request = urllib.request.Request(f"{url}/gradio_api/app_id", headers={"Cookie": cookie})
            with urllib.request.urlopen(request) as response:
                ids.add(response.read())
        assert len(ids) == 1
        seen.update(ids)
    assert len(seen) == len(apps)


def test_tabs_and_clients_are_answered_through_the_queue(replicas):
    url, _ = replicas
    client = Client(url, verbose=False)
    assert client.predict("king", "queen", api_name="/compare")["similarity"] == pytest.approx(
        0.6807128, abs=1e-6
    )


def test_pages_that_are_open_take_no_room_from_questions(replicas, post_to):
    url, _ = replicas
    address = urlsplit(url)
    with ExitStack() as stack:
        # Each holds a connection to nginx, and one from there to its replica.
        for n in range(400):
            page = stack.enter_context(
                socket.create_connection((address.hostname, address.port), timeout=30)
            )
            path = f"/gradio_api/heartbeat/page{n}"
            page.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
            if n % 100 == 99:
                assert page.recv(12) == b"HTTP/1.1 200"
        for _ in range(20):
            assert post_to(url, "compare", "king", "queen")[0] == 200


def test_who_is_in_flight_alone_notices_that_a_replica_dies(replicas, post_to):
    url, apps = replicas
    statuses = Counter()
    stop = threading.Event()

    def ask(client):
        for n in range(10_000):
            if stop.is_set():
                return
            try:
                status, _ = post_to(url, "compare", "king", f"queen {client} {n}")
            except (OSError, ValueError):
                status = "broken"
            statuses[status] += 1

    threads = [threading.Thread(target=ask, args=[client]) for client in range(CLIENTS)]
    with alone():
        for thread in threads:
            thread.start()
        time.sleep(1)
        os.kill(apps[0].pid, signal.SIGKILL)
        time.sleep(3)
        stop.set()
        for thread in threads:
            thread.join(timeout=60)

    assert statuses.total() - statuses[200] <= CLIENTS
    assert statuses[200] > 10 * CLIENTS
    for _ in range(20):
        assert post_to(url, "compare", "king", "queen")[0] == 200
