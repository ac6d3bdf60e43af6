r"""Robustness of linear classifiers: what the worst small change of an input does, exactly.

.. math:: \min_{\|\delta\|_\infty \le \epsilon} y\,(w \cdot (x + \delta) + b)
          = y\,(w \cdot x + b) - \epsilon \|w\|_1

with input :math:`x`, label :math:`y \in \{-1, +1\}`, weights :math:`w` and bias :math:`b`. It holds for linear
scores, two linear layers in a row among them; with a nonlinearity between the layers it says nothing.
Chapter: interplay/robustness.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    as_choice,
    as_finite,
    as_integer,
    as_labels,
    as_number,
    as_real,
    check_same_shape,
    quiet,
)
from kdlab.core import robustness as core

Box = tuple[ArrayLike, ArrayLike]
Bias = TypeVar("Bias", float, FloatArray)
NORMS = ("linf", "l2", "l1")


class TwoLayers(NamedTuple):
    """The linear network f(x) = w2 . W1 x; the rows of W1 are its hidden units."""

    hidden_weights: FloatArray
    output_weights: FloatArray


def dual_norm(weights: ArrayLike, *, norm: str = "linf") -> FloatArray:
    r"""Norm of the weights that is dual to the norm of the perturbation: the fastest change of the score.

    .. math:: \|w\|_* = \max_{\|\delta\| \le 1} w \cdot \delta

    Parameters
    ----------
    weights : array_like, shape (..., D)
        Weights w.
    norm : str
        The norm of the perturbation: "linf" (dual: the l1 norm), "l2" (itself) or "l1" (the largest weight).

    Returns
    -------
    ndarray, shape of `weights` without the last axis
        In [0, inf).

    Examples
    --------
    >>> dual_norm([3.0, -4.0]), dual_norm([3.0, -4.0], norm="l2"), dual_norm([3.0, -4.0], norm="l1")
    (np.float64(7.0), np.float64(5.0), np.float64(4.0))
    """
    as_choice("norm", norm, *NORMS)
    w = as_finite("weights", weights)
    if w.ndim == 0:
        raise ValueError("weights must have an axis of features; one number without an axis was given.")
    with quiet():
        return core.dual_norm(w, norm)


def margins(weights: ArrayLike, inputs: ArrayLike, labels: ArrayLike, *, bias: float = 0.0) -> FloatArray:
    r"""Margins of a linear classifier: positive where the label is right.

    .. math:: y\,(w \cdot x + b)

    Parameters
    ----------
    weights : array_like, shape (D,)
        Weights w.
    inputs : array_like, shape (N, D)
        Inputs x, one a row.
    labels : array_like, shape (N,)
        Labels y, each -1 or +1. Labels 0 and 1 are refused: with y = 0 every margin would be 0.
    bias : float
        Bias b.

    Returns
    -------
    ndarray, shape (N,)
        In units of the score; 0, a tie, counts as an error.

    Examples
    --------
    >>> margins([2.0, -1.0], [[1.0, 0.0], [1.0, 3.0]], [1, -1])
    array([2., 1.])
    """
    w, x, y, b, unit = _classifier(weights, inputs, labels, bias)
    with quiet():
        return unit * core.margins(w, x, y, b)


def critical_radius(
    weights: ArrayLike, inputs: ArrayLike, labels: ArrayLike, *, bias: float = 0.0, norm: str = "linf"
) -> FloatArray:
    r"""Radius at which the margin is used up: an input is robust at every epsilon below it, and at no other.

    .. math:: \frac{y\,(w \cdot x + b)}{\|w\|_*}

    It stays the same if w and b are multiplied by c > 0: small weights alone make nothing robust.

    Parameters
    ----------
    weights, inputs, labels, bias
        As for `margins`.
    norm : str
        As for `dual_norm`.

    Returns
    -------
    ndarray, shape (N,)
        In units of the inputs; negative where the label is wrong. Where all weights are 0 it is inf, -inf or 0,
        by the sign of y b.

    Examples
    --------
    >>> critical_radius([2.0, -1.0], [[1.0, 0.0], [1.0, 3.0]], [1, -1]).round(3)
    array([0.667, 0.333])
    """
    as_choice("norm", norm, *NORMS)
    w, x, y, b, _ = _classifier(weights, inputs, labels, bias)
    with quiet():
        return core.critical_radius(w, x, y, b, norm)


def worst_margins(
    weights: ArrayLike,
    inputs: ArrayLike,
    labels: ArrayLike,
    epsilon: float,
    *,
    bias: float = 0.0,
    norm: str = "linf",
    box: Box | None = None,
) -> FloatArray:
    r"""Margins under the worst perturbation of each input: it is robust if, and only if, this is above 0.

    .. math:: \min_{\|\delta\| \le \epsilon} y\,(w \cdot (x + \delta) + b) = y\,(w \cdot x + b) - \epsilon \|w\|_*

    Where inputs must stay in a box (pixels in [0, 1]), an l_inf perturbation moves each feature within
    :math:`[\max(-\epsilon, l - x), \min(\epsilon, h - x)]`, and the minimum is the sum of those of the features;
    the formula above is then sufficient for robustness, but not necessary.

    Parameters
    ----------
    weights, inputs, labels, bias
        As for `margins`.
    epsilon : float
        Largest norm of the perturbation, in [0, inf), in units of the inputs.
    norm : str
        As for `dual_norm`.
    box : (low, high) or None
        Bounds that hold for the perturbed inputs, each one number or one for each feature; with "linf" only.

    Returns
    -------
    ndarray, shape (N,)
        In units of the score; never above `margins`.

    Raises
    ------
    ValueError
        If `inputs` lie outside `box`.

    References
    ----------
    Goodfellow, Shlens and Szegedy (2015), Explaining and Harnessing Adversarial Examples.

    Examples
    --------
    >>> worst_margins([2.0, -1.0], [[1.0, 0.0], [1.0, 3.0]], [1, -1], 0.5)
    array([ 0.5, -0.5])
    >>> worst_margins([2.0, -1.0], [[1.0, 0.0]], [1], 0.5, box=(0.5, 1.0))
    Traceback (most recent call last):
        ...
    ValueError: inputs must lie in the box; 0.0 was given.
    """
    w, x, y, b, unit = _classifier(weights, inputs, labels, bias)
    eps, box = _as_epsilon(epsilon), _as_box(box, x, norm)
    with quiet():
        return unit * core.worst_margins(w, x, y, eps, b, norm, box)


def worst_perturbation(
    weights: ArrayLike,
    inputs: ArrayLike,
    labels: ArrayLike,
    epsilon: float,
    *,
    norm: str = "linf",
    box: Box | None = None,
) -> FloatArray:
    r"""Perturbations that attain the worst margin: the attack that no other beats on a linear classifier.

    .. math:: \delta = -\epsilon\, y \, \operatorname{sign}(w) \quad (\|\delta\|_\infty \le \epsilon)

    With l2 it is :math:`-\epsilon\, y\, w / \|w\|_2`; with l1 all of it goes to the largest weight (the first, if
    several are). A feature of weight 0 stays.

    Parameters
    ----------
    weights, inputs, labels
        As for `margins`.
    epsilon, norm, box
        As for `worst_margins`.

    Returns
    -------
    ndarray, shape (N, D)
        :math:`\delta`, in units of the inputs.

    References
    ----------
    Goodfellow, Shlens and Szegedy (2015), Explaining and Harnessing Adversarial Examples.

    Examples
    --------
    >>> worst_perturbation([2.0, -1.0], [[1.0, 0.0], [1.0, 3.0]], [1, -1], 0.5)
    array([[-0.5,  0.5],
           [ 0.5, -0.5]])
    """
    w, x, y, _, _ = _classifier(weights, inputs, labels, 0.0)
    eps, box = _as_epsilon(epsilon), _as_box(box, x, norm)
    with quiet():
        return core.worst_perturbation(w, x, y, eps, norm, box)


def multiclass_worst_margins(
    weights: ArrayLike,
    inputs: ArrayLike,
    labels: ArrayLike,
    epsilon: float,
    *,
    bias: ArrayLike | None = None,
    norm: str = "linf",
    box: Box | None = None,
) -> FloatArray:
    r"""Margins over the closest other class under the worst perturbation: robust if, and only if, above 0.

    .. math:: \min_{j \ne y} \left[ (w_y - w_j) \cdot x + b_y - b_j - \epsilon \|w_y - w_j\|_* \right]

    Parameters
    ----------
    weights : array_like, shape (C, D)
        One row of weights for each class.
    inputs : array_like, shape (N, D)
        Inputs x, one a row.
    labels : array_like of integers, shape (N,)
        Labels y in [0, C - 1].
    epsilon, norm, box
        As for `worst_margins`.
    bias : array_like, shape (C,), or None
        Biases b; None for none.

    Returns
    -------
    ndarray, shape (N,)
        In units of the score; inf where there is one class alone.

    Examples
    --------
    >>> multiclass_worst_margins([[2.0, 0.0], [0.0, 2.0], [0.0, 0.0]], [[1.0, 0.25]], [0], 0.25)
    array([0.5])
    """
    W, x = as_finite("weights", weights, 2), as_finite("inputs", inputs, 2)
    C = len(W)
    if C == 0:
        raise ValueError(f"weights must have at least one class; shape {W.shape} was given.")
    _check_width(W, x)
    y = as_labels("labels", labels, C, x.shape[:1])
    b = np.zeros(C, W.dtype) if bias is None else as_finite("bias", bias, 1)
    if b.shape != (C,):
        raise ValueError(f"bias must have shape {(C,)}, one for each class; shape {b.shape} was given.")
    eps, box = _as_epsilon(epsilon), _as_box(box, x, norm)
    W, b, unit = _in_units(W, b)
    with quiet():
        return unit * core.multiclass_worst_margins(W, x, y, eps, b, norm, box)


def robust_accuracy(worst_margins: ArrayLike) -> FloatArray:
    r"""Fraction of inputs that no perturbation turns into an error.

    .. math:: \frac{1}{N} \sum_n 1[\text{worst margin}_n > 0]

    Parameters
    ----------
    worst_margins : array_like, shape (N,)
        From `worst_margins` or `multiclass_worst_margins`. A tie, 0, is a failure; with epsilon = 0 this is the
        clean accuracy.

    Returns
    -------
    float
        In [0, 1]; it never rises with epsilon.

    Examples
    --------
    >>> robust_accuracy([0.5, -0.5, 0.0, 2.0])
    np.float64(0.5)
    """
    margin = as_real("worst_margins", worst_margins)
    if margin.ndim != 1 or margin.size == 0:
        raise ValueError(f"worst_margins must have one axis and a number on it; shape {margin.shape} was given.")
    if np.isnan(margin).any():
        raise ValueError("worst_margins must not hold NaN.")
    return core.robust_accuracy(margin)


def gaussian_robust_accuracy(
    weights: ArrayLike, mean: ArrayLike, covariance: ArrayLike, epsilon: ArrayLike, *, norm: str = "linf"
) -> FloatArray:
    r"""Robust accuracy of w . x where the inputs of class y are Gaussian, N(y mu, Sigma).

    .. math:: \Phi\!\left( \frac{w \cdot \mu - \epsilon \|w\|_*}{\sqrt{w^\top \Sigma\, w}} \right)

    Parameters
    ----------
    weights : array_like, shape (D,)
        Weights w.
    mean : array_like, shape (D,)
        Mean mu of class +1; that of class -1 is its opposite.
    covariance : array_like, shape (D, D)
        Covariance Sigma of both classes: symmetric and positive semidefinite, of which only what the formula
        needs is checked (its diagonal, and the variance of w . x).
    epsilon : array_like
        Largest norm of the perturbation, in [0, inf); one or several.
    norm : str
        As for `dual_norm`.

    Returns
    -------
    ndarray, shape of `epsilon`
        In [0, 1], in float64. Where w . x does not vary, 1 if it is robust and 0 if not.

    Examples
    --------
    >>> gaussian_robust_accuracy([1.0, -0.5], [0.8, -0.3], [[1.0, 0.0], [0.0, 0.25]], [0.0, 0.2]).round(3)
    array([0.822, 0.736])
    """
    w, mu = as_finite("weights", weights, 1), as_finite("mean", mean, 1)
    Sigma, eps = as_finite("covariance", covariance, 2), as_finite("epsilon", epsilon).astype(np.float64)
    check_same_shape(weights=w, mean=mu)
    if Sigma.shape != 2 * w.shape:
        raise ValueError(f"covariance must have shape {2 * w.shape}; shape {Sigma.shape} was given.")
    if (eps < 0).any():
        raise ValueError(f"epsilon must be in [0, inf); {eps[eps < 0].flat[0]} was given.")
    largest = np.abs(Sigma).max(initial=0)
    if np.abs(Sigma - Sigma.T).max(initial=0) > 1e-6 * largest or (Sigma.diagonal() < 0).any():
        raise ValueError("covariance must be symmetric, with variances that are not negative, on its diagonal.")
    w = w.astype(np.float64)
    as_choice("norm", norm, *NORMS)
    with quiet():
        variance = core.score_variance(w / (np.abs(w).max(initial=0) or 1), Sigma / (largest or 1))
        if variance < 0:
            raise ValueError(f"covariance must be positive semidefinite; it gives w . x the variance {variance}.")
        return core.gaussian_robust_accuracy(w, mu, Sigma, eps, norm)[()]


def effective_weights(hidden_weights: ArrayLike, output_weights: ArrayLike) -> FloatArray:
    r"""Weights of the linear classifier that two linear layers are.

    .. math:: f(x) = w_2 \cdot W_1 x = w \cdot x, \qquad w = W_1^\top w_2

    Parameters
    ----------
    hidden_weights : array_like, shape (H, D)
        W1, one row for each hidden unit.
    output_weights : array_like, shape (H,)
        w2.

    Returns
    -------
    ndarray, shape (D,)
        w.

    Examples
    --------
    >>> effective_weights([[1.0, -2.0, 0.5], [0.25, 1.0, -1.0]], [2.0, -0.5])
    array([ 1.875, -4.5  ,  1.5  ])
    """
    W1, w2 = _layers(hidden_weights, output_weights)
    with quiet():
        return core.effective_weights(W1, w2)


def compress(hidden_weights: ArrayLike, output_weights: ArrayLike, *, layer: int, per_row: bool = False) -> TwoLayers:
    r"""Compress one of two linear layers to one bit a weight.

    .. math:: W_1 \to m \operatorname{sign}(W_1) \quad \text{or} \quad w_2 \to m \operatorname{sign}(w_2),
              \qquad m = \operatorname{mean} |\cdot|, \quad \operatorname{sign}(0) = +1

    Which layer bears it is no property of the function: `diagonal_gauge`, `sign_gauge` and `hadamard_gauge` write
    the same function with other layers, so say how the layers came about. One m for the whole layer has no effect
    on the robust accuracy; one m for each row of W1 has.

    Parameters
    ----------
    hidden_weights, output_weights
        As for `effective_weights`.
    layer : int
        1 for W1, 2 for w2.
    per_row : bool
        Whether each hidden unit, a row of W1, has its own m; w2 is one row.

    Returns
    -------
    TwoLayers
        Both layers, the other one as it was.

    References
    ----------
    Rastegari et al. (2016), XNOR-Net.

    Examples
    --------
    >>> compress([[1.0, -2.0], [0.0, 1.0]], [2.0, -0.5], layer=1).hidden_weights
    array([[ 1., -1.],
           [ 1.,  1.]])
    >>> compress([[1.0, -2.0], [0.0, 1.0]], [2.0, -0.5], layer=2).output_weights
    array([ 1.25, -1.25])
    """
    W1, w2 = _layers(hidden_weights, output_weights)
    layer = as_integer("layer", layer, 1, 2)
    with quiet():
        one, two = core.compress(W1, w2, layer, per_row)
    return TwoLayers(one.astype(W1.dtype), two.astype(w2.dtype))


def diagonal_gauge(hidden_weights: ArrayLike, output_weights: ArrayLike, scale: ArrayLike) -> TwoLayers:
    r"""Rescale each hidden unit and undo it in the output: other layers, the same function.

    .. math:: (W_1, w_2) \to (D W_1,\; D^{-1} w_2), \qquad D = \operatorname{diag}(\text{scale})

    Parameters
    ----------
    hidden_weights, output_weights
        As for `effective_weights`.
    scale : array_like, shape (H,)
        The diagonal of D, in (0, inf).

    Returns
    -------
    TwoLayers
        D W1 and w2 / D.

    Examples
    --------
    >>> diagonal_gauge([[1.0, -2.0], [0.25, 1.0]], [2.0, -0.5], [2.0, 0.5]).output_weights
    array([ 1., -1.])
    """
    W1, w2 = _layers(hidden_weights, output_weights)
    D = as_finite("scale", scale, 1)
    check_same_shape(output_weights=w2, scale=D)
    if (D <= 0).any():
        raise ValueError(f"scale must be in (0, inf); {D[D <= 0][0]} was given.")
    with quiet():
        return TwoLayers(*core.diagonal_gauge(W1, w2, D))


def sign_gauge(hidden_weights: ArrayLike, output_weights: ArrayLike) -> TwoLayers:
    r"""The diagonal gauge in which compressing layer 2 loses nothing.

    .. math:: (W_1, w_2) \to (D W_1,\; \operatorname{sign} w_2), \qquad D = \operatorname{diag} |w_2|

    A hidden unit that the output ignores becomes 0.

    Parameters
    ----------
    hidden_weights, output_weights
        As for `effective_weights`.

    Returns
    -------
    TwoLayers
        The same function; w2 holds -1 and +1 only.

    Examples
    --------
    >>> sign_gauge([[1.0, -2.0], [0.25, 1.0]], [2.0, -0.5]).hidden_weights
    array([[ 2.   , -4.   ],
           [ 0.125,  0.5  ]])
    """
    W1, w2 = _layers(hidden_weights, output_weights)
    with quiet():
        return TwoLayers(*core.sign_gauge(W1, w2))


def hadamard_gauge(hidden_weights: ArrayLike, output_weights: ArrayLike) -> TwoLayers:
    r"""Layers of the same function in which compressing layer 1 loses nothing: a Hadamard matrix, all -1 and +1.

    .. math:: W_1 \to H, \qquad w_2 \to H w / n, \qquad H^\top H = n I, \quad w = W_1^\top w_2

    Parameters
    ----------
    hidden_weights, output_weights
        As for `effective_weights`.

    Returns
    -------
    TwoLayers
        The same function with n hidden units, n the least power of two that is at least D; H holds the first D
        columns of Sylvester's Hadamard matrix.

    Examples
    --------
    >>> hadamard_gauge([[3.0, 1.0]], [1.0])
    TwoLayers(hidden_weights=array([[ 1.,  1.],
           [ 1., -1.]]), output_weights=array([2., 1.]))
    """
    W1, w2 = _layers(hidden_weights, output_weights)
    with quiet():
        return TwoLayers(*core.hadamard_gauge(W1, w2))


def _classifier(
    weights: ArrayLike, inputs: ArrayLike, labels: ArrayLike, bias: float
) -> tuple[FloatArray, FloatArray, FloatArray, float, float]:
    """Return w, x and y in one dtype, and b; w and b in a unit, which is returned too."""
    w, x, y = as_finite("weights", weights, 1), as_finite("inputs", inputs, 2), as_finite("labels", labels, 1)
    _check_width(w, x)
    if np.asarray(labels).dtype.kind == "b":
        raise TypeError("labels must be numbers, -1 or +1; booleans were given.")
    if y.shape != x.shape[:1]:
        raise ValueError(f"labels must have shape {x.shape[:1]}, one for each row of inputs; {y.shape} was given.")
    wrong = np.abs(y) != 1
    if wrong.any():
        raise ValueError(f"labels must be -1 or +1 (2 * labels - 1 turns 0 and 1 into them); {y[wrong][0]} was given.")
    dtype = np.result_type(w, x)
    w, x, y = (array.astype(dtype, copy=False) for array in (w, x, y))
    w, b, unit = _in_units(w, as_number("bias", bias, "(-inf, inf)"))
    return w, x, y, b, unit


def _check_width(weights: FloatArray, inputs: FloatArray) -> None:
    if weights.shape[-1] != inputs.shape[1] or inputs.shape[1] == 0:
        raise ValueError(
            f"weights and inputs must have the same features, one at least; "
            f"shapes {weights.shape} and {inputs.shape} were given."
        )


def _as_epsilon(epsilon: float) -> float:
    return as_number("epsilon", epsilon, "[0, inf)")


def _in_units(w: FloatArray, b: Bias) -> tuple[FloatArray, Bias, float]:
    """Return w and b in a unit in which sums of weights do not overflow: margins grow with w and b, radii do not."""
    unit = 2.0**64 if np.abs(w).max(initial=0) > float(np.finfo(w.dtype).max) * 2.0**-64 else 1.0
    return w / unit, b / unit, unit


def _as_box(box: Box | None, x: FloatArray, norm: str) -> core.Box:
    """Return the box as arrays in which the inputs lie; also if there is none, the norm must be one."""
    as_choice("norm", norm, *NORMS)
    if box is None:
        return None
    if norm != "linf":
        raise ValueError(f"norm must be 'linf' with a box; {norm!r} was given.")
    if not isinstance(box, tuple | list) or len(box) != 2:
        raise ValueError(f"box must be None or a pair (low, high); {box!r} was given.")
    low, high = (as_finite("box", bound).astype(x.dtype, copy=False) for bound in box)
    for bound in (low, high):
        if bound.shape not in ((), x.shape[1:]):
            raise ValueError(f"box must hold numbers or arrays of shape {x.shape[1:]}; {bound.shape} was given.")
    outside = (x < low) | (x > high)
    if outside.any():
        raise ValueError(f"inputs must lie in the box; {x[outside][0]} was given.")
    return low, high


def _layers(hidden_weights: ArrayLike, output_weights: ArrayLike) -> TwoLayers:
    W1, w2 = as_finite("hidden_weights", hidden_weights, 2), as_finite("output_weights", output_weights, 1)
    if w2.shape != W1.shape[:1] or W1.size == 0:
        raise ValueError(
            f"hidden_weights and output_weights must have the same hidden units, one at least, and a feature; "
            f"shapes {W1.shape} and {w2.shape} were given."
        )
    return TwoLayers(W1, w2)
