"""The record of the experiment on vision: what is particular to it."""

from dataclasses import asdict
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from sklearn.datasets import load_digits

from kdlab.experiments import record, vision
from kdlab.experiments.data import digits, stacked
from kdlab.experiments.networks import Trained, forward, generators, initial_parameters
from kdlab.experiments.vision import ARMS, TASKS, Logits, bias_for_prior, naming, with_bias

ROWS = {"digits3": 46, "digits8": 43, "images3": 95, "signals3": 95}  # test rows of the omitted class
TESTED = {"digits3": 450, "digits8": 450, "images3": 950, "signals3": 950}
SHARE = {"digits3": 132 / 1297, "digits8": 126 / 1297, "images3": 0.1, "signals3": 0.1}

every_task = pytest.mark.parametrize("task", TASKS)


@pytest.fixture(scope="module")
def evidence():
    return record.read("vision")


@pytest.fixture
def lesson(monkeypatch):
    """Return the digits of one seed and a teacher who knows them; students are not trained, what they get is kept."""
    split = stacked([digits(0)])
    parts = (
        (split.train_inputs, split.train_labels),
        (split.test_inputs, split.test_labels),
        (split.shown_inputs, split.shown_labels),
    )
    noise = np.random.default_rng(0).normal(size=(1, 1297, 10))

    def teacher(inputs):
        (labels,) = (labels for x, labels in parts if x is inputs)
        return 8 * np.eye(10)[labels] + noise[:, : labels.shape[1]]

    got = []

    def untrained(initial, inputs, lessons, optimiser, seeds, **options):
        got.extend((inputs, lesson) for lesson in lessons)
        return [Trained(initial(generators(seeds, "student")), np.linspace([1.0], [0.5], 30).T) for _ in lessons]

    monkeypatch.setattr(vision, "train_lessons", untrained)
    initial = partial(initial_parameters, (64, 4, 10))
    return split, teacher, got, lambda split: vision.data_records("digits", split, [0], teacher, initial, forward)


def of(evidence, arm, measure):
    return np.array([entry[measure] for entry in evidence.records if entry["arm"] == arm])


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    measured = evidence.measured
    assert measured["arms"] == {name: asdict(arm) for name, arm in ARMS.items()}
    assert measured["seeds"] == evidence.seeds
    for measure in ("accuracy", "recall", "false_alarm", "prior"):
        for arm, values in measured[measure].items():
            np.testing.assert_array_equal(values, of(evidence, arm, measure))
    for arm, values in measured["bias"].items():
        np.testing.assert_array_equal(values, of(evidence, arm, "bias"))
    for rows in measured["shown"].values():
        np.testing.assert_allclose(np.sum(rows, axis=-1), 1, atol=1e-4)


@every_task
def test_rates_are_of_whole_rows(evidence, task):
    for arm in [name for name in ARMS if name.startswith(task)]:
        named = of(evidence, arm, "recall") * ROWS[task]
        falsely = of(evidence, arm, "false_alarm") * (TESTED[task] - ROWS[task])
        right = of(evidence, arm, "accuracy") * TESTED[task]
        for rows in (named, falsely, right):
            np.testing.assert_allclose(rows, rows.round(), atol=2e-3)
        # what is named so falsely cannot be right
        assert (right <= named + (TESTED[task] - ROWS[task]) - falsely + 1e-2).all()


@every_task
def test_a_repaired_student_has_the_share_of_the_class_on_the_pool(evidence, task):
    for name, arm in ARMS.items():
        if name.startswith(task) and arm.prior:
            np.testing.assert_allclose(of(evidence, name, "prior"), arm.prior * SHARE[task], rtol=1e-5)
        elif name.startswith(task):
            np.testing.assert_array_equal(of(evidence, name, "bias"), 0)


@every_task
def test_a_larger_bias_names_the_class_no_less_often(evidence, task):
    pairs = [(f"{task}_{name}_bias", f"{task}_{name}") for name in ("hard", "T1", "T4", "T8")]
    for one, other in [*pairs, (f"{task}_T4_half", f"{task}_T4_bias"), (f"{task}_T4_half", f"{task}_T4")]:
        sign = np.sign(of(evidence, one, "bias") - of(evidence, other, "bias"))
        for measure in ("recall", "false_alarm"):
            assert (sign * (of(evidence, one, measure) - of(evidence, other, measure)) >= 0).all(), (one, measure)
    assert (of(evidence, f"{task}_T4_half", "bias") < of(evidence, f"{task}_T4_bias", "bias")).all()


