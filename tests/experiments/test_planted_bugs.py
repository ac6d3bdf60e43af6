"""Mistakes that leave the numbers plausible, planted in the experiments as they are: each of them must refuse to go on.

A mistake is planted where one would be made: where rows are split, where networks are trained. Everything else is the
experiment itself, on one seed, its networks trained for a few steps. That these few are enough, and that it is the
mistake which is found, is shown by the same call without it.
"""

import importlib

import numpy as np
import pytest

from kdlab.experiments import data, feature_matching, gradient_noise, low_rank, networks, pruning, teachers, temperature
from kdlab.experiments.__main__ import names_of_experiments
from kdlab.experiments.data import digits, few_labels
from kdlab.experiments.losses import softened_kl
from kdlab.experiments.networks import Trained

STEPS = 40  # every teacher of digits is right in more than half of the cases by then, as the guard asks
CHEAP = (feature_matching, low_rank, pruning, temperature)

cheap = pytest.mark.parametrize("experiment", CHEAP, ids=lambda module: module.__name__.rpartition(".")[2])


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    """Cut all trainings short, and two experiments to the digits, one of them to one kind of training."""
    train = networks.train

    def shortly(*args, steps, **options):
        return train(*args, steps=min(steps, STEPS), **options)

    for module in (networks, teachers, *CHEAP):
        monkeypatch.setattr(module, "train", shortly, raising=False)
    monkeypatch.setattr(low_rank, "DATA", {"digits": digits})
    monkeypatch.setattr(pruning, "TRAININGS", ("sgd_random",))
    monkeypatch.setattr(pruning, "conv_records", lambda seed: [])


def plant_in_split(monkeypatch, experiment, change):
    """Let every data set be split with a mistake: `change` returns the arrays that are not as they should be."""
    split = data.split

    def changed(*args, **options):
        parts = split(*args, **options)
        return parts._replace(**change(parts))

    for module in (data, experiment):
        if hasattr(module, "split"):
            monkeypatch.setattr(module, "split", changed)


def shuffled(labels):
    return np.random.default_rng(0).permutation(labels)


def as_they_are(layers):
    return layers


def units_in_another_order(layers):
    """Return another way to write down the same function: its hidden units, in reverse."""
    (W1, b1), (W2, b2) = layers
    return [(W1.flip(-1), b1.flip(-1)), (W2.flip(-2), b2)]


@cheap
def test_without_a_mistake_it_runs(experiment):
    records = experiment.run([0])
    assert {record["seed"] for record in records} == {0}
    assert max(record["accuracy"] for record in records if "accuracy" in record) > 0.8


@pytest.mark.parametrize("written", [as_they_are, units_in_another_order])
def test_a_teacher_compared_with_itself(monkeypatch, written):
    found, train, train_teachers = [], feature_matching.train, feature_matching.train_feature_teachers

    def keep(*args):
        found.append(train_teachers(*args))
        return found[-1]

    def train_teacher_again(*args, **options):
        students = train(*args, **options)
        of_teacher = written(found[-1].parameters)
        return Trained([(W.repeat(len(students.losses), 1, 1), b) for W, b in of_teacher], students.losses)

    monkeypatch.setattr(feature_matching, "train_feature_teachers", keep)
    monkeypatch.setattr(feature_matching, "train", train_teacher_again)
    with pytest.raises(ValueError, match="logits must be the student's; they are the teacher's"):
        feature_matching.run([0])


def test_students_taught_by_themselves(monkeypatch):
    def by_itself(logits, _):
        return softened_kl(logits, logits, 4.0, scale_by_T2=True)

    monkeypatch.setattr(low_rank, "LOSS", by_itself)
    with pytest.raises(ValueError, match="losses must fall; they went from 0 to 0"):
        low_rank.run([0])


@pytest.mark.parametrize("experiment", [*CHEAP, gradient_noise])
@pytest.mark.parametrize("rows", ["train_labels", "test_labels"])
def test_shuffled_labels(monkeypatch, experiment, rows):
    plant_in_split(monkeypatch, experiment, lambda parts: {rows: shuffled(getattr(parts, rows))})
    with pytest.raises(ValueError, match="labels must be those of the rows in teacher_logits; only 0.[012]"):
        experiment.run([0])


@pytest.mark.parametrize("experiment", [feature_matching, temperature])
def test_shuffled_labels_of_the_few_rows_alone(monkeypatch, experiment):
    def few_shuffled(split, count, *, seed):
        few = few_labels(split, count, seed=seed)
        return few._replace(train_labels=shuffled(few.train_labels))

    monkeypatch.setattr(experiment, "few_labels", few_shuffled)
    with pytest.raises(ValueError, match="labels must be those of the rows in teacher_logits; only 0.[012]"):
        experiment.run([0])


# imbalance looks at its teachers first, which after so few steps never name some of the classes
@pytest.mark.filterwarnings("ignore:Mean of empty slice")
@pytest.mark.parametrize("name", names_of_experiments())
def test_one_test_row_in_training(monkeypatch, name):
    experiment = importlib.import_module(f"kdlab.experiments.{name}")

    def with_one(parts):
        return {
            f"train_{array}": np.concatenate([getattr(parts, f"train_{array}"), getattr(parts, f"test_{array}")[7:8]])
            for array in ("inputs", "labels", "rows")
        }

    plant_in_split(monkeypatch, experiment, with_one)
    with pytest.raises(ValueError, match="train_inputs must hold no test image; 1 of"):
        experiment.run([0])
