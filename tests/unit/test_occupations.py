"""Occupations between he and she."""

import pytest
from fakes import FakeEncoder
from scipy import stats

from embviz.errors import InputError
from embviz.evaluation.occupations import measure_occupations, read_occupations

# The axis from he to she is (-1, 1) / sqrt(2).
OFFICE = FakeEncoder(he=(1, 0), she=(0, 1), nurse=(3, 4), carpenter=(4, 3), chief=(0, 1))


def test_an_occupation_lies_where_the_dot_product_with_the_axis_says():
    positions = {word.text: word.position for word in measure_occupations(OFFICE).words}
    assert positions["nurse"] == pytest.approx(0.1414, abs=1e-4)
    assert positions["carpenter"] == pytest.approx(-0.1414, abs=1e-4)
    assert positions["chief"] == pytest.approx(0.7071, abs=1e-4)


def test_correlations_are_those_of_scipy(encoder):
    measured = measure_occupations(encoder)
    positions = [word.position for word in measured.words]
    shares = [word.share_of_women for word in measured.words]
    assert positions == sorted(positions)
    assert measured.pearson == pytest.approx(stats.pearsonr(positions, shares).statistic)
    assert measured.spearman == pytest.approx(stats.spearmanr(positions, shares).statistic)
    # As measured for this model by other code.
    assert measured.pearson == pytest.approx(0.68, abs=0.01)


def test_positions_are_correlated_with_the_share_of_their_own_occupation(encoder):
    shares = {word.text: word.share_of_women for word in measure_occupations(encoder).words}
    assert shares == dict(read_occupations())
    assert len(shares) == 40
    assert (shares["carpenter"], shares["secretary"]) == (2, 95)


def test_a_model_that_does_not_tell_he_from_she_has_no_axis():
    with pytest.raises(InputError, match="does not tell “he” from “she”"):
        measure_occupations(FakeEncoder())
