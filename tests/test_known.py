"""Every known value is computed by kdlab, at the tolerance that stands beside it."""

import copy

import pytest
from known import VECTORS, check, computers, family

COMPUTERS = computers()


@pytest.mark.parametrize("identity", VECTORS)
def test_known_values(identity):
    vector = VECTORS[identity]
    check(vector, COMPUTERS[family(identity)](**vector["inputs"]))


def test_no_function_is_left_over():
    assert COMPUTERS.keys() == {family(identity) for identity in VECTORS}


def test_a_value_left_out_and_a_value_beside_its_tolerance_are_noticed():
    for vector in VECTORS.values():
        for key, expected in vector["expected"].items():
            short = copy.deepcopy(vector["expected"])
            value = short.pop(key)
            with pytest.raises(AssertionError):
                check(vector, short)
            if isinstance(expected, float | int):
                wrong = value + 2 * (vector["rtol"] * abs(value) + vector["atol"])
                with pytest.raises(AssertionError):
                    check(vector, {**vector["expected"], key: wrong})
