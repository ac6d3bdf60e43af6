r"""Distillation loss: hard labels and the teacher's soft targets, in one sum.

.. math:: L = (1 - \alpha) \, \mathrm{CE}(y, q(1)) + \alpha \, T^2 \, \mathrm{KL}(p(T) \,\|\, q(T))

with the teacher's probabilities :math:`p = \mathrm{softmax}(v/T)` and the student's :math:`q = \mathrm{softmax}(z/T)`.
Chapter: principles/distillation_loss.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    IntArray,
    as_choice,
    as_labels,
    as_logits,
    as_number,
    as_temperature,
    check_same_shape,
    reduced,
    widened,
)
from kdlab.divergence import kl_of_logs
from kdlab.temperature import entropy, log_softmax, softmax


def kl_divergence(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    scale_by_T2: bool = False,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Divergence of the student from the teacher, both softened.

    .. math:: \mathrm{KL}(p \| q) = \sum_i p_i (\log p_i - \log q_i)
              = \sum_i p_i (e^{\delta_i} - 1 - \delta_i), \qquad \delta_i = \log q_i - \log p_i

    The second sum differs by :math:`\sum_i (q_i - p_i) = 0`. None of its terms is negative, so that nothing cancels
    where the student is near the teacher, or T is high.

    Parameters
    ----------
    student_logits, teacher_logits : array_like, shape (..., C)
        Logits z and v, of one shape. Integers become float64; float32 and float64 are kept, float16 becomes float32.
        -inf masks a class.
    temperature : float
        T in [0, inf], as for `kdlab.temperature.softmax`; in (0, inf) if scaled by T^2.
    scale_by_T2 : bool
        Whether to multiply by T^2. The relative rounding error then grows with T, as about eps T over the distance of
        the logits; for T above 1e8 take `high_temperature_limit`.
    reduction : str
        "none", "sum" or "mean": of the rows, each of which is a sum over its classes (PyTorch's "batchmean").
    axis : int
        The class axis.
    check_finite : bool
        Whether to refuse NaN, +inf and rows without an unmasked class. Unchecked, such rows give NaN.

    Returns
    -------
    ndarray, shape of the logits without `axis` if `reduction` is "none", else a number
        In nats (times T^2 if scaled), in [0, inf]. 0 exactly if the logits differ by a constant alone; inf if the
        student masks a class that the teacher does not.

    Raises
    ------
    TypeError
        If an argument is not of its type.
    ValueError
        If the logits have unequal shapes, no class, NaN, +inf or a row masked whole; if `temperature` is out of
        range; if `reduction` is no reduction, or "mean" where there is no row.

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> kl_divergence([2.0, 1.5, -1.0, -1.0], [3.0, 1.0, -2.0, 0.5], temperature=4.0).round(4)
    np.float64(0.027)
    """
    T = _as_temperature(temperature, scale_by_T2)
    z, v = _as_pair(student_logits, teacher_logits, axis, check_finite)
    return reduced(
        _times_T2(kl_of_logs(_log_softmax(v, T, axis), _log_softmax(z, T, axis), axis), T, scale_by_T2), reduction
    )


