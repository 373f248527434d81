import csv
import io

import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from embviz import compare, search, similarity_matrix, solve
from embviz.views.arithmetic import solution_csv
from embviz.views.csv_file import tables_csv, vectors_csv, write_csv
from embviz.views.search import search_csv
from embviz.views.similarity import comparison_csv
from embviz.views.similarity_matrix import similarity_matrix_csv
from embviz.views.table import Table

# 3/5 and 4/5 are no round numbers in binary, so a lost digit shows.
ENCODER = FakeEncoder(king=(1, 0), queen=(0.6, 0.8), sea=(0, 1), law=(-0.6, 0.8))


def read(text):
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_what_is_written_is_read_again_defused(rows):
    written = read(write_csv(["a", "b"], rows))
    assert written[0] == ["a", "b"]
    for row, back in zip(rows, written[1:], strict=True):
        for cell, found in zip(row, back, strict=True):
            assert found in (cell, f"'{cell}")
            assert not found.startswith(tuple("=+-@\t\r"))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", *("＝1", "＋1", "－1", "＠A")]
)
def test_formulas_are_defused_in_cells_and_headers(text):
    assert read(write_csv([text], [[text]])) == [["'" + text]] * 2


def test_numbers_stay_numbers():
    assert read(write_csv(["n"], [[-0.25], [3], [-2]])) == [["n"], ["-0.25"], ["3"], ["-2"]]


def test_texts_stand_in_quotes_so_that_no_separator_ends_them():
    assert '"a;=1"' in write_csv(["text"], [["a;=1"]])


def test_comparison():
    headers, row = read(comparison_csv(compare("king", "queen", ENCODER)))
    assert headers == ["text_a", "text_b", "similarity", "angle_degrees"]
    assert row[:2] == ["king", "queen"]
    assert float(row[2]) == pytest.approx(0.6, abs=1e-6)
    assert float(row[3]) == pytest.approx(np.degrees(np.arccos(0.6)), abs=1e-4)


def test_similarity_matrix_at_full_precision():
    matrix = similarity_matrix(["king", "queen", "law"], ENCODER)
    headers, *rows = read(similarity_matrix_csv(matrix))
    assert headers == ["text", "king", "queen", "law"]
    assert [row[0] for row in rows] == headers[1:]
    values = np.array([[float(value) for value in row[1:]] for row in rows])
    assert (values == matrix.similarities).all()


def test_solution_with_what_was_left_out():
    solution = solve("king + sea", ["queen", "law"], ENCODER)
    headers, *rows = read(solution_csv(solution))
    assert headers == ["rank", "text", "similarity", "left_out"]
    assert [row[:2] + row[3:] for row in rows[:2]] == [["1", "queen", ""], ["2", "law", ""]]
    assert float(rows[0][2]) == pytest.approx(1.4 / np.sqrt(2), abs=1e-6)
    assert {(row[1], row[3]) for row in rows[2:]} == {("king", "yes"), ("sea", "yes")}


def test_search_result():
    result = search("king", ["sea", "queen"], ENCODER)
    headers, *rows = read(search_csv(result))
    assert headers == ["rank", "document", "score"]
    assert [row[:2] for row in rows] == [["1", "queen"], ["2", "sea"]]
    assert float(rows[0][2]) == pytest.approx(0.6, abs=1e-6)


def test_vectors_come_back_as_they_were():
    vectors = np.array([[0.6, 0.8], [1 / 3, 2e-9]], dtype=np.float32)
    headers, *rows = read(vectors_csv(["queen", "=law"], vectors))
    assert headers == ["text", "d1", "d2"]
    assert [row[0] for row in rows] == ["queen", "'=law"]
    assert (np.array([row[1:] for row in rows], dtype=np.float32) == vectors).all()
    # Not 0.6000000238418579, which is the same number in single precision.
    assert rows[0][1:] == ["0.6", "0.8"]


def test_a_table_is_saved_as_people_see_it():
    table = Table("Best", ("Rank", "=Text"), ((1, "king"), (None, "sea")))
    assert read(tables_csv([table])) == [["Rank", "'=Text"], ["1", "king"], ["", "sea"]]


def test_several_tables_stand_under_their_captions_with_an_empty_line_between():
    tables = [
        Table("Best", ("Text",), (("king",),)),
        Table("Worst", ("Rank", "Text"), ((9, "sea"),)),
    ]
    assert read(tables_csv(tables)) == [
        *(["Best"], ["Text"], ["king"], []),
        *(["Worst"], ["Rank", "Text"], ["9", "sea"]),
    ]
