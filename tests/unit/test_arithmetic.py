import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st
from typed import compare_methods, find_neighbours

from embviz import InputError, Term, solve
from embviz.analysis import arithmetic
from embviz.analysis.vocabulary import Vocabulary
from embviz.evaluation.datasets import read_analogies
from embviz.inputs.expressions import (
    MAX_TERMS,
    parse_expression,
)

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
    with pytest.raises(InputError, match=r"^A weight must be between −1,000 and 1,000, and not 0"):
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


# An input word, and the same as somebody else types it.
TYPED_OTHERWISE = [
    ("New York", "New\u00a0York"),
    ("New York", "New  York"),
    ("café", "cafe\u0301"),
    ("cafe\u0301", "CAFÉ"),
    ("ice", "i\u200bce"),
    ("cooperate", "co\u00adoperate"),
]


@pytest.mark.parametrize(("word", "candidate"), TYPED_OTHERWISE)
def test_input_among_the_candidates_is_left_out_however_it_is_typed(word, candidate):
    expression = f"{word} - America + France"
    encoder = FakeEncoder(America=(0, 1), France=(0, 1), Paris=(0, 1))
    solution = solve(expression, [candidate, "Paris"], encoder)
    assert [m.text for m in solution.matches] == ["Paris"]
    assert [m.text for m in solution.excluded] == [candidate, "America", "France"]
    with pytest.raises(InputError, match=r"^Every candidate is a word of the expression"):
        compare_methods(expression, [candidate], encoder)


@pytest.mark.parametrize(("word", "candidate"), TYPED_OTHERWISE)
def test_candidate_must_not_stand_twice_however_it_is_typed(word, candidate):
    with pytest.raises(InputError, match=r"is in the list twice \(capitals make no difference\)"):
        solve("king", [word, candidate], COURT)


def test_what_the_model_reads_is_what_was_typed():
    read = []

    class Listening(FakeEncoder):
        def encode(self, texts):
            read.extend(texts)
            return super().encode(texts)

    solve("i\u200bce + cafe\u0301", ["New\u00a0York", "x²"], Listening(ice=(0, 1)))
    assert {*read} == {"i\u200bce", "cafe\u0301", "New\u00a0York", "x²"}


def test_top_k_limits_the_matches_only():
    solution = solve("king - male + female", ["queen", "lady"], COURT, top_k=1)
    assert len(solution.matches) == 1
    assert len(solution.excluded) == 3


def test_all_candidates_may_be_inputs():
    assert solve("king - male", ["king", "male"], COURT).matches == ()


