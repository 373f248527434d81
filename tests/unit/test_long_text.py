"""One long text from a file: what is read, and what each file that cannot be read is told."""

import base64
import codecs
import io
import os
import subprocess
import sys
import time
import zlib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from embviz.errors import InputError, Stopped
from embviz.inputs import long_text, pdf_reader
from embviz.inputs.limits import MAX_LONG_FILE_BYTES, MAX_LONG_TEXT
from embviz.inputs.long_text import parse_long_text, read_long_text
from embviz.inputs.pdf_reader import join_lines
from embviz.models.progress import reporting_to
from embviz.ui.file_transfer import LONG_TEXTS, read_file

LINES = "BT /F 12 Tf 14 TL 50 800 Td %s ET"


def pdf(*streams, filters="/FlateDecode", pages=None):
    """A PDF with these compressed streams; each is the content of a page, the last of all others.

    Written by hand, since a library would not write some of them.
    """
    pages = pages or len(streams)
    first_page = 4 + len(streams)
    kids = " ".join(f"{first_page + n} 0 R" for n in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *(
            f"<</Length {len(s)}/Filter{filters}>>stream\n".encode() + s + b"\nendstream"
            for s in streams
        ),
        *(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {4 + min(n, len(streams) - 1)} 0 R>>".encode()
            for n in range(pages)
        ),
    ]
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    return file + b"startxref\n%d\n%%%%EOF\n" % table


def page(*lines):
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    return zlib.compress((LINES % shown).encode("cp1252"))


def locked(user_password, algorithm):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(page("A secret.")))))
    writer.encrypt(user_password, owner_password="owner", algorithm=algorithm)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize("name", ["a.txt", "A.MD"])
@pytest.mark.parametrize(
    "content",
    [
        "# Crème\n\nA line\nand one.".encode(),
        "\ufeff# Crème\n\nA line\nand one.\n\n".encode(),
        codecs.BOM_UTF16_LE + "# Crème\n\nA line\nand one.".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "\n# Crème\x01\n\nA line\nand one.".encode("utf-16-be"),
    ],
)
def test_text_keeps_its_lines(name, content):
    assert read_long_text(content, name) == "# Crème\n\nA line\nand one."


@pytest.mark.parametrize("name", ["a.pdf", "A.PDF", "renamed.txt"])
def test_the_text_of_a_pdf_is_that_of_all_its_pages(name):
    content = pdf(page("The crème of the", "crop goes on to page"), page("two and ends there."))
    text = "The crème of the crop goes on to page two and ends there."
    assert read_long_text(content, name) == text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["a line", "goes on"], "a line goes on"),
        (["a line", "", "", "a paragraph"], "a line\n\na paragraph"),
        (["It ends here.", "A line that goes on"], "It ends here.\n\nA line that goes on"),
        (["A line ends here.", "A line goes on"], "A line ends here. A line goes on"),
        (["a func-", "tion of it"], "a function of it"),
        (["a func\u00ad", "tion of it"], "a function of it"),
        (["a func\u2010", "tion of it"], "a function of it"),
        (["well-known", "and well-", "known, too"], "well-known and well-known, too"),
        (["Anglo-", "Saxon words"], "Anglo-Saxon words"),
        (["from 2010-", "2020 on"], "from 2010- 2020 on"),
        (["a dash -", "and more"], "a dash - and more"),
        (["-", "a"], "- a"),
        (["ﬁnd e\ufb03cient ﬂow"], "find efficient flow"),
        ([" ", "a  b", ""], "a  b"),
        ([], ""),
    ],
)
def test_the_lines_of_a_paragraph_are_joined(lines, text):
    assert join_lines("\n".join(lines)) == text


