"""Checks every experiment makes of itself: mistakes that leave the numbers plausible and the conclusion worthless."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEAR = 0.01  # of the size of the teacher's logits


def check_no_test_rows_in_training(train_inputs: NDArray[np.float64], test_inputs: NDArray[np.float64]) -> None:
    """Raise ValueError if an image to train on is also an image to test on.

    The images are compared, not their row numbers, so a mistake in the numbering is found as well.

    Parameters
    ----------
    train_inputs, test_inputs : ndarray, shape (N, D)
        Of one seed.
    """
    tested = {image.tobytes() for image in test_inputs}
    shared = sum(image.tobytes() in tested for image in train_inputs)
    if shared:
        raise ValueError(f"train_inputs must hold no test image; {shared} of {len(train_inputs)} are test images.")


def check_labels_match(teacher_logits: NDArray[np.float64], labels: NDArray[np.int64]) -> None:
    """Raise ValueError unless the teacher's answers and the labels belong to the same rows.

    A teacher worth learning from names the label of most rows; out of step (labels or targets shuffled) it names it
    no more often than chance would.

    Parameters
    ----------
    teacher_logits : ndarray, shape (N, C)
        On the rows that the labels are of.
    labels : ndarray of integers, shape (N,)
        Their classes.
    """
    right = np.mean(teacher_logits.argmax(axis=-1) == labels)
    if not right > 0.5:
        raise ValueError(f"labels must be those of the rows in teacher_logits; only {right:.3f} of them agree.")


def check_same_labels(labels: NDArray[np.int64], known: NDArray[np.int64]) -> None:
    """Raise ValueError unless the labels are those of their rows, every one of them.

    Parameters
    ----------
    labels, known : ndarray of integers, shape (N,)
        As they are taught or tested, and as the data set has them for the same images.
    """
    if np.any(labels != known):
        raise ValueError(f"labels must be those of their rows; {np.mean(labels != known):.3f} of them are not.")


def check_agreement(answers: NDArray[np.int64], taught: NDArray[np.int64]) -> None:
    """Raise ValueError unless most answers are as taught: what has learned nothing, or something else, is by chance.

    Parameters
    ----------
    answers, taught : ndarray of integers, shape (N,)
        Classes, for the same training rows.
    """
    agreeing = np.mean(answers == taught)
    if not agreeing > 0.5:
        raise ValueError(f"answers must be as taught on most training rows; only {agreeing:.3f} of them agree.")


def check_student_is_not_teacher(logits: NDArray[np.float64], teacher_logits: NDArray[np.float64]) -> None:
    """Raise ValueError if the student is its teacher, or a copy that differs in the last digits.

    No training leaves logits that are equal but for a hundredth of their size; rounding to half precision, or to 8
    bits, does.

    Parameters
    ----------
    logits, teacher_logits : ndarray, shape (N, C)
        On the same rows.
    """
    centred, wanted = (z - z.mean(axis=-1, keepdims=True) for z in (logits, teacher_logits))
    if np.linalg.norm(centred - wanted) <= NEAR * np.linalg.norm(wanted):
        raise ValueError("logits must be the student's; they are the teacher's (up to a shift of each row).")


def check_learning(losses: NDArray[np.float64]) -> None:
    """Raise ValueError unless the training loss fell, from its first tenth to its last.

    A student taught by its own answers has a loss of 0 from the first step on.

    Parameters
    ----------
    losses : ndarray, shape (steps,)
        The mini-batch loss before each step, of one network; at least two steps.
    """
    tenth = -(-len(losses) // 10)
    first, last = np.mean(losses[:tenth]), np.mean(losses[-tenth:])
    if not last < first:
        raise ValueError(f"losses must fall; they went from {first:.4g} to {last:.4g}.")
