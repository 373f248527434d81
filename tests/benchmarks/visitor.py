"""A student in the lecture, as Locust plays one; see load.py."""

import itertools
import socket
import uuid
from urllib.parse import urlsplit

from locust import FastHttpUser, between, task
from locust.contrib.fasthttp import ResponseContextManager

# Too many requests from one address, or a full waiting line: no mistakes, if they say when to come
# back.
REFUSED = (429, 503)

_numbers = itertools.count()


class Visitor(FastHttpUser):
    """Opens the page, asks every other second, and now and then closes it and comes back."""

    wait_time = between(1, 3)

    def on_start(self) -> None:
        """Open the page."""
        self._open_page()

    def on_stop(self) -> None:
        """Close the page."""
        self._heartbeat.close()

    @task(2)
    def reopen_the_page(self) -> None:
        """Close the page, and open it again."""
        self._heartbeat.close()
        self._open_page()

    def _open_page(self) -> None:
        with self.client.get("/", name="the page", catch_response=True) as response:
            _forgive_refusal(response)
        # A page that is open holds a connection, and the server hears when it ends.
        address = urlsplit(self.host)
        self._heartbeat = socket.create_connection((address.hostname, address.port))
        path = f"/gradio_api/heartbeat/{uuid.uuid4().hex}"
        self._heartbeat.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())

    @task(6)
    def compare_known(self) -> None:
        """Press an example."""
        self._ask("compare", "king", "queen", name="compare, known")

    @task(6)
    def compare_new(self) -> None:
        """Type a word of one's own."""
        self._ask("compare", "king", f"word {next(_numbers)}", name="compare, new")

    @task(3)
    def compare_many(self) -> None:
        """Draw the heat map."""
        self._ask("similarity_matrix", "king, queen, man, woman, dog, puppy, cat, kitten")

    @task(3)
    def solve(self) -> None:
        """Calculate with words."""
        self._ask("solve", "king - male + female", ["queen", "princess", f"name {next(_numbers)}"])

    @task(3)
    def search(self) -> None:
        """Search the lesson's titles, by each method."""
        for method in ("semantic", "keyword", "fused"):
            self._ask("search", f"query {next(_numbers)}", [], 3, method)

    @task(1)
    def explain(self) -> None:
        """Take a similarity apart."""
        self._ask("explain", "king", f"queen {next(_numbers)}")

    @task(1)
    def draw(self) -> None:
        """Get a figure."""
        self._ask("plot_compare", "king", "queen")

    @task(1)
    def embed(self) -> None:
        """Get the vectors of some texts."""
        self._ask("embed", [f"text {next(_numbers)}" for _ in range(10)])

    @task(1)
    def test_a_claim(self) -> None:
        """Open a panel."""
        self._ask("human_ratings")
        self._ask("retrieval_test")

    def _ask(self, endpoint: str, *arguments: object, name: str = "") -> None:
        with self.client.post(
            f"/gradio_api/run/{endpoint}",
            json={"data": arguments},
            name=name or endpoint,
            catch_response=True,
        ) as response:
            _forgive_refusal(response)


def _forgive_refusal(response: ResponseContextManager) -> None:
    """Count a refusal that says when to come back by itself."""
    if response.status_code in REFUSED and response.headers.get("Retry-After"):
        response.request_meta["name"] = "refused, with a time to come back"
        response.success()
