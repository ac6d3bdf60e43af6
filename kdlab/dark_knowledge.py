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
    as_number,
    as_probs,
    as_rng,
    as_temperature,
    check_same_shape,
    widened,
)
from kdlab.divergence import kl_of_logs
from kdlab.temperature import entropy, log_softmax, softmax

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
        Logits z of at least two classes. Integers become float64; a floating dtype is kept. -inf masks a class.
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

    Raises
    ------
    TypeError
        If an argument is not of its type.
    ValueError
        If `logits` has fewer than two classes, holds NaN or +inf, or masks all incorrect classes of a row; if
        `labels` are out of range or of another shape; if `temperature` or `axis` is out of range.

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> incorrect_softmax([5.0, 3.0, 2.5, -1.0, 0.0], 0).round(3)
    array([0.   , 0.597, 0.362, 0.011, 0.03 ])
    """
    rest, _ = _without_label("logits", logits, labels, axis)
    return softmax(rest, temperature, axis=axis)


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

    Raises
    ------
    TypeError, ValueError
        As `incorrect_softmax` does.

    Examples
    --------
    >>> incorrect_entropy([5.0, 3.0, 2.5, -1.0, 0.0], 0, normalised=True).round(3)
    np.float64(0.598)
    """
    rest, _ = _without_label("logits", logits, labels, axis)
    H = entropy(rest, temperature, axis=axis)
    if not normalised:
        return H
    num_incorrect = (~np.isneginf(rest)).sum(axis=axis)
    return (H / np.log(np.maximum(num_incorrect, 2))).astype(H.dtype)[()]


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
        Logits z and v, of one shape and at least two classes. float16 becomes float32. -inf masks a class.
    labels, temperature, axis
        As for `incorrect_softmax`.

    Returns
    -------
    DecoupledKL of ndarrays, shape of `labels`
        `total`, `binary` and `incorrect` in nats, in [0, inf]; `weight`, 1 - p_y, in [0, 1], not by that difference.

    Raises
    ------
    TypeError, ValueError
        As `incorrect_softmax` does; also ValueError if the shapes of the logits differ.

    References
    ----------
    Zhao, Cui, Song, Qiu and Liang (2022), Decoupled Knowledge Distillation.

    Examples
    --------
    >>> parts = decoupled_kl([4.0, 1.0, 3.0, 0.0, -1.0], [5.0, 3.0, 2.5, -1.0, 0.0], 0)
    >>> parts.total.round(4), (parts.binary + parts.weight * parts.incorrect).round(4)
    (np.float64(0.1682), np.float64(0.1682))
    """
    z = as_logits("student_logits", student_logits, axis)
    v = as_logits("teacher_logits", teacher_logits, axis)
    check_same_shape(student_logits=z, teacher_logits=v)
    dtype = np.result_type(z, v, np.float32)
    z, v = z.astype(dtype, copy=False), v.astype(dtype, copy=False)
    z_rest, y = _without_label("student_logits", z, labels, axis)
    v_rest, _ = _without_label("teacher_logits", v, labels, axis)
    log_p, log_q, log_p_hat, log_q_hat = (
        log_softmax(logits, temperature, axis=axis) for logits in (v, z, v_rest, z_rest)
    )
    log_bern_p, log_bern_q = _log_bernoulli(log_p, log_p_hat, y, axis), _log_bernoulli(log_q, log_q_hat, y, axis)
    return DecoupledKL(
        total=kl_of_logs(log_p, log_q, axis),
        binary=kl_of_logs(log_bern_p, log_bern_q, axis),
        weight=np.exp(log_bern_p.take(1, axis)),
        incorrect=kl_of_logs(log_p_hat, log_q_hat, axis),
    )


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
        Logits, checked always. Of probabilities take the logarithm. float16 becomes float32. -inf masks a class.
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

    Raises
    ------
    TypeError
        If an argument is not of its type.
    ValueError
        If `k`, `temperature`, `smoothing` or `axis` is out of range; if `logits` has no class, holds NaN or +inf, or
        masks a whole row.

    Examples
    --------
    >>> truncation = truncated_softmax([5.0, 3.0, 2.5, -1.0, 0.0], 2)
    >>> truncation.probs.round(3), truncation.indices
    (array([0.881, 0.119, 0.   , 0.   , 0.   ]), array([0, 1]))
    >>> truncation.kl_truncated_to_full.round(4), truncation.kl_full_to_truncated
    (np.float64(0.0773), np.float64(inf))
    """
    z = widened(np.moveaxis(as_logits("logits", logits, axis), axis, -1))
    k = as_integer("k", k, 1, z.shape[-1])
    T = as_temperature(temperature)
    epsilon = as_number("smoothing", smoothing, "[0, 1)")
    indices = _top_k(z, k)
    log_p = log_softmax(z, T)
    log_kept = np.take_along_axis(log_p, indices, -1)
    s = np.exp(log_kept).sum(axis=-1)
    probs = np.zeros_like(log_p)
    np.put_along_axis(probs, indices, softmax(log_kept), -1)
    if epsilon == 0:
        np.put_along_axis(log_p, indices, -np.inf, -1)  # what is left are the dropped classes
        kl_full_to_truncated = np.where(log_p.max(axis=-1) > -np.inf, np.inf, np.zeros_like(s))[()]
        dropped = np.exp(log_p, out=log_p).sum(axis=-1)
        with np.errstate(divide="ignore"):  # -log s keeps its digits where s rounds to 1
            kl_truncated_to_full = np.where(dropped < 0.5, -np.log1p(-np.minimum(dropped, 0.5)), -np.log(s))[()]
    else:
        unmasked = ~np.isneginf(z)
        probs = (1 - epsilon) * probs + epsilon * (unmasked / unmasked.sum(axis=-1, keepdims=True)).astype(z.dtype)
        with np.errstate(divide="ignore"):
            log_probs = np.log(probs)
        kl_truncated_to_full, kl_full_to_truncated = kl_of_logs(log_probs, log_p, -1), kl_of_logs(log_p, log_probs, -1)
    probs, indices = (np.moveaxis(array, -1, axis) for array in (probs, indices))
    return Truncation(probs, indices, np.minimum(s, 1), kl_truncated_to_full, kl_full_to_truncated)


