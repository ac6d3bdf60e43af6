"""Bias and variance of feature matching in a linear model."""

from kdlab.feature_matching import (
    bias_variance,
    logit_only_excess,
    one_coordinate,
    optimal_lambda,
    random_design_excess,
    slope_at_zero,
)


def biasvar(X, F, theta_star, theta_feature, sigma2, tau2, lam, Sigma):
    problem = {"sigma2": sigma2, "tau2": tau2, "Sigma": Sigma}
    found = bias_variance(X, F, theta_star, theta_feature, lam=lam, **problem)
    lam_opt = optimal_lambda(X, F, theta_star, theta_feature, **problem)
    return {
        "bias": found.bias,
        "cov": found.covariance,
        "bias2": found.squared_bias,
        "variance": found.variance,
        "excess": found.excess,
        "excess_logit_only": logit_only_excess(X, sigma2=sigma2, Sigma=Sigma),
        "slope_at_lam0": slope_at_zero(X, F, sigma2=sigma2, Sigma=Sigma),
        "lam_opt": lam_opt,
        "excess_at_lam_opt": bias_variance(X, F, theta_star, theta_feature, lam=lam_opt, **problem).excess,
    }


def biasvar_scalar(a, c, delta, sigma2, tau2):
    found = one_coordinate(a, c, delta, sigma2=sigma2, tau2=tau2)
    return {
        "lam_opt": found.lam_opt,
        "excess_at_opt": found.excess_opt,
        "excess_logit_only": found.excess_logit_only,
        "excess_feature_only": found.excess_feature_only,
        "lam_break_even": found.lam_break_even,
    }


def biasvar_random(n, d, sigma2):
    return {"excess": random_design_excess(n, d, sigma2=sigma2)}
