"""PDFs that are made to upset who reads them: each gives a text, or one sentence of refusal."""

import re
import zlib

import pytest
import test_long_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embviz.errors import InputError
from embviz.inputs import long_text
from embviz.inputs.limits import MAX_LONG_FILE_BYTES
from embviz.inputs.long_text import read_long_text
from embviz.inputs.pdf_reader import read_pdf

REFUSAL = re.compile(r"(This PDF|The text has) [^\n]+\.")


def of_objects(*objects, trailer=b"/Root 1 0 R"):
    """A PDF with these objects, numbered from 1."""
    file, places = b"%PDF-1.4\n", b""
    for number, content in enumerate(objects, 1):
        places += b"%010d 00000 n \n" % len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, places)
    # The table in front of this one is itself, where a trailer says so.
    trailer = trailer.replace(b"ITSELF", b"%d" % len(file))
    end = b"trailer\n<</Size %d%s>>\n" % (len(objects) + 1, trailer)
    return file + table + end + b"startxref\n%d\n%%%%EOF\n" % len(file)


def stream(content, entries=b""):
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


SHOWN = b"BT /F 12 Tf 50 800 Td (A king.) Tj ET"
ROOT = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def page(more=b"/Contents 5 0 R"):
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</Font<</F 4 0 R>>>>%s>>" % more


SOUND = (ROOT, PAGES, page(), FONT, stream(SHOWN))


def changed(**objects):
    """The sound PDF with other objects, by their numbers (_3=…), and more behind the last."""
    kept = dict(enumerate(SOUND, 1)) | {int(name[1:]): o for name, o in objects.items()}
    return of_objects(*(kept[number] for number in sorted(kept)))


def with_map(kind, lines):
    """The font says by a program which letters it shows."""
    font = FONT.removesuffix(b">>") + b"/ToUnicode 6 0 R>>"
    return changed(
        _4=font, _6=stream(b"begincmap\nbegin%s\n%s\nend%s\nendcmap" % (kind, lines, kind))
    )


MANY = 10_000
HOSTILE = {
    "a tree of pages in a circle": changed(_2=b"<</Type/Pages/Count 1/Kids[2 0 R]>>"),
    "a tree of pages as deep as it is long": of_objects(
        ROOT, *(b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % n for n in range(3, MANY))
    ),
    "a tree that says it has a billion pages": changed(
        _2=b"<</Type/Pages/Count 1000000000/Kids[3 0 R]>>"
    ),
    "almost a million pages": changed(
        _2=b"<</Type/Pages/Count 800000/Kids[%s]>>" % (b"3 0 R " * 800_000)
    ),
    "a page that is its own contents": changed(_3=page(b"/Contents 3 0 R")),
    "contents in a circle": changed(_5=b"[5 0 R]"),
    "an object that is another one in a circle": changed(_5=b"6 0 R", _6=b"5 0 R"),
    "a length that is the stream itself": changed(
        _5=b"<</Length 5 0 R>>stream\n%s\nendstream" % SHOWN
    ),
    "a length of a terabyte": changed(_5=b"<</Length 1000000000000>>stream\n%s\nendstream" % SHOWN),
    "a drawing that draws itself": changed(
        _3=page(b"/Contents 5 0 R").replace(b"/Font", b"/XObject<</X 6 0 R>>/Font"),
        _5=stream(b"/X Do " * 100),
        _6=stream(b"/X Do " * 100, b"/Type/XObject/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>"),
    ),
    "brackets in brackets": changed(_5=b"[" * 1_000_000),
    "dictionaries in dictionaries": changed(_5=b"<</A" * 500_000),
    "brackets in what is shown": changed(_5=stream(b"[" * 100_000)),
    "parentheses in what is shown": changed(_5=stream(b"BT " + b"(" * 1_000_000)),
    "a table of objects that goes on in itself": of_objects(
        *SOUND, trailer=b"/Root 1 0 R/Prev ITSELF"
    ),
    "a map of four billion letters": with_map(b"bfrange", b"<0000> <FFFFFFFF> <0000>"),
    "a map to what is no letter": with_map(b"bfchar", b"<41> <D800>\n<6B> <FFFFFFFFFF>"),
    "filters of filters": changed(
        _5=stream(SHOWN, b"/Filter[%s]" % (b"/ASCIIHexDecode" * 100_000))
    ),
    "columns that nobody has": changed(
        _5=stream(
            zlib.compress(SHOWN),
            b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 1000000000>>",
        )
    ),
    "a password by a method that nobody knows": of_objects(
        *SOUND, trailer=b"/Root 1 0 R/Encrypt<</Filter/Standard/V 99/R 99/O()/U()/P 0>>"
    ),
    "a size of text without an end": changed(_5=stream(SHOWN.replace(b"12", b"9" * 10_000))),
    "no page": changed(_2=b"<</Type/Pages/Count 0/Kids[]>>"),
    "no root": of_objects(*SOUND, trailer=b""),
    "nothing but a heading": b"%PDF-1.4\n",
    "a page of HTML": b"<!doctype html><script>alert(1)</script>",
    "an archive": b"PK\x03\x04" + b"\0" * 1_000,
}


@pytest.fixture
def soon(monkeypatch):
    """Give up each file after some seconds, so that the tests take no minutes."""
    monkeypatch.setattr(long_text, "PDF_SECONDS", 3.0)


def assert_text_or_refusal(content):
    try:
        text = read_long_text(content, "a.pdf")
    except InputError as error:
        assert REFUSAL.fullmatch(str(error))
        return None
    text.encode()
    return text


def test_the_sound_one_is_read():
    assert read_long_text(of_objects(*SOUND), "a.pdf") == "A king."


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_gives_a_text_or_a_refusal(soon, name):
    content = HOSTILE[name]
    assert len(content) <= MAX_LONG_FILE_BYTES
    assert_text_or_refusal(content)
    # The next one has its turn.
    assert read_long_text(of_objects(*SOUND), "a.pdf") == "A king."


@pytest.mark.parametrize("whole", [of_objects(*SOUND), test_long_text.locked("open", "AES-256")])
def test_any_beginning_of_a_pdf_gives_a_text_or_a_refusal(whole):
    # In this process: one for each would take minutes.
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, len(whole)))
    def check(length):
        answer = read_pdf(whole[:length], 100)
        assert answer.keys() <= {"text", "characters"} or answer["refusal"] in (
            "locked",
            "damaged",
        )

    check()


objects = st.one_of(
    st.sampled_from([*SOUND, b"[1 0 R 2 0 R]", b"<</Kids[1 0 R]/Contents 2 0 R>>", b"null", b""]),
    st.lists(
        st.sampled_from(
            [
                *(b"<<", b">>", b"[", b"]", b"(", b")", b"/Kids", b"/Type", b"/Pages", b"/Page"),
                *(b"/Contents", b"/Length", b"/Font", b"stream\n", b"\nendstream", b"endobj"),
                *(b"/Resources", b"/F", b"1 0 R", b"2 0 R", b"3 0 R", b"-1", b"1e9", b"%", b"BT"),
            ]
        ),
        max_size=12,
    ).map(b" ".join),
)


@given(st.lists(objects, min_size=1, max_size=6), objects)
def test_any_objects_give_a_text_or_a_refusal(objects, trailer):
    answer = read_pdf(of_objects(*objects, trailer=trailer), 100)
    assert answer.keys() <= {"text", "characters"} or answer["refusal"] in ("locked", "damaged")
