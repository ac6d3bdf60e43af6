"""The training losses in torch: one number for each network of a batch of networks."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    r"""Cross-entropy with hard labels, mean over the mini-batch.

    .. math:: -\frac1B \sum_b \log \mathrm{softmax}(z_b)_{y_b}

    Parameters
    ----------
    logits : Tensor, shape (S, B, C)
        Of S networks on B samples each.
    labels : Tensor of integers, shape (S, B)
        In 0..C-1.

    Returns
    -------
    Tensor, shape (S,)
        In nats.
    """
    return functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none").view_as(labels).mean(-1)


def softened_kl(logits: Tensor, teacher_logits: Tensor, temperature: float, *, scale_by_T2: bool) -> Tensor:
    r"""Divergence of the student from the teacher, both softened, mean over the mini-batch.

    .. math:: \frac{T^2}{B} \sum_b \sum_i p_{bi} (\log p_{bi} - \log q_{bi})

    with p, q the softmax at temperature T of the teacher's and the student's logits. No gradient flows to the teacher.

    Parameters
    ----------
    logits, teacher_logits : Tensor, shape (S, B, C)
        The student's and the teacher's, of S networks on the same B samples.
    temperature : float
        T in (0, inf).
    scale_by_T2 : bool
        Whether the factor T^2 is there (Hinton, Vinyals and Dean 2015).

    Returns
    -------
    Tensor, shape (S,)
        In nats, times T^2 if scaled.

    Raises
    ------
    ValueError
        If the shapes differ, or T is outside (0, inf).
    """
    check_same_shape(logits, teacher_logits)
    if not 0 < temperature < float("inf"):
        raise ValueError(f"temperature must be in (0, inf); {temperature!r} was given.")
    log_q = functional.log_softmax(logits / temperature, dim=-1)
    log_p = functional.log_softmax(teacher_logits.detach() / temperature, dim=-1)
    kl = functional.kl_div(log_q, log_p, reduction="none", log_target=True).sum(-1).mean(-1)
    return temperature**2 * kl if scale_by_T2 else kl


def distillation_loss(
    logits: Tensor,
    teacher_logits: Tensor,
    labels: Tensor,
    temperature: float = 1.0,
    *,
    alpha: float,
    scale_by_T2: bool = True,
) -> Tensor:
    r"""Cross-entropy with the labels and divergence from the teacher, weighted; mean over the mini-batch.

    .. math:: (1 - \alpha) \, \mathrm{CE} + \alpha \, T^2 \, \mathrm{KL}

    Parameters
    ----------
    logits, teacher_logits, temperature, scale_by_T2
        As for `softened_kl`.
    labels : Tensor of integers, shape (S, B)
        In 0..C-1.
    alpha : float
        Weight of the soft term, in [0, 1]. At 0 and at 1 the other term is not computed, and the teacher or the labels
        are not looked at.

    Returns
    -------
    Tensor, shape (S,)
        In nats.

    Raises
    ------
    ValueError
        If alpha is outside [0, 1], or, unless alpha is 0, the shapes differ or T is outside (0, inf).
    """
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha must be in [0, 1]; {alpha!r} was given.")
    if alpha == 0:
        return cross_entropy(logits, labels)
    soft = softened_kl(logits, teacher_logits, temperature, scale_by_T2=scale_by_T2)
    return soft if alpha == 1 else (1 - alpha) * cross_entropy(logits, labels) + alpha * soft


def centred_logit_mse(logits: Tensor, teacher_logits: Tensor) -> Tensor:
    r"""Half the squared distance of the centred logits, mean over classes and mini-batch: the limit of T^2 KL.

    .. math:: \frac{1}{2BC} \sum_b \lVert \tilde z_b - \tilde v_b \rVert^2, \qquad \tilde z = z - \bar z

    Parameters
    ----------
    logits, teacher_logits : Tensor, shape (S, B, C)
        As for `softened_kl`.

    Returns
    -------
    Tensor, shape (S,)
        At least 0.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    check_same_shape(logits, teacher_logits)
    difference = logits - teacher_logits.detach()
    centred = difference - difference.mean(-1, keepdim=True)
    return centred.square().mean((-2, -1)) / 2


def check_same_shape(logits: Tensor, teacher_logits: Tensor) -> None:
    """Raise ValueError unless the shapes agree: broadcasting would compare every sample with every other."""
    if logits.shape != teacher_logits.shape:
        raise ValueError(
            f"logits and teacher_logits must have one shape; {tuple(logits.shape)} and "
            f"{tuple(teacher_logits.shape)} were given."
        )
