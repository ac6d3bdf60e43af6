"""What every mechanism asks of its input, and the sentence it answers with when it does not get it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating[Any]]


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
        If the numbers are complex, or not numbers at all, or in a masked array (whose mask would be lost),
        or in an object that NumPy cannot read.
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
    return array


def as_logits(name: str, value: ArrayLike, axis: int = -1, *, check_finite: bool = True) -> FloatArray:
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
    check_finite : bool
        Whether to look for NaN, +inf and rows without an unmasked class.

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

    Examples
    --------
    >>> as_logits("logits", [0.0, float("-inf")]).shape
    (2,)
    """
    logits = as_real(name, value)
    if logits.ndim == 0:
        raise ValueError(f"{name} must have an axis of classes; one number without an axis was given.")
    if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
        raise TypeError(f"axis must be one integer; {axis!r} was given.")
    if not -logits.ndim <= axis < logits.ndim:
        raise ValueError(f"axis must name one of the {logits.ndim} axes of {name}; {axis} was given.")
    if logits.shape[axis] == 0:
        raise ValueError(f"{name} must have at least one class; shape {logits.shape} has none along axis {axis}.")
    if check_finite:
        check_largest(name, logits.max(axis=axis))
    return logits


def check_largest(name: str, largest: FloatArray) -> None:
    """Refuse logits by the largest one of each row: NaN and +inf show there, and -inf means no unmasked class.

    Parameters
    ----------
    name : str
        The name of the argument that holds the logits, for the error message.
    largest : ndarray
        The largest logit of each row.

    Raises
    ------
    ValueError
        If a row holds NaN or +inf, or if every class of a row is masked.

    Examples
    --------
    >>> check_largest("logits", np.array([3.0, np.nan]))
    Traceback (most recent call last):
        ...
    ValueError: logits must not hold NaN.
    """
    if np.isfinite(largest).all():
        return
    if np.isnan(largest).any():
        raise ValueError(f"{name} must not hold NaN.")
    if np.isposinf(largest).any():
        raise ValueError(f"{name} must not hold +inf; a masked class is -inf.")
    raise ValueError(f"{name} has a row in which every class is masked (-inf); one must be finite.")


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
    number = _as_array("temperature", value)
    if number.ndim != 0:
        raise ValueError(f"temperature must be one number for all rows; an array of shape {number.shape} was given.")
    if number.dtype.kind not in "iuf":
        raise TypeError(f"temperature must be a float or an integer below 2**64; {type(value).__name__} was given.")
    if not number >= 0:
        raise ValueError(f"temperature must be in [0, inf]; {number} was given.")
    return float(number)


def _as_array(name: str, value: ArrayLike) -> np.ndarray:
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a plain array; a masked array was given (a masked class is a logit of -inf).")
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array; rows of unequal length were given.") from error
    except (TypeError, RuntimeError) as error:
        raise TypeError(f"{name} must be an array; this {type(value).__name__} is not readable: {error}") from error