def label_rank(logits: ArrayLike, labels: ArrayLike, *, axis: int = -1) -> IntArray:
    r"""Rank of the label: 1 if it is the most probable class.

    .. math:: r = 1 + \#\{i : z_i > z_y\} + \#\{i < y : z_i = z_y\}

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Logits, or probabilities, checked always.
    labels : array_like of integers, shape of `logits` without `axis`
        y in 0..C-1.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of integers, shape of `labels`
        r in 1..C: the label is among the top k exactly if r <= k.

    Raises
    ------
    TypeError
        If an argument is not of its type.
    ValueError
        If `logits` has no class, holds NaN or +inf, or masks a whole row; if `labels` are out of range or of another
        shape; if `axis` is out of range.

    Examples
    --------
    >>> label_rank([[5.0, 3.0, 2.5], [1.0, 1.0, 1.0]], [2, 1])
    array([3, 2])
    """
    z = np.moveaxis(as_logits("logits", logits, axis), axis, -1)
    y = as_labels("labels", labels, z.shape[-1], z.shape[:-1])[..., np.newaxis]
    z_y = np.take_along_axis(z, y, -1)
    ahead = z > z_y
    ahead |= (z == z_y) & (np.arange(z.shape[-1]) < y)
    return 1 + ahead.sum(axis=-1)


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

    Raises
    ------
    TypeError
        If an argument is not of its type.
    ValueError
        If an argument is out of range, or `operator` is none of the three.

    Examples
    --------
    >>> retention_probability([1, 4], k=2, num_classes=5, operator="derangement")
    array([0.25, 0.5 ])
    """
    C = as_integer("num_classes", num_classes, 2 if operator == "derangement" else 1)
    k = as_integer("k", k, 1, C)
    r = as_labels("rank", rank, C + 1)
    if (r == 0).any():
        raise ValueError(f"rank must be in [1, {C}]; 0 was given.")
    as_choice("operator", operator, *OPERATORS)
    inside = (r <= k).astype(np.float64)
    if operator == "rank-preserving":
        return inside
    return np.full(r.shape, k / C)[()] if operator == "permutation" else (k - inside) / (C - 1)


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
        "rank-preserving", "permutation" or "derangement".
    rng : numpy.random.Generator
        Source of the permutations.
    axis : int
        The class axis.

    Returns
    -------
    ndarray, same shape and dtype as `teacher_probs`
        The same numbers in each row: its entropy is unchanged.

    Raises
    ------
    TypeError
        If an argument is not of its type.
    ValueError
        If `teacher_probs` are no probabilities; if `operator` is none of the three; if `axis` is out of range; if
        there is one class, which has no derangement.

    Examples
    --------
    >>> reordered([0.7, 0.3], operator="derangement", rng=np.random.default_rng(0))
    array([0.3, 0.7])
    """
    p = np.moveaxis(as_probs("teacher_probs", teacher_probs, axis), axis, -1)
    as_choice("operator", operator, *OPERATORS)
    as_rng(rng)
    C = p.shape[-1]
    pi = np.broadcast_to(np.arange(C), p.shape)
    if operator != "rank-preserving":
        pi = rng.permuted(pi, axis=-1)
    if operator == "derangement":
        if C == 1:
            raise ValueError("teacher_probs must have at least two classes for a derangement; one was given.")
        # Uniform over all, until there is no fixed point: uniform over those without. e tries in the mean.
        while (fixed := (pi == np.arange(C)).any(axis=-1)).any():
            pi[fixed] = rng.permuted(pi[fixed], axis=-1)
    return np.moveaxis(np.take_along_axis(p, pi, -1), -1, axis)


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

    Raises
    ------
    TypeError
        If an argument is not of its type.
    ValueError
        If `teacher_probs` are no probabilities, or of fewer than two classes; if `labels` are out of range or of
        another shape; if `axis` is out of range.

    References
    ----------
    Yuan, Tay, Li, Wang and Feng (2020), Revisiting Knowledge Distillation via Label Smoothing Regularization. Tang et
    al. (2020), Understanding and Improving Knowledge Distillation.

    Examples
    --------
    >>> incorrect_flattened([0.7, 0.2, 0.1], 0).round(3)
    array([0.7 , 0.15, 0.15])
    """
    p = as_probs("teacher_probs", teacher_probs, axis)
    rest, y = _without_label("teacher_probs", p, labels, axis, masked=0)
    mass = rest.sum(
        axis=axis, keepdims=True, dtype=np.result_type(p, np.float32)
    )  # keeps the digits that 1 - p_y loses
    rest[...] = mass / (p.shape[axis] - 1)
    np.put_along_axis(rest, y, np.take_along_axis(p, y, axis), axis)
    return rest


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

    Raises
    ------
    TypeError, ValueError
        As `incorrect_flattened` does.

    Examples
    --------
    >>> incorrect_permuted([0.6, 0.3, 0.1, 0.0], 0, rng=np.random.default_rng(0))
    array([0.6, 0. , 0.3, 0.1])
    """
    p, incorrect = _incorrect("teacher_probs", as_probs("teacher_probs", teacher_probs, axis), labels, axis)
    permuted = p.copy()
    np.put_along_axis(permuted, incorrect, np.take_along_axis(p, as_rng(rng).permuted(incorrect, axis=-1), -1), -1)
    return np.moveaxis(permuted, -1, axis)


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
        Logits, or probabilities, of one shape and at least two classes; checked always. Masked classes are tied.
    labels : array_like of integers, shape of the logits without `axis`
        y in 0..C-1.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of float64, shape of `labels`
        In [-1, 1]; 1 if all ranks are equal. NaN, as in SciPy, where one of the two ties all incorrect classes.

    Raises
    ------
    TypeError
        If an argument is not of its type.
    ValueError
        If the logits have unequal shapes, fewer than two classes, NaN, +inf or a row masked whole; if `labels` are
        out of range or of another shape; if `axis` is out of range.

    References
    ----------
    Kendall (1945), The Treatment of Ties in Ranking Problems. Knight (1966), A Computer Method for Calculating
    Kendall's Tau with Ungrouped Data.

    Examples
    --------
    >>> kendall_tau([9.0, 3.0, 1.0, 2.0], [0.0, 3.0, 2.0, 1.0], 0).round(3)
    np.float64(0.333)
    """
    z, v = _incorrect_pair(student_logits, teacher_logits, labels, axis)
    by_z_then_v = np.lexsort((v, z), axis=-1)
    z, v = (np.take_along_axis(x, by_z_then_v, -1) for x in (z, v))
    sorted_v = np.sort(v, axis=-1)
    n_z, n_v = _tied_pairs(_starts_run(z)), _tied_pairs(_starts_run(sorted_v))
    n_both = _tied_pairs(_starts_run(z) | _starts_run(v))
    n_0 = z.shape[-1] * (z.shape[-1] - 1) // 2
    Q = _inversions(v)
    P = n_0 - n_z - n_v + n_both - Q
    with np.errstate(invalid="ignore"):
        return (P - Q) / np.sqrt((n_0 - n_z) * np.float64(n_0 - n_v))


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

    Raises
    ------
    TypeError, ValueError
        As `kendall_tau` does.

    References
    ----------
    Spearman (1904), The Proof and Measurement of Association between Two Things.

    Examples
    --------
    >>> spearman_rho([9.0, 3.0, 1.0, 2.0], [0.0, 3.0, 2.0, 1.0], 0).round(3)
    np.float64(0.5)
    """
    a, b = map(_centred_ranks, _incorrect_pair(student_logits, teacher_logits, labels, axis))
    with np.errstate(invalid="ignore"):
        return (a * b).sum(axis=-1) / np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))


