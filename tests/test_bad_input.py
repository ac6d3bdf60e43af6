"""Every public function of every mechanism answers bad input with an error that names the argument.

A new function needs its call in tests/calls/<mechanism>.py. Without, the test fails.
"""

import importlib
import inspect

import pytest
from mechanisms import MECHANISMS, public_functions

FUNCTIONS = public_functions()
CALLS = {
    f"{mechanism}.{name}": call
    for mechanism in MECHANISMS
    for name, call in importlib.import_module(f"calls.{mechanism}").CALLS.items()
}
ARGUMENTS = [
    (name, parameter) for name, function in FUNCTIONS.items() for parameter in inspect.signature(function).parameters
]


@pytest.mark.parametrize(("name", "parameter"), ARGUMENTS)
def test_bad_input_is_refused_by_the_name_of_the_argument(name, parameter):
    function, arguments = FUNCTIONS[name], CALLS[name]
    assert arguments.keys() == inspect.signature(function).parameters.keys()
    valid = {argument: value for argument, (value, _) in arguments.items()}
    function(**valid)
    for bad in arguments[parameter][1]:
        with pytest.raises((TypeError, ValueError), match=rf"\b{parameter}\b"):
            pytest.fail(f"{parameter}={bad!r} was taken, with the result {function(**valid | {parameter: bad})!r}")


def test_no_call_is_left_over():
    assert CALLS.keys() == FUNCTIONS.keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_a_flag_takes_whatever_it_is_given(name):
    for parameter, (valid, bad) in CALLS[name].items():
        assert bad or isinstance(valid, bool), f"{name} must refuse something for {parameter}"
