"""The catalogues say all that the code says, completely, and nothing else."""

import ast
import re

import catalogues
import pytest
from catalogues import PACKAGE, forms, read, template, untranslated

from embviz.language import languages

OTHERS = languages()[1:]

# Whose sentences are for those who start the server, or write a program.
NOT_FOR_VISITORS = ("course/", "server/routes.py", "ui/lesson_checks.py")


def placeholders(message):
    return sorted(re.findall(r"{(\w*)}", message))


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_the_messages_of_the_code(language):
    ids = [{m.id for m in catalogue if m.id} for catalogue in (template(), read(language))]
    assert ids[0] == ids[1], "run python -m tests.catalogues, and translate what is new"


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_complete(language):
    catalogue = read(language)
    assert untranslated(catalogue) == []
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_values_and_the_tags_of_its_message(language):
    for message in read(language):
        if not message.id:
            continue
        for english, translation in zip(forms(message.id), forms(message.string), strict=True):
            # "One text" needs no number.
            missing = set(placeholders(english)) ^ set(placeholders(translation))
            assert missing <= ({"n"} if message.pluralizable else set()), translation
            tags = [sorted(re.findall(r"</?\w+", text)) for text in (english, translation)]
            assert tags[0] == tags[1], translation


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_stands_as_it_is_written(language, tmp_path, monkeypatch):
    standing, catalogue = catalogues.catalogue_file(language).read_text(), read(language)
    monkeypatch.setattr(catalogues, "catalogue_file", lambda _: tmp_path / "written.po")
    catalogues.write(catalogue, language)
    assert (tmp_path / "written.po").read_text() == standing


def calls(tree, *names):
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names
    ]


def python_files():
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text())


def test_nothing_is_said_when_a_module_is_imported():
    """It would be said in English to everybody."""
    for name, tree in python_files():
        in_functions = {
            id(call)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for call in calls(function, "gettext", "ngettext")
        }
        assert [
            n.lineno for n in calls(tree, "gettext", "ngettext") if id(n) not in in_functions
        ] == [], name


def test_what_a_visitor_is_refused_for_can_be_translated():
    for name, tree in python_files():
        if name.startswith(NOT_FOR_VISITORS):
            continue
        bare = [
            call.lineno
            for call in calls(tree, "InputError", "Stopped")
            if call.args and isinstance(call.args[0], ast.Constant | ast.JoinedStr)
        ]
        assert bare == [], name
