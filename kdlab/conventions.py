"""What holds for every public function of every mechanism, and the checks that see to it.

A function's own docstring says only what is special to it. For all of them:

* **Arrays** are whatever NumPy reads as real numbers, lists and single numbers too. They are neither changed nor
  returned. Integers and booleans become float64. Floats keep their dtype, and of two dtypes the wider counts; float16
  is computed in float32. A result takes the dtype of its input; losses, means and sums are float32 at least.
* **Classes** lie along `axis`, the last unless another is named; all other axes are rows. A logit of -inf masks its
  class, whose probability is then 0; one class a row must be unmasked. There may be no rows, but not no classes.
* **Labels** y are integers in 0..C-1, one for each row.
* **The temperature** T is a number in [0, inf]; at its ends stand the limits: the classes that share the largest
  logit, and all unmasked classes, with equal probability.
* **A reduction** is "none", "sum" or "mean", of the rows. Each row is a sum over its classes already, so that "mean" is
  PyTorch's "batchmean".
* **TypeError** meets what is of another kind: complex numbers, strings, masked arrays, arrays wider than float64; a
  boolean for a number; a float for a label, an axis or a count.
* **ValueError** meets NaN and infinity, but where a range includes infinity, and a masked class; a number outside the
  range that stands with its parameter; a shape other than the one that stands there, since nothing is broadcast
  unasked; an axis that is not there; a word that is none of those allowed; and a mean of no rows.
* Each message names the argument, what is allowed, and what was given.
* **UserWarning**: a row of logits has so much in common that less than half of their digits are left for the
  differences, which are all that a softmax sees.
* What lies beyond a float is infinite or 0, without a warning.
* **Order**: data come first, the student's before the teacher's; then the temperature. Options are given by name.
* **Ties** go to the lowest index. **Randomness** comes from `rng`, a ``numpy.random.Generator``.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

ROUNDING = 1e-6  # how far above 1 a probability may lie
SUM_ROUNDING = 1e-2  # how far from 1 a sum of probabilities may lie: three decimals, or float16


def as_real(name: str, value: ArrayLike) -> FloatArray:
    """Return `value` as a floating array: floats keep their dtype, integers and booleans become float64.

    Parameters
    ----------
    name : str
        The argument's name, for the error message.
    value : array_like
        Real numbers, of any shape.

    Returns
    -------
    ndarray
        The same numbers. Not a copy where none is needed: callers must not write to it.

    Raises
    ------
    TypeError
        If the numbers are complex, or not numbers at all, wider than float64 (as long doubles are on some machines), or
        in a masked array (whose mask would be lost), or in an object that NumPy cannot read.
    ValueError
        If nested sequences have unequal lengths.

    Examples
    --------
    >>> as_real("logits", [2, 1]).dtype
    dtype('float64')
    """
    array = _as_array(name, value)
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers; {array.dtype} was given.")
    if array.dtype.itemsize > 8:
        raise TypeError(f"{name} must be float64 or narrower; {array.dtype}, another on every machine, was given.")
    return array


def as_classes(name: str, value: ArrayLike, axis: int) -> FloatArray:
    """Return `value` as `as_real` does, with at least one class along `axis`.

    Raises
    ------
    TypeError
        If they are not real numbers, or `axis` is not an integer.
    ValueError
        If there is no such axis, or no class along it.

    Examples
    --------
    >>> as_classes("logits", 1.0, -1)
    Traceback (most recent call last):
        ...
    ValueError: logits must have an axis of classes; one number without an axis was given.
    """
    array = as_real(name, value)
    if array.ndim == 0:
        raise ValueError(f"{name} must have an axis of classes; one number without an axis was given.")
    if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
        raise TypeError(f"axis must be one integer; {axis!r} was given.")
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"axis must name one of the {array.ndim} axes of {name}; {axis} was given.")
    if array.shape[axis] == 0:
        raise ValueError(f"{name} must have at least one class; shape {array.shape} has none along axis {axis}.")
    return array


def as_logits(name: str, value: ArrayLike, axis: int = -1) -> FloatArray:
    """Return `value` as logits: real, with at least one class along `axis`, and at least one unmasked class a row.

    A logit of -inf marks a masked class: its probability is 0.

    Parameters
    ----------
    name : str
        The argument's name, for the error message.
    value : array_like
        Logits; the classes lie along `axis`.
    axis : int
        The class axis.

    Returns
    -------
    ndarray
        The logits, as `as_real` returns them.

    Raises
    ------
    TypeError
        If the logits are not real numbers, or `axis` is not an integer.
    ValueError
        If there is no class axis or no class, if a logit is NaN or +inf, or if every class of a row is masked.

    Warns
    -----
    UserWarning
        If a row's logits have so much in common that less than half of their digits are left for their differences,
        which are all that a softmax sees.

    Examples
    --------
    >>> as_logits("logits", [0.0, float("-inf")]).shape
    (2,)
    """
    logits = as_classes(name, value, axis)
    largest = logits.max(axis=axis, keepdims=True)  # NaN and +inf show in it; -inf means no unmasked class
    tolerance = np.finfo(logits.dtype).eps ** 0.5
    if (np.abs(largest) < 1 / tolerance).all():
        return logits
    if not np.isfinite(largest).all():
        if np.isnan(largest).any():
            raise ValueError(f"{name} must not hold NaN.")
        if np.isposinf(largest).any():
            raise ValueError(f"{name} must not hold +inf; a masked class is -inf.")
        raise ValueError(f"{name} has a row in which every class is masked (-inf); one must be finite.")
    with quiet():
        spread = largest - logits.min(axis=axis, keepdims=True, where=~np.isneginf(logits), initial=np.inf)
        if ((spread > 0) & (np.spacing(np.abs(largest)) > tolerance * np.maximum(spread, 1))).any():
            warn(f"{name} must not be so large beside the differences of its classes: rounding has taken their digits.")
    return logits


def as_logits_pair(
    student_logits: ArrayLike, teacher_logits: ArrayLike, axis: int, T: float
) -> tuple[FloatArray, FloatArray, np.dtype]:
    """Return the logits of student and teacher as the equations take them, and the dtype of a loss.

    Parameters
    ----------
    student_logits, teacher_logits : array_like
        z and v, of one shape.
    axis : int
        The class axis.
    T : float
        What the equations' dtype must hold beside the logits.

    Returns
    -------
    z, v : ndarray
        The classes on the last axis, in a dtype that holds T.
    dtype
        The wider dtype of the two, float32 at least.

    Raises
    ------
    TypeError, ValueError
        As `as_logits` does; ValueError if the shapes differ.

    Examples
    --------
    >>> z, v, dtype = as_logits_pair(np.float32([[1], [2]]), np.float16([[0], [3]]), 0, 1e-50)
    >>> z, v.shape, dtype
    (array([[1., 2.]]), (1, 2), dtype('float32'))
    """
    z, v = as_logits("student_logits", student_logits, axis), as_logits("teacher_logits", teacher_logits, axis)
    check_same_shape(student_logits=z, teacher_logits=v)
    dtype = np.result_type(z, v, np.float32)
    z, v = (classes_last(logits.astype(holding(T, dtype), copy=False), axis) for logits in (z, v))
    return z, v, dtype


def warn(message: str) -> None:
    """Warn of the line that called kdlab from outside, however deep inside kdlab the warning arose."""
    depth, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "kdlab":
        depth, frame = depth + 1, frame.f_back
    warnings.warn(message, stacklevel=depth)


def as_probs(name: str, value: ArrayLike, axis: int = -1) -> FloatArray:
    """Return `value` as probabilities: in [0, 1], with at least one class along `axis` and the sum 1 along it.

    Parameters
    ----------
    name : str
        The argument's name, for the error message.
    value : array_like
        Probabilities; the classes lie along `axis`. They may be rounded, to three decimals or to float16: sums may be
        off by .01, and a single one above 1 by a millionth.
    axis : int
        Of the classes.

    Returns
    -------
    ndarray
        The same numbers, in their own dtype; integers become float64. Not a copy where none is needed.

    Raises
    ------
    TypeError
        If they are not real numbers, or `axis` is not an integer.
    ValueError
        If one is NaN or outside [0, 1], if a sum is not 1, if there is no class, or no such axis.

    Examples
    --------
    >>> as_probs("teacher_probs", [0.7, 0.4])
    Traceback (most recent call last):
        ...
    ValueError: teacher_probs must sum to 1 along axis -1; the sum 1.1 was given.
    """
    probs = as_classes(name, value, axis)
    wide = as_finite(name, probs)
    outside = (wide < 0) | (wide > 1 + ROUNDING)
    if outside.any():
        raise ValueError(f"{name} must be in [0, 1]; {wide[outside].flat[0]} was given.")
    sums = wide.sum(axis=axis)
    wrong = np.abs(sums - 1) > SUM_ROUNDING
    if wrong.any():
        raise ValueError(f"{name} must sum to 1 along axis {axis}; the sum {sums[wrong].flat[0]} was given.")
    return probs


def as_temperature(value: float) -> float:
    """Return `value` as a temperature: one number in [0, inf], both limits included.

    Parameters
    ----------
    value : float
        The temperature T, without unit (logits have none).

    Returns
    -------
    float
        The temperature, rounded to float64.

    Raises
    ------
    TypeError
        If it is not a real number (a boolean is none).
    ValueError
        If it is an array of several numbers, negative or NaN.

    Examples
    --------
    >>> as_temperature(4)
    4.0
    """
    return as_number("temperature", value, "[0, inf]")


def as_number(name: str, value: float, interval: str) -> float:
    """Return `value` as one real number of an interval.

    Parameters
    ----------
    name : str
        The argument's name, for the error message.
    value : float
        One number; no array of one.
    interval : str
        What is allowed, written as in mathematics: "[0, 1]", "(0, inf)". It is also what the message says.

    Returns
    -------
    float
        The number, rounded to float64.

    Raises
    ------
    TypeError
        If it is not a real number (a boolean is none).
    ValueError
        If it is an array, NaN, or outside the interval.

    Examples
    --------
    >>> as_number("alpha", 1, "[0, 1]")
    1.0
    >>> as_number("alpha", 2, "[0, 1]")
    Traceback (most recent call last):
        ...
    ValueError: alpha must be in [0, 1]; 2 was given.
    """
    number = _as_array(name, value)
    if number.ndim != 0:
        raise ValueError(f"{name} must be one number; an array of shape {number.shape} was given.")
    if number.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be a float or an integer below 2**64; {type(value).__name__} was given.")
    rounded = float(number)
    low, high = map(float, interval[1:-1].split(","))
    above = rounded > low if interval[0] == "(" else rounded >= low
    below = rounded < high if interval[-1] == ")" else rounded <= high
    if not (above and below):
        raise ValueError(f"{name} must be in {interval}; {number} was given.")
    return rounded


def as_integer(name: str, value: int, lowest: int, highest: int | None = None) -> int:
    """Return `value` as one integer from `lowest` to `highest`, both included.

    Parameters
    ----------
    name : str
        The argument's name, for the error message.
    value : int
        One integer; 2.0 is none.
    lowest, highest : int
        What is allowed; None is no limit.

    Returns
    -------
    int
        The integer.

    Raises
    ------
    TypeError
        If it is not an integer (a boolean is none).
    ValueError
        If it is too small or too large.

    Examples
    --------
    >>> as_integer("k", 0, 1, 10)
    Traceback (most recent call last):
        ...
    ValueError: k must be an integer in [1, 10]; 0 was given.
    """
    allowed = f"at least {lowest}" if highest is None else f"in [{lowest}, {highest}]"
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be an integer {allowed}; {value!r} was given.")
    if value < lowest or (highest is not None and value > highest):
        raise ValueError(f"{name} must be an integer {allowed}; {value} was given.")
    return int(value)


def as_finite(name: str, value: ArrayLike, ndim: int | None = None) -> FloatArray:
    """Return `value` as `as_real` does, computed in float32 at least, and refuse NaN and infinite numbers.

    Parameters
    ----------
    name : str
        The argument's name, for the error message.
    value : array_like
        Real numbers.
    ndim : int or None
        How many axes there must be; None for any number.

    Returns
    -------
    ndarray
        The same numbers; float16 becomes float32. Not a copy where none is needed.

    Raises
    ------
    TypeError
        If they are not real numbers.
    ValueError
        If one is NaN or infinite, or if the number of axes is another.

    Examples
    --------
    >>> as_finite("weights", [1.0, float("nan")])
    Traceback (most recent call last):
        ...
    ValueError: weights must hold finite numbers; nan was given.
    """
    array = widened(as_real(name, value))
    if ndim is not None and array.ndim != ndim:
        axes = "one axis" if ndim == 1 else f"{ndim} axes"
        raise ValueError(f"{name} must have {axes}; an array of shape {array.shape} was given.")
    finite = np.isfinite(array)
    if not finite.all():
        raise ValueError(f"{name} must hold finite numbers; {array[~finite].flat[0]} was given.")
    return array


def as_weights_and_hessian(weights: ArrayLike, hessian: ArrayLike) -> tuple[FloatArray, FloatArray, float]:
    """Return weights of inputs, their Hessian in a unit in which its inverse is in range, and the root of that unit.

    Raises
    ------
    ValueError
        If `hessian` has not a row and a column for each input, or is not symmetric and positive definite.

    Examples
    --------
    >>> weights, hessian, unit = as_weights_and_hessian([1.0, 2.0], [[4.0, 0.0], [0.0, 16.0]])
    >>> float(unit), (hessian * unit * unit).tolist()
    (4.0, [[4.0, 0.0], [0.0, 16.0]])
    """
    w, H = (as_finite(name, value).astype(np.float64) for name, value in (("weights", weights), ("hessian", hessian)))
    if w.ndim == 0 or w.shape[-1] == 0 or H.shape != 2 * w.shape[-1:]:
        raise ValueError(f"hessian must have a row and a column for each input of weights; {H.shape} was given.")
    unit = 2.0 ** (np.frexp(np.abs(H).max())[1] // 2)  # a power of two: nothing is rounded
    H = H / unit / unit
    if np.abs(H - H.T).max() > 1e-8 * np.abs(H).max():
        raise ValueError("hessian must be symmetric; this one is not.")
    curvatures = np.linalg.eigvalsh(H)
    if curvatures[0] <= len(H) * np.finfo(np.float64).eps * curvatures[-1]:
        raise ValueError("hessian must be positive definite; this one is not, or not beyond rounding.")
    return w, H, unit


def widened(array: FloatArray) -> FloatArray:
    """Return an array in the dtype to compute in: float32 for float16, native byte order, else its own.

    Parameters
    ----------
    array : ndarray
        Floating.

    Returns
    -------
    ndarray
        Not a copy where none is needed.

    Examples
    --------
    >>> widened(np.float16([1.0])).dtype
    dtype('float32')
    """
    return array.astype(np.result_type(array.dtype, np.float32), copy=False)


def holding(number: float, dtype: np.dtype) -> np.dtype:
    """Return a native dtype, at least as wide as float32, in which a number neither vanishes nor becomes infinite.

    Examples
    --------
    >>> holding(1e-50, np.dtype(np.float32))
    dtype('float64')
    """
    computing = np.result_type(dtype, np.float32)
    limits = np.finfo(computing)
    if 0 < number < float(limits.tiny) or float(limits.max) < number < np.inf:
        return np.dtype(np.float64)
    return computing


def unit_of(*arrays: FloatArray) -> float:
    """Return a power of two near the largest number: what is divided by it loses no digit, and has sums and squares.

    Examples
    --------
    >>> unit_of(np.array([3.0, -5.0]))
    4.0
    """
    largest = max(np.abs(array).max(initial=0) for array in arrays)
    return float(np.ldexp(1.0, np.frexp(largest)[1] - 1))


def classes_last(array: np.ndarray, axis: int, *, back: bool = False) -> np.ndarray:
    """Return an array with its class axis last, where the equations have it; or `back` from there.

    Examples
    --------
    >>> classes_last(np.zeros((10, 4)), 0).shape
    (4, 10)
    """
    if axis in (-1, array.ndim - 1):
        return array
    return np.moveaxis(array, -1, axis) if back else np.moveaxis(array, axis, -1)


def quiet() -> np.errstate:
    """Return a context in which equations may reach infinity and NaN without NumPy's warnings."""
    return np.errstate(over="ignore", invalid="ignore", divide="ignore")


