import codecs
import csv
import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embviz import InputError
from embviz.inputs.files import MAX_BYTES, read_columns, read_texts

PAPERS = "Year;Title;Field\n2017;Attention, please;NLP\n2018;BERT;NLP\n"


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_txt_has_one_text_a_line(encoding, end):
    content = end.join(["king", "", "  crème   brûlée ", "\t", "Hello, world"]).encode(encoding)
    assert read_texts(content, "WORDS.TXT") == ("king", "crème brûlée", "Hello, world")


def test_txt_in_utf_16_of_the_other_byte_order():
    assert read_texts(codecs.BOM_UTF16_BE + "crème".encode("utf-16-be"), "x.txt") == ("crème",)


def test_txt_may_hold_numbers():
    assert read_texts(b"1984\n2001", "titles.txt") == ("1984", "2001")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_gives_its_first_column_of_texts(separator):
    rows = [["Year", "Title"], ["2017", "a, b; c\td"], ["2018", "two\nlines"]]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows(rows)
    assert read_texts(buffer.getvalue().encode(), "x.csv") == ("a, b; c d", "two lines")


def test_csv_gives_a_column_by_its_name():
    assert read_texts(PAPERS.encode(), "x.csv", "field ") == ("NLP", "NLP")
    assert read_texts(PAPERS.encode(), "x.csv") == ("Attention, please", "BERT")
    assert list(read_columns(PAPERS.encode(), "x.csv")) == ["Title", "Field"]


def test_csv_gives_two_columns_row_by_row():
    papers = b"Year,Title,Abstract\n2017,Attention,Only  that.\n2018,BERT,\n2019,,None.\n2020,,\n"
    title_and_abstract = ("Attention Only that.", "BERT", "None.")
    assert read_texts(papers, "x.csv", "Title", "Abstract") == title_and_abstract
    assert read_texts(papers, "x.csv", None, "abstract ") == title_and_abstract
    assert read_texts(papers, "x.csv", "Abstract", "Title")[0] == "Only that. Attention"
    assert read_texts(papers, "x.csv", "Title", "title") == ("Attention", "BERT")
    with pytest.raises(InputError, match=r"called “Year”: choose one of Title, Abstract\.$"):
        read_texts(papers, "x.csv", "Title", "Year")


def test_a_column_is_found_by_its_exact_name_first():
    content = b"Title;title\nking;sea\n"
    assert read_texts(content, "x.csv", "Title") == ("king",)
    assert read_texts(content, "x.csv", "title") == ("sea",)
    assert read_texts(content, "x.csv", " TITLE ") == ("king",)


def test_csv_without_names_counts_its_columns():
    content = b"king,1\nqueen,2,consort\n"
    assert read_columns(content, "x.csv") == {
        "Column 1": ("king", "queen"),
        "Column 3": ("consort",),
    }


def test_csv_without_that_column_is_refused_with_those_there_are():
    with pytest.raises(
        InputError, match=r"no column of texts called “Year”: choose one of Title, Field\.$"
    ):
        read_texts(PAPERS.encode(), "x.csv", "Year")
    with pytest.raises(InputError, match=r"no column of texts called “Year”\.$"):
        read_texts(b"2017", "x.txt", "Year")


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ("Word\nking\nqueen", ("king", "queen")),
        ("king\nqueen", ("king", "queen")),
        ("1,king\n2,queen", ("king", "queen")),
        ("king,\nqueen,", ("king", "queen")),
        ("a,b\nking\nqueen,consort\n\n", ("king", "queen")),
        ('"Hello, world"\n"said ""no"""', ("Hello, world", 'said "no"')),
        ("\n;\nYear;Title\n2017;BERT\n", ("BERT",)),
        ("Score;Title\n0,5;BERT\n1,5;GPT\n", ("BERT", "GPT")),
        ("Year,Title\n2017,1984\n2018,BERT\nn/a,GPT\n", ("1984", "BERT", "GPT")),
    ],
)
def test_csv_with_and_without_names(content, texts):
    assert read_texts(content.encode(), "x.csv") == texts


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"king\xff", "x.txt", "save it as UTF-8"),
        ("königin".encode("cp1252"), "x.csv", "save it as UTF-8"),
        ("king".encode("utf-16-le"), "x.txt", "not a text file"),
        ("king".encode("utf-32"), "x.txt", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "x.txt", "not a text file"),
        (zipped("xl/workbook.xml"), "x.csv", "Excel workbook: save it as “CSV UTF-8”"),
        (zipped("word/document.xml"), "x.txt", "Word document"),
        (b"%PDF-1.7", "x.txt", "PDF"),
        (b"king", "x.xlsx", "Excel workbook"),
        (b"king", "x.xls", "Excel workbook"),
        (b"king", "x.docx", "Word document"),
        (b"king", "x.doc", "Word document"),
        (b"king", "x.ods", "spreadsheet: save it as “CSV UTF-8”"),
        (b"king", "x.odt", "text document: save it as plain text"),
        (b"king", "x.pdf", "PDF"),
        (b"king", "x.exe", "Only .txt and .csv"),
        (b"king", "", "Only .txt and .csv"),
        (b"", "x.txt", "holds no texts"),
        (b"\n \n", "x.csv", "holds no texts"),
        (b"Year,Pages\n2017,3\n", "x.csv", "holds no texts"),
        (b"k" * (MAX_BYTES + 1), "x.txt", "larger than 1 MB"),
        (b'"' + b"k" * 200_000, "x.csv", "cannot be read as CSV"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(content, name, refusal):
    with pytest.raises(InputError, match=refusal):
        read_texts(content, name)


def test_the_largest_file_is_read():
    assert read_texts(b"k" * MAX_BYTES, "x.txt") == ("k" * MAX_BYTES,)


def assert_texts_or_refusal(content, name):
    try:
        texts = read_texts(content, name)
    except InputError:
        return
    assert texts
    for text in texts:
        assert text.strip() == text
        assert text.splitlines() == [text]


@given(st.binary(max_size=200), st.sampled_from(["x.txt", "x.csv"]))
@example(b"PK\x03\x04", "x.csv")
@example(b'"\r', "x.csv")
def test_any_bytes_give_texts_or_a_refusal(content, name):
    assert_texts_or_refusal(content, name)


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_any_csv_gives_texts_or_a_refusal(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    assert_texts_or_refusal(buffer.getvalue().encode("utf-8", "replace"), "x.csv")
