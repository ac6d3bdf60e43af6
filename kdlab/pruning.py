r"""Pruning: weights of low score are set to zero, and stay there.

.. math:: w_j \leftarrow 0 \text{ for the } \lfloor \mathrm{sparsity} \cdot n \rfloor \text{ lowest scores}, \qquad
          \mathrm{score}_j = |w_j|,\; |w_j - w_j^{\mathrm{init}}|,\; -\textstyle\sum_t w_j g_j,\; |w_j|\, s_j

with gradients :math:`g` of the loss and root mean squares :math:`s` of the inputs. Chapter: compression/pruning.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kdlab.conventions import FloatArray, IntArray, as_choice, as_finite, as_integer, as_number, check_same_shape

Mask = NDArray[np.bool_]


def magnitude(weights: ArrayLike) -> FloatArray:
    r"""Score for setting weights to zero: their size.

    .. math:: |w|

    With whitened inputs no other score damages a linear model less (see `zeroing_damage`).

    Parameters
    ----------
    weights : array_like
        w, of any shape.

    Returns
    -------
    ndarray, same shape as `weights`
        In [0, inf), in the dtype of `weights` (float64 for integers, float32 for float16).

    Raises
    ------
    TypeError
        If `weights` are not real numbers.
    ValueError
        If one is NaN or infinite.

    References
    ----------
    Han et al. (2015), Learning both Weights and Connections for Efficient Neural Networks.

    Examples
    --------
    >>> magnitude([1.0, -0.25])
    array([1.  , 0.25])
    """
    return np.abs(as_finite("weights", weights))


def absolute_movement(weights: ArrayLike, initial_weights: ArrayLike) -> FloatArray:
    r"""Score for putting weights back to where they started: how far they are from there.

    .. math:: |w - w^{\mathrm{init}}|

    NOT the published movement score, which is `movement`, and not a score for zeroing: a weight that shrank from 1
    to 0 has the highest of all, and one that stayed at 1 the lowest.

    Parameters
    ----------
    weights, initial_weights : array_like
        w and w_init, of one shape.

    Returns
    -------
    ndarray, same shape as `weights`
        In [0, inf]; infinite where the difference is beyond the dtype.

    Raises
    ------
    TypeError
        If the weights are not real numbers.
    ValueError
        If one is NaN or infinite, or the shapes differ.

    References
    ----------
    Zhou et al. (2019), Deconstructing Lottery Tickets.

    Examples
    --------
    >>> absolute_movement([0.0, 1.0, 0.5], [1.0, 1.0, 0.0])
    array([1. , 0. , 0.5])
    """
    w, w_init = _both(weights, initial_weights)
    with np.errstate(over="ignore"):
        return np.abs(w - w_init)


def magnitude_increase(weights: ArrayLike, initial_weights: ArrayLike) -> FloatArray:
    r"""Score by how much weights have grown.

    .. math:: |w| - |w^{\mathrm{init}}|

    Parameters
    ----------
    weights, initial_weights : array_like
        As for `absolute_movement`.

    Returns
    -------
    ndarray, same shape as `weights`
        Negative where the weight shrank.

    Raises
    ------
    TypeError, ValueError
        As `absolute_movement` does.

    References
    ----------
    Zhou et al. (2019), Deconstructing Lottery Tickets.

    Examples
    --------
    >>> magnitude_increase([0.0, -1.0, 0.5], [1.0, 1.0, 0.0])
    array([-1. ,  0. ,  0.5])
    """
    w, w_init = _both(weights, initial_weights)
    return np.abs(w) - np.abs(w_init)


def movement(weights: ArrayLike, gradients: ArrayLike, scores: ArrayLike | None = None) -> FloatArray:
    r"""The published movement score: positive if the loss drives a weight away from zero.

    .. math:: S = -\sum_t w_t \, g_t, \qquad g_t = \partial L / \partial w_t

    The sign counts: no absolute value is taken.

    Parameters
    ----------
    weights : array_like, shape (steps, ...)
        w_t: the weights before each step of training.
    gradients : array_like, same shape
        The raw gradients of the loss at w_t, not what the optimiser makes of them.
    scores : array_like, shape (...), or None
        The sum over earlier steps, to which these are added. None is 0.

    Returns
    -------
    ndarray of float64, shape (...)
        S, summed in float64.

    Raises
    ------
    TypeError
        If the arguments are not real numbers.
    ValueError
        If one is NaN or infinite, if there is no axis of steps, or the shapes do not fit.

    References
    ----------
    Sanh, Wolf and Rush (2020), Movement Pruning.

    Examples
    --------
    >>> record = movement([[0.5, -1.0], [0.4, -1.1]], [[1.0, 1.0], [1.0, 2.0]])
    >>> first = movement([[0.5, -1.0]], [[1.0, 1.0]])
    >>> second = movement([[0.4, -1.1]], [[1.0, 2.0]], first)
    >>> record.round(6), second.round(6)
    (array([-0.9,  3.2]), array([-0.9,  3.2]))
    """
    w, g = as_finite("weights", weights), as_finite("gradients", gradients)
    check_same_shape(weights=w, gradients=g)
    if w.ndim == 0:
        raise ValueError("weights and gradients must have an axis of steps; one number without an axis was given.")
    S = np.einsum("t...,t...->...", w, g, dtype=np.float64)
    if scores is None:
        return -S
    earlier = as_finite("scores", scores)
    if earlier.shape != w.shape[1:]:
        raise ValueError(f"scores must have shape {w.shape[1:]}, one for each weight; {earlier.shape} was given.")
    return earlier - S


def input_rms(inputs: ArrayLike) -> FloatArray:
    r"""Root mean square of each input.

    .. math:: s_j = \sqrt{\tfrac{1}{N} \textstyle\sum_i x_{ij}^2}

    Parameters
    ----------
    inputs : array_like, shape (N, D)
        Rows of inputs of a layer, at least one.

    Returns
    -------
    ndarray of float64, shape (D,)
        s in [0, inf).

    Raises
    ------
    TypeError
        If `inputs` are not real numbers.
    ValueError
        If one is NaN or infinite, if there are not two axes, or no row.

    Examples
    --------
    >>> input_rms([[3.0, 0.0], [-4.0, 2.0]]).round(4)
    array([3.5355, 1.4142])
    """
    x = as_finite("inputs", inputs, ndim=2)
    if len(x) == 0:
        raise ValueError(f"inputs must have at least one row; shape {x.shape} was given.")
    largest = np.abs(x).max(axis=0).astype(np.float64)
    relative = x / np.where(largest > 0, largest, 1)  # squares of it neither overflow nor vanish
    return largest * np.sqrt(np.einsum("ij,ij->j", relative, relative) / len(x))


def activation_aware(weights: ArrayLike, rms: ArrayLike) -> FloatArray:
    r"""Score by what a weight contributes: its size times that of its input.

    .. math:: |w_{ij}| \, s_j

    Its authors compare the weights of one output row with each other: `prune_mask(..., axis=0)`.

    Parameters
    ----------
    weights : array_like, shape (..., D)
        w; its last axis is that of the inputs.
    rms : array_like, shape (D,)
        s, as `input_rms` returns it.

    Returns
    -------
    ndarray, same shape as `weights`
        In [0, inf]; infinite where the product is beyond the dtype.

    Raises
    ------
    TypeError
        If the arguments are not real numbers.
    ValueError
        If one is NaN or infinite, an rms is negative, or the shapes do not fit.

    References
    ----------
    Sun et al. (2024), A Simple and Effective Pruning Approach for Large Language Models.

    Examples
    --------
    >>> activation_aware([[1.0, -0.5], [0.0, 2.0]], [1.0, 4.0])
    array([[1., 2.],
           [0., 8.]])
    """
    w, s = _weights_and_rms(weights, rms)
    with np.errstate(over="ignore"):
        return np.abs(w) * s


def zeroing_damage(weights: ArrayLike, rms: ArrayLike, mask: Mask) -> FloatArray:
    r"""Mean squared change of the outputs of a linear model whose pruned weights P are set to zero.

    .. math:: \mathrm{E}\Bigl(\sum_{j \in P} w_j x_j\Bigr)^2 = \sum_{j \in P} w_j^2 \, s_j^2

    Exact for uncorrelated inputs of mean 0 (for independent ones of which at most one has a mean other than 0).
    So with equal s magnitude is the best of all scores, and :math:`|w_j|\,s_j` in general.

    Parameters
    ----------
    weights, rms
        As for `activation_aware`.
    mask : ndarray of bool, same shape as `weights`
        True where a weight is kept.

    Returns
    -------
    float64
        The sum over all outputs, in [0, inf].

    Raises
    ------
    TypeError
        If the arguments are not real numbers, or `mask` is not an array of booleans.
    ValueError
        As `activation_aware` does; also if the shape of `mask` is another.

    References
    ----------
    LeCun, Denker and Solla (1990), Optimal Brain Damage.

    Examples
    --------
    >>> zeroing_damage([1.0, -0.5, 3.0], [1.0, 4.0, 1.0], np.array([False, False, True]))
    np.float64(5.0)
    """
    w, s = _weights_and_rms(weights, rms)
    pruned = ~_as_mask(mask, w.shape)
    with np.errstate(over="ignore"):
        terms = np.multiply(w, s, dtype=np.float64)[pruned]
        return np.square(terms, out=terms).sum()


def obs_saliency(weights: ArrayLike, hessian: ArrayLike) -> FloatArray:
    r"""Rise of a quadratic loss if one weight is set to zero and all others are fitted anew (optimal brain surgeon).

    .. math:: \frac{w_j^2}{2 \, [H^{-1}]_{jj}}

    For correlated inputs. With the squared error of a linear model, H = 2 E(x x'), it is exact; if H is diagonal it
    is w_j^2 s_j^2, the damage without a new fit.

    Parameters
    ----------
    weights : array_like, shape (..., D)
        w, at a minimum of the loss; rows share H.
    hessian : array_like, shape (D, D)
        H, symmetric and positive definite.

    Returns
    -------
    ndarray of float64, same shape as `weights`
        In [0, inf).

    Raises
    ------
    TypeError
        If the arguments are not real numbers.
    ValueError
        If one is NaN or infinite, if the shapes do not fit, or H is not symmetric and positive definite.

    References
    ----------
    Hassibi and Stork (1993), Second order derivatives for network pruning: Optimal Brain Surgeon.

    Examples
    --------
    >>> obs_saliency([1.0, -0.5], [[2.0, 1.0], [1.0, 2.0]]).round(4)
    array([0.75  , 0.1875])
    """
    w, H = _weights_and_hessian(weights, hessian)
    return w**2 / (2 * np.diag(np.linalg.inv(H)))


def obs_refit(weights: ArrayLike, hessian: ArrayLike, mask: Mask) -> FloatArray:
    r"""Weights with the pruned ones P at zero and the kept ones K fitted anew.

    .. math:: w_K \leftarrow w_K + H_{KK}^{-1} H_{KP} \, w_P, \qquad w_P \leftarrow 0

    the minimum of the quadratic loss with Hessian H over all weights that are zero on P.

    Parameters
    ----------
    weights : array_like, shape (D,)
        w, at a minimum of the loss.
    hessian : array_like, shape (D, D)
        As for `obs_saliency`.
    mask : ndarray of bool, shape (D,)
        True where a weight is kept.

    Returns
    -------
    ndarray of float64, shape (D,)
        The new weights.

    Raises
    ------
    TypeError
        If the arguments are not real numbers, or `mask` is not an array of booleans.
    ValueError
        As `obs_saliency` does; also if the shape of `mask` is another, or there is more than one axis of weights.

    References
    ----------
    Hassibi and Stork (1993), Second order derivatives for network pruning: Optimal Brain Surgeon.

    Examples
    --------
    >>> obs_refit([1.0, -0.5], [[2.0, 1.0], [1.0, 2.0]], np.array([True, False]))
    array([0.75, 0.  ])
    """
    w, H = _weights_and_hessian(as_finite("weights", weights, ndim=1), hessian)
    K = _as_mask(mask, w.shape)
    refitted = np.zeros(w.shape)
    refitted[K] = w[K] + np.linalg.solve(H[K][:, K], H[K][:, ~K] @ w[~K])
    return refitted


def num_pruned(size: int, sparsity: float) -> int:
    r"""How many of n weights are pruned: never more than was asked for.

    .. math:: \lfloor \mathrm{sparsity} \cdot n + 10^{-9} \rfloor

    The small number guards products such as 0.29 * 100 = 28.999999999999996.

    Parameters
    ----------
    size : int
        n, at least 0.
    sparsity : float
        Share of weights to prune, in [0, 1].

    Returns
    -------
    int
        In [0, n].

    Raises
    ------
    TypeError
        If `size` is not an integer or `sparsity` not a real number.
    ValueError
        If one is out of range.

    Examples
    --------
    >>> num_pruned(100, 0.29), num_pruned(3, 0.5)
    (29, 1)
    """
    return math.floor(as_number("sparsity", sparsity, "[0, 1]") * as_integer("size", size, 0) + 1e-9)


def prune_mask(scores: ArrayLike, sparsity: float, *, axis: int | None = None) -> Mask:
    r"""Which weights of one layer are kept: all but the `num_pruned` of lowest score.

    .. math:: |P| = \lfloor \mathrm{sparsity} \cdot n + 10^{-9} \rfloor, \qquad
              \max_{j \in P} \mathrm{score}_j \le \min_{j \notin P} \mathrm{score}_j

    Exactly as many, with ties too: of equal scores those of lowest (flat) index are kept. So the masks of rising
    sparsity are nested.

    Parameters
    ----------
    scores : array_like
        One for each weight, of any shape.
    sparsity : float
        Share of weights to prune, in [0, 1].
    axis : int or None
        The axis of the output rows, if the weights of each row are compared with each other only, and the share is
        taken of each. None compares all.

    Returns
    -------
    ndarray of bool, same shape as `scores`
        True where a weight is kept.

    Raises
    ------
    TypeError
        If `scores` or `sparsity` are not real numbers, or `axis` is not an integer.
    ValueError
        If a score is NaN or infinite, if `sparsity` is out of range, or `axis` is not an axis of `scores`.

    Warns
    -----
    UserWarning
        If no weight is kept.

    Examples
    --------
    >>> prune_mask([1.0, 0.3, 0.05, 0.3, 0.3], 0.6)
    array([ True,  True, False, False, False])
    """
    scores = as_finite("scores", scores)
    if axis is None:
        kept = _kept(scores.reshape(1, -1), sparsity).reshape(scores.shape)
    else:
        axis = as_integer("axis", axis, -scores.ndim, scores.ndim - 1)
        rows = np.moveaxis(scores, axis, 0)
        flat = rows.reshape(len(rows), math.prod(rows.shape[1:]))
        kept = np.moveaxis(_kept(flat, sparsity).reshape(rows.shape), 0, axis)
    _warn_if_nothing_is_kept([kept])
    return kept


def prune_masks(scores: Sequence[ArrayLike], sparsity: float, *, scope: str, prune_vectors: bool = False) -> list[Mask]:
    r"""Which weights of several layers are kept.

    .. math:: |P| = \lfloor \mathrm{sparsity} \cdot \textstyle\sum_l n_l + 10^{-9} \rfloor \text{ (global)}, \qquad
              |P_l| = \lfloor \mathrm{sparsity} \cdot n_l + 10^{-9} \rfloor \text{ (per layer)}

    Parameters
    ----------
    scores : list of array_like
        The scores of each layer.
    sparsity : float
        Share of weights to prune, in [0, 1].
    scope : str
        "global": all weights are compared with each other, in the order of the list where they are equal.
        "layer": those of each layer only, and the share is taken of each.
    prune_vectors : bool
        Whether layers with fewer than two axes are pruned too. By default they are kept whole and not counted:
        biases and the parameters of normalisation.

    Returns
    -------
    list of ndarray of bool
        True where a weight is kept; the shapes of `scores`.

    Raises
    ------
    TypeError
        If `scores` is not a list or tuple, or the scores or `sparsity` are not real numbers.
    ValueError
        If a score is NaN or infinite, `sparsity` is out of range, `scope` is another word, or no layer may be pruned.

    Warns
    -----
    UserWarning
        If no weight of a layer is kept.

    Examples
    --------
    >>> large, small = [[3.0, 2.0]], [[0.1, 0.2]]
    >>> prune_masks([large, small], 0.25, scope="global")
    [array([[ True,  True]]), array([[False,  True]])]
    >>> prune_masks([large, small], 0.5, scope="layer")
    [array([[ True, False]]), array([[False,  True]])]
    """
    if not isinstance(scores, list | tuple):
        raise TypeError(f"scores must be a list with an array for each layer; {type(scores).__name__} was given.")
    layers = [as_finite("scores", layer) for layer in scores]
    masks = [np.ones(layer.shape, np.bool_) for layer in layers]
    pruned = [number for number, layer in enumerate(layers) if prune_vectors or layer.ndim >= 2]
    if not pruned:
        raise ValueError("scores must hold a layer of two axes or more, unless prune_vectors; none was given.")
    flat = [layers[number].reshape(1, -1) for number in pruned]
    if as_choice("scope", scope, "global", "layer") == "global":
        kept = np.split(_kept(np.concatenate(flat, axis=1), sparsity)[0], np.cumsum([row.size for row in flat])[:-1])
    else:
        kept = [_kept(row, sparsity) for row in flat]
    for number, of_layer in zip(pruned, kept, strict=True):
        masks[number] = of_layer.reshape(layers[number].shape)
    _warn_if_nothing_is_kept(masks)
    return masks


def apply_mask(
    weights: ArrayLike, mask: Mask, *, prune_to: str = "zero", initial_weights: ArrayLike | None = None
) -> FloatArray:
    r"""Weights with the pruned ones set to zero, or back to where they started.

    .. math:: w_j \leftarrow w_j \text{ if kept, else } 0 \text{ (or } w_j^{\mathrm{init}})

    To be applied again after every step of an optimiser: momentum and weight decay move pruned weights too.

    Parameters
    ----------
    weights : array_like
        w, of any shape.
    mask : ndarray of bool, same shape
        True where a weight is kept.
    prune_to : str
        "zero" or "init".
    initial_weights : array_like, same shape, or None
        w_init; for "init" only.

    Returns
    -------
    ndarray, same shape as `weights`
        A new array, in the dtype of the weights.

    Raises
    ------
    TypeError
        If the weights are not real numbers, or `mask` is not an array of booleans.
    ValueError
        If a weight is NaN or infinite, the shapes differ, `prune_to` is another word, or `initial_weights` are
        missing, or given for "zero".

    Examples
    --------
    >>> mask = np.array([True, False])
    >>> apply_mask([1.0, 2.0], mask)
    array([1., 0.])
    >>> apply_mask([1.0, 2.0], mask, prune_to="init", initial_weights=[0.5, 0.75])
    array([1.  , 0.75])
    """
    w = as_finite("weights", weights)
    kept = _as_mask(mask, w.shape)
    if (as_choice("prune_to", prune_to, "zero", "init") == "init") != (initial_weights is not None):
        raise ValueError(f"initial_weights must be given if prune_to is 'init', and only then; it is {prune_to!r}.")
    if initial_weights is None:
        return np.where(kept, w, w.dtype.type(0))
    return np.where(kept, *_both(w, initial_weights))


def filter_norms(weights: ArrayLike, *, axis: int = 0) -> FloatArray:
    r"""Scores of whole filters: the sum of the magnitudes of each.

    .. math:: \lVert W_f \rVert_1 = \sum_i |W_{f,i}|

    In a ReLU network they depend on the gauge: channel f times a > 0 and what reads it divided by a is the same
    function with other norms, and another order of them.

    Parameters
    ----------
    weights : array_like
        W, such as (filters, channels, height, width).
    axis : int
        The axis of the filters.

    Returns
    -------
    ndarray of float64, shape (filters,)
        In [0, inf].

    Raises
    ------
    TypeError
        If `weights` are not real numbers, or `axis` is not an integer.
    ValueError
        If a weight is NaN or infinite, or `axis` is not an axis of `weights`.

    References
    ----------
    Li et al. (2017), Pruning Filters for Efficient ConvNets.

    Examples
    --------
    >>> filter_norms([[1.0, -2.0], [0.5, 0.5]])
    array([3., 1.])
    """
    W = as_finite("weights", weights)
    axis = as_integer("axis", axis, -W.ndim, W.ndim - 1) % W.ndim
    others = tuple(other for other in range(W.ndim) if other != axis)
    with np.errstate(over="ignore"):
        return np.abs(W).sum(axis=others, dtype=np.float64)


def kept_filters(scores: ArrayLike, sparsity: float) -> IntArray:
    r"""Which filters of a layer are kept: all but the lowest scores, and always one.

    .. math:: |P| = \min(\lfloor \mathrm{sparsity} \cdot n + 10^{-9} \rfloor,\; n - 1)

    Parameters
    ----------
    scores : array_like, shape (filters,)
        Such as `filter_norms`; at least one.
    sparsity : float
        Share of filters to prune, in [0, 1].

    Returns
    -------
    ndarray of int
        Their indices, rising; of equal scores the lowest.

    Raises
    ------
    TypeError
        If `scores` or `sparsity` are not real numbers.
    ValueError
        If a score is NaN or infinite, there is none or more than one axis of them, or `sparsity` is out of range.

    Examples
    --------
    >>> kept_filters([3.0, 1.0, 4.0, 1.0], 0.25), kept_filters([3.0, 1.0, 4.0, 1.0], 1.0)
    (array([0, 1, 2]), array([2]))
    """
    scores = as_finite("scores", scores, ndim=1)
    if len(scores) == 0:
        raise ValueError("scores must hold at least one filter; none was given.")
    n_prune = min(num_pruned(len(scores), sparsity), len(scores) - 1)
    return np.flatnonzero(_highest(scores[np.newaxis], len(scores) - n_prune))


def _kept(scores: FloatArray, sparsity: float) -> Mask:
    """Return which scores of each row are kept, for scores of shape (rows, n)."""
    n = scores.shape[1]
    return _highest(scores, n - num_pruned(n, sparsity))


def _highest(scores: FloatArray, number: int) -> Mask:
    """Mark so many scores of each row, the highest, and of equal ones the first."""
    n_prune = scores.shape[1] - number
    if n_prune == 0:
        return np.ones(scores.shape, np.bool_)
    threshold = np.partition(scores, n_prune - 1, axis=1)[:, n_prune - 1 : n_prune]  # the highest that is not marked
    marked = scores > threshold
    rows, columns = np.nonzero(scores == threshold)
    place = np.arange(rows.size) - np.searchsorted(rows, rows)  # among those of its row that are equal
    marked[rows, columns] = place < (number - marked.sum(axis=1))[rows]
    return marked


def _warn_if_nothing_is_kept(masks: Sequence[Mask]) -> None:
    for number, mask in enumerate(masks):
        if mask.size and not mask.any():
            warnings.warn(f"Nothing is kept of layer {number}: all its weights are pruned.", stacklevel=3)


def _both(weights: ArrayLike, initial_weights: ArrayLike) -> tuple[FloatArray, FloatArray]:
    w, w_init = as_finite("weights", weights), as_finite("initial_weights", initial_weights)
    check_same_shape(weights=w, initial_weights=w_init)
    return w, w_init


def _weights_and_rms(weights: ArrayLike, rms: ArrayLike) -> tuple[FloatArray, FloatArray]:
    w, s = as_finite("weights", weights), as_finite("rms", rms, ndim=1)
    if w.shape[-1:] != s.shape:
        raise ValueError(f"rms must have one number for each input of weights; {s.shape} and {w.shape} were given.")
    if (s < 0).any():
        raise ValueError(f"rms must be in [0, inf); {s.min()} was given.")
    return w, s


def _weights_and_hessian(weights: ArrayLike, hessian: ArrayLike) -> tuple[FloatArray, FloatArray]:
    w, H = (as_finite(name, value).astype(np.float64) for name, value in (("weights", weights), ("hessian", hessian)))
    if w.ndim == 0 or w.shape[-1] == 0 or H.shape != 2 * w.shape[-1:]:
        raise ValueError(f"hessian must have a row and a column for each input of weights; {H.shape} was given.")
    if np.abs(H - H.T).max() > 1e-8 * np.abs(H).max():
        raise ValueError("hessian must be symmetric; this one is not.")
    curvatures = np.linalg.eigvalsh(H)
    if curvatures[0] <= len(H) * np.finfo(np.float64).eps * curvatures[-1]:
        raise ValueError("hessian must be positive definite; this one is not, or not beyond rounding.")
    return w, H


def _as_mask(mask: Mask, shape: tuple[int, ...]) -> Mask:
    if not isinstance(mask, np.ndarray) or isinstance(mask, np.ma.MaskedArray) or mask.dtype != np.bool_:
        raise TypeError(f"mask must be a plain array of booleans; {type(mask).__name__} was given.")
    if mask.shape != shape:
        raise ValueError(f"mask must have shape {shape}, one for each weight; {mask.shape} was given.")
    return mask