def as_labels(name: str, value: ArrayLike, num_classes: int, shape: tuple[int, ...] | None = None) -> IntArray:
    """Return `value` as class labels: integers from 0 to num_classes - 1.

    Parameters
    ----------
    name : str
        The argument's name, for the error message.
    value : array_like
        Integers. An empty list is no labels.
    num_classes : int
        C.
    shape : tuple of int or None
        The shape they must have, one label for each row of logits; None for any.

    Returns
    -------
    ndarray of integers
        The labels, fit to index with.

    Raises
    ------
    TypeError
        If they are not integers.
    ValueError
        If one is out of range, or the shape is another.

    Examples
    --------
    >>> as_labels("labels", [0, 3], num_classes=3)
    Traceback (most recent call last):
        ...
    ValueError: labels must be in [0, 2]; 3 was given.
    """
    labels = _as_array(name, value)
    if labels.size == 0 and not isinstance(value, np.ndarray):
        labels = labels.astype(np.int64)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold integers; {labels.dtype} was given.")
    if shape is not None and labels.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, one for each row; shape {labels.shape} was given.")
    outside = (labels < 0) | (labels >= num_classes)
    if outside.any():
        raise ValueError(f"{name} must be in [0, {num_classes - 1}]; {labels[outside].flat[0]} was given.")
    return labels.astype(np.intp, copy=False)


