import pytest
from fakes import FakeEncoder

from embviz.evaluation.analogies import take_analogy_test
from embviz.evaluation.datasets import read_analogies


def test_each_way_of_answering_is_what_one_computes_by_hand():
    plane = FakeEncoder(a=(1, 0), b=(0, 1), c=(1, 0), d=(1, 1), e=(0.9, 1))
    questions = {"first": [("a", "b", "d", "e")], "second": [("a", "a", "c", "d")]}
    first, second = take_analogy_test(plane, questions).sections
    # First: d - a + b is (-0.29, 1.71), nearest to b, then to e. Second: c itself, then d or e.
    assert (first.inputs_allowed, first.inputs_excluded, first.no_arithmetic) == (0, 1, 1)
    assert (second.inputs_allowed, second.inputs_excluded, second.no_arithmetic) == (0, 1, 1)


def test_the_arithmetic_can_do_better_than_none():
    # c alone is nearest to near; b - a + c is (-0.29, 1.71), nearest to far.
    plane = FakeEncoder(a=(1, 0), b=(0, 1), c=(1, 1), near=(1, 0.9), far=(-0.5, 1))
    others = [("a", "b", "near", "near")]
    section, _ = take_analogy_test(
        plane, {"s": [("a", "b", "c", "far")], "others": others}
    ).sections
    assert section.inputs_excluded == 1
    assert section.no_arithmetic == 0


def test_overall_counts_questions_and_not_sections():
    plane = FakeEncoder(a=(1, 0), b=(0, 1), c=(-1, 0), d=(-1, 1))
    right, wrong = ("b", "b", "c", "d"), ("b", "b", "d", "a")
    test = take_analogy_test(plane, {"one": [right], "two": [wrong, wrong, wrong]})
    assert [s.questions for s in test.sections] == [1, 3]
    assert [s.inputs_excluded for s in test.sections] == [1, 0]
    assert test.overall.questions == 4
    assert test.overall.inputs_excluded == 0.25
    assert test.words == 4


@pytest.fixture(scope="module")
def taken(encoder):
    return take_analogy_test(encoder)


def test_the_model_does_as_well_as_is_known(taken):
    overall = taken.overall
    assert overall.questions == 19_544
    assert taken.words == 905
    assert overall.inputs_allowed == pytest.approx(0.116, abs=0.003)
    assert overall.inputs_excluded == pytest.approx(0.656, abs=0.003)
    assert overall.no_arithmetic == pytest.approx(0.532, abs=0.003)
    assert taken.stays == pytest.approx(0.81, abs=0.005)


def test_sections_run_from_plurals_to_currencies(taken):
    by_share = sorted(taken.sections, key=lambda section: section.inputs_excluded)
    assert (by_share[0].name, by_share[-1].name) == ("currency", "gram8-plural")
    assert by_share[0].inputs_excluded == pytest.approx(0.04, abs=0.005)
    assert by_share[-1].inputs_excluded == pytest.approx(0.995, abs=0.003)


def test_gensim_counts_the_same_right_answers(encoder, taken, tmp_path):
    from gensim.models import KeyedVectors

    questions = read_analogies()["family"]
    words = sorted({w for section in read_analogies().values() for q in section for w in q})
    vectors = KeyedVectors(encoder.dimension)
    vectors.add_vectors(words, encoder.encode(words))
    file = tmp_path / "family.txt"
    file.write_text("\n".join([": family", *map(" ".join, questions)]))
    _, (section, *_) = vectors.evaluate_word_analogies(file)
    family = next(s for s in taken.sections if s.name == "family")
    assert len(section["correct"]) == round(family.inputs_excluded * family.questions)
