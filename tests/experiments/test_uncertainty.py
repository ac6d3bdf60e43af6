"""The record of the experiment on uncertainty and calibration: what is particular to it."""

import numpy as np
import pytest
from scipy import stats

from kdlab.evidence import records
from kdlab.experiments import uncertainty
from kdlab.experiments.uncertainty import ARMS, DATA, LOSSES, POPULATIONS, SAMPLES, SIZES, Part

TEACHERS = ("digits_teacher", "signals_teacher")
CONSTANTS = ("digits_constant", "signals_constant")


@pytest.fixture(scope="module")
def evidence():
    return records.read("uncertainty")


def of(evidence, arm, measure):
    found = {entry["seed"]: entry[measure] for entry in evidence.records if entry["arm"] == arm}
    return np.array([found[seed] for seed in evidence.seeds])


def teacher_of(arm):
    return f"{arm.partition('_')[0]}_teacher"


# --- intervals of two models ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", LOSSES)
def test_each_yes_or_no_is_what_the_ends_of_the_intervals_say(evidence, loss):
    assert evidence.measured["intervals"].keys() == {*TEACHERS, *CONSTANTS, *ARMS}
    for arm, intervals in evidence.measured["intervals"].items():
        own, teachers, difference = np.moveaxis(np.array(intervals[loss]), 1, 0)
        mean = of(evidence, teacher_of(arm), loss)
        said = {
            "covers": (own[:, 0] <= mean) & (mean <= own[:, 1]),
            "overlap": (own[:, 0] <= teachers[:, 1]) & (teachers[:, 0] <= own[:, 1]),
            "excludes_0": (difference[:, 0] > 0) | (difference[:, 1] < 0),
        }
        for name, answers in said.items():
            np.testing.assert_array_equal(of(evidence, arm, f"{loss}_{name}"), answers, err_msg=f"{arm} {name}")
        ratio = np.diff(own)[:, 0] / np.diff(teachers)[:, 0]
        np.testing.assert_allclose(of(evidence, arm, f"{loss}_width_ratio"), ratio, rtol=1e-4)
        gap = of(evidence, arm, loss) - mean
        assert (difference[:, 0] <= gap + 1e-6).all()
        assert (gap <= difference[:, 1] + 1e-6).all()


@pytest.mark.parametrize("arm", CONSTANTS)
def test_the_constant_model_has_no_width_and_is_useless(evidence, arm):
    exact = {"nll": np.log(10), "brier": 0.9, "set_size": 10, "set_coverage": 1, "temperature": 1}
    for measure, value in exact.items():
        np.testing.assert_allclose(of(evidence, arm, measure), value, rtol=1e-5)
    for loss in LOSSES:
        assert not of(evidence, arm, f"{loss}_width_ratio").any()
        assert not of(evidence, arm, f"{loss}_covers").any()
        assert of(evidence, arm, f"{loss}_excludes_0").all()
    # one bin: all confidences are 1/10
    np.testing.assert_allclose(of(evidence, arm, "ece"), np.abs(of(evidence, arm, "accuracy") - 0.1), atol=1e-6)
    n = DATA[arm.partition("_")[0]].test
    expected = stats.binom(n, 0.1).expect(lambda right: np.abs(right / n - 0.1))
    np.testing.assert_allclose(of(evidence, arm, "null_ece"), expected, rtol=1e-5)


@pytest.mark.parametrize("arm", TEACHERS)
def test_beside_itself_the_teacher_differs_by_nothing(evidence, arm):
    assert not of(evidence, arm, "kl").any()
    assert of(evidence, arm, "agreement").all()
    for loss in LOSSES:
        assert not np.array(evidence.measured["intervals"][arm][loss])[:, 2].any()
        assert (of(evidence, arm, f"{loss}_width_ratio") == 1).all()
        for nothing in ("paired_ratio", "excludes_0"):
            assert not of(evidence, arm, f"{loss}_{nothing}").any()


def test_models_of_a_data_set_are_compared_with_one_interval_of_the_teacher(evidence):
    for arm, intervals in evidence.measured["intervals"].items():
        for loss in LOSSES:
            teachers = np.array(intervals[loss])[:, 1]
            same = np.array(evidence.measured["intervals"][teacher_of(arm)][loss])[:, 1]
            np.testing.assert_array_equal(teachers, same)


def test_pairing_narrows_the_interval_by_what_the_losses_share():
    rng = np.random.default_rng(0)
    labels = rng.integers(10, size=2000)
    hard_rows = rng.standard_normal((2000, 1)) * np.eye(10)[labels] * 2
    teacher = 3 * np.eye(10)[labels] + hard_rows + rng.standard_normal((2000, 10)) / 4
    student = 2 * np.eye(10)[labels] + hard_rows + rng.standard_normal((2000, 10)) / 4
    found = uncertainty.interval_measures(Part(student, teacher, labels), seed=0)
    own, teachers = (uncertainty.losses_of(logits, labels)["nll"] for logits in (student, teacher))
    expected = np.sqrt((own - teachers).var() / (own.var() + teachers.var()))
    assert expected < 0.5
    assert found["nll_paired_ratio"] == pytest.approx(expected, rel=0.1)  # two widths, 1,000 resamples each

    # the planted bug: the teacher's rows are in another order than the student's
    order = rng.permutation(2000)
    shuffled = Part(student, teacher[order], labels)
    assert uncertainty.interval_measures(shuffled, seed=0)["nll_paired_ratio"] > 0.9