def kl_divergence_dz(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    scale_by_T2: bool = False,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Gradient of `kl_divergence` with respect to the student's logits.

    .. math:: \frac{\partial \, \mathrm{KL}}{\partial z} = \frac{q - p}{T}, \qquad
              \frac{\partial \, (T^2 \mathrm{KL})}{\partial z} = T (q - p)

    Parameters
    ----------
    student_logits, teacher_logits, scale_by_T2, axis, check_finite
        As for `kl_divergence`.
    temperature : float
        T in (0, inf).
    reduction : str
        Of the loss: "mean" divides the gradient by the number of rows, "none" and "sum" do not.

    Returns
    -------
    ndarray, same shape as the logits
        It sums to 0 along `axis`.

    Raises
    ------
    TypeError, ValueError
        As `kl_divergence` does; without rows the gradient is empty, whatever the reduction.

    Examples
    --------
    >>> kl_divergence_dz([2.0, 1.5, -1.0, -1.0], [3.0, 1.0, -2.0, 0.5], temperature=4.0).round(4)
    array([-0.0145,  0.0156,  0.0123, -0.0133])
    """
    T = _as_temperature(temperature, True)
    z, v = _as_pair(student_logits, teacher_logits, axis, check_finite)
    gradient = softmax(z, T, axis=axis, check_finite=False)
    gradient -= softmax(v, T, axis=axis, check_finite=False)
    # in float64: T may be a number that float32 cannot hold
    scale, wide = np.multiply if scale_by_T2 else np.divide, np.result_type(gradient, np.float64)
    with np.errstate(over="ignore"):
        scale(gradient, T, out=gradient, dtype=wide, casting="same_kind")
    return _of_reduced(gradient, reduction, axis)


def reverse_kl_divergence(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Divergence of the teacher from the student: the mean of the log ratio is taken under the student.

    .. math:: \mathrm{KL}(q \| p) = \sum_i q_i (\log q_i - \log p_i)

    It prefers a student that covers one mode of the teacher well; `kl_divergence` one that covers all.

    Parameters
    ----------
    student_logits, teacher_logits, temperature, reduction, axis, check_finite
        As for `kl_divergence`.

    Returns
    -------
    ndarray, shape of the logits without `axis` if `reduction` is "none", else a number
        In nats, in [0, inf]. inf if the teacher masks a class that the student does not.

    Raises
    ------
    TypeError, ValueError
        As `kl_divergence` does.

    References
    ----------
    Gu, Dong, Wei and Huang (2024), MiniLLM: Knowledge Distillation of Large Language Models.

    Examples
    --------
    >>> reverse_kl_divergence([2.0, 1.5, -1.0, -1.0], [3.0, 1.0, -2.0, 0.5], temperature=4.0).round(4)
    np.float64(0.0276)
    """
    T = as_temperature(temperature)
    z, v = _as_pair(student_logits, teacher_logits, axis, check_finite)
    return reduced(kl_of_logs(_log_softmax(z, T, axis), _log_softmax(v, T, axis), axis), reduction)


def jensen_shannon_divergence(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    beta: float = 0.5,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Divergence of teacher and student from their mixture.

    .. math:: \mathrm{JS}_\beta = \beta \, \mathrm{KL}(p \| m) + (1 - \beta) \, \mathrm{KL}(q \| m),
              \qquad m = \beta p + (1 - \beta) q

    At :math:`\beta = 1/2` it is the Jensen-Shannon divergence (its root is a metric; SciPy's `jensenshannon` is the
    root). JS itself vanishes at both ends of beta; what has a limit there is its quotient:
    :math:`\mathrm{JS}_\beta / \beta \to \mathrm{KL}(p \| q)` for :math:`\beta \to 0`, and
    :math:`\mathrm{JS}_\beta / (1 - \beta) \to \mathrm{KL}(q \| p)` for :math:`\beta \to 1`.

    Parameters
    ----------
    student_logits, teacher_logits, temperature, reduction, axis, check_finite
        As for `kl_divergence`.
    beta : float
        The teacher's weight, in (0, 1).

    Returns
    -------
    ndarray, shape of the logits without `axis` if `reduction` is "none", else a number
        In nats, from 0 to the entropy of (beta, 1 - beta), log 2 at most: finite whatever the masks.

    Raises
    ------
    TypeError, ValueError
        As `kl_divergence` does; also if `beta` is not in (0, 1).

    References
    ----------
    Lin (1991), Divergence Measures Based on the Shannon Entropy. Agarwal et al. (2024), On-Policy Distillation of
    Language Models.

    Examples
    --------
    >>> jensen_shannon_divergence([0.0, float("-inf")], [float("-inf"), 0.0]).round(4)
    np.float64(0.6931)
    """
    T = as_temperature(temperature)
    beta = as_number("beta", beta, "(0, 1)")
    z, v = _as_pair(student_logits, teacher_logits, axis, check_finite)
    log_p, log_q = _log_softmax(v, T, axis), _log_softmax(z, T, axis)
    with np.errstate(invalid="ignore"):
        log_m = np.logaddexp(np.log(beta) + log_p, np.log1p(-beta) + log_q, dtype=log_p.dtype)
    return reduced(beta * kl_of_logs(log_p, log_m, axis) + (1 - beta) * kl_of_logs(log_q, log_m, axis), reduction)


def soft_cross_entropy(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Cross-entropy of the student with the teacher's soft targets.

    .. math:: \mathrm{CE}(p, q) = -\sum_i p_i \log q_i = H(p) + \mathrm{KL}(p \| q)

    The teacher's entropy H does not depend on the student: CE has the gradient of KL (`kl_divergence_dz`) and another
    value. At its minimum, q = p, it is H(p) and not 0.

    Parameters
    ----------
    student_logits, teacher_logits, temperature, reduction, axis, check_finite
        As for `kl_divergence`.

    Returns
    -------
    ndarray, shape of the logits without `axis` if `reduction` is "none", else a number
        In nats, in [H(p), inf].

    Raises
    ------
    TypeError, ValueError
        As `kl_divergence` does.

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> soft_cross_entropy([2.0, 1.5, -1.0, -1.0], [3.0, 1.0, -2.0, 0.5], temperature=4.0).round(4)
    np.float64(1.3243)
    """
    T = as_temperature(temperature)
    z, v = _as_pair(student_logits, teacher_logits, axis, check_finite)
    kl = kl_of_logs(_log_softmax(v, T, axis), _log_softmax(z, T, axis), axis)
    return reduced(entropy(v, T, axis=axis, check_finite=False) + kl, reduction)


def cross_entropy(
    student_logits: ArrayLike,
    labels: ArrayLike,
    *,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Cross-entropy of the student with hard labels.

    .. math:: \mathrm{CE}(y, q) = -\log q_y, \qquad q = \mathrm{softmax}(z)

    Parameters
    ----------
    student_logits, reduction, axis, check_finite
        As for `kl_divergence`.
    labels : array_like of integers, shape of `student_logits` without `axis`
        y in 0..C-1.

    Returns
    -------
    ndarray, shape of `labels` if `reduction` is "none", else a number
        In nats, in [0, inf]. inf if the label is masked.

    Raises
    ------
    TypeError, ValueError
        As `kl_divergence` does; also if `labels` are no integers, out of range or of another shape.

    Examples
    --------
    >>> cross_entropy([2.0, 1.5, -1.0, -1.0], 0).round(4)
    np.float64(0.5342)
    """
    z, y = _as_labelled(student_logits, labels, axis, check_finite)
    log_q_y = np.take_along_axis(_log_softmax(z, 1.0, axis), np.expand_dims(y, axis), axis)
    return reduced(0 - log_q_y.squeeze(axis), reduction)


def cross_entropy_dz(
    student_logits: ArrayLike,
    labels: ArrayLike,
    *,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Gradient of `cross_entropy` with respect to the student's logits.

    .. math:: \frac{\partial \, \mathrm{CE}}{\partial z_i} = q_i - \delta_{iy}, \qquad q = \mathrm{softmax}(z)

    Parameters
    ----------
    student_logits, labels, axis, check_finite
        As for `cross_entropy`.
    reduction : str
        As for `kl_divergence_dz`.

    Returns
    -------
    ndarray, same shape as the logits
        It sums to 0 along `axis`.

    Raises
    ------
    TypeError, ValueError
        As `cross_entropy` does; without rows the gradient is empty, whatever the reduction.

    Examples
    --------
    >>> cross_entropy_dz([2.0, 1.5, -1.0, -1.0], 0).round(3)
    array([-0.414,  0.356,  0.029,  0.029])
    """
    z, y = _as_labelled(student_logits, labels, axis, check_finite)
    gradient = softmax(z, axis=axis, check_finite=False)
    # At the label q - 1 is minus the other classes' sum: a subtraction would lose it where the student is sure.
    q_y = np.expand_dims(y, axis)
    np.put_along_axis(gradient, q_y, 0, axis)
    np.put_along_axis(gradient, q_y, -gradient.sum(axis=axis, keepdims=True), axis)
    return _of_reduced(gradient, reduction, axis)


def distillation_loss(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    labels: ArrayLike,
    temperature: float = 1.0,
    *,
    alpha: float = 0.5,
    scale_by_T2: bool = True,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Cross-entropy with the labels and divergence from the teacher, weighted.

    .. math:: L = (1 - \alpha) \, \mathrm{CE}(y, q(1)) + \alpha \, T^2 \, \mathrm{KL}(p(T) \| q(T))

    The hard term is taken at T = 1. Without T^2 the soft term's gradient falls as 1/T^2 at high T, and the labels
    alone are learned; with it the balance of the two terms hardly depends on T.

    Parameters
    ----------
    student_logits, teacher_logits, reduction, axis, check_finite
        As for `kl_divergence`.
    labels : array_like of integers, shape of the logits without `axis`
        y in 0..C-1.
    temperature : float
        T in (0, inf).
    alpha : float
        Weight of the SOFT term, in [0, 1] (some code gives it to the hard one). At 0 and at 1 the other term is not
        computed, so that it may be infinite.
    scale_by_T2 : bool
        Whether the factor T^2 is there (Hinton); without it, the textbook's loss.

    Returns
    -------
    ndarray, shape of `labels` if `reduction` is "none", else a number
        In nats, in [0, inf].

    Raises
    ------
    TypeError, ValueError
        As `kl_divergence` and `cross_entropy` do, a term of weight 0 included; also if `alpha` is not in [0, 1].

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> z, v = [2.0, 1.5, -1.0, -1.0], [3.0, 1.0, -2.0, 0.5]
    >>> distillation_loss(z, v, 0, temperature=4.0, alpha=0.7).round(4)
    np.float64(0.4627)
    >>> distillation_loss(z, v, 0, temperature=4.0, alpha=0.7, scale_by_T2=False).round(4)
    np.float64(0.1792)
    """
    z, v, y, T, alpha = _as_triple(student_logits, teacher_logits, labels, temperature, alpha, axis, check_finite)
    terms = []
    if alpha < 1:
        hard = cross_entropy(z, y, reduction="none", axis=axis, check_finite=False)
        terms.append((1 - alpha) * hard)
    if alpha > 0:
        soft = kl_of_logs(_log_softmax(v, T, axis), _log_softmax(z, T, axis), axis)
        terms.append(alpha * _times_T2(soft, T, scale_by_T2))
    return reduced(sum(terms), reduction)


def distillation_loss_dz(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    labels: ArrayLike,
    temperature: float = 1.0,
    *,
    alpha: float = 0.5,
    scale_by_T2: bool = True,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Gradient of `distillation_loss` with respect to the student's logits.

    .. math:: \frac{\partial L}{\partial z_i} = (1 - \alpha) \, (q_i(1) - \delta_{iy})
              + \alpha \, T \, (q_i(T) - p_i(T))

    Without the factor T^2 the last T is 1/T.

    Parameters
    ----------
    student_logits, teacher_logits, labels, temperature, alpha, scale_by_T2, axis, check_finite
        As for `distillation_loss`.
    reduction : str
        As for `kl_divergence_dz`.

    Returns
    -------
    ndarray, same shape as the logits
        It sums to 0 along `axis`.

    Raises
    ------
    TypeError, ValueError
        As `distillation_loss` does; without rows the gradient is empty, whatever the reduction.

    Examples
    --------
    >>> z, v = [2.0, 1.5, -1.0, -1.0], [3.0, 1.0, -2.0, 0.5]
    >>> distillation_loss_dz(z, v, 0, temperature=4.0, alpha=0.7).round(3)
    array([-0.287,  0.281,  0.146, -0.141])
    """
    z, v, y, T, alpha = _as_triple(student_logits, teacher_logits, labels, temperature, alpha, axis, check_finite)
    how = {"reduction": reduction, "axis": axis, "check_finite": False}
    terms = []
    if alpha < 1:
        terms.append((1 - alpha) * cross_entropy_dz(z, y, **how))
    if alpha > 0:
        terms.append(alpha * kl_divergence_dz(z, v, T, scale_by_T2=scale_by_T2, **how))
    return sum(terms)


def high_temperature_limit(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    *,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Limit of T^2 KL at high temperature: half the mean squared distance of the CENTRED logits.

    .. math:: \lim_{T \to \infty} T^2 \, \mathrm{KL} = \frac{1}{2C} \sum_i d_i^2, \qquad d = \tilde z - \tilde v,
              \quad \tilde z = z - \bar z

    The raw distance is not the limit: it is larger by :math:`C (\bar z - \bar v)^2`, which softmax does not see.

    Parameters
    ----------
    student_logits, teacher_logits, reduction, axis, check_finite
        As for `kl_divergence`; the same classes must be masked in both, and C counts the others.

    Returns
    -------
    ndarray, shape of the logits without `axis` if `reduction` is "none", else a number
        In squared logits, at least 0.

    Raises
    ------
    TypeError, ValueError
        As `kl_divergence` does; also ValueError if the masks differ, as then the limit is infinite.

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> high_temperature_limit([2.0, 1.5, -1.0, -1.0], [3.0, 1.0, -2.0, 0.5])
    np.float64(0.53125)
    """
    _, d, C = _centred_pair(student_logits, teacher_logits, axis, check_finite)
    with np.errstate(over="ignore"):
        return reduced((d**2).sum(axis=axis) / (2 * C.squeeze(axis)), reduction)


def high_temperature_limit_dz(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    *,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Gradient of `high_temperature_limit`, the limit of the gradient of T^2 KL.

    .. math:: \lim_{T \to \infty} T (q - p) = \frac{d}{C}, \qquad d = \tilde z - \tilde v

    Parameters
    ----------
    student_logits, teacher_logits, axis, check_finite
        As for `high_temperature_limit`.
    reduction : str
        As for `kl_divergence_dz`.

    Returns
    -------
    ndarray, same shape as the logits
        It sums to 0 along `axis`, and is 0 for masked classes.

    Raises
    ------
    TypeError, ValueError
        As `high_temperature_limit` does; without rows the gradient is empty, whatever the reduction.

    Examples
    --------
    >>> high_temperature_limit_dz([2.0, 1.5, -1.0, -1.0], [3.0, 1.0, -2.0, 0.5])
    array([-0.1875,  0.1875,  0.3125, -0.3125])
    """
    _, d, C = _centred_pair(student_logits, teacher_logits, axis, check_finite)
    return _of_reduced(d / C, reduction, axis)


def high_temperature_correction(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    *,
    reduction: str = "mean",
    axis: int = -1,
    check_finite: bool = True,
) -> FloatArray:
    r"""Coefficient of the next order of T^2 KL, that of 1/T.

    .. math:: T^2 \, \mathrm{KL} = \frac{1}{2C} \sum_i d_i^2
              + \frac1T \, \frac1C \sum_i \Big[ \frac{\tilde v_i d_i^2}{2} + \frac{d_i^3}{6} \Big] + O(1/T^2)

    Parameters
    ----------
    student_logits, teacher_logits, reduction, axis, check_finite
        As for `high_temperature_limit`.

    Returns
    -------
    ndarray, shape of the logits without `axis` if `reduction` is "none", else a number
        In cubed logits, of either sign. 0 for two classes.

    Raises
    ------
    TypeError, ValueError
        As `high_temperature_limit` does.

    Examples
    --------
    >>> high_temperature_correction([2.0, 1.5, -1.0, -1.0], [3.0, 1.0, -2.0, 0.5])
    np.float64(-0.34375)
    """
    v, d, C = _centred_pair(student_logits, teacher_logits, axis, check_finite)
    with np.errstate(over="ignore", invalid="ignore"):
        return reduced((d**2 * (v / 2 + d / 6)).sum(axis=axis) / C.squeeze(axis), reduction)


def _as_pair(student_logits: ArrayLike, teacher_logits: ArrayLike, axis: int, check_finite: bool) -> list[FloatArray]:
    """Return z and v, in one dtype to compute in."""
    z = as_logits("student_logits", student_logits, axis, check_finite=check_finite)
    v = as_logits("teacher_logits", teacher_logits, axis, check_finite=check_finite)
    check_same_shape(student_logits=z, teacher_logits=v)
    dtype = np.result_type(z, v, np.float32)
    return [z.astype(dtype, copy=False), v.astype(dtype, copy=False)]


def _as_labelled(
    student_logits: ArrayLike, labels: ArrayLike, axis: int, check_finite: bool
) -> tuple[FloatArray, IntArray]:
    """Return z and y."""
    z = widened(as_logits("student_logits", student_logits, axis, check_finite=check_finite))
    return z, as_labels("labels", labels, z.shape[axis], z.shape[:axis] + z.shape[axis:][1:])


def _as_triple(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    labels: ArrayLike,
    temperature: float,
    alpha: float,
    axis: int,
    check_finite: bool,
) -> tuple[FloatArray, FloatArray, IntArray, float, float]:
    """Return z, v, y, T and alpha."""
    z, v = _as_pair(student_logits, teacher_logits, axis, check_finite)
    _, y = _as_labelled(z, labels, axis, check_finite=False)
    return z, v, y, _as_temperature(temperature, True), as_number("alpha", alpha, "[0, 1]")


def _as_temperature(temperature: float, only_inside: bool) -> float:
    """Return T; without the limits 0 and inf where what is multiplied by T^2, or divided by T, has none."""
    return as_number("temperature", temperature, "(0, inf)") if only_inside else as_temperature(temperature)


def _log_softmax(logits: FloatArray, T: float, axis: int) -> FloatArray:
    return log_softmax(logits, T, axis=axis, check_finite=False)


def _times_T2(losses: FloatArray, T: float, scale_by_T2: bool) -> FloatArray:
    """Return T^2 times the losses, where asked for. In float64: T may be a number that float32 cannot hold."""
    if not scale_by_T2:
        return losses
    with np.errstate(over="ignore"):
        return (np.float64(T) * losses * np.float64(T)).astype(losses.dtype)


def _of_reduced(gradient: FloatArray, reduction: str, axis: int) -> FloatArray:
    """Return the gradient of the reduced loss, of the gradient of each row's own."""
    if as_choice("reduction", reduction, "none", "sum", "mean") == "mean":
        gradient /= max(1, gradient.size // gradient.shape[axis])
    return gradient


def _centred_pair(
    student_logits: ArrayLike, teacher_logits: ArrayLike, axis: int, check_finite: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the centred v, d, and C; masked classes count in none, and are 0 in both."""
    z, v = _as_pair(student_logits, teacher_logits, axis, check_finite)
    masked = v == -np.inf
    if (masked != (z == -np.inf)).any():
        raise ValueError("student_logits must mask (-inf) the same classes as teacher_logits; they differ.")
    C = np.asarray(v.shape[axis] - masked.sum(axis=axis, keepdims=True), v.dtype)
    z, v = np.where(masked, 0, z), np.where(masked, 0, v)
    for centred in (z, v):
        centred -= (centred / C).sum(axis=axis, keepdims=True)
        centred[masked] = 0
    return v, z - v, C