@given(st.text(alphabet="ab-\u00ad\n .A", max_size=60))
def test_joining_lines_loses_nothing_but_hyphens_and_white_space(text):
    kept = [c for c in text if c not in "-\u00ad" and not c.isspace()]
    assert [c for c in join_lines(text) if c not in "-\u00ad" and not c.isspace()] == kept


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_an_encrypted_pdf_that_opens_without_a_password_is_read(algorithm):
    assert read_long_text(locked("", algorithm), "a.pdf") == "A secret."


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_with_a_password_is_refused(algorithm):
    with pytest.raises(InputError, match=r"^This PDF needs a password: save .*\.$"):
        read_long_text(locked("open", algorithm), "a.pdf")


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "a.txt", r"^The file is empty: .*\.$"),
        (b" \n\x01", "a.md", r"^The file is empty: .*\.$"),
        (b"king", "a.docx", r"^Only \.txt, \.md and \.pdf files can be read: .*\.$"),
        (b"king", "a", r"^Only \.txt, \.md and \.pdf files can be read: .*\.$"),
        (b"k\xf6nig", "a.txt", r"^The file is not in UTF-8: .*\.$"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.txt", r"^This is not a text file: .*\.$"),
        (b"k" * (MAX_LONG_FILE_BYTES + 1), "a.pdf", r"^The file is larger than 5 MB: .*\.$"),
        (b"k" * 200_001, "a.txt", r"^The text has 200,001 characters: .* at most 200,000\.$"),
        (pdf(zlib.compress(b"0 0 595 842 re f")), "a.pdf", r"^This PDF holds pictures .*\.$"),
        (b"", "a.pdf", r"^This PDF is damaged .*\.$"),
        (b"%PDF-1.4\nking", "a.txt", r"^This PDF is damaged .*\.$"),
        (pdf(page("king"))[:400], "a.pdf", r"^This PDF is damaged .*\.$"),
        (pdf(b"no zlib"), "a.pdf", r"^This PDF (is damaged|holds pictures) .*\.$"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(content, name, refusal):
    with pytest.raises(InputError, match=refusal):
        read_long_text(content, name)


def test_a_pdf_that_is_too_long_says_how_long_it_is():
    # 3,000 lines of 99 characters, and white space between them.
    content = pdf(page(*["a" * 99] * 100), pages=30)
    with pytest.raises(InputError, match=r"^The text has 299,999 characters: "):
        read_long_text(content, "a.pdf")


def test_the_longest_text_is_read():
    assert len(read_long_text(b"k" * MAX_LONG_TEXT, "a.txt")) == MAX_LONG_TEXT


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_pdf_with_any_damage_gives_text_or_a_refusal(data):
    content = bytearray(pdf(page("A king and", "a queen."), page("A sea.")))
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_long_text(bytes(content), "a.pdf")
    except InputError as error:
        assert str(error).endswith(".")


@cache
def packed_gigabyte():
    """A thousand million zeros, compressed: one block of them, a hundred times."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    block = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    # Adler-32 adds zeros up to 1, and these sums to how many zeros there are.
    checksum = (1_000_000_000 % 65_521 << 16) + 1
    return b"\x78\xda" + block * 100 + packer.flush() + checksum.to_bytes(4, "big")


BOMBS = {
    "a gigabyte": lambda: pdf(packed_gigabyte()),
    "a gigabyte, packed twice": lambda: pdf(
        zlib.compress(packed_gigabyte()), filters="[/FlateDecode/FlateDecode]"
    ),
    "one word of 70 MB": lambda: pdf(
        zlib.compress(b"BT /F 12 Tf (" + b"a" * 70_000_000 + b") Tj ET")
    ),
}

# Starts the program, and adds to its answer how much memory it took at most.
MEASURE = """
import resource, subprocess, sys
command = [sys.executable, "-P", *sys.argv[1:]]
program = subprocess.run(command, stdin=sys.stdin, capture_output=True)
peak = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(program.stdout.decode().strip(), peak, sep=chr(10))
"""


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_small_file_that_becomes_large_takes_bounded_memory(bomb):
    content = BOMBS[bomb]()
    assert len(content) < 1_000_000
    command = [sys.executable, "-c", MEASURE, pdf_reader.__file__, str(MAX_LONG_TEXT)]
    ran = subprocess.run(command, input=content, capture_output=True, check=True)
    answer, peak = ran.stdout.decode().split("\n")[:2]
    # Either pypdf refuses it, or the process ends where it needs more than it may have.
    assert answer in ('{"refusal": "damaged"}', "")
    assert int(peak) <= pdf_reader.MAX_MEMORY_BYTES


def test_a_small_file_that_becomes_large_is_refused():
    with pytest.raises(InputError, match=r"^This PDF is damaged .*\.$"):
        read_long_text(BOMBS["a gigabyte"](), "a.pdf")


def test_a_pdf_that_ends_the_process_is_refused(monkeypatch, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("raise MemoryError")
    monkeypatch.setattr(pdf_reader, "__file__", str(program))
    with pytest.raises(InputError, match=r"^This PDF takes too much time or memory to read: .*\.$"):
        read_long_text(pdf(page("king")), "a.pdf")


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(long_text, "PDF_SECONDS", 1.0)
    content = pdf(zlib.compress(b"(a)'" * 1_000_000), pages=1_000)
    assert len(content) < 200_000
    with pytest.raises(InputError, match=r"^This PDF takes too much time or memory to read: .*\.$"):
        read_long_text(content, "a.pdf")
    monkeypatch.undo()
    # The next one has its turn.
    assert read_long_text(pdf(page("king")), "a.pdf") == "king"


# Reads nothing, and writes its number into the file.
SECONDS_ASLEEP = 60
SLEEPING = """
import os, time
from pathlib import Path
Path({!r}).write_text(str(os.getpid()))
time.sleep({})
"""


def leave(*_):
    raise Stopped


@pytest.fixture
def sleeping(monkeypatch, tmp_path):
    """The file with the number of the process that reads a PDF, once it runs."""
    program, number = tmp_path / "program.py", tmp_path / "number"
    program.write_text(SLEEPING.format(str(number), SECONDS_ASLEEP))
    monkeypatch.setattr(pdf_reader, "__file__", str(program))
    return number


def test_a_visitor_who_leaves_ends_the_process_that_reads_the_pdf(sleeping):
    def leave_once_it_runs():
        if sleeping.exists() and sleeping.read_text():
            raise Stopped

    # More than fits into a pipe, so that some of it is still to be sent.
    content = pdf(page("king")) + bytes(1_000_000)
    began = time.monotonic()
    # Two can be read at once: each gives its turn back.
    for _ in range(3):
        with pytest.raises(Stopped):
            read_long_text(content, "a.pdf", leave_once_it_runs)
        with pytest.raises(ProcessLookupError):
            os.kill(int(sleeping.read_text()), 0)
        sleeping.unlink()
    assert time.monotonic() - began < SECONDS_ASLEEP


@pytest.fixture
def others():
    """Others, whose PDFs are being read."""
    with long_text._PDFS_AT_ONCE, long_text._PDFS_AT_ONCE:
        yield


@pytest.mark.usefixtures("others")
def test_a_visitor_who_leaves_waits_no_longer_for_a_turn():
    with pytest.raises(Stopped):
        read_long_text(pdf(page("king")), "a.pdf", leave)


@pytest.mark.usefixtures("others")
def test_nobody_waits_for_a_turn_without_end(monkeypatch):
    monkeypatch.setattr(long_text, "_SECONDS_TO_WAIT", 0.3)
    checks = []
    with pytest.raises(InputError) as error:
        read_long_text(pdf(page("king")), "a.pdf", lambda: checks.append(1))
    assert str(error.value) == (
        "Other PDFs are being read and take long: please open yours again in a minute."
    )
    assert len(checks) == 2


@pytest.mark.usefixtures("sleeping")
def test_the_page_reads_a_pdf_so_that_it_can_be_stopped():
    content = base64.b64encode(pdf(page("king"))).decode()
    with pytest.raises(Stopped), reporting_to(leave):
        read_file(LONG_TEXTS, {"name": "a.pdf", "content": content})


def test_a_long_text_that_was_sent_keeps_its_places():
    text = " \r\nA\x00 king.\t\n"
    assert parse_long_text(text, "The text") == text


def test_half_an_emoji_becomes_one_unknown_character():
    assert parse_long_text("a\ud83d b", "The text") == "a\ufffd b"


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (None, r"^The text must be text\.$"),
        (["king"], r"^The text must be text\.$"),
        ("", r"^The text is empty: .*\.$"),
        (" \u200b\n", r"^The text is empty: .*\.$"),
        ("k" * (MAX_LONG_TEXT + 1), r"^The text has 200,001 characters: .*\.$"),
    ],
)
def test_what_is_no_long_text_is_refused(value, refusal):
    with pytest.raises(InputError, match=refusal):
        parse_long_text(value, "The text")
