"""The record of the experiment on dark knowledge: what is particular to it."""

from dataclasses import asdict

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import kendalltau, spearmanr

from kdlab.evidence import records
from kdlab.experiments import dark_knowledge
from kdlab.experiments.dark_knowledge import ARMS, KINDS, KS, TEMPERATURES, class_permuted, lesson_of, rank_correlations
from kdlab.experiments.data import Rows

SOFT = KINDS[:-1]


@pytest.fixture(scope="module")
def evidence():
    return records.read("dark_knowledge")


@pytest.fixture
def teacher():
    """Return logits (S, N, C) of two seeds, and rows (S, N) with labels."""
    rng = np.random.default_rng(0)
    return 3 * rng.normal(size=(2, 40, 10)), Rows(np.zeros((2, 40, 1)), rng.integers(0, 10, (2, 40)))


def of(evidence, arm, measure):
    return np.array([entry[measure] for entry in evidence.records if entry["arm"] == arm])


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    measured = evidence.measured
    assert measured["arms"] == {name: asdict(arm) for name, arm in ARMS.items()}
    assert measured["seeds"] == evidence.seeds
    for measure in ("accuracy", "tau"):
        for arm in ARMS:
            np.testing.assert_array_equal(measured[measure][arm], of(evidence, arm, measure))
    for data, by_temperature in measured["incorrect_entropy"].items():
        for T, values in zip(TEMPERATURES, by_temperature, strict=True):
            np.testing.assert_array_equal(values, of(evidence, f"{data}_teacher_T{T:g}", "incorrect_entropy"))
    for measure in ("retention", "expected_retention"):
        for operator, by_k in measured[measure].items():
            for k, values in zip(KS, by_k, strict=True):
                np.testing.assert_array_equal(values, of(evidence, f"top{k}_{operator}", measure))


@pytest.mark.parametrize("k", KS)
def test_retention_is_what_it_must_be(evidence, k):
    kept = of(evidence, f"top{k}_rank-preserving", "retention")
    np.testing.assert_array_equal(kept, of(evidence, f"top{k}_rank-preserving", "expected_retention"))
    np.testing.assert_allclose(of(evidence, f"top{k}_permutation", "expected_retention"), k / 10, rtol=1e-5)
    np.testing.assert_allclose(of(evidence, f"top{k}_derangement", "expected_retention"), (k - kept) / 9, atol=2e-6)
    for operator in ("permutation", "derangement"):
        p = of(evidence, f"top{k}_{operator}", "expected_retention")
        standard_error = np.sqrt(p * (1 - p) / (450 * dark_knowledge.DRAWS))
        assert (np.abs(of(evidence, f"top{k}_{operator}", "retention") - p) < 5 * standard_error + 1e-4).all()


def test_what_is_kept_at_the_top_is_the_accuracy(evidence):
    np.testing.assert_array_equal(
        of(evidence, "top1_rank-preserving", "retention"), of(evidence, "digits_teacher", "accuracy")
    )


@pytest.mark.parametrize("data", ["digits", "signals"])
def test_the_entropy_rises_with_the_temperature_and_no_permutation_changes_it(evidence, data):
    by_T = np.array([of(evidence, f"{data}_teacher_T{T:g}", "incorrect_entropy") for T in TEMPERATURES])
    assert (np.diff(by_T, axis=0) > 0).all()
    permuted = np.array([of(evidence, f"{data}_teacher_T{T:g}", "permuted_entropy") for T in TEMPERATURES])
    np.testing.assert_allclose(permuted, by_T, rtol=1e-5)


def test_correlations_are_in_their_range(evidence):
    for arm in ARMS:
        for measure in ("tau", "rho"):
            assert (np.abs(of(evidence, arm, measure)) <= 1).all()


def test_correlations_are_scipys(teacher):
    (z, v), labels = teacher[0], teacher[1].labels[0]
    found = rank_correlations(z, v, labels)
    rows = [(np.delete(a, y), np.delete(b, y)) for a, b, y in zip(z, v, labels, strict=True)]
    assert found["tau"] == pytest.approx(np.mean([kendalltau(a, b).statistic for a, b in rows]))
    assert found["rho"] == pytest.approx(np.mean([spearmanr(a, b).statistic for a, b in rows]))


@pytest.mark.parametrize("kind", SOFT)
def test_damage_leaves_the_label_its_probability(teacher, kind):
    logits, rows = teacher
    p, damaged = (softmax(z / 4, axis=-1) for z in (logits, lesson_of(kind, rows, logits, [0, 1]).targets))
    at_label = rows.labels[..., None]
    np.testing.assert_allclose(np.take_along_axis(damaged, at_label, -1), np.take_along_axis(p, at_label, -1))
    same_numbers = np.allclose(np.sort(damaged, axis=-1), np.sort(p, axis=-1), rtol=1e-9)
    same_places = np.allclose(damaged, p, rtol=1e-9)
    assert (same_numbers, same_places) == (kind != "flat", kind == "true")
    if kind == "flat":
        for row, y in zip(damaged[0], rows.labels[0], strict=True):
            np.testing.assert_allclose(np.delete(row, y), (1 - row[y]) / 9)


def test_one_rule_for_each_label(teacher):
    labels = teacher[1].labels[0]
    places = np.tile(np.arange(10), (40, 1))  # each number says where it came from
    moved = class_permuted(places, labels, np.random.default_rng(1))
    for y in set(labels.tolist()):
        assert len(np.unique(moved[labels == y], axis=0)) == 1
    assert len({tuple(rule) for rule in moved}) == len(set(labels.tolist()))
    np.testing.assert_array_equal(moved[np.arange(40), labels], labels)
    np.testing.assert_array_equal(np.sort(moved, axis=-1), places)


def test_damage_to_one_seed_does_not_depend_on_the_others(teacher):
    logits, (inputs, labels) = teacher
    for kind in SOFT:
        both = lesson_of(kind, Rows(inputs, labels), logits, [3, 4]).targets
        alone = lesson_of(kind, Rows(inputs[1:], labels[1:]), logits[1:], [4]).targets
        np.testing.assert_array_equal(alone[0], both[1])
