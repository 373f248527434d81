"""Hold the catalogues of other languages to what the code says.

    python -m tests.catalogues

adds the messages that are new to each catalogue, to be translated there, and takes out those that
the code does not say any more.
"""

import ast
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

PACKAGE = Path(__file__).parent.parent / "embviz"

_KEYWORDS = {"gettext": None, "ngettext": (1, 2)}


class Said(NamedTuple):
    """A message, or the two of a plural, and where the code says it."""

    message: str | tuple[str, str]
    file: str


def catalogue_file(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "embviz.po"


def said() -> Iterator[Said]:
    """All that the code says, file by file."""
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("static/*.js")]):
        said_in = _said_in_python if path.suffix == ".py" else _said_in_script
        name = path.relative_to(PACKAGE.parent).as_posix()
        yield from (Said(message, name) for message in said_in(path))


def _said_in_python(path: Path) -> Iterator[str | tuple[str, str]]:
    templates = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(ast.Name("gettext" | "gettext_noop"), [ast.Constant(str(message)), *_]):
                yield message
            case ast.Call(ast.Name("ngettext"), [ast.Constant(one), ast.Constant(many), *_]):
                yield one, many
            case ast.Call(ast.Attribute(attr="from_string"), [ast.Constant(str(text))]):
                for _, function, said_by in templates.extract_translations(text):
                    # Values that are no literals stand among the arguments as None.
                    first, *others = said_by if isinstance(said_by, tuple) else (said_by,)
                    if function == "ngettext":
                        yield first, others[0]
                    elif first is not None:
                        yield first


def _said_in_script(path: Path) -> Iterator[str | tuple[str, str]]:
    with path.open("rb") as file:
        for _, message, *_ in extract("javascript", file, _KEYWORDS):
            yield message if isinstance(message, str) else tuple(message[:2])


def template() -> Catalog:
    """A catalogue with all messages, and no translation."""
    catalogue = Catalog(project="embviz", version="", charset="utf-8")
    for message, file in said():
        catalogue.add(message, locations=[(file, None)])
    return catalogue


def read(language: str) -> Catalog:
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """Hold a catalogue to the code, and write it."""
    catalogue = read(language)
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(catalogue, language)
    return catalogue


def write(catalogue: Catalog, language: str) -> None:
    messages = BytesIO()
    write_po(
        messages, catalogue, width=100, sort_by_file=True, include_lineno=False, omit_header=True
    )
    header = f"""\
# What embviz says, in another language. `python -m tests.catalogues` holds it to the code.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {catalogue.plural_forms}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
    catalogue_file(language).write_bytes(header.encode() + messages.getvalue())


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages that are still to be translated."""
    return [str(m.id) for m in catalogue if m.id and not all(forms(m.string))]


def forms(message: str | Sequence[str] | None) -> tuple[str, ...]:
    """A message, or all forms of a plural."""
    return tuple(message) if isinstance(message, list | tuple) else (message or "",)


if __name__ == "__main__":
    for folder in sorted((PACKAGE / "locale").iterdir()):
        missing = untranslated(update(folder.name))
        print(f"{folder.name}: {len(missing)} messages to translate", *missing, sep="\n  ")
