from fakes import FakeEncoder

from embviz import compare, search, similarity_matrix, solve
from embviz.stress import Edit, stress
from embviz.tables import (
    compare_table,
    search_table,
    similarity_matrix_table,
    solve_table,
    stress_table,
)

COURT = FakeEncoder(king=(0, 1), male=(1, 0), female=(-1, 0), queen=(-1, 1), lady=(-1, 0.5))


def test_first_values_of_both_vectors(encoder):
    table = compare_table(compare("king", "queen", encoder))
    assert table.headers == ("Text", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")
    assert table.rows[0] == (
        "king", -0.06, 0.051, -0.07, 0.08, -0.047, 0.001, 0.079, -0.013, 0.058, -0.031
    )  # fmt: skip
    assert table.rows[1][0] == "queen"
    assert table.caption == "The first 10 of 384 values"


def test_pairs():
    table = similarity_matrix_table(similarity_matrix(["king", "queen", "male"], COURT))
    assert table.headers == ("Rank", "Text A", "Text B", "Similarity")
    assert table.rows == (
        (1, "king", "queen", 0.707),
        (2, "king", "male", 0.0),
        (3, "queen", "male", -0.707),
    )


def test_a_single_pair_is_called_so():
    table = similarity_matrix_table(similarity_matrix(["king", "queen"], COURT))
    assert table.caption == "The only pair"


def test_solution_lists_the_inputs_below_the_matches():
    table = solve_table(solve("king - male + female", ["queen", "lady"], COURT))
    assert table.rows == (
        (1, "lady", 1.0, None),
        (2, "queen", 0.949, None),
        (None, "female", 0.894, "would rank 3"),
        (None, "king", 0.447, "would rank 4"),
        (None, "male", -0.894, "would rank 5"),
    )


def test_search():
    table = search_table(search("king", ["male", "queen"], COURT))
    assert table.rows == ((1, "queen", 0.707), (2, "male", 0.0))


def test_stress():
    test = stress("east", [Edit("opposite", "west")], FakeEncoder(west=(-1, 0)))
    table = stress_table(test)
    assert table.headers == ("Change", "Text", "Similarity")
    assert table.rows[-1] == ("opposite", "west", -1.0)


def test_no_number_is_minus_zero():
    table = similarity_matrix_table(similarity_matrix(["a", "b"], FakeEncoder(b=(-0.0001, 1))))
    assert str(table.rows[0][-1]) == "0.0"