# --- coverage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", SIZES)
def test_normal_scores_are_covered_as_students_t_says(evidence, n):
    # the percentile interval of a mean is about mean +- 1.96 s sqrt((n - 1) / n) / sqrt(n), s with n - 1
    expected = 1 - 2 * stats.t.sf(1.96 * np.sqrt((n - 1) / n), df=n - 1)
    samples = SAMPLES * len(evidence.seeds)
    deviation = np.sqrt(expected * (1 - expected) / samples)
    found = of(evidence, f"normal_n{n}_percentile", "coverage").mean()
    assert found == pytest.approx(expected, abs=4 * deviation)


@pytest.mark.parametrize("population", POPULATIONS)
def test_coverage_counts_whole_samples_and_the_rest_lies_below_or_above(evidence, population):
    for n in SIZES:
        for method in uncertainty.METHODS:
            arm = f"{population}_n{n}_{method}"
            counts = [of(evidence, arm, measure) * SAMPLES for measure in ("coverage", "below")]
            np.testing.assert_allclose(counts, np.round(counts), atol=1e-4)
            assert (np.sum(counts, axis=0) <= SAMPLES + 1e-4).all()


@pytest.mark.parametrize("model", ["student", "teacher"])
def test_intervals_of_few_skewed_losses_miss_by_lying_below(evidence, model):
    assert (of(evidence, f"{model}_nll", "skewness") > 1).all()
    missed = 1 - of(evidence, f"{model}_nll_n30_percentile", "coverage").mean()
    assert missed > 1 - of(evidence, "normal_n30_percentile", "coverage").mean()
    assert of(evidence, f"{model}_nll_n30_percentile", "below").mean() > 0.9 * missed


def test_a_single_loss_among_zeros_is_covered_as_often_as_it_is_drawn(monkeypatch):
    samples, n, size = 300, 30, 100
    monkeypatch.setattr(uncertainty, "SIZES", (n,))
    monkeypatch.setattr(uncertainty, "METHODS", ("percentile",))
    monkeypatch.setattr(uncertainty, "SAMPLES", samples)
    one = (np.arange(size) == 7).astype(float)
    populations = dict.fromkeys(POPULATIONS, one) | {"teacher_nll": np.zeros(size)}
    found = uncertainty.coverage_of(populations, seed=0)
    drawn = 1 - (1 - 1 / size) ** n
    for name in ("student_nll", "gap_nll", "normal"):
        entry = found[f"{name}_n{n}_percentile"]
        assert entry["coverage"] == pytest.approx(drawn, abs=4 * np.sqrt(drawn * (1 - drawn) / samples))
        assert entry["coverage"] + entry["below"] == pytest.approx(1, abs=0.01)
    assert found[f"teacher_nll_n{n}_percentile"]["coverage"] == 1  # no spread: the point itself


# --- calibration ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arm", [*TEACHERS, *ARMS])
def test_a_temperature_changes_no_choice(evidence, arm):
    for measure in ("accuracy", "agreement", "temperature"):
        np.testing.assert_array_equal(of(evidence, f"{arm}_scaled", measure), of(evidence, arm, measure))
    assert (of(evidence, f"{arm}_scaled", "nll") != of(evidence, arm, "nll")).any()


def test_the_excess_is_what_is_left_of_the_error_after_its_expectation(evidence):
    for arm in evidence.measured["bins"]:
        ece, null, excess = (of(evidence, arm, measure) for measure in ("ece", "null_ece", "excess_ece"))
        np.testing.assert_allclose(excess, ece - null, atol=1e-6)


def test_conformal_sets_keep_their_promise_over_seeds(evidence):
    for arm in evidence.measured["bins"]:
        n, m = DATA[arm.partition("_")[0]][2:4]
        # given the rows it is calibrated on, the coverage has a beta distribution; then the test rows are counted
        level, of_seed = uncertainty.CONFORMAL_LEVEL, 0.01 * 0.99 * (1 / n + 1 / m)
        found = of(evidence, arm, "set_coverage").mean()
        assert found > level - 4 * np.sqrt(of_seed / len(evidence.seeds)), arm


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    measured = evidence.measured
    assert measured["seeds"] == evidence.seeds
    assert measured["sizes"] == list(SIZES)
    for population, by_method in measured["coverage"].items():
        for method, by_size in by_method.items():
            for n, values in zip(SIZES, by_size, strict=True):
                np.testing.assert_array_equal(of(evidence, f"{population}_n{n}_{method}", "coverage"), values)
    for arm, bins in measured["bins"].items():
        rows = DATA[arm.partition("_")[0]].test * len(evidence.seeds)
        assert sum(bins["count"]) == rows
        right = sum(count * mean for count, mean in zip(bins["count"], bins["accuracy"], strict=True) if count)
        assert right / rows == pytest.approx(of(evidence, arm, "accuracy").mean(), rel=1e-4)


# --- training ---------------------------------------------------------------------------------------------------------


def test_students_on_the_same_rows_start_alike_and_see_the_same_batches(evidence):
    losses = evidence.replay["losses"]
    assert losses.keys() == ARMS.keys()
    for rows in DATA["digits"].counts:
        # a teacher is sure of most rows it has learned: at T = 1 its lesson is next to that of the labels
        hard, soft = losses[f"digits_{rows}_hard"], losses[f"digits_{rows}_kd_T1"]
        assert hard[0] == pytest.approx(soft[0], rel=0.1)
        # the loss goes up and down with the batch: in another order it would go another way
        assert np.corrcoef(np.diff(hard), np.diff(soft))[0, 1] > 0.8
