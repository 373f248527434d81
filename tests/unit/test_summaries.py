from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeEncoder
from typed import compare_methods, compare_rankings

from embviz import compare, explain, search, similarity_matrix, solve
from embviz.analysis.arithmetic import MethodComparison
from embviz.analysis.baseline import KINDS, Baseline, find_position
from embviz.analysis.perturbation import perturb
from embviz.analysis.projection import TextMap, project_solution
from embviz.evaluation.analogies import AnalogyTest, Section
from embviz.evaluation.datasets import RATING_SETS
from embviz.evaluation.human_ratings import HumanRatings, RatedPair
from embviz.evaluation.retrieval import JudgedQuery, RetrievalTest
from embviz.inputs.expressions import parse_expression
from embviz.views.analogies import summarise_analogies
from embviz.views.angle import summarise_angle
from embviz.views.arithmetic import (
    ask_about_signs,
    note_choices,
    note_fit,
    summarise_solution,
)
from embviz.views.attribution import summarise_attribution
from embviz.views.baseline import note_baseline, note_kind
from embviz.views.human_ratings import note_rated_pair, summarise_human_ratings
from embviz.views.method_comparison import summarise_methods
from embviz.views.notes import note_commas, note_truncated, note_unknown
from embviz.views.odd_one_out import summarise_odd_one_out
from embviz.views.perturbation import summarise_perturbations
from embviz.views.projection import view_map
from embviz.views.rankings import summarise_rankings
from embviz.views.retrieval import summarise_retrieval
from embviz.views.search import note_chance, summarise_search, view_search
from embviz.views.similarity import summarise_comparison
from embviz.views.similarity_matrix import summarise_matrix
from embviz.views.solution_plane import summarise_plane
from embviz.views.wording import number

COURT = FakeEncoder(king=(0, 1), male=(1, 0), female=(-1, 0), queen=(-1, 1), lady=(-1, 0.5))


RANDOM = Baseline({kind: np.linspace(0, 1, 10_000, endpoint=False) for kind in KINDS})


def position_of(text_a, text_b, similarity):
    return find_position(text_a, text_b, similarity, RANDOM)


def test_comparison():
    comparison = compare("king", "queen", COURT)
    assert summarise_comparison(
        comparison, position_of("king", "queen", comparison.similarity)
    ) == ("“king” and “queen” score higher than 70.7 % of random pairs of words.")


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [(-0.0004, 3, "0.000"), (-0.0, 3, "0.000"), (-0.0006, 3, "−0.001"), (-0.004, 2, "0.00")],
)
def test_a_number_that_rounds_to_zero_has_no_sign(value, decimals, written):
    assert number(value, decimals) == written


def test_a_sentence_has_no_negative_zero():
    scores = {kind: np.linspace(-0.004, 0.004, 101) for kind in KINDS}
    reading = note_baseline(find_position("king", "queen", 0.7, Baseline(scores)))
    assert "score between 0.00 and 0.00." in reading
    texts = tuple("abcdef")
    lost = TextMap(texts, "PCA", np.zeros((6, 2)), 2, -0.001, -0.002, 0.5, ((),) * 6, ())
    assert view_map(lost).numbers == {"trustworthiness": "0.00", "continuity": "0.00"}


def test_percentages_are_rounded_down():
    comparison = compare("king", "queen", COURT)
    reading = summarise_comparison(comparison, position_of("king", "queen", 0.9999))
    assert "higher than 99.9 % of" in reading
    assert "higher than at least 99.9 % of" in summarise_comparison(
        comparison, position_of("king", "queen", 1)
    )


def test_sentences_are_judged_by_their_own_kind_and_the_scale_of_words_is_named():
    comparison = compare("ice cream", "hot summer", COURT)
    assert summarise_comparison(comparison, position_of("ice cream", "hot summer", 0.5)) == (
        "“ice cream” and “hot summer” score higher than 50.0 % of random pairs of sentences."
    )
    assert note_kind(position_of("ice cream", "hot summer", 0.5)) == (
        "Two or more words count as a sentence. Among random pairs of words this similarity would "
        "be higher than 50.0 %."
    )
    assert note_kind(position_of("ice", "summer", 0.5)) == ""


