"""Messages are said in the language that is spoken, and in English where there is no other."""

import threading
from contextvars import copy_context

import pytest

from embviz.language import gettext, grouped, languages, ngettext, speaking, spoken


def test_english_is_spoken_first():
    assert spoken() == "en"
    assert languages() == ("en", "de")


def test_a_message_is_said_in_the_language_that_is_spoken():
    with speaking("de"):
        assert gettext("Text A") == "Text A"
        assert gettext("Search") == "Suchen"
        assert spoken() == "de"
    assert gettext("Search") == "Search"


def test_a_message_that_a_catalogue_lacks_is_said_in_english():
    with speaking("de"):
        assert gettext("No catalogue has {this}.", this="it") == "No catalogue has it."
        assert ngettext("{n} such line", "{n} such lines", 2) == "2 such lines"


def test_large_numbers_have_no_comma_where_that_stands_before_decimals():
    assert grouped(19_544) == "19,544"
    with speaking("de"):
        assert grouped(19_544) == "19\u202f544"


def test_what_a_visitor_typed_is_no_part_of_the_message():
    assert gettext("{text} is empty.", text="{n} {0} %s") == "{n} {0} %s is empty."


def test_one_thread_does_not_change_what_another_speaks():
    heard = []
    with speaking("de"):
        inherits = threading.Thread(
            target=copy_context().run, args=(lambda: heard.append(spoken()),)
        )
    own = threading.Thread(target=lambda: heard.append(spoken()))
    for thread in (inherits, own):
        thread.start()
        thread.join()
    assert heard == ["de", "en"]


def test_what_ends_in_an_error_does_not_go_on_speaking():
    with pytest.raises(ZeroDivisionError), speaking("de"):
        raise ZeroDivisionError
    assert spoken() == "en"
