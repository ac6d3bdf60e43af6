r"""Dark knowledge: what a teacher says about the classes that are not the label.

.. math:: \hat p_i = \frac{p_i}{1 - p_y}, \qquad i \ne y

with the teacher's probabilities :math:`p` and the label :math:`y`. Chapter: principles/dark_knowledge.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    IntArray,
    as_choice,
    as_integer,
    as_labels,
    as_logits,
    as_logits_pair,
    as_number,
    as_probs,
    as_rng,
    as_temperature,
    classes_last,
    holding,
    quiet,
)
from kdlab.core import dark_knowledge as core

OPERATORS = ("rank-preserving", "permutation", "derangement")


class DecoupledKL(NamedTuple):
    """The parts of a divergence: total = binary + weight * incorrect. One number for each row."""

    total: FloatArray
    binary: FloatArray
    weight: FloatArray
    incorrect: FloatArray


class Truncation(NamedTuple):
    """The k most probable classes, renormalised."""

    probs: FloatArray
    indices: IntArray
    kept_mass: FloatArray
    kl_truncated_to_full: FloatArray
    kl_full_to_truncated: FloatArray


def incorrect_softmax(logits: ArrayLike, labels: ArrayLike, temperature: float = 1.0, *, axis: int = -1) -> FloatArray:
    r"""Conditional distribution over the incorrect classes.

    .. math:: \hat p_i = \frac{p_i}{1 - p_y} = \frac{\exp(z_i/T)}{\sum_{j \ne y} \exp(z_j/T)}, \qquad i \ne y

    It is the softmax of the logits with the label masked: no 0/0 where p_y rounds to 1.

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Logits z of at least two classes, one of which is incorrect and not masked. Their dtype is kept.
    labels : array_like of integers, shape of `logits` without `axis`
        y in 0..C-1.
    temperature : float
        T in [0, inf], as for `kdlab.temperature.softmax`.
    axis : int
        The class axis.

    Returns
    -------
    ndarray, same shape as `logits`
        In [0, 1], sum 1 along `axis`; 0 for the label.

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> incorrect_softmax([5.0, 3.0, 2.5, -1.0, 0.0], 0).round(3)
    array([0.   , 0.597, 0.362, 0.011, 0.03 ])
    """
    T = as_temperature(temperature)
    z, y, dtype = _incorrect(logits, labels, axis, T)
    with quiet():
        return classes_last(core.incorrect_softmax(z, y, T).astype(dtype, copy=False), axis, back=True)


def incorrect_entropy(
    logits: ArrayLike,
    labels: ArrayLike,
    temperature: float = 1.0,
    *,
    normalised: bool = False,
    axis: int = -1,
) -> FloatArray:
    r"""Entropy of the conditional distribution over the incorrect classes.

    .. math:: H_{\mathrm{inc}}(T) = -\sum_{i \ne y} \hat p_i \log \hat p_i

    It rises with T, so T belongs beside it. No permutation of the classes changes it: a low entropy is no evidence
    that the ranks were preserved; `kendall_tau` is.

    Parameters
    ----------
    logits, labels, temperature, axis
        As for `incorrect_softmax`.
    normalised : bool
        Whether to divide by log(C - 1), where C counts the unmasked classes and the label.

    Returns
    -------
    ndarray, shape of `labels`
        In nats, in [0, log(C - 1)]; in [0, 1] if normalised. 0 if there is one incorrect class, normalised or not.

    Examples
    --------
    >>> incorrect_entropy([5.0, 3.0, 2.5, -1.0, 0.0], 0, normalised=True).round(3)
    np.float64(0.598)
    """
    T = as_temperature(temperature)
    z, y, dtype = _incorrect(logits, labels, axis, T)
    with quiet():
        return core.incorrect_entropy(z, y, T, normalised).astype(dtype, copy=False)


def decoupled_kl(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    labels: ArrayLike,
    temperature: float = 1.0,
    *,
    axis: int = -1,
) -> DecoupledKL:
    r"""Divergence of the student from the teacher, taken apart into label and incorrect classes.

    .. math:: \mathrm{KL}(p \| q) = \mathrm{KL}(\mathrm{Bern}(p_y) \| \mathrm{Bern}(q_y))
              + (1 - p_y) \, \mathrm{KL}(\hat p \| \hat q)

    The weight of the incorrect classes vanishes for a confident teacher, which is why T matters.

    Parameters
    ----------
    student_logits, teacher_logits : array_like, shape (..., C)
        Logits z and v, of one shape, otherwise as for `incorrect_softmax`.
    labels, temperature, axis
        As for `incorrect_softmax`.

    Returns
    -------
    DecoupledKL of ndarrays, shape of `labels`
        `total`, `binary` and `incorrect` in nats, in [0, inf]; `weight`, 1 - p_y, in [0, 1], not by that difference.

    References
    ----------
    Zhao, Cui, Song, Qiu and Liang (2022), Decoupled Knowledge Distillation.

    Examples
    --------
    >>> parts = decoupled_kl([4.0, 1.0, 3.0, 0.0, -1.0], [5.0, 3.0, 2.5, -1.0, 0.0], 0)
    >>> parts.total.round(4), (parts.binary + parts.weight * parts.incorrect).round(4)
    (np.float64(0.1682), np.float64(0.1682))
    """
    T = as_temperature(temperature)
    z, v, dtype = as_logits_pair(student_logits, teacher_logits, axis, T)
    y = _labels("student_logits", z, labels)
    _check_incorrect("student_logits", z, y)
    _check_incorrect("teacher_logits", v, y)
    with quiet():
        return DecoupledKL(*(part.astype(dtype) for part in core.decoupled_kl(z, v, y, T)))


def truncated_softmax(
    logits: ArrayLike, k: int, temperature: float = 1.0, *, smoothing: float = 0.0, axis: int = -1
) -> Truncation:
    r"""Keep the k most probable classes and renormalise.

    .. math:: \mathrm{KL}(\mathrm{trunc} \| p) = -\log s, \qquad s = \sum_{i \in \mathrm{top}\text{-}k} p_i

    The other direction, KL(p || trunc), is infinite as soon as a dropped class has mass, unless the truncated
    distribution is smoothed: :math:`(1 - \varepsilon) \, \mathrm{trunc} + \varepsilon / C`, of the C unmasked classes.

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Logits. Of probabilities take the logarithm.
    k : int
        Number of classes to keep, in [1, C]. Of equal logits the lowest index is kept.
    temperature : float
        T in [0, inf], as for `kdlab.temperature.softmax`.
    smoothing : float
        epsilon in [0, 1). Nothing is smoothed by default.
    axis : int
        The class axis.

    Returns
    -------
    Truncation of ndarrays
        `probs`, shape of `logits`: truncated, renormalised and, if asked for, smoothed. `indices`, with k along
        `axis`: the kept classes, the most probable first. `kept_mass`, shape of `logits` without `axis`: s in (0, 1].
        `kl_truncated_to_full` and `kl_full_to_truncated`, of the same shape: KL(probs || p) and KL(p || probs) in
        nats, in [0, inf].

    Examples
    --------
    >>> truncation = truncated_softmax([5.0, 3.0, 2.5, -1.0, 0.0], 2)
    >>> truncation.probs.round(3), truncation.indices
    (array([0.881, 0.119, 0.   , 0.   , 0.   ]), array([0, 1]))
    >>> truncation.kl_truncated_to_full.round(4), truncation.kl_full_to_truncated
    (np.float64(0.0773), np.float64(inf))
    """
    T, epsilon = as_temperature(temperature), as_number("smoothing", smoothing, "[0, 1)")
    z = as_logits("logits", logits, axis)
    dtype = np.result_type(z, np.float32)
    z = classes_last(z.astype(holding(T, dtype), copy=False), axis)
    k = as_integer("k", k, 1, z.shape[-1])
    with quiet():
        probs, indices, *of_rows = core.truncated_softmax(z, k, T, epsilon)
    probs, indices = (classes_last(array, axis, back=True) for array in (probs.astype(dtype, copy=False), indices))
    return Truncation(probs, indices, *(number.astype(dtype)[()] for number in of_rows))


def label_rank(logits: ArrayLike, labels: ArrayLike, *, axis: int = -1) -> IntArray:
    r"""Rank of the label: 1 if it is the most probable class.

    .. math:: r = 1 + \#\{i : z_i > z_y\} + \#\{i < y : z_i = z_y\}

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Logits, or probabilities.
    labels : array_like of integers, shape of `logits` without `axis`
        y in 0..C-1.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of integers, shape of `labels`
        r in 1..C: the label is among the top k exactly if r <= k.

    Examples
    --------
    >>> label_rank([[5.0, 3.0, 2.5], [1.0, 1.0, 1.0]], [2, 1])
    array([3, 2])
    """
    z = classes_last(as_logits("logits", logits, axis), axis)
    return core.label_rank(z, as_labels("labels", labels, z.shape[-1], z.shape[:-1]))


def retention_probability(rank: ArrayLike, k: int, num_classes: int, *, operator: str) -> FloatArray:
    r"""Probability that the label is among the top k after its classes were reordered.

    .. math:: P = \begin{cases}
              1[r \le k] & \text{rank-preserving} \\
              k/C & \text{uniform permutation, whatever } r \\
              (k - 1[r \le k])/(C - 1) & \text{uniform derangement}
              \end{cases}

    Exact where the probabilities are distinct. A rank-preserving operator retains for certain or not at all.

    Parameters
    ----------
    rank : array_like of integers
        r in 1..C, as from `label_rank`.
    k : int
        In [1, C].
    num_classes : int
        C, at least 1; at least 2 for a derangement.
    operator : str
        "rank-preserving", "permutation" or "derangement", as for `reordered`.

    Returns
    -------
    ndarray, shape of `rank`
        In [0, 1].

    Examples
    --------
    >>> retention_probability([1, 4], k=2, num_classes=5, operator="derangement")
    array([0.25, 0.5 ])
    """
    as_choice("operator", operator, *OPERATORS)
    C = as_integer("num_classes", num_classes, 2 if operator == "derangement" else 1)
    k = as_integer("k", k, 1, C)
    r = as_labels("rank", rank, C + 1)
    if (r == 0).any():
        raise ValueError(f"rank must be in [1, {C}]; 0 was given.")
    return core.retention_probability(r, k, C, operator)[()]


def reordered(teacher_probs: ArrayLike, *, operator: str, rng: np.random.Generator, axis: int = -1) -> FloatArray:
    r"""Give the probabilities of each row to other classes.

    .. math:: p'_i = p_{\pi(i)}

    with a permutation pi drawn afresh for each row: uniform over all ("permutation"), uniform over those without a
    fixed point ("derangement"), or the identity ("rank-preserving").

    Parameters
    ----------
    teacher_probs : array_like, shape (..., C)
        Probabilities, sum 1 along `axis`.
    operator : str
        "rank-preserving", "permutation" or "derangement", which one class has not.
    rng : numpy.random.Generator
        Source of the permutations.
    axis : int
        The class axis.

    Returns
    -------
    ndarray, same shape and dtype as `teacher_probs`
        The same numbers in each row: its entropy is unchanged.

    Examples
    --------
    >>> reordered([0.7, 0.3], operator="derangement", rng=np.random.default_rng(0))
    array([0.3, 0.7])
    """
    p = classes_last(as_probs("teacher_probs", teacher_probs, axis), axis)
    as_choice("operator", operator, *OPERATORS)
    if operator == "derangement" and p.shape[-1] == 1:
        raise ValueError("teacher_probs must have at least two classes for a derangement; one was given.")
    return classes_last(core.reordered(p, operator, as_rng(rng)), axis, back=True)


def incorrect_flattened(teacher_probs: ArrayLike, labels: ArrayLike, *, axis: int = -1) -> FloatArray:
    r"""Control for the structure of dark knowledge: the same p_y, the incorrect mass spread evenly.

    .. math:: p'_y = p_y, \qquad p'_i = \frac{1 - p_y}{C - 1}, \quad i \ne y

    This is label smoothing whose amount is the teacher's own.

    Parameters
    ----------
    teacher_probs : array_like, shape (..., C)
        Probabilities of at least two classes, sum 1 along `axis`.
    labels : array_like of integers, shape of `teacher_probs` without `axis`
        y in 0..C-1.
    axis : int
        The class axis.

    Returns
    -------
    ndarray, same shape and dtype as `teacher_probs`
        Sum 1 along `axis`.

    References
    ----------
    Yuan, Tay, Li, Wang and Feng (2020), Revisiting Knowledge Distillation via Label Smoothing Regularization. Tang et
    al. (2020), Understanding and Improving Knowledge Distillation.

    Examples
    --------
    >>> incorrect_flattened([0.7, 0.2, 0.1], 0).round(3)
    array([0.7 , 0.15, 0.15])
    """
    p = classes_last(as_probs("teacher_probs", teacher_probs, axis), axis)
    y = _labels("teacher_probs", p, labels)
    return classes_last(core.incorrect_flattened(p, y), axis, back=True)


def incorrect_permuted(
    teacher_probs: ArrayLike, labels: ArrayLike, *, rng: np.random.Generator, axis: int = -1
) -> FloatArray:
    r"""Control for the structure of dark knowledge: the same p_y, the incorrect classes permuted.

    .. math:: p'_y = p_y, \qquad p'_i = p_{\pi(i)}, \quad i \ne y

    with a permutation pi of the incorrect classes drawn afresh for each row, uniform over all.

    Parameters
    ----------
    teacher_probs, labels, axis
        As for `incorrect_flattened`.
    rng : numpy.random.Generator
        Source of the permutations.

    Returns
    -------
    ndarray, same shape and dtype as `teacher_probs`
        The same numbers in each row.

    Examples
    --------
    >>> incorrect_permuted([0.6, 0.3, 0.1, 0.0], 0, rng=np.random.default_rng(0))
    array([0.6, 0. , 0.3, 0.1])
    """
    p = classes_last(as_probs("teacher_probs", teacher_probs, axis), axis)
    y = _labels("teacher_probs", p, labels)
    return classes_last(core.incorrect_permuted(p, y, as_rng(rng)), axis, back=True)


def kendall_tau(
    student_logits: ArrayLike, teacher_logits: ArrayLike, labels: ArrayLike, *, axis: int = -1
) -> FloatArray:
    r"""Kendall's rank correlation of student and teacher over the incorrect classes (tau-b).

    .. math:: \tau_b = \frac{P - Q}{\sqrt{(n_0 - n_z)(n_0 - n_v)}}, \qquad n_0 = \frac{(C-1)(C-2)}{2}

    P pairs of classes are ordered alike, Q oppositely; n_z and n_v pairs are tied by the student and by the teacher.
    Of C log C comparisons of merge sort, not of C^2 pairs.

    Parameters
    ----------
    student_logits, teacher_logits : array_like, shape (..., C)
        Logits, or probabilities, of one shape and at least two classes. Masked classes are tied.
    labels : array_like of integers, shape of the logits without `axis`
        y in 0..C-1.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of float64, shape of `labels`
        In [-1, 1]; 1 if all ranks are equal. NaN, as in SciPy, where one of the two ties all incorrect classes.

    References
    ----------
    Kendall (1945), The Treatment of Ties in Ranking Problems. Knight (1966), A Computer Method for Calculating
    Kendall's Tau with Ungrouped Data.

    Examples
    --------
    >>> kendall_tau([9.0, 3.0, 1.0, 2.0], [0.0, 3.0, 2.0, 1.0], 0).round(3)
    np.float64(0.333)
    """
    z, v, _ = as_logits_pair(student_logits, teacher_logits, axis, 1)
    y = _labels("student_logits", z, labels)
    with quiet():
        return core.kendall_tau(z, v, y)


def spearman_rho(
    student_logits: ArrayLike, teacher_logits: ArrayLike, labels: ArrayLike, *, axis: int = -1
) -> FloatArray:
    r"""Spearman's rank correlation of student and teacher over the incorrect classes.

    .. math:: \rho = \frac{\sum_i a_i b_i}{\sqrt{\sum_i a_i^2 \, \sum_i b_i^2}}

    with the centred ranks a and b of the incorrect classes; tied classes have the mean of their ranks.

    Parameters
    ----------
    student_logits, teacher_logits, labels, axis
        As for `kendall_tau`.

    Returns
    -------
    ndarray of float64, shape of `labels`
        In [-1, 1]; 1 if all ranks are equal. NaN, as in SciPy, where one of the two ties all incorrect classes.

    References
    ----------
    Spearman (1904), The Proof and Measurement of Association between Two Things.

    Examples
    --------
    >>> spearman_rho([9.0, 3.0, 1.0, 2.0], [0.0, 3.0, 2.0, 1.0], 0).round(3)
    np.float64(0.5)
    """
    z, v, _ = as_logits_pair(student_logits, teacher_logits, axis, 1)
    y = _labels("student_logits", z, labels)
    with quiet():
        return core.spearman_rho(z, v, y)


def _incorrect(logits: ArrayLike, labels: ArrayLike, axis: int, T: float) -> tuple[FloatArray, IntArray, np.dtype]:
    """Return z, classes last, and y, with an incorrect class in each row; and the dtype of the result."""
    given = as_logits("logits", logits, axis)
    z = classes_last(given.astype(holding(T, given.dtype), copy=False), axis)
    y = _labels("logits", z, labels)
    _check_incorrect("logits", z, y)
    return z, y, given.dtype


def _labels(name: str, values: FloatArray, labels: ArrayLike) -> IntArray:
    """Return y, of an array that must have another class beside it."""
    if values.shape[-1] < 2:
        raise ValueError(f"{name} must have at least two classes; one was given.")
    return as_labels("labels", labels, values.shape[-1], values.shape[:-1])


def _check_incorrect(name: str, z: FloatArray, y: IntArray) -> None:
    if np.isneginf(core.without_label(z, y).max(axis=-1)).any():
        raise ValueError(f"{name} must have an unmasked class beside the label in each row; one row has none.")
