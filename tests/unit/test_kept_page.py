"""The page is made once for each address at which it is opened."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from embviz.server.kept_page import KeptPage


class Gradio:
    """Makes pages that tell how many were made before, and for whom."""

    made = 0
    status = 200

    async def __call__(self, scope, receive, send):
        self.made += 1
        number = self.made
        # Others that ask meanwhile come to their turn.
        await asyncio.sleep(0)
        host = dict(scope["headers"]).get(b"host", b"")
        start = {"type": "http.response.start", "status": self.status}
        await send(start | {"headers": [(b"x", b"y")]})
        await send({"type": "http.response.body", "body": host + b" %d" % number})


@pytest.fixture
def gradio():
    return Gradio()


def open_pages(app, *requests):
    """What is sent for each request, all of which are made at once."""

    async def open_page(request):
        sent = []

        async def send(message):
            sent.append(message)
            # As middleware does that stands before this one.
            message.get("headers", []).append((b"id", b"one of its own"))

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "scheme": "http",
        }
        headers = [(b"host", request.pop("host", b"here")), *request.pop("headers", [])]
        await app(scope | {"headers": headers} | request, None, send)
        return sent

    async def open_all():
        return await asyncio.gather(*map(open_page, requests))

    # In a thread of its own: a browser that other tests use keeps a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, open_all()).result()


def bodies(sent):
    return [messages[-1]["body"] for messages in sent]


def test_all_who_open_it_at_once_get_one_page(gradio):
    sent = open_pages(KeptPage(gradio), {}, {}, {"query_string": b"tab=search&__theme=dark"})
    assert bodies(sent) == [b"here 1"] * 3
    assert [messages[0]["headers"] for messages in sent] == [
        [(b"x", b"y"), (b"id", b"one of its own")]
    ] * 3


@pytest.mark.parametrize(
    "other",
    [
        {"host": b"elsewhere"},
        {"scheme": "https"},
        {"root_path": "/course"},
        {"server": ("127.0.0.1", 80)},
        {"headers": [(b"x-forwarded-host", b"elsewhere")]},
        {"headers": [(b"x-forwarded-proto", b"https")]},
        {"headers": [(b"accept-encoding", b"br")]},
    ],
)
def test_another_address_or_encoding_gets_a_page_of_its_own(gradio, other):
    app = KeptPage(gradio)
    open_pages(app, {}, dict(other))
    assert gradio.made == 2
    open_pages(app, {}, dict(other))
    assert gradio.made == 2


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/config"},
        {"method": "HEAD"},
        {"query_string": b"page=x"},
        {"query_string": b"tab=search&deep%5flink=x"},
    ],
)
def test_what_is_not_the_page_is_not_kept(gradio, other):
    app = KeptPage(gradio)
    assert bodies(open_pages(app, {}, dict(other), dict(other))) == [
        b"here 1",
        b"here 2",
        b"here 3",
    ]


def test_a_failure_is_not_kept(gradio):
    app = KeptPage(gradio)
    gradio.status = 500
    assert open_pages(app, {})[0][0]["status"] == 500
    gradio.status = 200
    assert bodies(open_pages(app, {}, {})) == [b"here 2"] * 2


def test_made_up_addresses_drop_the_oldest(gradio):
    app = KeptPage(gradio)
    open_pages(app, *({"host": b"h%d" % n} for n in range(50)))
    assert len(app._kept) == 8
    assert bodies(open_pages(app, {"host": b"h49"})) == [b"h49 50"]
    assert bodies(open_pages(app, {"host": b"h0"})) == [b"h0 51"]


def test_an_error_keeps_nobody_from_trying_again(gradio):
    async def fail_once(scope, receive, send):
        if not gradio.made:
            gradio.made += 1
            raise OSError
        await gradio(scope, receive, send)

    app = KeptPage(fail_once)
    with pytest.raises(OSError):
        open_pages(app, {})
    assert bodies(open_pages(app, {})) == [b"here 2"]


def test_a_known_address_does_not_wait_for_a_new_one(gradio):
    async def be_slow_elsewhere(scope, receive, send):
        if (b"host", b"elsewhere") in scope["headers"]:
            await asyncio.sleep(10)
        await gradio(scope, receive, send)

    app = KeptPage(be_slow_elsewhere)
    open_pages(app, {})

    async def open_both():
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "scheme": "http",
        }
        sent = []

        async def send(message):
            sent.append(message)

        elsewhere = app(scope | {"headers": [(b"host", b"elsewhere")]}, None, send)
        waiting = asyncio.create_task(elsewhere)
        await asyncio.sleep(0)
        await asyncio.wait_for(app(scope | {"headers": [(b"host", b"here")]}, None, send), 5)
        waiting.cancel()
        return sent

    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(asyncio.run, open_both()).result()
    assert bodies([sent]) == [b"here 1"]