def test_position():
    assert note_baseline(position_of("king", "queen", 0.7)) == (
        "Unrelated texts do not score 0 here: half of 10,000 random pairs of words score between "
        "0.25 and 0.75."
    )


def test_angle_sums_the_products():
    reading = summarise_angle(compare("king", "queen", COURT))
    assert "45.0° apart" in reading
    # (0, 1) and (-1, 1)/√2: nothing from the first value, all from the second.
    assert "The 2 products sum to the similarity, too: 0.707 from values with the same" in reading


def test_explanation_prints_the_sum_beside_the_similarity(encoder):
    explanation = explain("king", "queen", encoder)
    # Rows are the tokens of the first text.
    cells = np.full((3, 3), 0.05)
    cells[1, 2] = 0.281
    reading = summarise_attribution(replace(explanation, contributions=cells))
    assert reading.startswith(
        "Of the similarity 0.681, “king” in one text and “[SEP]” in the other add most: 0.281. "
        "Each cell is what one pair of tokens adds; all cells together are 0.681."
    )


def test_perturbations_names_what_is_heard_most():
    test = perturb("north", [], FakeEncoder(**{"not north": (-1, 0)}))
    assert "most with this change: negation (similarity −1.000)." in summarise_perturbations(test)


def text_map(trust, worst=()):
    return TextMap(tuple("abcdef"), "PCA", np.zeros((6, 2)), 2, trust, 0.8, 0.5, ((),) * 6, worst)


def test_map_is_measured_from_chance_to_truth():
    view = view_map(text_map(0.75, (0, 1)))
    assert view.summary == (
        "By its trustworthiness, this map is 50 % of the way from random to perfect. "
        "Ringed words have the wrong neighbours here: “a” and “b”."
    )
    assert view.numbers == {"trustworthiness": "0.75", "continuity": "0.80"}
    assert view.notes[0].startswith("Both numbers look at the 2 nearest neighbours of each text.")
    assert view.notes[0].endswith(
        "A perfect map has 1.00 in both, a random layout of 6 texts has 0.50."
    )
    assert view_map(text_map(0.5)).summary == (
        "This map tells no more than chance about which texts are near each other."
    )


def test_plane(encoder):
    def read(expression):
        return summarise_plane(project_solution(solve(expression, ["x"], encoder), encoder))

    assert "The step from “male” to “king” is the same as from “female” to the result." in read(
        "king - male + female"
    )
    assert "in one plane. The other texts" in read("king + male")
    assert "keeps" in read("king + male + female + dog")


def test_a_best_document_no_better_than_chance_is_pointed_out():
    assert note_chance(90, 0.2) == ""
    for chance_percentile, count in ((40, 60), (50, 50)):
        assert note_chance(chance_percentile, 0.2) == (
            f"Perhaps no document fits: {count} of 100 queries about something else find one that "
            "scores at least this high."
        )


def test_a_best_document_that_may_fit_is_not_doubted():
    """As with “cooler cities” among news: 0.456, 0.245 above the second."""
    assert note_chance(77, 0.2449) == (
        "Of 100 queries about something else, 23 find a document that scores at least this high. "
        "The second document here scores 0.245 less: the wider this gap, the more likely the first "
        "one fits."
    )
    assert note_chance(51, 0) != note_chance(50, 0)
    assert note_chance(77) == (
        "Of 100 queries about something else, 23 find a document that scores at least this high."
    )


def test_a_search_says_how_far_its_best_document_is_ahead():
    def notes(**options):
        result = search("king", ["male", "queen"], COURT, **options)
        return view_search(result, chance_percentile=77, max_tokens=None).notes

    assert any("The second document here scores 0.707 less" in note for note in notes())
    assert not any("The second" in note for note in notes(top_k=1))


def test_matrix():
    assert summarise_matrix(similarity_matrix(["king", "queen", "male"], COURT)) == (
        "Most alike: “king” and “queen” (0.707). Least alike: “queen” and “male” (−0.707)."
    )
    assert summarise_matrix(similarity_matrix(["king", "queen"], COURT)) == (
        "Most alike: “king” and “queen” (0.707)."
    )


