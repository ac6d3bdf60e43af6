"""What is taken as numbers, as logits and as a temperature, and what is said when it is not."""

import math

import numpy as np
import pytest

from kdlab.conventions import (
    as_choice,
    as_finite,
    as_integer,
    as_labels,
    as_logits,
    as_number,
    as_probs,
    as_real,
    as_rng,
    as_temperature,
    check_same_shape,
    reduced,
    widened,
)


class Unreadable:
    """An array of some framework that does not let itself be read, as a tensor that requires a gradient does."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("call detach() first")


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f2", ">f4", ">f8"])
def test_floats_keep_their_dtype_and_are_not_copied(dtype):
    value = np.array([1.5, -2.0], dtype)
    assert as_real("x", value) is value


@pytest.mark.parametrize("dtype", ["?", "i1", "i4", "i8", "u1", "u8", ">i2"])
def test_integers_and_booleans_become_float64(dtype):
    result = as_real("x", np.array([0, 1], dtype))
    assert result.dtype == np.float64
    assert result.dtype.isnative
    np.testing.assert_array_equal(result, [0.0, 1.0])


def test_lists_numbers_and_views_are_read():
    np.testing.assert_array_equal(as_real("x", [[1, 2.5], (3, True)]), [[1.0, 2.5], [3.0, 1.0]])
    assert as_real("x", 3).shape == ()
    assert as_real("x", []).dtype == np.float64
    assert type(as_real("x", np.arange(4.0).view(np.recarray))) is np.ndarray


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("2", TypeError, "weights must hold real numbers; <U1 was given"),
        (None, TypeError, "weights must hold real numbers; object was given"),
        ([1j], TypeError, "weights must hold real numbers; complex128 was given"),
        (np.zeros(2, np.longdouble), TypeError, "weights must be float64 or narrower; float128, .* was given"),
        (np.ma.array([1.0], mask=[True]), TypeError, "weights must be a plain array; a masked array was given"),
        (np.ma.masked, TypeError, "weights must be a plain array; a masked array was given"),
        ([[1.0], [1.0, 2.0]], ValueError, "weights must be a rectangular array; rows of unequal length were given"),
        (Unreadable(), TypeError, "weights must be an array; this Unreadable is not readable: call detach"),
    ],
)
def test_what_are_no_real_numbers_is_refused(value, error, message):
    with pytest.raises(error, match=message):
        as_real("weights", value)


@pytest.mark.parametrize(("shape", "axis"), [((3,), 0), ((0, 3), 1), ((2, 0, 3), -1), ((1, 1), np.int64(-2))])
def test_logits_need_a_class_but_no_row(shape, axis):
    assert as_logits("logits", np.zeros(shape), axis).shape == shape


@pytest.mark.parametrize(
    ("logits", "axis", "error", "message"),
    [
        (1.0, -1, ValueError, "teacher_logits must have an axis of classes"),
        ([], -1, ValueError, r"teacher_logits must have at least one class; shape \(0,\)"),
        (np.zeros((2, 0, 3)), 1, ValueError, r"at least one class; shape \(2, 0, 3\) has none along axis 1"),
        ([1.0, 2.0], 1, ValueError, "axis must name one of the 1 axes of teacher_logits; 1 was given"),
        ([1.0, 2.0], -2, ValueError, "axis must name one of the 1 axes of teacher_logits; -2 was given"),
        ([1.0, 2.0], 0.0, TypeError, "axis must be one integer; 0.0 was given"),
        ([1.0, 2.0], False, TypeError, "axis must be one integer; False was given"),
        ([1.0, 2.0], None, TypeError, "axis must be one integer; None was given"),
        ([np.nan, 2.0], -1, ValueError, "teacher_logits must not hold NaN"),
        ([np.nan, np.inf], -1, ValueError, "teacher_logits must not hold NaN"),
        ([np.inf, 2.0], -1, ValueError, r"teacher_logits must not hold \+inf"),
        ([[-np.inf, -np.inf], [0.0, 1.0]], -1, ValueError, "teacher_logits has a row in which every class is masked"),
    ],
)
def test_what_are_no_logits_is_refused(logits, axis, error, message):
    with pytest.raises(error, match=message):
        as_logits("teacher_logits", logits, axis)


def test_a_row_is_what_lies_along_the_class_axis():
    logits = np.array([[0.0, -np.inf], [1.0, -np.inf]])
    assert as_logits("logits", logits, -1) is logits
    with pytest.raises(ValueError, match="every class is masked"):
        as_logits("logits", logits, 0)


@pytest.mark.parametrize(
    ("dtype", "row"),
    [
        ("f8", [1e16, 1e16 + 4, 0.0]),  # one class is sure, whatever the last digits of the others
        ("f8", [1e16, 1e16]),  # equal logits are equal
        ("f8", [1e16, -np.inf]),  # and so is the only one that is not masked
        ("f8", [1e7 + 0.1, 1e7]),
        ("f8", [1.0 + 1e-15, 1.0]),  # half a digit left, but what is lost is nothing to a softmax
        ("f4", [3e3, 2e3]),
        ("f2", [30.0, 29.0]),
        (">f4", [20.0, 1.0]),
        ("i8", [2**60, 0]),
        ("f8", [1e308, -1e308]),
    ],
)
def test_logits_whose_differences_have_their_digits_are_not_warned_of(dtype, row):
    as_logits("logits", np.array([row, [0.0] * len(row)], dtype))


@pytest.mark.parametrize(
    ("dtype", "row"),
    [
        ("f8", [1e16, 1e16 + 4]),
        ("f8", [-1e16, -1e16 - 4]),
        ("f8", [1e9 + 1, 1e9, -np.inf]),
        ("f4", [5e3, 5e3 + 1]),
        (">f4", [5e3, 5e3 + 1]),
        ("f2", [1e3, 1e3 + 1]),
        ("i8", [2**60, 2**60 + 256]),
    ],
)
def test_a_row_with_less_than_half_of_its_digits_left_is_warned_of(dtype, row):
    logits = np.array([[0.0] * len(row), row], dtype)
    for axis, given in ((-1, logits), (0, logits.T)):
        with pytest.warns(UserWarning, match="teacher_logits must not be so large") as caught:
            as_logits("teacher_logits", given, axis)
        assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f8", np.int64])
def test_probabilities_keep_their_dtype_and_may_be_rounded(dtype):
    p = np.array([[1, 0], [0, 1]], dtype)
    assert as_probs("probs", p).dtype == (np.float64 if dtype is np.int64 else p.dtype)
    as_probs("probs", np.float16([0.3333, 0.3333, 0.3333]))
    as_probs("probs", [0.333, 0.333, 0.333])
    as_probs("probs", [1 + 1e-7, 0.0])


@pytest.mark.parametrize(
    ("probs", "axis", "error", "message"),
    [
        ([0.7, 0.32], -1, ValueError, r"p must sum to 1 along axis -1; the sum 1.02 was given"),
        ([[0.5, 0.5], [0.9, 0.1]], 0, ValueError, "p must sum to 1 along axis 0; the sum 1.4 was given"),
        ([1.2, -0.2], -1, ValueError, r"p must be in \[0, 1\]; 1.2 was given"),
        ([0.2, 0.9, -0.1], -1, ValueError, r"p must be in \[0, 1\]; -0.1 was given"),
        ([math.nan, 1.0], -1, ValueError, "p must hold finite numbers; nan"),
        ([math.inf, 0.0], -1, ValueError, "p must hold finite numbers; inf"),
        ([[], []], -1, ValueError, "p must have at least one class"),
        ([0.5, 0.5], 1, ValueError, "axis"),
        ([0.5, 0.5j], -1, TypeError, "p must hold real numbers"),
    ],
)
def test_what_are_no_probabilities_is_refused(probs, axis, error, message):
    with pytest.raises(error, match=message):
        as_probs("p", probs, axis)


@pytest.mark.parametrize(
    "value", [4, 4.0, np.int8(4), np.float32(4), np.longdouble(4), np.array(4), np.array(4.0, ">f4")]
)
def test_any_real_number_is_a_temperature(value):
    temperature = as_temperature(value)
    assert type(temperature) is float
    assert temperature == 4.0


@pytest.mark.parametrize("value", [0, 0.0, -0.0, 5e-324, 1e308, math.inf])
def test_both_limits_are_temperatures(value):
    assert as_temperature(value) == value


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (-1, ValueError, r"temperature must be in \[0, inf\]; -1 was given"),
        (-math.inf, ValueError, r"temperature must be in \[0, inf\]; -inf was given"),
        (math.nan, ValueError, r"temperature must be in \[0, inf\]; nan was given"),
        ([1.0, 2.0], ValueError, r"temperature must be one number; an array of shape \(2,\)"),
        (["a"] * 10_000, ValueError, r"temperature must be one number; an array of shape \(10000,\)"),
        ([[1.0], [1.0, 2.0]], ValueError, "temperature must be a rectangular array"),
        (True, TypeError, "temperature must be a float or an integer below .*; bool was given"),
        (np.True_, TypeError, "temperature must be a float or an integer below .*; bool was given"),
        ("4", TypeError, "temperature must be a float or an integer below .*; str was given"),
        (None, TypeError, "temperature must be a float or an integer below .*; NoneType was given"),
        (4j, TypeError, "temperature must be a float or an integer below .*; complex was given"),
        (10**30, TypeError, r"temperature must be a float or an integer below 2\*\*64; int was given"),
        (np.ma.masked, TypeError, "temperature must be a plain array; a masked array was given"),
        (Unreadable(), TypeError, "temperature must be an array; this Unreadable is not readable: call detach"),
    ],
)
def test_what_is_no_temperature_is_refused(value, error, message):
    with pytest.raises(error, match=message):
        as_temperature(value)


@pytest.mark.parametrize(("interval", "low", "high"), [("[0, 1]", 1, 1), ("(0, 1)", 0, 0), ("[0, inf)", 1, 0)])
def test_an_interval_is_read_as_mathematics_writes_it(interval, low, high):
    end = float(interval[1:-1].split(",")[1])
    for value, allowed in ((0, low), (end, high), (0.5, True), (-5e-324, False), (math.nan, False)):
        if allowed:
            assert as_number("alpha", value, interval) == value
        else:
            with pytest.raises(ValueError, match=r"^alpha must be in "):
                as_number("alpha", value, interval)


def test_an_integer_is_an_integer():
    assert type(as_integer("k", np.int8(3), 1)) is int
    for value in (3.0, True, None, "3", [3]):
        with pytest.raises(TypeError, match="k must be an integer at least 1; .* was given"):
            as_integer("k", value, 1)
    for value in (0, 4):
        with pytest.raises(ValueError, match=rf"k must be an integer in \[1, 3\]; {value} was given"):
            as_integer("k", value, 1, 3)


def test_finite_numbers_are_computed_in_float32_at_least():
    for given, computed in (("f2", "f4"), (">f4", "f4"), ("f8", "f8"), ("i4", "f8")):
        assert as_finite("x", np.array([1], given)).dtype == np.dtype(computed)
    value = np.array([1.0])
    assert as_finite("x", value) is value
    assert widened(value) is value
    for bad in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match=f"x must hold finite numbers; {bad} was given"):
            as_finite("x", [[0.0, bad]])
    with pytest.raises(ValueError, match=r"x must have 2 axes; an array of shape \(1,\) was given"):
        as_finite("x", value, ndim=2)


def test_labels_are_integers_in_range_one_for_each_row():
    labels = as_labels("labels", np.array([0, 2], ">i2"), 3, (2,))
    np.testing.assert_array_equal(labels, [0, 2])
    assert labels.dtype == np.intp
    assert as_labels("labels", [], 3, (0,)).shape == (0,)
    for value in ([0.0, 1.0], [True, False], ["a", "b"], np.zeros((0,)), None):
        with pytest.raises(TypeError, match="labels must hold integers"):
            as_labels("labels", value, 3)
    for value in ([0, 3], [-1, 0], np.array([0, 2**63], np.uint64)):
        with pytest.raises(ValueError, match=r"labels must be in \[0, 2\]; .* was given"):
            as_labels("labels", value, 3, (2,))
    with pytest.raises(ValueError, match=r"labels must have shape \(2,\), one for each row; shape \(2, 1\) was given"):
        as_labels("labels", [[0], [1]], 3, (2,))


def test_a_choice_is_one_of_the_words():
    assert as_choice("side", "left", "left", "right") == "left"
    for value in ("Left", None, 1, np.array(["left", "right"])):
        with pytest.raises(ValueError, match="side must be 'left' or 'right'"):
            as_choice("side", value, "left", "right")


def test_randomness_comes_from_a_generator():
    rng = np.random.default_rng(0)
    assert as_rng(rng) is rng
    for value in (0, None, np.random, np.random.RandomState(0)):
        with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator; .* was given"):
            as_rng(value)


def test_shapes_are_equal_or_refused():
    check_same_shape(p=np.zeros((2, 3)), q=np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"p and q must have the same shape; \(2,\) and \(2, 1\) were given"):
        check_same_shape(p=np.zeros(2), q=np.zeros((2, 1)))


def test_reductions():
    losses = np.array([1.0, 2.0, 6.0])
    assert reduced(losses, "none") is losses
    assert reduced(losses, "sum") == 9
    assert reduced(losses, "mean") == 3
    assert reduced(losses[:0], "sum") == 0
    assert reduced(losses[:0], "none").shape == (0,)
    with pytest.raises(ValueError, match="reduction must be 'none' or 'sum' where there is no row"):
        reduced(losses[:0], "mean")
    for value in ("batchmean", None, True):
        with pytest.raises(ValueError, match="reduction must be 'none', 'sum' or 'mean'"):
            reduced(losses, value)
