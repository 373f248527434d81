from fakes import FakeEncoder

from embviz import compare, search, similarity_matrix, solve
from embviz.readings import (
    read_comparison,
    read_search,
    read_similarity_matrix,
    read_solution,
    read_truncated,
    read_unspaced_sign,
)

COURT = FakeEncoder(king=(0, 1), male=(1, 0), female=(-1, 0), queen=(-1, 1), lady=(-1, 0.5))


def test_comparison():
    assert read_comparison(compare("king", "queen", COURT)) == (
        "“king” and “queen”: the two vectors are 45.0° apart, "
        "and the cosine of that angle is their similarity."
    )


def test_matrix():
    assert read_similarity_matrix(similarity_matrix(["king", "queen", "male"], COURT)) == (
        "Most alike: “king” and “queen” (0.707). Least alike: “queen” and “male” (-0.707)."
    )
    assert read_similarity_matrix(similarity_matrix(["king", "queen"], COURT)) == (
        "Most alike: “king” and “queen” (0.707)."
    )


def test_solution():
    assert read_solution(solve("king - male + female", ["lady"], COURT)) == (
        "king − male + female is nearest to “lady” (1.000)."
    )


def test_solution_names_the_inputs_that_would_be_nearer():
    assert read_solution(solve("king + female", ["male"], COURT)) == (
        "king + female is nearest to “male” (-0.707), "
        "leaving out “king” and “female”, which would be nearer still."
    )


def test_solution_without_matches():
    assert read_solution(solve("king", ["king"], COURT)) == (
        "Every candidate is one of the input words, so nothing is left to rank."
    )


def test_search():
    assert read_search(search("king", ["male", "queen"], COURT)) == (
        "Nearest to “king”: “queen” (0.707)."
    )


def test_truncated():
    assert read_truncated((), 256) == ""
    assert read_truncated(("long",), 256) == (
        "The model reads the first 256 tokens of a text: of “long” it dropped the rest."
    )
    assert "of 2 texts it dropped" in read_truncated(("long", "longer"), 256)


def test_unspaced_sign():
    note = "“king-male” was read as one term: put spaces around + and − to calculate."
    assert read_unspaced_sign(solve("king-male", ["queen"], COURT)) == note
    assert read_unspaced_sign(solve("king - male", ["queen"], COURT)) == ""
    assert read_unspaced_sign(solve("king", ["queen"], COURT)) == ""


def test_long_texts_are_quoted_by_their_beginning():
    reading = read_search(search("king", ["word " * 100], COURT))
    assert len(reading) < 100
    assert "word…”" in reading
