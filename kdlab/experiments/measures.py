"""What is measured of a student: whether it is right, and whether it does as its teacher does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kdlab.core.temperature import log_softmax


def accuracy(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the fraction of rows, in [0, 1], whose largest logit is that of the label."""
    return float(np.mean(logits.argmax(axis=-1) == labels))


def agreement(logits: NDArray[np.float64], teacher_logits: NDArray[np.float64]) -> float:
    """Return the fraction of rows, in [0, 1], on which student and teacher name the same class."""
    return float(np.mean(logits.argmax(axis=-1) == teacher_logits.argmax(axis=-1)))


def kl_to_teacher(logits: NDArray[np.float64], teacher_logits: NDArray[np.float64]) -> float:
    r"""Return the divergence of the student from the teacher at T = 1, in nats, mean over rows.

    .. math:: \frac1N \sum_n \sum_i p_{ni} (\log p_{ni} - \log q_{ni})
    """
    log_p, log_q = log_softmax(teacher_logits, 1.0), log_softmax(logits, 1.0)
    return float(np.mean(np.sum(np.exp(log_p) * (log_p - log_q), axis=-1)))


def of_student(
    logits: NDArray[np.float64], teacher_logits: NDArray[np.float64], labels: NDArray[np.int64]
) -> dict[str, float]:
    """Return all three by name: accuracy, kl (nats), agreement.

    Parameters
    ----------
    logits, teacher_logits : ndarray, shape (N, C)
        On the same rows.
    labels : ndarray of integers, shape (N,)
        The true classes.
    """
    return {
        "accuracy": accuracy(logits, labels),
        "kl": kl_to_teacher(logits, teacher_logits),
        "agreement": agreement(logits, teacher_logits),
    }
