from fakes import FakeEncoder
from typed import compare_methods, compare_rankings, find_neighbours

from embviz import compare, search, similarity_matrix, solve
from embviz.analysis.perturbation import Edit, perturb
from embviz.evaluation.analogies import AnalogyTest, Section
from embviz.evaluation.datasets import RATING_SETS
from embviz.evaluation.human_ratings import HumanRatings, RatedPair
from embviz.evaluation.retrieval import JudgedQuery, RetrievalTest
from embviz.views.analogies import analogy_table
from embviz.views.arithmetic import solve_table
from embviz.views.human_ratings import human_ratings_table
from embviz.views.method_comparison import method_table
from embviz.views.neighbours import neighbours_table
from embviz.views.perturbation import perturbation_table
from embviz.views.rankings import rankings_table
from embviz.views.retrieval import lost_queries_table, retrieval_table
from embviz.views.search import SEARCH_NAMES, search_table
from embviz.views.similarity import compare_table
from embviz.views.similarity_matrix import similarity_matrix_table

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


def test_a_table_says_which_rows_are_saved_of_it():
    words, documents = ["king", "queen", "male"], ["king", "a queen", "male"]
    assert similarity_matrix_table(similarity_matrix(words, COURT)).in_file == "all 3 pairs"
    assert similarity_matrix_table(similarity_matrix(words[:2], COURT)).in_file == ""
    solution = solve("king - male", [*words, "lady"], COURT, top_k=1)
    assert solve_table(solution).in_file == "all 2 candidates"
    found = search("king", ["king", "lady"], COURT, top_k=1)
    assert search_table(found).in_file == "all 2 documents"
    found = search("queen", documents, COURT, method="keyword")
    assert search_table(found).in_file == "all documents found"
    assert search_table(search("x", documents, COURT, method="keyword")).in_file == ""


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
    test = perturb("east", [Edit("opposite", "west")], FakeEncoder(west=(-1, 0)))
    table = perturbation_table(test)
    assert table.headers == ("Change", "Text", "Similarity")
    assert table.rows[-1] == ("opposite", "west", -1.0)


def test_no_number_is_minus_zero():
    table = similarity_matrix_table(similarity_matrix(["a", "b"], FakeEncoder(b=(-0.0001, 1))))
    assert str(table.rows[0][-1]) == "0.0"


def test_comparison_of_methods_has_a_row_for_every_way():
    table = method_table(compare_methods("king - male + female", ["queen", "lady"], COURT))
    assert table.headers[1] == "Input words kept in"
    assert table.rows == (
        ("Adding (3CosAdd)", "lady", "lady", "queen", None),
        # Female is the opposite of male: divided by nearly nothing, it comes first.
        ("Multiplying (3CosMul)", "female", "lady", "queen", None),
        ("No arithmetic: nearest to “king”", "king", "queen", "lady", None),
        ("No arithmetic: nearest to “female”", "female", "lady", "queen", None),
    )


def test_neighbours_stand_side_by_side():
    nearest = [find_neighbours(text, ["queen", "lady"], COURT) for text in ("king", "female")]
    table = neighbours_table("king", "female", *nearest)
    assert table.rows == ((1, "queen", 0.707, "lady", 0.894), (2, "lady", 0.447, "queen", 0.707))


def test_typed_pair_stands_before_the_largest_disagreements():
    pairs = [RatedPair("sea", f"land {n}", n, 0.5, n / 100) for n in range(9)]
    rated = HumanRatings(RATING_SETS["wordsim353"], 1.0, tuple(pairs))
    rows = human_ratings_table([rated], "land 0", "sea").rows
    assert rows[0] == ("related", "sea", "land 0", 0, 0.5, "0 % lower")
    assert [row[2] for row in rows[1:]] == [f"land {n}" for n in (8, 7, 6, 5, 4)]
    assert rows[1][5] == "8 % higher"


def test_analogies_begin_with_all_sections_together():
    first = Section("gram1-first", 2, 0.12345, 0.6, 0.5)
    table = analogy_table(AnalogyTest((first,), Section("overall", 2, 0, 1, 0.25), 4, 0.8))
    assert table.rows == (
        ("overall", 2, "0.0 %", "100.0 %", "25.0 %"),
        ("first", 2, "12.3 %", "60.0 %", "50.0 %"),
    )


def test_rankings_leave_what_was_not_found_empty():
    documents = ["queen mother", "lady"]
    table = rankings_table(compare_rankings("queen", documents, COURT, top_k=2))
    assert table.headers == ("Rank", "By meaning", "By keywords", "By both")
    assert [row[2] for row in table.rows] == ["queen mother", None]


def test_retrieval_counts_the_queries_that_each_method_loses():
    scores = [{"semantic": 1, "keyword": 0, "fused": 0.5}, dict.fromkeys(SEARCH_NAMES, 1.0)]
    queries = tuple(
        JudgedQuery(f"query {n}", frozenset({0}), ndcg, ndcg) for n, ndcg in enumerate(scores)
    )
    test = RetrievalTest(queries, 3)
    assert retrieval_table(test).rows == (
        ("By meaning", 1.0, 1.0, 0),
        ("By keywords", 0.5, 0.5, 1),
        ("By both", 0.75, 0.75, 1),
    )
    assert lost_queries_table(test).rows == (("query 0", 1.0, 0.0, 0.5),)