@pytest.mark.parametrize("candidates", [["queen", "queen"], "Queen, queen"])
def test_candidate_must_not_stand_twice(candidates):
    with pytest.raises(
        InputError, match=r"“queen” is in the list twice \(capitals make no difference\)"
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


def test_solution_counts_what_could_have_been_the_answer():
    candidates = ["queen", "lady", "king"]
    assert solve("king - male", candidates, COURT).choices == 2
    # The two input words are ranked with the candidates, and king is one of them.
    assert solve("king - male", candidates, COURT, exclude_inputs=False).choices == 4


def test_nearest_may_be_an_input_word():
    solution = solve("2 * king + queen", ["queen", "lady", "male"], COURT)
    assert solution.matches[0].text == "lady"
    assert solution.nearest.text == "king"


def test_candidates_may_come_with_their_vectors():
    vocabulary = Vocabulary(("sea", "land"), np.array([[0, 1], [1, 1]]), truncated=("land",))
    solution = arithmetic.solve(
        [Term(1.0, "king")], vocabulary, COURT, top_k=5, exclude_inputs=True, method="3CosAdd"
    )
    assert [m.text for m in solution.matches] == ["sea", "land"]
    assert solution.matches[1].similarity == pytest.approx(0.5**0.5)
    assert solution.truncated == ("land",)


def test_multiplying_is_what_one_computes_by_hand():
    # queen: to king (1+√½)/2, to male (1-√½)/2, to female (1+√½)/2.
    (match,) = solve("king - male + female", ["queen"], COURT, method="3CosMul").matches
    half = 0.5**0.5
    expected = ((1 + half) / 2) ** 2 / ((1 - half) / 2)
    assert match.score == pytest.approx(expected, rel=1e-4)
    assert match.similarity == pytest.approx(3 / 10**0.5)


def test_a_weight_is_a_power_of_what_is_multiplied():
    twice = solve("2 * king - male", ["queen"], COURT, method="3CosMul").matches[0].score
    added = solve("king + king - male", ["queen"], COURT, method="3CosMul").matches[0].score
    assert twice == pytest.approx(added)


def test_adding_is_ranked_by_the_similarity_itself():
    for match in solve("king - male + female", ["queen", "lady"], COURT).matches:
        assert match.score == match.similarity


def test_unknown_method_is_refused():
    with pytest.raises(InputError, match=r"^Method must be one of: 3CosAdd, 3CosMul"):
        solve("king", ["queen"], COURT, method="magic")


def test_comparison_of_methods_finds_the_answer_next_door():
    comparison = compare_methods("king - male + female", ["queen", "male", "far"], COURT)
    assert [s.matches[0].text for s in comparison.solutions.values()] == ["queen", "queen"]
    assert [s.terms[0].text for s in comparison.alone] == ["king", "female"]
    assert [s.matches[0].text for s in comparison.alone] == ["queen", "queen"]
    assert comparison.next_door == ("king", "female")


def test_comparison_of_methods_sees_that_the_arithmetic_did_something():
    # Alone, a is nearest to p and b to q; their sum is nearest to r.
    plane = FakeEncoder(a=(1, 0), b=(0, 1), p=(1, 0.1), q=(0.1, 1), r=(1, 1))
    comparison = compare_methods("a + b", ["p", "q", "r"], plane)
    assert comparison.solutions["3CosAdd"].matches[0].text == "r"
    assert [s.matches[0].text for s in comparison.alone] == ["p", "q"]
    assert comparison.next_door == ()


def test_comparison_of_methods_leaves_the_input_words_out_of_every_answer():
    comparison = compare_methods("king - male + female", ["queen", "king", "male", "female"], COURT)
    for solution in (*comparison.solutions.values(), *comparison.alone):
        assert [m.text for m in solution.matches] == ["queen"]
        assert sorted(m.text for m in solution.excluded) == ["female", "king", "male"]


@pytest.mark.parametrize(
    ("expression", "candidates", "sentence"),
    [("- king", ["queen"], "Every term is subtracted"), ("king", ["King"], "Every candidate is")],
)
def test_comparison_of_methods_needs_something_to_compare(expression, candidates, sentence):
    with pytest.raises(InputError, match=sentence):
        compare_methods(expression, candidates, COURT)


@pytest.fixture(scope="module")
def analogies(encoder):
    """A sample of analogies, and gensim's vectors of all words of the test."""
    from gensim.models import KeyedVectors

    questions = [q for section in read_analogies().values() for q in section]
    words = sorted({word for question in questions for word in question})
    vectors = KeyedVectors(encoder.dimension)
    vectors.add_vectors(words, encoder.encode(words))
    sample = np.random.default_rng(0).choice(len(questions), 40, replace=False)
    return [questions[i] for i in sample], vectors


@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`")
@pytest.mark.parametrize(
    ("method", "oracle"), [("3CosAdd", "most_similar"), ("3CosMul", "most_similar_cosmul")]
)
def test_gensim_agrees(encoder, analogies, method, oracle):
    questions, vectors = analogies
    for a, b, c, _ in questions:
        solution = solve(f"{b} - {a} + {c}", vectors.index_to_key, encoder, method=method)
        expected = getattr(vectors, oracle)(positive=[b, c], negative=[a], topn=5)
        assert [m.text for m in solution.matches] == [text for text, _ in expected]
        assert [m.score for m in solution.matches] == pytest.approx(
            [score for _, score in expected], rel=1e-5
        )


def test_a_text_is_not_its_own_neighbour():
    encoder = FakeEncoder(king=(1, 0), queen=(0.9, 0.1))
    nearest = find_neighbours("King", ["king", "queen"], encoder)
    assert [match.text for match in nearest] == ["queen"]


def test_a_candidate_that_stands_twice_is_named_in_one_line():
    long = "over the hills and far away " * 20
    for first, second in [("a\nb", "a\rb"), (long, long.upper())]:
        with pytest.raises(InputError) as refusal:
            solve("king", [first, second], FakeEncoder())
        assert len(str(refusal.value).splitlines()) == 1
        assert len(str(refusal.value)) < 150
