"""Each guard on its own; test_lab.py plants mistakes on every way past them, test_planted_faults.py in experiments."""

import numpy as np
import pytest

from kdlab.experiments.data import digits
from kdlab.experiments.guards import (
    check_agreement,
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_same_labels,
    check_student_is_not_teacher,
)

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(30, 10))


def test_test_rows_in_training():
    split = digits(0)
    check_no_test_rows_in_training(split.train_inputs, split.test_inputs)
    with_one = np.concatenate([split.train_inputs, split.test_inputs[7:8]])
    with pytest.raises(ValueError, match="no test image; 1 of 1298 are"):
        check_no_test_rows_in_training(with_one, split.test_inputs)


def test_labels_out_of_step():
    labels = LOGITS.argmax(-1)
    check_labels_match(LOGITS, labels)
    with pytest.raises(ValueError, match="labels must be those of the rows"):
        check_labels_match(LOGITS, np.roll(labels, 1))


def test_labels_that_are_not_those_of_the_data_set():
    labels = LOGITS.argmax(-1)
    check_same_labels(labels, labels.copy())
    with pytest.raises(ValueError, match=r"labels must be those of their rows; 0\.033 of them are not"):
        check_same_labels(labels, np.where(np.arange(30) == 4, (labels + 1) % 10, labels))


def test_answers_that_are_not_as_taught():
    taught = np.arange(30) % 10
    check_agreement(np.where(np.arange(30) < 16, taught, -1), taught)
    with pytest.raises(ValueError, match=r"only 0\.500 of them agree"):
        check_agreement(np.where(np.arange(30) < 15, taught, -1), taught)


@pytest.mark.parametrize("shift", [0.0, 5.0, RNG.normal(size=(30, 1))])
def test_student_that_is_the_teacher(shift):
    check_student_is_not_teacher(LOGITS + RNG.normal(scale=0.02, size=LOGITS.shape), LOGITS)
    for rounding in (0.0, 1e-9, 1e-3):
        copied = LOGITS + shift + RNG.normal(scale=rounding, size=LOGITS.shape)
        with pytest.raises(ValueError, match="logits must be the student's"):
            check_student_is_not_teacher(copied, LOGITS)


@pytest.mark.parametrize("size", [1e-6, 1e6])
def test_how_near_a_copy_is_does_not_depend_on_the_size_of_logits(size):
    other = LOGITS + RNG.normal(scale=0.02, size=LOGITS.shape)
    check_student_is_not_teacher(size * other, size * LOGITS)
    with pytest.raises(ValueError, match="logits must be the student's"):
        check_student_is_not_teacher(size * (LOGITS + 1e-3 * other), size * LOGITS)


@pytest.mark.parametrize("losses", [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 2.0, 3.0], [1.0, float("nan")]])
def test_losses_that_do_not_fall(losses):
    check_learning(np.array([3.0, 2.0, 1.0]))
    with pytest.raises(ValueError, match="losses must fall"):
        check_learning(np.array(losses))