def _without_label(
    name: str, logits: ArrayLike, labels: ArrayLike, axis: int, masked: float = -np.inf
) -> tuple[FloatArray, IntArray]:
    """Return a copy of the logits with the label masked, and the label with an axis of its own to index them by."""
    z = as_logits(name, logits, axis)
    if z.shape[axis] < 2:
        raise ValueError(f"{name} must have at least two classes; one was given.")
    y = as_labels("labels", labels, z.shape[axis], z.shape[:axis] + z.shape[axis:][1:])
    y = np.expand_dims(y, axis)
    rest = z.copy()
    np.put_along_axis(rest, y, masked, axis)
    if np.isneginf(rest.max(axis=axis)).any():
        raise ValueError(f"{name} must have an unmasked class beside the label in each row; one row has none.")
    return rest, y


def _log_bernoulli(log_p: FloatArray, log_p_hat: FloatArray, y: IntArray, axis: int) -> FloatArray:
    """Return log p_y and log(1 - p_y), the latter as log p_i - log p_hat_i of the likeliest incorrect class i."""
    i = log_p_hat.argmax(axis=axis, keepdims=True)
    log_rest = np.take_along_axis(log_p, i, axis) - np.take_along_axis(log_p_hat, i, axis)
    return np.concatenate([np.take_along_axis(log_p, y, axis), np.minimum(log_rest, 0)], axis=axis)


