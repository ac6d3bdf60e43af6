"""The record of the experiment on vision: what is particular to it."""

from dataclasses import asdict

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from sklearn.datasets import load_digits

from kdlab.evidence import records
from kdlab.experiments import vision
from kdlab.experiments.data import Split, digits, mnist5k
from kdlab.experiments.lab import Lab
from kdlab.experiments.networks import Trained, conv_forward, generators, logits_of
from kdlab.experiments.vision import ARMS, TASKS, WORDS, Logits, bias_for_prior, naming, with_bias

ROWS = {"digits3": 46, "digits8": 43, "images3": 95, "signals3": 95}  # test rows of the omitted class
TESTED = {"digits3": 450, "digits8": 450, "images3": 950, "signals3": 950}
SHARE = {"digits3": 132 / 1297, "digits8": 126 / 1297, "images3": 0.1, "signals3": 0.1}

every_task = pytest.mark.parametrize("task", TASKS)


@pytest.fixture(scope="module")
def evidence():
    return records.read("vision")


class Untrained(Lab):
    """A lab in which students are not trained, and what they would learn is kept."""

    taught: dict

    def students(self, lessons, start, *_args, **_options):
        self.taught = getattr(self, "taught", {}) | lessons
        parameters = start(generators(self.seeds, "student"))
        return {name: Trained(parameters, np.linspace([1.0], [0.5], 30).T) for name in lessons}


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
    np.testing.assert_array_equal(with_bias(logits[None], 2, np.array([bias]))[0], repaired)


@pytest.mark.parametrize("prior", [0.0, 1.0, -0.1, float("nan")])
def test_a_prior_that_is_none_is_refused(prior):
    with pytest.raises(ValueError, match="prior"):
        bias_for_prior(np.zeros((2, 3)), 0, prior)


def test_naming_counts_what_it_says():
    logits = Logits(
        pool=np.log([[[0.5, 0.5], [0.25, 0.75]]]),
        test=np.array([[[1.0, 0], [0, 1], [1, 0], [1, 0], [0, 1]]]),
        shown=np.log([[[0.9, 0.1], [0.2, 0.8]]]),
    )
    split = Split(*[np.zeros((1, 1))] * 9)._replace(
        test_labels=np.array([[0, 0, 0, 1, 1]]), shown_labels=np.array([[0, 1]])
    )
    (of_class,) = naming(logits, split, 0)
    assert of_class.pop("shown") == [pytest.approx([0.9, 0.1])]
    assert of_class == pytest.approx({"recall": 2 / 3, "false_alarm": 1 / 2, "prior": 0.375})


def test_students_get_no_row_of_the_omitted_class_and_the_logits_of_their_own_rows(monkeypatch):
    monkeypatch.setattr(vision, "SPLITS", {"digits": digits})
    lab = Untrained([0])
    vision.run(lab)
    assert {entry["arm"] for entry in lab.records()} == {name for name in WORDS if name.startswith("digits")}
    assert len(lab.taught) == 11
    labels = digits(0).train_labels
    for name, lesson in lab.taught.items():
        omitted = {"digits3": 3, "digits8": 8}.get(name.partition("_")[0])
        np.testing.assert_array_equal(lesson.rows.labels[0], labels[labels != omitted])
        if lesson.targets is not None:
            assert np.mean(lesson.targets.argmax(axis=-1) == lesson.rows.labels) > 0.97


def test_what_is_said_is_a_mean_over_the_rows_of_each_class():
    labels = np.repeat(np.arange(10), 3)
    logits = np.log(np.random.default_rng(0).dirichlet(np.ones(10), 30))
    for said, T in zip(vision.what_is_said(logits, labels, 3), vision.SAID_TEMPERATURES, strict=True):
        assert said[7] == pytest.approx(softmax(logits[21:24] / T, axis=-1)[:, 3].mean())


def test_a_bias_above_the_gap_names_the_class():
    logits = np.random.default_rng(0).normal(size=(50, 10))
    for gap, row in zip(vision.gaps_of(logits, 3), logits, strict=True):
        for bias, named in ((gap + 1e-9, True), (gap - 1e-9, False)):
            assert (np.argmax(row + bias * (np.arange(10) == 3)) == 3) == named


def test_gaps_and_networks_in_bytes_give_the_recall_that_was_measured(evidence):
    shown = records.shown("vision")
    for name, gaps in zip(vision.SHOWN_STUDENTS, shown["gaps"], strict=True):
        bias, recall = (of(evidence, f"digits3_{name}_bias", measure)[0] for measure in ("bias", "recall"))
        assert np.mean(gaps[shown["is_omitted"]] < bias) == pytest.approx(recall, abs=1e-6)  # six digits are written
    split = mnist5k(evidence.seeds[0])
    for name in ("teacher", *vision.SHOWN_STUDENTS):
        layers = [
            (torch.from_numpy(shown[f"{name}_{k}_codes"] * shown[f"{name}_{k}_scale"])[None], shown[f"{name}_{k}_bias"])
            for k in range(4)
        ]
        parameters = [(weight, torch.from_numpy(bias.astype(float))[None, None]) for weight, bias in layers]
        answers = logits_of(parameters, split.test_inputs[None], conv_forward)[0].argmax(axis=-1)
        recall = np.mean(answers[split.test_labels == 3] == 3)
        assert recall == pytest.approx(of(evidence, f"images3_{name}", "recall")[0], abs=0.0106)  # a row of 95


def test_the_shown_rows_are_of_the_omitted_class_and_nobody_has_learned_them(evidence):
    source = load_digits()
    for omitted in (3, 8):
        shown = 16 * np.array(evidence.measured["shown_inputs"][f"digits{omitted}"])
        rows = [int(np.flatnonzero(np.abs(source.data - image).max(axis=-1) < 0.01)[0]) for image in shown]
        assert len(rows) == 5
        assert (source.target[rows] == omitted).all()
        for seed in range(3):
            assert not np.isin(rows, digits(seed).train_rows).any()