def test_solution():
    assert summarise_solution(solve("king - male + female", ["lady"], COURT)) == (
        "king − male + female is nearest to “lady” (1.000)."
    )


def test_solution_names_the_inputs_that_would_be_nearer():
    assert summarise_solution(solve("king + female", ["male"], COURT)) == (
        "king + female is nearest to “male” (−0.707). "
        "Words of the expression do not count: “king” and “female” would be nearer still."
    )


def test_solution_without_matches():
    assert summarise_solution(solve("king", ["king"], COURT)) == (
        "Every candidate is a word of the expression, so nothing is left to rank."
    )


def test_search():
    assert summarise_search(search("king", ["male", "queen"], COURT)) == (
        "Nearest to “king”: “queen” (0.707)."
    )


def test_truncated():
    assert note_truncated((), 256) == ""
    assert note_truncated(("long",), 256) == (
        "The model reads only the first 256 tokens (words or pieces of words) of a text. "
        "The rest of “long” was ignored."
    )
    assert "The rest of 2 texts was ignored." in note_truncated(("long", "longer"), 256)


@pytest.mark.parametrize(
    ("expression", "meant", "odd"),
    [
        ("king-male", "king - male", "“king-male” was"),
        ("king-male+female", "king - male + female", "“king-male+female” was"),
        ("king -male + female", "king - male + female", "“king -male” was"),
        ("king - male+female", "king − male + female", "“male+female” was"),
        ("(king - male) + female", "", "“(king” and “male)” were each"),
        ("king * 2 + female", "", "“king * 2” was"),
        ("0,5 * king + female", "", "“0,5 * king” was"),
        ("king - male = queen", "", "“male = queen” was"),
    ],
)
def test_terms_that_were_meant_to_be_calculated_are_asked_about(expression, meant, odd):
    question = ask_about_signs(parse_expression(expression))
    asked = f"Did you mean “{meant}”? " if meant else ""
    assert question.startswith(f"{asked}{odd} read as one term: ")
    assert question.endswith("signs need a space on both sides. ")


@pytest.mark.parametrize(
    "expression",
    [
        "king - male + female",
        "king",
        "state-of-the-art + 2 * ice cream",
        "-2 * king + queen = ?",
        "C++ - C",
    ],
)
def test_other_terms_are_not(expression):
    assert ask_about_signs(parse_expression(expression)) == ""


def test_commas():
    assert note_commas(("king, queen", "man")) == "Each line was read as one text, with its commas."
    assert note_commas(("king", "queen")) == ""


def test_unknown():
    assert note_unknown(()) == ""
    assert note_unknown(("😀", "🎉")) == (
        "The model has no token for “😀” and “🎉”, so it cannot tell them from other unknown "
        "symbols."
    )
    assert "so it cannot tell it from" in note_unknown(("😀",))


def test_long_texts_are_quoted_by_their_beginning():
    reading = summarise_search(search("king", ["word " * 100], COURT))
    assert len(reading) < 100
    assert "word…”" in reading


def test_odd_one_out_is_named_with_the_next():
    reading = summarise_odd_one_out(similarity_matrix(["king", "queen", "male"], COURT))
    assert "The odd one out is “male”: its mean similarity to the others is −0.354" in reading
    assert "Next comes “queen” with 0.000" in reading
    assert "neither" in summarise_odd_one_out(similarity_matrix(["king", "queen"], COURT))


def test_human_ratings_say_what_was_rated():
    pair = RatedPair("sea", "land", 5.25, 0.5, 0)
    related, similar = RATING_SETS["wordsim353"], RATING_SETS["simlex999"]
    reading = summarise_human_ratings(
        [HumanRatings(related, 0.729, (pair,)), HumanRatings(similar, 0.446, (pair, pair))]
    )
    assert "1 pairs of words for how related they are (WordSim-353) and 2 for how sim" in reading
    assert "0.729 for related and 0.446 for similar. 1 is the same order, 0 is no con" in reading
    assert (
        note_rated_pair(pair, "Set")
        == "Set has your pair: people gave “sea” and “land” 5.25 of 10."
    )
    assert note_rated_pair(None, "Set") == ""