def _top_k(z: FloatArray, k: int) -> IntArray:
    """Return the indices of the k largest along the last axis: descending, and of equal ones the lowest first."""
    C = z.shape[-1]
    kth = np.partition(z, C - k, axis=-1)[..., C - k, np.newaxis]
    kept, tied = z > kth, z == kth
    missing = k - kept.sum(axis=-1, keepdims=True)
    if (tied.sum(axis=-1, keepdims=True) > missing).any():
        tied &= tied.cumsum(axis=-1) <= missing
    indices = (kept | tied).nonzero()[-1].reshape(*z.shape[:-1], k)
    return np.take_along_axis(indices, np.argsort(-np.take_along_axis(z, indices, -1), axis=-1, kind="stable"), -1)


def _incorrect(name: str, values: FloatArray, labels: ArrayLike, axis: int) -> tuple[FloatArray, IntArray]:
    """Return the values with the classes last, and the indices of the C - 1 incorrect classes, in order."""
    values = np.moveaxis(values, axis, -1)
    C = values.shape[-1]
    if C < 2:
        raise ValueError(f"{name} must have at least two classes; one was given.")
    y = as_labels("labels", labels, C, values.shape[:-1])[..., np.newaxis]
    incorrect = np.arange(C - 1)
    return values, incorrect + (incorrect >= y)


