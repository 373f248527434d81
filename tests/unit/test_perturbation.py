import pytest
from fakes import FakeEncoder

from embviz import InputError
from embviz.analysis.perturbation import Edit, perturb, vary


def edits(text):
    return {edit.change: edit.text for edit in vary(text)}


@pytest.mark.parametrize(
    ("text", "negation"),
    [
        ("The film was good", "The film was not good"),
        ("You Should go", "You Should not go"),
        ("king", "not king"),
        ("I love this film", "it is not true that I love this film"),
    ],
)
def test_negation(text, negation):
    assert edits(text)["negation"] == negation


def test_other_word_order_needs_two_words():
    assert edits("one two three")["reversed word order"] == "three two one"
    assert "reversed word order" not in edits("king")


def test_other_case():
    assert edits("King")["all capitals"] == "KING"
    assert edits("NASA")["no capitals"] == "nasa"
    assert "no capitals" not in edits("123")


@pytest.mark.parametrize(
    ("text", "typo"), [("king", "knig"), ("I love films", "I love flims"), ("an", "na")]
)
def test_typo_swaps_two_letters_of_the_longest_word(text, typo):
    assert edits(text)["typo"] == typo


def test_no_typo_can_be_made_of_one_letter():
    assert "typo" not in edits("a")
    assert "typo" not in edits("aaaa")


def test_variants_are_ranked_by_their_similarity():
    compass = FakeEncoder(east=(1, 0), EAST=(1, 0), west=(-1, 0), **{"not east": (0, 1)})
    test = perturb("east", [Edit("opposite", "west")], compass)
    ranked = [(variant.change, round(variant.similarity, 6)) for variant in test.variants]
    assert ranked == [("all capitals", 1), ("typo", 1), ("negation", 0), ("opposite", -1)]


def test_the_model_is_deaf_to_case_and_hears_a_typo(encoder):
    similarities = {
        v.change: v.similarity for v in perturb("I love this film", [], encoder).variants
    }
    assert similarities["all capitals"] == pytest.approx(1)
    assert similarities["typo"] < 0.9
    assert similarities["negation"] > 0.5


def test_lesson_variants_are_added(service):
    changes = [variant.change for variant in service.perturb("I love this film").variants]
    assert {"opposite", "paraphrase"} <= set(changes)
    assert "opposite" not in [v.change for v in service.perturb("dog").variants]
    with pytest.raises(InputError, match="empty"):
        service.perturb(" ")
