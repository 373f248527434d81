import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from embviz import InputError, Term, solve
from embviz.arithmetic import MAX_TERMS, parse_expression

# king - male + female = (0, 1) - (1, 0) + (-1, 0) = (-2, 1)
COURT = FakeEncoder(king=(0, 1), male=(1, 0), female=(-1, 0), queen=(-1, 1), lady=(-1, 0.5))


@pytest.mark.parametrize(
    ("expression", "terms"),
    [
        ("king", [(1, "king")]),
        ("king - male + female", [(1, "king"), (-1, "male"), (1, "female")]),
        ("king − male – female", [(1, "king"), (-1, "male"), (-1, "female")]),
        ("- male + king", [(-1, "male"), (1, "king")]),
        ("+ king", [(1, "king")]),
        ("state-of-the-art - art", [(1, "state-of-the-art"), (-1, "art")]),
        ("king-male", [(1, "king-male")]),
        ("0.5 * ice   cream + summer", [(0.5, "ice cream"), (1, "summer")]),
        ("king - 2*male + .25 * female", [(1, "king"), (-2, "male"), (0.25, "female")]),
        ("rock * roll", [(1, "rock * roll")]),
        ("king — male", [(1, "king"), (-1, "male")]),
        ("-2 * king - −3 * male", [(-2, "king"), (3, "male")]),
        ("king - male + female = ?", [(1, "king"), (-1, "male"), (1, "female")]),
        ("king - male =", [(1, "king"), (-1, "male")]),
        ("C++ - C", [(1, "C++"), (-1, "C")]),
        ("${7*7}", [(1, "${7*7}")]),
    ],
)
def test_expression_is_read(expression, terms):
    assert parse_expression(expression) == tuple(Term(*term) for term in terms)


@pytest.mark.parametrize(
    "expression",
    ["-", "+", "−", "king -", "king + + queen", "- - king", "2 *", "king + 2 *", "king + \u200b"],
)
def test_sign_without_a_word_is_refused(expression):
    with pytest.raises(InputError, match="with no word after it"):
        parse_expression(expression)


@pytest.mark.parametrize("expression", ["0 * king", "king - 0.0 * male", f"{10**400} * king"])
def test_unusable_weight_is_refused(expression):
    with pytest.raises(InputError, match=r"^A weight must not be 0, and at most 1,000"):
        parse_expression(expression)


def test_number_of_terms_is_limited():
    parse_expression(" + ".join(["king"] * MAX_TERMS))
    with pytest.raises(InputError, match="at most 20"):
        parse_expression(" + ".join(["king"] * (MAX_TERMS + 1)))


@given(
    st.lists(
        st.tuples(
            st.floats(0.001, 1000).map(lambda weight: float(f"{weight:.3f}")),
            st.sampled_from("+-"),
            st.sampled_from(["king", "ice cream", "state-of-the-art", "10", "C++"]),
        ),
        min_size=1,
        max_size=MAX_TERMS,
    )
)
def test_every_expression_is_read_as_it_was_written(parts):
    expression = " ".join(f"{sign} {weight} * {text}" for weight, sign, text in parts)
    expected = tuple(Term(weight if sign == "+" else -weight, t) for weight, sign, t in parts)
    assert parse_expression(expression) == expected


def test_similarity_is_the_cosine_with_the_result():
    solution = solve("king - male + female", ["queen"], COURT)
    (match,) = solution.matches
    assert match.similarity == pytest.approx(3 / np.sqrt(2 * 5))


def test_weights_count():
    solution = solve("king + 0.5 * female", ["queen"], COURT)
    (match,) = solution.matches
    assert match.similarity == pytest.approx(1.5 / np.sqrt(2 * 1.25))


def test_inputs_are_left_out_with_the_rank_they_would_have_had():
    solution = solve("king - male + female", ["queen", "lady"], COURT)
    assert [(m.rank, m.text) for m in solution.matches] == [(1, "lady"), (2, "queen")]
    # (-1, .5) is the very direction, (-1, 1) and (-1, 0) are near, (0, 1) is farther.
    assert [(m.rank, m.text) for m in solution.excluded] == [
        (3, "female"),
        (4, "king"),
        (5, "male"),
    ]


def test_inputs_stay_where_asked():
    solution = solve("king - male + female", ["queen"], COURT, exclude_inputs=False, top_k=9)
    assert [m.text for m in solution.matches] == ["queen", "female", "king", "male"]
    assert solution.excluded == ()


def test_input_among_the_candidates_is_left_out_whatever_its_case():
    solution = solve("king + female", ["KING", "queen"], FakeEncoder(queen=(0, 1)))
    assert [m.text for m in solution.matches] == ["queen"]
    assert [m.text for m in solution.excluded] == ["KING", "female"]


def test_top_k_limits_the_matches_only():
    solution = solve("king - male + female", ["queen", "lady"], COURT, top_k=1)
    assert len(solution.matches) == 1
    assert len(solution.excluded) == 3


def test_all_candidates_may_be_inputs():
    assert solve("king - male", ["king", "male"], COURT).matches == ()


@pytest.mark.parametrize("candidates", [["queen", "queen"], "Queen, queen"])
def test_candidate_must_not_stand_twice(candidates):
    with pytest.raises(
        InputError, match=r"“queen” stands there twice \(capitals make no difference\)"
    ):
        solve("king", candidates, COURT)


def test_terms_that_cancel_out_are_refused(encoder):
    with pytest.raises(InputError, match="cancel each other out"):
        solve("king - king", ["queen"], encoder)
    with pytest.raises(InputError, match="cancel each other out"):
        solve("0.1 * king + 0.2 * king - 0.3 * king", ["queen"], encoder)
    with pytest.raises(InputError, match="cancel each other out"):
        solve("1000 * king - 1000 * King", ["queen"], encoder)


def test_a_small_weight_is_not_nothing(encoder):
    (small,) = solve("0.000001 * king", ["queen"], encoder).matches
    (whole,) = solve("king", ["queen"], encoder).matches
    assert small.similarity == pytest.approx(whole.similarity)


def test_solution_names_the_text_that_was_not_read_to_the_end():
    assert solve("king", ["more than ten"], COURT).truncated == ("more than ten",)


def test_expression_is_written_again_with_its_weights():
    assert solve("- 0.5*male + king", ["queen"], COURT).expression == "− 0.5 * male + king"
