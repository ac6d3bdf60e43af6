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
        If the numbers are complex, or not numbers at all, or in a masked array (whose mask would be lost).
    ValueError
        If nested sequences have unequal lengths.

    Examples
    --------
    >>> as_real("logits", [2, 1]).dtype
    dtype('float64')
    """
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a plain array; a masked array was given: mark absent classes with -inf.")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array; rows of unequal length were given.") from error
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
        If the logits are not real numbers.
    ValueError
        If there is no class axis or no class, if a logit is NaN or +inf, or if every class of a row is masked.

    Examples
    --------
    >>> as_logits("logits", [0.0, float("-inf")]).shape
    (2,)
    """
    logits = as_real(name, value)
    if not -logits.ndim <= axis < logits.ndim:
        raise ValueError(f"axis must name one of the {logits.ndim} axes of {name}; {axis} was given.")
    if logits.shape[axis] == 0:
        raise ValueError(f"{name} must have at least one class; shape {logits.shape} has none along axis {axis}.")
    if check_finite:
        largest = logits.max(axis=axis)
        if np.isnan(largest).any():
            raise ValueError(f"{name} must not hold NaN.")
        if np.isposinf(largest).any():
            raise ValueError(f"{name} must not hold +inf; a masked class is -inf.")
        if np.isneginf(largest).any():
            raise ValueError(f"{name} has a row in which every class is masked (-inf); one must be finite.")
    return logits


def as_temperature(value: float) -> float:
    """Return `value` as a temperature: one number in [0, inf], both limits included.

    Parameters
    ----------
    value : float
        The temperature T, without unit (logits have none).

    Returns
    -------
    float
        The temperature.

    Raises
    ------
    TypeError
        If it is not a real number.
    ValueError
        If it is an array of several numbers, negative or NaN.

    Examples
    --------
    >>> as_temperature(4)
    4.0
    """
    number = np.asarray(value)
    if number.dtype.kind not in "iuf":
        raise TypeError(f"temperature must be a real number; {value!r} was given.")
    if number.ndim != 0:
        raise ValueError(f"temperature must be one number for all rows; an array of shape {number.shape} was given.")
    if not number >= 0:
        raise ValueError(f"temperature must be in [0, inf]; {value!r} was given.")
    return float(number)
