import pytest

from embviz import InputError
from embviz.inputs.links import read_parameters

DEFAULTS = {"query": "sea", "top_k": 5, "exclude_inputs": True, "ordered": False, "panel": "closed"}


def test_parameters_get_the_type_of_their_default():
    parameters = {"query": "5", "top_k": " 3 ", "exclude_inputs": "false", "ordered": "true"}
    assert read_parameters(parameters, DEFAULTS) == {
        "query": "5",
        "top_k": 3,
        "exclude_inputs": False,
        "ordered": True,
    }


@pytest.mark.parametrize(
    ("typed", "flag"),
    [("true", True), ("TRUE", True), (" 1 ", True), ("False", False), ("0", False)],
)
def test_a_flag_can_be_written_in_several_ways(typed, flag):
    assert read_parameters({"exclude_inputs": typed}, DEFAULTS) == {"exclude_inputs": flag}


def test_other_parameters_are_passed_over():
    assert read_parameters({"__theme": "dark", "utm_source": "mail"}, DEFAULTS) == {}


@pytest.mark.parametrize(
    "parameters",
    [{"top_k": bad} for bad in ("", "three", "-1", "2.5", "١e5", "1e3", "²", "½")]
    + [{"exclude_inputs": bad} for bad in ("", "maybe", "2")],
)
def test_a_wrong_type_is_refused(parameters):
    with pytest.raises(InputError, match=r"^(top_k|exclude_inputs) must be "):
        read_parameters(parameters, DEFAULTS)
