"""Random values of the parameters of a link, before anybody answers it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embviz.errors import InputError
from embviz.inputs.links import read_parameters

DEFAULTS = {"text": "", "top_k": 5, "layer": -1, "count": 0, "flag": True}

texts = st.one_of(
    st.text(max_size=20),
    st.text("0123456789-+._ e٣²\n", max_size=8),
    st.integers().map(str),
    st.sampled_from(["9" * 5_000, "-" + "9" * 5_000, "0" * 5_000, "true", "Infinity", "NaN"]),
)


@given(st.dictionaries(st.sampled_from(list(DEFAULTS)), texts))
@example({"top_k": "9" * 5_000})
def test_any_parameters_have_the_types_of_their_defaults_or_are_refused(parameters):
    try:
        given = read_parameters(parameters, DEFAULTS)
    except InputError as error:
        assert len(str(error)) < 100
        return
    assert {name: type(value) for name, value in given.items()} == {
        name: type(DEFAULTS[name]) for name in parameters
    }


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_can_be_written_in_a_link(name):
    default = DEFAULTS[name]
    assert read_parameters({name: str(default)}, DEFAULTS) == {name: default}