@every_task
def test_labels_alone_never_name_a_class_that_is_not_there(evidence, task):
    np.testing.assert_array_equal(of(evidence, f"{task}_hard", "recall"), 0)
    np.testing.assert_array_equal(of(evidence, f"{task}_hard", "false_alarm"), 0)


@given(st.integers(0, 2**32 - 1), st.floats(1e-4, 0.9999), st.sampled_from([0.1, 3.0, 30.0]))
def test_the_bias_is_the_one_that_gives_the_prior(seed, prior, scale):
    logits = scale * np.random.default_rng(seed).normal(size=(20, 4))
    bias = bias_for_prior(logits, 2, prior)
    repaired = logits.copy()
    repaired[:, 2] += bias
    assert softmax(repaired, axis=-1)[:, 2].mean() == pytest.approx(prior, abs=1e-8)
    np.testing.assert_array_equal(with_bias(logits, 2, bias), repaired)


@pytest.mark.parametrize("prior", [0.0, 1.0, -0.1, float("nan")])
def test_a_prior_that_is_none_is_refused(prior):
    with pytest.raises(ValueError, match="prior"):
        bias_for_prior(np.zeros((2, 3)), 0, prior)


def test_naming_counts_what_it_says():
    logits = Logits(
        pool=np.log([[0.5, 0.5], [0.25, 0.75]]),
        test=np.array([[1.0, 0], [0, 1], [1, 0], [1, 0], [0, 1]]),
        shown=np.log([[0.9, 0.1], [0.2, 0.8]]),
    )
    of_class = naming(logits, np.array([0, 0, 0, 1, 1]), np.array([True, False]), 0)
    assert of_class.pop("shown") == [pytest.approx([0.9, 0.1])]
    assert of_class == pytest.approx({"recall": 2 / 3, "false_alarm": 1 / 2, "prior": 0.375})


def test_students_get_no_row_of_the_omitted_class_and_the_logits_of_their_own_rows(lesson):
    split, _, got, records_of = lesson
    names = {entry["arm"] for entry in records_of(split)}
    assert names == {name for name in ARMS if name.startswith("digits")} | {"digits3_teacher", "digits8_teacher"}
    present, without3, without8 = got[0], got[1:6], got[6:]
    assert present[1].labels.shape == (1, 1297)
    assert len(without8) == 5
    for omitted, lessons in ((3, without3), (8, without8)):
        rest = split.train_inputs[0][split.train_labels[0] != omitted]
        for inputs, taught in lessons:
            np.testing.assert_array_equal(inputs[0], rest)
            assert omitted not in taught.labels
            np.testing.assert_array_equal(taught.teacher_logits.argmax(axis=-1), taught.labels)


def test_a_teacher_out_of_step_is_noticed(lesson):
    split, _, _, records_of = lesson
    with pytest.raises(ValueError, match="labels"):
        records_of(split._replace(train_labels=np.roll(split.train_labels, 1, axis=1)))


def test_test_rows_among_the_training_rows_are_noticed(lesson):
    split, _, _, records_of = lesson
    split.test_inputs[0, 7] = split.train_inputs[0, 5]
    with pytest.raises(ValueError, match="test image"):
        records_of(split)


def test_a_student_that_is_its_teacher_is_noticed(lesson, monkeypatch):
    split, teacher, _, records_of = lesson
    monkeypatch.setattr(vision, "logits_of", lambda parameters, inputs, forward: teacher(inputs) + 3)
    with pytest.raises(ValueError, match="student"):
        records_of(split)


def test_the_shown_rows_are_of_the_omitted_class_and_nobody_has_learned_them(evidence):
    source = load_digits()
    for omitted in (3, 8):
        shown = 16 * np.array(evidence.measured["shown_inputs"][f"digits{omitted}"])
        rows = [int(np.flatnonzero(np.abs(source.data - image).max(axis=-1) < 0.01)[0]) for image in shown]
        assert len(rows) == 5
        assert (source.target[rows] == omitted).all()
        for seed in range(3):
            assert not np.isin(rows, digits(seed).train_rows).any()
