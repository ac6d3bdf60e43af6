"""The record of the experiment on robustness: what is particular to it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_breast_cancer

from kdlab.evidence import records
from kdlab.experiments import robustness
from kdlab.experiments.lab import Lab

ROWS = {"cancer": 150, "digits": 100}
SCALE_FREE = ("accuracy", "robust_0_02", "robust_0_05", "robust_0_1", "robust_0_2", "robust_0_3")


@pytest.fixture(scope="module")
def evidence():
    return records.read("robustness")


@pytest.fixture(scope="module")
def of_arms(evidence):
    return {(entry["arm"], entry["seed"]): entry for entry in evidence.records}


@pytest.fixture(scope="module", params=["cancer", "digits"])
def trained(request):
    """Train the teachers of 4 hidden units of one seed again."""
    lab = Lab([0])
    split = lab.split(robustness.SPLITS[request.param])
    return request.param, split, robustness.train_teachers(lab, request.param, split, 4, robustness.DECAY)


def test_accuracies_are_of_whole_rows_and_fall_with_epsilon(evidence):
    for entry in evidence.records:
        data = entry["arm"].split("_")[0]
        accuracies = [entry["accuracy"], *(entry[robustness.name_of(e)] for e in robustness.EPSILONS[data])]
        rows = np.multiply(accuracies, ROWS[data])
        assert_allclose(rows, rows.round(), atol=1e-3)
        assert (np.diff(accuracies) <= 0).all()


@pytest.mark.parametrize("data", ["cancer", "digits"])
@pytest.mark.parametrize("arm", ["diagonal_teacher", "diagonal_layer2", "hadamard_teacher", "hadamard_layer1"])
def test_the_gauge_that_fits_the_layer_loses_nothing(of_arms, data, arm):
    for seed in range(20):
        entry, teacher = of_arms[f"{data}_{arm}", seed], of_arms[f"{data}_h16_teacher", seed]
        for measure in entry.keys() - {"arm", "first_direction", "kl"}:
            assert entry[measure] == pytest.approx(teacher[measure], rel=1e-5), measure
        assert entry["kl"] < 1e-9


@pytest.mark.parametrize("data", ["cancer", "digits"])
def test_a_tenth_of_the_l1_norm_alone_makes_nothing_robust(of_arms, data):
    for seed in range(20):
        shrunk, teacher = of_arms[f"{data}_shrunk", seed], of_arms[f"{data}_h16_teacher", seed]
        assert shrunk["l1_norm"] == pytest.approx(teacher["l1_norm"] / 10, rel=1e-4)
        assert {m: shrunk.get(m) for m in SCALE_FREE} == {m: teacher.get(m) for m in SCALE_FREE}


def test_recorded_accuracies_are_those_of_the_strongest_attack(of_arms, trained):
    data, split, teachers = trained
    (hidden, _), (output, _) = teachers.parameters
    W1, w2 = hidden[0].numpy(), output[0].numpy()[:, 0]
    x, y = split.test_inputs[0], 2 * split.test_labels[0] - 1
    students = {
        "teacher": (W1, w2),
        "layer1": (np.abs(W1).mean() * np.where(W1 >= 0, 1, -1), w2),
        "layer2": (W1, np.abs(w2).mean() * np.where(w2 >= 0, 1, -1)),
    }
    for name, (first, second) in students.items():
        gradient = first @ second
        for epsilon in robustness.EPSILONS[data]:
            attacked = x - epsilon * y[:, np.newaxis] * np.sign(gradient)
            right = np.mean((attacked @ first @ second) * y > 0)
            recorded = of_arms[f"{data}_h4_{name}", 0][robustness.name_of(epsilon)]
            assert recorded == pytest.approx(right, abs=0.03), (name, epsilon)


def test_no_random_attack_does_better(trained):
    data, split, teachers = trained
    (hidden, _), (output, _) = teachers.parameters
    layers = (hidden[0].numpy().T, output[0].numpy()[:, 0])
    x, labels = split.test_inputs[0], split.test_labels[0]
    y, epsilon = 2 * labels - 1, robustness.EPSILONS[data][1]
    arm = robustness.ARMS[f"{data}_h4_teacher"]
    exact = robustness.measures_of_layers(arm, layers, x, labels)[robustness.name_of(epsilon)]
    rng, survives = np.random.default_rng(0), np.ones(len(x), bool)
    for _ in range(200):
        attacked = x + epsilon * rng.choice([-1, 1], x.shape)
        survives &= (attacked @ layers[0].T @ layers[1]) * y > 0
    assert exact <= survives.mean()


def test_features_are_standardised_on_the_training_rows():
    split = robustness.cancer(3)
    assert_allclose(split.train_inputs.mean(axis=0), 0, atol=1e-12)
    assert_allclose(split.train_inputs.std(axis=0), 1)
    source = load_breast_cancer()
    assert_array_equal(split.test_labels, source.target[split.test_rows])
    raw = source.data[split.train_rows]
    expected = (source.data[split.test_rows] - raw.mean(axis=0)) / raw.std(axis=0)
    assert_allclose(split.test_inputs, expected, atol=1e-9)


def test_curves_begin_with_the_clean_accuracy(evidence, of_arms):
    for arm, curves in evidence.measured["curves"].items():
        assert np.shape(curves) == (20, 21)
        assert (np.diff(curves) <= 0).all()
        assert [curve[0] for curve in curves] == [of_arms[arm, seed]["accuracy"] for seed in range(20)]


def test_the_weights_that_are_shown_have_the_recorded_accuracy(evidence, of_arms):
    shown, split = records.shown("robustness"), robustness.three_or_eight(evidence.seeds[0])
    assert_allclose(shown["images"] / 16 - shown["mean"], split.test_inputs[:8], atol=1e-6)
    for weights, name in zip(shown["weights"], robustness.SHOWN_ARMS, strict=True):
        right = np.mean((split.test_inputs @ weights > 0) == (split.test_labels == 1))
        assert right == pytest.approx(of_arms[f"digits_h16_{name}", evidence.seeds[0]]["accuracy"], abs=1e-6)


@pytest.fixture
def only_digits(monkeypatch):
    monkeypatch.setattr(robustness, "EPSILONS", {"digits": (0.02,)})


@pytest.mark.usefixtures("only_digits")
def test_a_student_that_was_not_compressed_is_noticed(monkeypatch):
    monkeypatch.setattr(robustness, "compress", lambda *layers: layers[:2])
    with pytest.raises(ValueError, match="student"):
        robustness.EXPERIMENT.records([0])