def as_choice(name: str, value: str, *choices: str) -> str:
    """Return `value`, one of the words that are allowed.

    Raises
    ------
    ValueError
        If it is none of them.

    Examples
    --------
    >>> as_choice("reduction", "avg", "none", "sum", "mean")
    Traceback (most recent call last):
        ...
    ValueError: reduction must be 'none', 'sum' or 'mean'; 'avg' was given.
    """
    if not isinstance(value, str) or value not in choices:
        *first, last = map(repr, choices)
        raise ValueError(f"{name} must be {', '.join(first)} or {last}; {value!r} was given.")
    return value


def as_rng(value: np.random.Generator) -> np.random.Generator:
    """Return `value`, the generator that all randomness comes from.

    Raises
    ------
    TypeError
        If it is no numpy.random.Generator.
    """
    if not isinstance(value, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator; {type(value).__name__} was given.")
    return value


def check_same_shape(**arrays: np.ndarray) -> None:
    """Refuse arrays of unequal shapes: broadcasting (N,) against (N, 1) would make (N, N) of them, unasked.

    Parameters
    ----------
    **arrays : ndarray
        By the names of the arguments.

    Raises
    ------
    ValueError
        If two shapes differ.

    Examples
    --------
    >>> check_same_shape(student_logits=np.zeros((2, 3)), teacher_logits=np.zeros(3))
    Traceback (most recent call last):
        ...
    ValueError: student_logits and teacher_logits must have the same shape; (2, 3) and (3,) were given.
    """
    if len({array.shape for array in arrays.values()}) > 1:
        names, shapes = " and ".join(arrays), " and ".join(str(array.shape) for array in arrays.values())
        raise ValueError(f"{names} must have the same shape; {shapes} were given.")


def reduced(losses: FloatArray, reduction: str) -> FloatArray:
    """Return the losses of the rows, their sum, or their mean over the rows.

    Parameters
    ----------
    losses : ndarray
        One number for each row, summed over the classes already: this is PyTorch's "batchmean".
    reduction : str
        "none", "sum" or "mean".

    Raises
    ------
    ValueError
        If `reduction` is none of these, or there is no row to take a mean of.

    Examples
    --------
    >>> reduced(np.array([1.0, 3.0]), "mean")
    np.float64(2.0)
    """
    as_choice("reduction", reduction, "none", "sum", "mean")
    if reduction == "none":
        return losses
    if reduction == "sum":
        return losses.sum()
    if losses.size == 0:
        raise ValueError("reduction must be 'none' or 'sum' where there is no row; 'mean' was given.")
    return losses.mean()


def _as_array(name: str, value: ArrayLike) -> np.ndarray:
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a plain array; a masked array was given (a masked class is a logit of -inf).")
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array; rows of unequal length were given.") from error
    except (TypeError, RuntimeError) as error:
        raise TypeError(f"{name} must be an array; this {type(value).__name__} is not readable: {error}") from error