def test_a_guess_at_random_is_right_once_in_so_many():
    solution = solve("king - male", ["queen", "lady", "king"], COURT)
    assert note_choices(solution, among_common_words=False) == (
        "A random guess among these 2 candidates would be right 1 time in 2."
    )
    assert note_choices(solution, among_common_words=True) == (
        "A random guess among the 2 common English words that are not inputs would be right "
        "1 time in 2."
    )
    assert note_choices(solve("king", ["queen"], COURT), among_common_words=False) == ""


def test_candidates_that_are_no_nearer_than_chance_are_pointed_out():
    assert note_fit(None) == note_fit(90) == ""
    assert note_fit(40) == (
        "Perhaps none of these candidates fits: with random words in their place, the best would "
        "be at least this near in 60 of 100 cases. Try the common English words."
    )


def test_a_text_that_the_model_cannot_read_has_no_percentile():
    comparison = compare("king", "😀", COURT)
    assert summarise_comparison(comparison, position_of("king", "😀", 0.5), ["😀"]) == (
        "The model has no token for “😀”, so it cannot tell it from other unknown symbols."
    )


def test_verdict_on_the_arithmetic():
    next_door = compare_methods("king - male + female", ["queen", "male"], COURT)
    assert summarise_methods(next_door) == (
        "The arithmetic was not needed: without it, “queen” is already the nearest candidate to "
        "“king” and “female”."
    )
    plane = FakeEncoder(a=(1, 0), b=(0, 1), p=(1, 0.1), q=(0.1, 1), r=(1, 1))
    assert summarise_methods(compare_methods("a + b", ["p", "q", "r"], plane)) == (
        "The arithmetic made a difference: its result is nearest to “r”, while “a” alone is "
        "nearest to “p” and “b” alone is nearest to “q”."
    )
    assert "no arithmetic in “a” alone" in summarise_methods(
        compare_methods("a", ["p", "q"], plane)
    )


def test_verdict_names_another_answer_of_multiplying():
    comparison = compare_methods("king - male + female", ["queen", "lady"], COURT)
    solutions = dict(comparison.solutions) | {"3CosMul": comparison.alone[0]}
    assert "Multiplying instead of adding gives “queen”." in summarise_methods(
        MethodComparison(solutions, comparison.alone)
    )


def test_analogy_test_in_words():
    overall = Section("overall", 19_544, 0.116, 0.656, 0.532)
    reading = summarise_analogies(AnalogyTest((overall,), overall, 905, 0.812))
    for part in (
        "19,544 questions",
        "right answer 65.6 % of the time if a, b and c are left out, and 11.6 % if they are not",
        "c itself 81 % of the time",
        "the word nearest to c is right 53.2 % of the time",
        "one of 905 words",
    ):
        assert part in reading


@pytest.mark.parametrize(
    ("method", "beginning"),
    [("keyword", "Shares most with “queen”: “queen mother” (BM25 0."), ("fused", "First by both")],
)
def test_search_says_what_its_score_is(method, beginning):
    result = search("queen", ["queen mother", "lady"], COURT, method=method)
    assert summarise_search(result).startswith(beginning)


def test_search_that_found_nothing_says_so():
    assert "No document shares a word" in summarise_search(
        search("queen", ["lady"], COURT, method="keyword")
    )


def test_rankings_count_what_both_find():
    documents = ["queen mother", "lady", "king"]
    reading = summarise_rankings(compare_rankings("queen", documents, COURT, top_k=2))
    assert reading.startswith(
        "The first 2 documents by meaning and the first 2 by keywords have none in common. "
    )
    nothing = summarise_rankings(compare_rankings("sea", documents, COURT))
    assert nothing.startswith("Keywords find nothing")


def test_retrieval_names_every_mean():
    ndcg = {"semantic": 0.9, "keyword": 0.4, "fused": 1.0}
    test = RetrievalTest((JudgedQuery("q", frozenset({0}), ndcg, ndcg),), 3)
    assert "meaning 0.900, keywords 0.400 and both together 1.000" in summarise_retrieval(test)
