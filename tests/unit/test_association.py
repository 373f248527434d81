"""The Word-Embedding Association Test."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from fakes import FakeEncoder
from scipy import stats

from embviz.analysis.vectors import cosine_similarities
from embviz.errors import InputError
from embviz.evaluation.association import (
    FOLDER,
    NAMES,
    AssociationLists,
    PublishedEffects,
    WordList,
    read_association_tests,
    take_association_test,
)

# Nice lies at 0 degrees and nasty at 90, so that s(x, y) = x - y for a unit vector (x, y).
GARDEN = FakeEncoder(
    nice=(1, 0), nasty=(0, 1), rose=(1, 0), tulip=(4, 3), wasp=(0, 1), moth=(3, 4), gnat=(1, 1)
)
NOTHING = PublishedEffects(None, None, None)


def lists(first, second, nice=("nice",), nasty=("nasty",)):
    named = zip(("Flowers", "Insects", "Nice", "Nasty"), (first, second, nice, nasty), strict=True)
    words = (WordList(name, tuple(texts)) for name, texts in named)
    return AssociationLists("flowers-insects", *words, NOTHING)


def test_a_test_is_what_one_computes_by_hand():
    test = take_association_test(lists(["rose", "tulip"], ["wasp", "moth"]), GARDEN)
    flowers, insects = test.targets
    assert [(word.text, word.association) for word in flowers.words] == [
        ("rose", pytest.approx(1)),
        ("tulip", pytest.approx(0.2)),
    ]
    assert [word.association for word in insects.words] == pytest.approx([-1, -0.2])
    # The means are 0.6 and -0.6. The squares sum to 2.08, and four words leave n - 1 = 3.
    assert test.effect_size == pytest.approx(1.2 / (2.08 / 3) ** 0.5)
    # Of the six ways to choose two of four words, only the flowers reach their sum.
    assert (test.hits, test.splits, test.exact) == (1, 6, True)
    assert test.p_value == pytest.approx(1 / 6)
    nice, nasty = test.attributes
    # nice: (1 + 0.8) / 2 - (0 + 0.6) / 2
    assert [word.association for word in nice.words] == pytest.approx([0.6])
    assert (nice.mean, nasty.mean) == pytest.approx((0.6, -0.6))
    assert test.truncated == ()


def test_targets_exchanged_turn_the_effect_round():
    there = take_association_test(lists(["rose", "tulip"], ["wasp", "moth"]), GARDEN)
    back = take_association_test(lists(["wasp", "moth"], ["rose", "tulip"]), GARDEN)
    assert back.effect_size == pytest.approx(-there.effect_size)
    # Every split does as well as the worst.
    assert back.p_value == 1


def test_targets_need_not_have_the_same_number_of_words():
    test = take_association_test(lists(["rose", "tulip"], ["wasp", "moth", "gnat"]), GARDEN)
    assert (test.hits, test.splits) == (1, 10)
    # s is 1 and 0.2 for the flowers; -1, -0.2 and 0 for the insects.
    values = [1, 0.2, -1, -0.2, 0]
    assert test.effect_size == pytest.approx((0.6 + 0.4) / np.std(values, ddof=1))


def test_splits_that_do_equally_well_are_counted():
    test = take_association_test(lists(["rose", "wasp"], ["rose", "wasp"]), GARDEN)
    assert test.effect_size == pytest.approx(0)
    # Of 1, -1, 1 and -1, two sum to at least 0 in all ways but one.
    assert test.p_value == pytest.approx(5 / 6)


def values_of(test):
    return [[word.association for word in target.words] for target in test.targets]


def test_few_splits_are_all_counted(encoder):
    test = take_association_test(read_association_tests()["illness"], encoder)
    first, second = values_of(test)
    everything = first + second
    sums = [sum(chosen) for chosen in combinations(everything, len(first))]
    hits = sum(total >= sum(first) - 1e-12 for total in sums)
    assert (test.exact, test.splits, test.hits) == (True, len(sums), hits)
    assert test.p_value == pytest.approx(scipy_p_value(first, second, np.inf))


@pytest.mark.parametrize("id", ["names-1", "career-family", "science-arts"])
def test_many_splits_are_drawn(encoder, id):
    test = take_association_test(read_association_tests()[id], encoder)
    assert (test.exact, test.splits) == (False, 10_000)
    # Two samples of 10,000 shares near one half differ by 0.007 at most one time in three.
    assert test.p_value == pytest.approx(scipy_p_value(*values_of(test), 10_000), abs=0.015)
    assert test == take_association_test(read_association_tests()[id], encoder)


def scipy_p_value(first, second, splits):
    def difference(first, second, axis):
        return first.mean(axis=axis) - second.mean(axis=axis)

    return stats.permutation_test(
        (first, second),
        difference,
        vectorized=True,
        n_resamples=splits,
        alternative="greater",
        rng=np.random.default_rng(1),
    ).pvalue


def test_a_p_value_of_random_splits_is_never_zero(encoder):
    test = take_association_test(read_association_tests()["flowers-insects"], encoder)
    assert test.hits == 0
    assert test.p_value == pytest.approx(1 / 10_001)


# As measured for this model by other code.
EFFECTS = {
    "flowers-insects": 1.24,
    "instruments-weapons": 1.51,
    "names-1": 0.24,
    "names-2": 0.93,
    "names-3": 0.94,
    "career-family": 1.02,
    "math-arts": 0.94,
    "science-arts": 0.48,
    "illness": 0.42,
    "age": 1.03,
}


@pytest.mark.parametrize("id", EFFECTS)
def test_the_model_has_these_effects(encoder, id):
    published = read_association_tests()[id]
    test = take_association_test(published, encoder)
    assert test.effect_size == pytest.approx(EFFECTS[id], abs=0.01)
    # Once more, word by word and in double precision.
    first, second, nice, nasty = (
        encoder.encode(words.words).astype(np.float64)
        for words in (
            published.first_target,
            published.second_target,
            published.first_attribute,
            published.second_attribute,
        )
    )
    s = [
        [
            np.mean([cosine_similarities(w[None], a[None]) for a in nice])
            - np.mean([cosine_similarities(w[None], b[None]) for b in nasty])
            for w in target
        ]
        for target in (first, second)
    ]
    deviation = np.std(s[0] + s[1], ddof=1)
    assert test.effect_size == pytest.approx((np.mean(s[0]) - np.mean(s[1])) / deviation)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (lists([], ["wasp", "moth"]), "“Flowers” is empty"),
        (lists(["rose", "tulip"], []), "“Insects” is empty"),
        (lists(["rose", "tulip"], ["wasp", "moth"], nice=()), "“Nice” is empty"),
        (lists(["rose", "tulip"], ["wasp", "moth"], nasty=()), "“Nasty” is empty"),
        (lists(["rose"], ["wasp", "moth"]), "“Flowers”. has one word only"),
        (lists(["rose", "tulip"], ["wasp"]), "“Insects”. has one word only"),
        (lists(["rose", "rose"], ["rose", "rose"]), "all target words are the same"),
        (lists(["rose", "wasp"], ["moth", "gnat"], nasty=("nice",)), "are the same"),
    ],
)
def test_lists_without_an_answer_are_refused_in_a_sentence(changed, message):
    with pytest.raises(InputError, match=message):
        take_association_test(changed, GARDEN)


def test_no_two_tests_are_called_the_same():
    titles = [test.title for test in read_association_tests().values()]
    assert len(set(titles)) == len(titles) == 10
    assert titles[2:5] == [
        f"European American names or African American names ({n})" for n in (1, 2, 3)
    ]


def test_the_names_of_all_lists_can_be_translated():
    lists = [
        words.name
        for test in read_association_tests().values()
        for words in vars(test).values()
        if isinstance(words, WordList)
    ]
    assert {*lists} == NAMES


def test_changed_words_are_another_test_with_the_same_names():
    published = read_association_tests()["flowers-insects"]
    assert not published.changed
    changed = published.with_words(["rose", "tulip"], ["wasp", "moth"], ["nice"], ["nasty"])
    assert changed.changed
    assert changed.title == published.title == "Flowers or Insects"
    test = take_association_test(changed, GARDEN)
    assert [target.name for target in test.targets] == ["Flowers", "Insects"]
    assert test.published == published.published == PublishedEffects(1.35, 1.5, 1.54)
    same = [
        words.words
        for words in (
            published.first_target,
            published.second_target,
            published.first_attribute,
            published.second_attribute,
        )
    ]
    assert published.with_words(*same) == published


def test_words_that_are_not_read_to_the_end_are_named():
    long = replace(lists(["rose", "tulip"], ["wasp", "moth", "a very long text"]))
    assert take_association_test(long, GARDEN).truncated == ("a very long text",)


def test_the_tests_stand_in_the_order_of_the_paper_with_as_many_words():
    tests = read_association_tests()
    assert list(tests) == list(EFFECTS)
    sizes = {
        id: (len(test.first_target.words), len(test.first_attribute.words))
        for id, test in tests.items()
    }
    assert sizes == {
        "flowers-insects": (25, 25),
        "instruments-weapons": (25, 25),
        "names-1": (32, 25),
        "names-2": (16, 25),
        "names-3": (16, 8),
        "career-family": (8, 8),
        "math-arts": (8, 8),
        "science-arts": (8, 8),
        "illness": (6, 7),
        "age": (8, 8),
    }
    for test in tests.values():
        assert len(test.first_target.words) == len(test.second_target.words)
        assert len(test.first_attribute.words) == len(test.second_attribute.words)


@pytest.mark.parametrize("file", ["association_tests.json", "occupations.json"])
def test_the_data_say_where_they_come_from(file):
    sources = " ".join(json.loads((FOLDER / file).read_text("utf-8"))["sources"])
    assert "MIT License" in sources
    assert "201" in sources