def _incorrect_pair(
    student_logits: ArrayLike, teacher_logits: ArrayLike, labels: ArrayLike, axis: int
) -> list[FloatArray]:
    """Return z and v with the label removed, the classes last."""
    z, v = as_logits("student_logits", student_logits, axis), as_logits("teacher_logits", teacher_logits, axis)
    check_same_shape(student_logits=z, teacher_logits=v)
    found = (_incorrect(name, x, labels, axis) for name, x in (("student_logits", z), ("teacher_logits", v)))
    return [np.take_along_axis(x, incorrect, -1) for x, incorrect in found]


def _starts_run(ordered: FloatArray) -> np.ndarray:
    """Return where a number differs from the one before it."""
    new = np.ones(ordered.shape, bool)
    new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    return new


def _run_starts(new: np.ndarray) -> IntArray:
    """Return for each place where its run of equal numbers starts."""
    return np.maximum.accumulate(np.where(new, np.arange(new.shape[-1]), 0), axis=-1)


def _tied_pairs(new: np.ndarray) -> IntArray:
    """Return how many pairs of equal numbers there are: each with those before it in its run."""
    return (np.arange(new.shape[-1]) - _run_starts(new)).sum(axis=-1)


def _inversions(values: FloatArray) -> IntArray:
    """Return how many pairs along the last axis stand in descending order, counted while merging sorted halves."""
    *rows, n = values.shape
    padded = np.full((*rows, 1 << (n - 1).bit_length()), np.inf, values.dtype)
    padded[..., :n] = values
    count = np.zeros(rows, np.int64)
    half = 1
    while half < padded.shape[-1]:
        pairs_of_halves = padded.reshape(*rows, padded.shape[-1] // (2 * half), 2 * half)
        order = pairs_of_halves.argsort(axis=-1, kind="stable")
        # A number of the right half overtakes as many of the left as its place falls by.
        fall = np.where(order >= half, order - np.arange(2 * half), 0)
        count += fall.sum(axis=(-2, -1))
        padded = np.take_along_axis(pairs_of_halves, order, -1).reshape(padded.shape)
        half *= 2
    return count


def _centred_ranks(values: FloatArray) -> FloatArray:
    """Return twice the ranks of the numbers along the last axis, less their mean: integers; tied numbers share."""
    order = values.argsort(axis=-1, kind="stable")
    new = _starts_run(np.take_along_axis(values, order, -1))
    first = _run_starts(new)
    ends = np.ones_like(new)
    ends[..., :-1] = new[..., 1:]
    last_index = new.shape[-1] - 1
    last = last_index - _run_starts(ends[..., ::-1])[..., ::-1]
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, first + last - last_index, -1)
    return ranks
