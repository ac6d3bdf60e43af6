r"""Class weights for imbalanced data: on each sample they are harmless, inside the sum over classes they are not.

.. math:: w_c = \frac{N}{C \, n_c}, \qquad
    L_A = \frac{\sum_i w_{y_i} \mathrm{KL}(p_i \| q_i)}{\sum_i w_{y_i}}

with :math:`n_c` of N samples in class c, the teacher's p = softmax(v/T) and the student's q = softmax(z/T).
Reading A is a loss. Reading B, :math:`\sum_c w_c p_c \log(p_c/q_c)`, is none: the functions ``inside_sum_*`` show what
goes wrong with it. Chapter: interplay/imbalance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    IntArray,
    as_choice,
    as_finite,
    as_integer,
    as_labels,
    as_logits,
    as_logits_pair,
    as_number,
    as_temperature,
    classes_last,
    holding,
    quiet,
    reduced,
    widened,
)
from kdlab.core import imbalance as core


def class_counts(labels: ArrayLike, num_classes: int) -> IntArray:
    r"""Number of samples of each class.

    .. math:: n_c = \sum_i 1[y_i = c]

    Parameters
    ----------
    labels : array_like of integers, any shape
        y, from 0 to C - 1.
    num_classes : int
        C, with classes that no label names.

    Returns
    -------
    ndarray of integers, shape (C,)
        n_c; their sum is the number of labels.

    Examples
    --------
    >>> class_counts([0, 0, 0, 1], num_classes=3)
    array([3, 1, 0])
    """
    C = as_integer("num_classes", num_classes, 1)
    return core.class_counts(as_labels("labels", labels, C), C)


def balanced_weights(labels: ArrayLike, num_classes: int, *, present_only: bool = False) -> FloatArray:
    r"""Class weights by inverse frequency, under which every class weighs the same in all.

    .. math:: w_c = \frac{N}{C \, n_c}, \qquad w_c = 0 \text{ if } n_c = 0

    Parameters
    ----------
    labels, num_classes
        As for `class_counts`.
    present_only : bool
        Whether C counts only the classes that occur, as scikit-learn's "balanced" does, and not all.

    Returns
    -------
    ndarray, shape (C,)
        w. The mean of :math:`w_{y_i}` over the samples is 1 if all classes occur, or with `present_only`; else it is
        the share of classes that do.

    References
    ----------
    King and Zeng (2001), Logistic Regression in Rare Events Data.

    Examples
    --------
    >>> balanced_weights([0, 0, 0, 1], num_classes=3).round(3)
    array([0.444, 1.333, 0.   ])
    >>> balanced_weights([0, 0, 0, 1], num_classes=3, present_only=True).round(3)
    array([0.667, 2.   , 0.   ])
    """
    return core.balanced_weights(class_counts(labels, num_classes), present_only)


def inverse_count_weights(labels: ArrayLike, num_classes: int) -> FloatArray:
    r"""Class weights by inverse count.

    .. math:: w_c = \frac{1}{n_c}, \qquad w_c = 0 \text{ if } n_c = 0

    They differ from `balanced_weights` by the factor N/C alone, to which a loss divided by the sum of its weights is
    blind; one divided by the number of samples is not.

    Parameters
    ----------
    labels, num_classes
        As for `class_counts`.

    Returns
    -------
    ndarray, shape (C,)
        w in [0, 1].

    Examples
    --------
    >>> inverse_count_weights([0, 0, 0, 0, 1], num_classes=3)
    array([0.25, 1.  , 0.  ])
    """
    return core.inverse_count_weights(class_counts(labels, num_classes))


def effective_number_weights(labels: ArrayLike, num_classes: int, beta: float = 0.999) -> FloatArray:
    r"""Class weights by the inverse effective number of samples, between none at all and inverse counts.

    .. math:: w_c = \frac{1 - \beta}{1 - \beta^{n_c}}, \qquad w_c = 0 \text{ if } n_c = 0

    Parameters
    ----------
    labels, num_classes
        As for `class_counts`.
    beta : float
        How much of a sample repeats what others say, in [0, 1]: at 0 every class that occurs weighs 1, at 1 the
        weight is 1/n_c, the limit.

    Returns
    -------
    ndarray, shape (C,)
        w in [0, 1], before any scaling. (The authors then scale the weights to sum C.)

    References
    ----------
    Cui, Jia, Lin, Song and Belongie (2019), Class-Balanced Loss Based on Effective Number of Samples.

    Examples
    --------
    >>> effective_number_weights([0, 0, 0, 1], num_classes=3, beta=0.5).round(3)
    array([0.571, 1.   , 0.   ])
    """
    beta = as_number("beta", beta, "[0, 1]")
    return core.effective_number_weights(class_counts(labels, num_classes), beta)


def sample_weights(labels: ArrayLike, class_weights: ArrayLike, *, normalize: bool = False) -> FloatArray:
    r"""Weight of each sample, that of its class.

    .. math:: w_{y_i}, \qquad \text{or} \quad w_{y_i} \frac{N}{\sum_j w_{y_j}}

    Parameters
    ----------
    labels : array_like of integers, any shape
        y, from 0 to C - 1.
    class_weights : array_like, shape (C,)
        w, none negative.
    normalize : bool
        Whether to scale the weights of these samples, not all of them 0, to sum N. `balanced_weights` of the same
        labels already do if all classes occur.

    Returns
    -------
    ndarray, shape of `labels`
        The weights.

    Examples
    --------
    >>> sample_weights([0, 0, 0, 1], [0.5, 2.0])
    array([0.5, 0.5, 0.5, 2. ])
    >>> sample_weights([0, 0, 0, 1], [1.0, 5.0], normalize=True)
    array([0.5, 0.5, 0.5, 2.5])
    """
    w = _as_class_weights(class_weights)
    y = as_labels("labels", labels, len(w))
    if normalize:
        _check_some_weight(w, y)
    return core.sample_weights(y, w, normalize)


def weighted_kl_divergence(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    labels: ArrayLike,
    temperature: float = 1.0,
    *,
    class_weights: ArrayLike,
    divide_by: str = "weights",
    scale_by_T2: bool = False,
    reduction: str = "mean",
    axis: int = -1,
) -> FloatArray:
    r"""Distillation loss in which every sample has the weight of its class: reading A.

    .. math:: L_A = \frac{\sum_i w_{y_i} \mathrm{KL}(p_i \| q_i)}{\sum_i w_{y_i}}
        \quad \text{or} \quad \frac{1}{B} \sum_i w_{y_i} \mathrm{KL}(p_i \| q_i)

    It is least at q = p for every sample, whatever the weights: they decide only where a student that cannot follow
    its teacher everywhere does so best. They do not mend the teacher's own errors on rare classes.

    Parameters
    ----------
    student_logits, teacher_logits : array_like, shape (..., C)
        z and v.
    labels : array_like of integers, shape of the logits without `axis`
        y, which chooses the weight and nothing else.
    temperature : float
        T in [0, inf]; in (0, inf) if scaled by T^2.
    class_weights : array_like, shape (C,)
        w, none negative. A sample of weight 0 counts nowhere, even if its divergence is infinite; a mean divided by
        the weights needs one that is above 0.
    divide_by : str
        What "mean" divides by: "weights", the sum of the weights of these samples, or "samples", their number B.
    scale_by_T2 : bool
        Whether to multiply by T^2.
    reduction : str
        "none", "sum" or "mean" of the weighted rows.
    axis : int
        The class axis.

    Returns
    -------
    ndarray, shape of `labels` if `reduction` is "none", else a number
        In nats (times T^2 if scaled), in [0, inf].

    Examples
    --------
    >>> z, v, y = [[2.0, 0.0], [0.0, 0.0]], [[3.0, 0.0], [0.0, 1.0]], [0, 1]
    >>> weighted_kl_divergence(z, v, y, class_weights=[0.5, 2.0]).round(4)
    np.float64(0.0949)
    >>> weighted_kl_divergence(z, v, y, class_weights=[0.5, 2.0], divide_by="samples").round(4)
    np.float64(0.1187)
    """
    T = as_number("temperature", temperature, "(0, inf)") if scale_by_T2 else as_temperature(temperature)
    z, v, dtype = as_logits_pair(student_logits, teacher_logits, axis, T)
    w_y = _weights_of_rows(labels, class_weights, z, divide_by, reduction)
    with quiet():
        kl = core.weighted_kl_divergence(z, v, w_y.astype(z.dtype), T, scale_by_T2).astype(dtype)
    return reduced(kl[()], reduction)


def weighted_kl_divergence_dz(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    labels: ArrayLike,
    temperature: float = 1.0,
    *,
    class_weights: ArrayLike,
    divide_by: str = "weights",
    scale_by_T2: bool = False,
    reduction: str = "mean",
    axis: int = -1,
) -> FloatArray:
    r"""Gradient of `weighted_kl_divergence` with respect to the student's logits.

    .. math:: \frac{\partial L_A}{\partial z_i} = \frac{w_{y_i}}{\sum_j w_{y_j}} \cdot \frac{q_i - p_i}{T}
        \quad \text{or} \quad \frac{w_{y_i}}{B} \cdot \frac{q_i - p_i}{T}

    Parameters
    ----------
    student_logits, teacher_logits, labels, class_weights, divide_by, scale_by_T2, axis
        As for `weighted_kl_divergence`.
    temperature : float
        T in (0, inf).
    reduction : str
        Of the loss: "none" and "sum" divide by nothing.

    Returns
    -------
    ndarray, same shape as the logits
        It sums to 0 along `axis`.

    Examples
    --------
    >>> z, v, y = [[2.0, 0.0], [0.0, 0.0]], [[3.0, 0.0], [0.0, 1.0]], [0, 1]
    >>> weighted_kl_divergence_dz(z, v, y, class_weights=[0.5, 2.0]).round(4)
    array([[-0.0144,  0.0144],
           [ 0.1848, -0.1848]])
    """
    T = as_number("temperature", temperature, "(0, inf)")
    z, v, dtype = as_logits_pair(student_logits, teacher_logits, axis, T)
    w_y = _weights_of_rows(labels, class_weights, z, divide_by, reduction)
    if reduction == "mean":
        w_y = w_y / max(1, w_y.size)
    with quiet():
        gradient = core.weighted_kl_divergence_dz(z, v, w_y.astype(z.dtype), T, scale_by_T2).astype(dtype)
    return classes_last(gradient, axis, back=True)


def inside_sum_value(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    class_weights: ArrayLike,
    temperature: float = 1.0,
    *,
    axis: int = -1,
) -> FloatArray:
    r"""Value of reading B, the class weights inside the sum: NOT a divergence and NOT to be minimised.

    .. math:: \sum_c w_c \, p_c \log \frac{p_c}{q_c}
        = S \, [\mathrm{KL}(q^* \| q) - \mathrm{KL}(q^* \| p)], \qquad
        q^*_c = \frac{w_c \, p_c}{S}, \quad S = \sum_c w_c \, p_c

    It is 0 where the student equals the teacher, and unless all weights are the same there are students for which it
    is negative: one that minimises it leaves the teacher for :math:`q^*`, the softmax of `inside_sum_minimiser`.

    Parameters
    ----------
    student_logits, teacher_logits : array_like, shape (..., C)
        z and v.
    class_weights : array_like, shape (C,)
        w, none negative; above 0 for an unmasked class of every row.
    temperature : float
        T in (0, inf).
    axis : int
        The class axis.

    Returns
    -------
    ndarray, shape of the logits without `axis`
        In nats, of either sign; infinite if the student masks a class with weight that the teacher does not.

    Examples
    --------
    >>> v, w = [2.0, 0.0, 1.0], [0.5, 2.0, 3.0]
    >>> inside_sum_value(v, v, w, temperature=4.0)
    np.float64(0.0)
    >>> inside_sum_value([0.0, 1.0, 2.0], v, w, temperature=4.0).round(3)
    np.float64(-0.267)
    """
    T = as_number("temperature", temperature, "(0, inf)")
    z, v, dtype = as_logits_pair(student_logits, teacher_logits, axis, T)
    w = _weights_of_classes(class_weights, v)
    with quiet():
        return core.inside_sum_value(z, v, w, T).astype(dtype)


def inside_sum_minimum(
    teacher_logits: ArrayLike,
    class_weights: ArrayLike,
    temperature: float = 1.0,
    *,
    axis: int = -1,
) -> FloatArray:
    r"""Least value of reading B: below 0 unless the weights of all unmasked classes are the same.

    .. math:: \min_q \sum_c w_c \, p_c \log \frac{p_c}{q_c} = -S \, \mathrm{KL}(q^* \| p) \le 0

    Parameters
    ----------
    teacher_logits, class_weights, temperature, axis
        As for `inside_sum_value`, which defines S and q*.

    Returns
    -------
    ndarray, shape of the logits without `axis`
        In nats, in (-inf, 0].

    Examples
    --------
    >>> inside_sum_minimum([2.0, 0.0, 1.0], [0.5, 2.0, 3.0], temperature=4.0).round(4)
    np.float64(-0.3848)
    """
    v, w, T, dtype = _teacher(teacher_logits, class_weights, temperature, axis)
    with quiet():
        return core.inside_sum_minimum(v, w, T).astype(dtype)


def inside_sum_minimiser(
    teacher_logits: ArrayLike,
    class_weights: ArrayLike,
    temperature: float = 1.0,
    *,
    axis: int = -1,
) -> FloatArray:
    r"""Student logits at which reading B is least: not the teacher's.

    .. math:: z = v + T \log w

    Parameters
    ----------
    teacher_logits, class_weights, temperature, axis
        As for `inside_sum_value`.

    Returns
    -------
    ndarray, same shape as `teacher_logits`
        z, up to a constant for each row. -inf where the weight is 0.

    Examples
    --------
    >>> inside_sum_minimiser([2.0, 0.0, 1.0], [0.5, 2.0, 3.0], temperature=4.0).round(3)
    array([-0.773,  2.773,  5.394])
    """
    v, w, T, dtype = _teacher(teacher_logits, class_weights, temperature, axis)
    with quiet():
        return classes_last(core.inside_sum_minimiser(v, w, T).astype(dtype), axis, back=True)


def inside_sum_tilt(class_weights: ArrayLike, temperature: float = 1.0) -> FloatArray:
    r"""Factors by which the minimiser of reading B multiplies the teacher's probabilities at T = 1.

    .. math:: \mathrm{softmax}(v + T \log w)_c = \frac{w_c^T \, p_c(1)}{\sum_j w_j^T \, p_j(1)}

    At T = 4 a class of weight 3 beside one of weight 1 is favoured by 81, and not by 3.

    Parameters
    ----------
    class_weights, temperature
        As for `inside_sum_value`.

    Returns
    -------
    ndarray, shape (C,)
        w^T; infinite where that is no float.

    Examples
    --------
    >>> inside_sum_tilt([0.5, 1.0, 3.0], temperature=4.0)
    array([6.25e-02, 1.00e+00, 8.10e+01])
    """
    w, T = _as_class_weights(class_weights), as_number("temperature", temperature, "(0, inf)")
    with quiet():
        return core.inside_sum_tilt(w, T)


def _as_class_weights(class_weights: ArrayLike, num_classes: int | None = None) -> FloatArray:
    w = as_finite("class_weights", class_weights, 1)
    if num_classes is not None and len(w) != num_classes:
        raise ValueError(f"class_weights must have one weight for each of {num_classes} classes; {len(w)} were given.")
    if (w < 0).any():
        raise ValueError(f"class_weights must not be negative; {w.min()} was given.")
    return w


def _check_some_weight(w: FloatArray, y: IntArray) -> None:
    if y.size and not w[y].any():
        raise ValueError("class_weights must not all be 0 for the classes of these labels: there is no sum to scale.")


def _weights_of_rows(
    labels: ArrayLike, class_weights: ArrayLike, z: FloatArray, divide_by: str, reduction: str
) -> FloatArray:
    """Return the weight of each row, scaled such that a mean over the rows divides by what is asked for."""
    w = _as_class_weights(class_weights, z.shape[-1])
    y = as_labels("labels", labels, len(w), z.shape[:-1])
    by_weights = as_choice("divide_by", divide_by, "weights", "samples") == "weights"
    normalize = as_choice("reduction", reduction, "none", "sum", "mean") == "mean" and by_weights
    if normalize:
        _check_some_weight(w, y)
    return core.sample_weights(y, w, normalize)


def _weights_of_classes(class_weights: ArrayLike, v: FloatArray) -> FloatArray:
    w = _as_class_weights(class_weights, v.shape[-1]).astype(v.dtype)
    if not ((w > 0) & ~np.isneginf(v)).any(axis=-1).all():
        raise ValueError("class_weights must be above 0 for at least one unmasked class of every row.")
    return w


def _teacher(
    teacher_logits: ArrayLike, class_weights: ArrayLike, temperature: float, axis: int
) -> tuple[FloatArray, FloatArray, float, np.dtype]:
    """Return v, classes last, w, T, and the dtype of the result."""
    T = as_number("temperature", temperature, "(0, inf)")
    v = widened(as_logits("teacher_logits", teacher_logits, axis))
    dtype = v.dtype
    v = classes_last(v.astype(holding(T, dtype), copy=False), axis)
    return v, _weights_of_classes(class_weights, v), T, dtype
