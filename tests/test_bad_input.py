"""Every public function of every mechanism answers bad input with an error that names the argument.

A new function needs a line in VALID; a parameter of a new name needs a line in BAD. Without, the test fails.
"""

import inspect

import numpy as np
import pytest
from mechanisms import public_functions

LOGITS = [[2.0, 1.0, -np.inf], [0.0, 0.5, 3.0]]

# one call that works, with every parameter of the function
VALID = {
    f"temperature.{name}": {"logits": LOGITS, "temperature": 2.0, "axis": -1, "check_finite": True}
    for name in ("entropy", "entropy_dT", "log_softmax", "log_softmax_dz", "softmax", "softmax_dT")
}

NOT_REAL = ["2", None, 1j, np.datetime64("2020-01-01"), object(), np.ma.masked, np.ma.array([1.0, 2.0])]
BAD = {
    "logits": [
        *NOT_REAL,
        3.0,
        [],
        np.zeros((2, 0)),
        [[1.0, 2.0], [3.0]],
        [[1.0, np.nan], [0.0, 1.0]],
        [[1.0, np.inf], [0.0, 1.0]],
        [[1.0, 2.0], [-np.inf, -np.inf]],
        np.array([[1.0, None]]),
    ],
    "temperature": [*NOT_REAL, True, -1, -5e-324, -np.inf, np.nan, [2.0], np.ones((2, 1)), [[1.0], [1.0, 2.0]]],
    "axis": [2, -3, 1.0, None, "last", (0,), [0], True],
    "check_finite": [],  # a flag: whatever is true or false will do
}
# bad for this function, though not for others
BAD_HERE = {("temperature.log_softmax_dz", "temperature"): [0, 0.0, -0.0]}

FUNCTIONS = public_functions()
ARGUMENTS = [
    (name, parameter) for name, function in FUNCTIONS.items() for parameter in inspect.signature(function).parameters
]


@pytest.mark.parametrize(("name", "parameter"), ARGUMENTS)
def test_bad_input_is_refused_by_the_name_of_the_argument(name, parameter):
    function, valid = FUNCTIONS[name], VALID[name]
    assert valid.keys() == inspect.signature(function).parameters.keys()
    function(**valid)
    for bad in [*BAD[parameter], *BAD_HERE.get((name, parameter), [])]:
        with pytest.raises((TypeError, ValueError), match=rf"\b{parameter}\b"):
            pytest.fail(f"{parameter}={bad!r} was taken, with the result {function(**valid | {parameter: bad})!r}")


def test_no_line_of_the_tables_is_left_over():
    assert VALID.keys() == FUNCTIONS.keys()
    assert BAD.keys() == {parameter for _, parameter in ARGUMENTS}
    assert BAD_HERE.keys() <= set(ARGUMENTS)
