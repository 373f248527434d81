"""A link decides about the language, else the course, else the browser."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from embviz.language import spoken
from embviz.server.language_of_request import LANGUAGE, LanguageOfRequest, accepted_language


def ask(query=b"", accept=None, preferred=None, content_type=b"text/html; charset=utf-8"):
    """What is spoken behind it, what the request says of it, and the headers of the answer."""
    heard, sent = [], []

    async def app(scope, receive, send):
        heard.extend((spoken(), scope[LANGUAGE]))
        headers = [(b"content-type", content_type)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def send(message):
        sent.append(message)

    headers = [(b"accept-language", accept)] if accept else []
    scope = {"type": "http", "query_string": query, "headers": headers}
    with ThreadPoolExecutor(1) as thread:
        request = LanguageOfRequest(app, preferred)(scope, None, send)
        thread.submit(asyncio.run, request).result()
    assert heard[0] == heard[1]
    return heard[0], dict(sent[0]["headers"])


@pytest.mark.parametrize(
    ("request_", "language"),
    [
        ({}, "en"),
        ({"accept": b"de"}, "de"),
        ({"accept": b"fr"}, "en"),
        ({"accept": b"en", "preferred": "de"}, "de"),
        ({"accept": b"de", "preferred": "en"}, "en"),
        ({"accept": b"en", "query": b"language=de"}, "de"),
        ({"query": b"language=en&tab=search", "preferred": "de"}, "en"),
        # No language of the page: as if the link said nothing.
        ({"query": b"language=xx", "accept": b"de"}, "de"),
        ({"query": b"language=..%2Fde"}, "en"),
    ],
)
def test_link_course_browser(request_, language):
    assert ask(**request_)[0] == language


def test_a_page_says_its_language_and_on_what_that_depends():
    headers = ask(accept=b"de")[1]
    assert headers[b"content-language"] == b"de"
    assert headers[b"vary"] == b"Accept-Language"


def test_what_is_no_page_is_left_as_it_is():
    assert set(ask(content_type=b"text/css")[1]) == {b"content-type"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE-ch", "de"),
        ("fr, de;q=0.3", "de"),
        ("fr, de ; q=0.3", "de"),
        ("en; Q=0.1, de; q=0.3", "de"),
        ("en;q=0.2, de;q=0.3", "de"),
        ("en, de", "en"),
        ("de-AT, en;q=0.9, de;q=0.1", "de"),
        ("de;q=0, en;q=0.1", "en"),
        ("de;q=0", "en"),
        ("*", "en"),
        ("de;q=high", "en"),
        (";;,,;q=", "en"),
    ],
)
def test_the_browser_s_languages_are_taken_by_their_quality(header, language):
    assert accepted_language(header) == language
