"""The record of the experiment on feature matching: what is particular to it."""

import numpy as np
import pytest
import torch

from kdlab.evidence import records
from kdlab.experiments import feature_matching
from kdlab.experiments.feature_matching import CASES, LAMBDAS, SETTINGS, WEIGHTS, Case
from kdlab.experiments.networks import WithFeatures


@pytest.fixture(scope="module")
def evidence():
    return records.read("feature_matching")


def of_arm(evidence, arm, measure):
    found = {entry["seed"]: entry[measure] for entry in evidence.records if entry["arm"] == arm}
    return np.array([found[seed] for seed in evidence.seeds])


def test_draws_lie_as_far_from_the_closed_form_as_chance_has_it(evidence):
    """Beyond 4.5 standard errors lies one of 150,000 draws; there are 20 x (4 x 7 + 3 x 8) numbers."""
    for name in (*CASES, *feature_matching.OMISSIONS):
        off = of_arm(evidence, name, "worst_standard_errors")
        assert off.max() < 4.5, name
        if name != "omitted_4000_exact_logits":
            assert off.mean() > 0.5, name  # an error that were too large would hide a wrong formula


def test_a_wrong_variance_would_be_far_off(monkeypatch):
    """The planted bug: the closed form without the square of lambda before the variance of the features."""
    right = feature_matching.bias_variance

    def wrong(problem, sigma2, tau2, lam):
        return right(problem, sigma2, tau2 / lam if 0 < lam < np.inf else tau2, lam)

    assert feature_matching.of_case(0, CASES["aligned"])["worst_standard_errors"] < 4.5
    monkeypatch.setattr(feature_matching, "bias_variance", wrong)
    assert feature_matching.of_case(0, CASES["aligned"])["worst_standard_errors"] > 20


def test_without_misalignment_the_best_lambda_is_the_ratio_of_the_variances(evidence):
    np.testing.assert_allclose(of_arm(evidence, "aligned", "optimal_pull"), 1 / 2, rtol=1e-5)
    np.testing.assert_allclose(of_arm(evidence, "noisy_features", "optimal_pull"), 0.1 / 1.1, rtol=1e-5)


def test_with_exact_logits_every_lambda_hurts(evidence):
    for measure in ("excess_at_0", "excess_at_optimum", "optimal_pull", "break_even_pull", "slope_at_0"):
        assert not of_arm(evidence, "exact_logits", measure).any()
    assert (np.array(evidence.measured["excess"]["exact_logits"]) > 0).all()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.sigma2 > 0])
def test_with_noisy_logits_a_small_lambda_helps_whatever_the_features(evidence, name):
    at_0, best = of_arm(evidence, name, "excess_at_0"), of_arm(evidence, name, "excess_at_optimum")
    pulls = of_arm(evidence, name, "break_even_pull")
    assert (of_arm(evidence, name, "slope_at_0") < 0).all()
    assert (best < at_0).all()
    assert (of_arm(evidence, name, "optimal_pull") < pulls).all()
    curves = np.array(evidence.measured["excess"][name])
    assert (curves >= best[:, np.newaxis] * (1 - 1e-5)).all()
    with np.errstate(divide="ignore"):
        helps = np.array(LAMBDAS) <= (pulls / (1 - pulls))[:, np.newaxis]
    np.testing.assert_array_equal(curves <= at_0[:, np.newaxis], helps)


def test_cases_of_a_seed_share_their_design(evidence):
    for name in ("misaligned", "noisy_features"):
        for measure in ("excess_at_0", "slope_at_0"):
            np.testing.assert_array_equal(of_arm(evidence, name, measure), of_arm(evidence, "aligned", measure))


def test_bias_is_that_of_the_case(evidence):
    bias = evidence.measured["squared_bias"]
    for name in ("aligned", "noisy_features", "exact_logits"):
        np.testing.assert_allclose(bias[name], 0, atol=1e-20)
    misaligned = np.array(bias["misaligned"])
    assert (misaligned > 0).all()
    # the features' parameters lie 1 away from the logits'; weighed by their inverses both ways, for ever stronger
    np.testing.assert_allclose(misaligned[:, -1], 1, rtol=0.05)


def test_more_rows_do_not_remove_the_bias_of_what_is_omitted_but_no_correlation_does(evidence):
    many = of_arm(evidence, "omitted_4000", "parameter_bias")
    np.testing.assert_array_equal(of_arm(evidence, "omitted_4000_exact_logits", "parameter_bias"), many)
    assert (of_arm(evidence, "omitted_4000_uncorrelated", "parameter_bias") < many / 2).all()
    assert (many > 0.03).all()


def test_a_case_of_one_dimension_has_the_best_lambda_of_the_formula(monkeypatch):
    monkeypatch.setattr(feature_matching, "INPUTS", 1)
    found = feature_matching.of_case(3, Case(sigma2=0.7, tau2=0.2, distance=0.5))
    rng = feature_matching.generators([3], "linear")[0]
    _, F = rng.standard_normal((40, 1)), rng.standard_normal((12, 1))
    best = 0.7 / (float(np.sum(F**2)) * 0.25 + 0.2)
    assert found["optimal_pull"] == pytest.approx(best / (1 + best), rel=1e-9)


def test_pull_of_infinity_is_1():
    assert feature_matching.pull(np.inf) == 1


def test_the_loss_is_that_of_logits_and_lambda_times_that_of_features():
    rng = np.random.default_rng(0)
    z, f, v, h = (
        torch.from_numpy(rng.standard_normal(shape)) for shape in ((2, 3, 10), (2, 3, 4), (2, 3, 10), (2, 3, 4))
    )
    lam = torch.tensor([0.0, 2.0], dtype=torch.float64)
    found = feature_matching.matching_loss(WithFeatures(z, f, []), torch.cat([v, h], dim=-1), None, lam)
    d = z - v
    logits = (d - d.mean(-1, keepdim=True)).square().sum(-1).mean(-1) / 20
    torch.testing.assert_close(found, logits + lam * (f - h).square().sum(-1).mean(-1))


def test_networks_without_features_do_not_know_whose_they_are(evidence):
    for measure in ("accuracy", "kl", "logit_error"):
        plain, permuted = (of_arm(evidence, f"rows100_noisy{kind}_lambda_0", measure) for kind in ("", "_permuted"))
        np.testing.assert_allclose(plain, permuted, rtol=1e-5)


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    assert evidence.measured["weights"] == list(WEIGHTS)
    for name in SETTINGS:
        for lam, accuracy in zip(WEIGHTS, evidence.measured["accuracy"][name], strict=True):
            np.testing.assert_allclose(accuracy, of_arm(evidence, f"{name}_lambda_{lam:g}", "accuracy"), rtol=1e-5)
