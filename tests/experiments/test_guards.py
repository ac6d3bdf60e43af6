"""Each guard on its own, and with test rows in training; test_planted_bugs.py plants more, in every experiment."""

import numpy as np
import pytest

from kdlab.experiments import temperature
from kdlab.experiments.data import digits
from kdlab.experiments.guards import (
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
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


@pytest.mark.parametrize("shift", [0.0, 5.0, RNG.normal(size=(30, 1))])
def test_student_that_is_the_teacher(shift):
    check_student_is_not_teacher(LOGITS + RNG.normal(scale=1e-3, size=LOGITS.shape), LOGITS)
    with pytest.raises(ValueError, match="logits must be the student's"):
        check_student_is_not_teacher(LOGITS + shift, LOGITS)


@pytest.mark.parametrize("losses", [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 2.0, 3.0], [1.0, float("nan")]])
def test_losses_that_do_not_fall(losses):
    check_learning(np.array([3.0, 2.0, 1.0]))
    with pytest.raises(ValueError, match="losses must fall"):
        check_learning(np.array(losses))


def test_planted_test_rows_in_training(monkeypatch):
    def leaky(seed):
        split = digits(seed)
        train_inputs, train_labels = split.train_inputs.copy(), split.train_labels.copy()
        train_inputs[:5], train_labels[:5] = split.test_inputs[:5], split.test_labels[:5]
        return split._replace(train_inputs=train_inputs, train_labels=train_labels)

    monkeypatch.setattr(temperature, "digits", leaky)
    with pytest.raises(ValueError, match="no test image; 5 of 1297 are"):
        temperature.run([0])
