"""What is measured of a student: whether it is right, and whether it does as its teacher does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kdlab.core.temperature import log_softmax
from kdlab.evidence.intervals import Record
from kdlab.experiments.guards import check_learning, check_student_is_not_teacher

REPLAYED_STEPS = 20


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


def student_records(
    arm: str,
    seeds: Sequence[int],
    logits: NDArray[np.float64],
    teacher_logits: NDArray[np.float64],
    labels: NDArray[np.int64],
    losses: NDArray[np.float64],
) -> list[Record]:
    """Check and measure the students of one arm, seed by seed.

    Parameters
    ----------
    arm : str
        Its name.
    seeds : sequence of int
        One for each student.
    logits, teacher_logits : ndarray, shape (S, N, C)
        On the test rows.
    labels : ndarray of integers, shape (S, N)
        Their classes.
    losses : ndarray, shape (S, steps)
        Of the whole training.

    Returns
    -------
    list of dict
        "seed", "arm", what `of_student` measures, and "losses", the first 20.

    Raises
    ------
    ValueError
        If a student is its teacher, or has not learned.
    """
    records = []
    for i, seed in enumerate(seeds):
        check_student_is_not_teacher(logits[i], teacher_logits[i])
        check_learning(losses[i])
        measures = of_student(logits[i], teacher_logits[i], labels[i])
        records.append({"seed": seed, "arm": arm, **measures, "losses": losses[i, :REPLAYED_STEPS].tolist()})
    return records
