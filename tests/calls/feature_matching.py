"""Calls of kdlab.feature_matching."""

import numpy as np

from calls import NOT_A_NUMBER, NOT_AN_INTEGER, NOT_FINITE

NOT_A_MATRIX = [*NOT_FINITE, 1.0, [1.0, 2.0], np.ones((1, 2, 2)), np.zeros((0, 2)), np.zeros((2, 0))]
NOT_A_VARIANCE = [*NOT_A_NUMBER, -0.1, np.inf]
NOT_A_VECTOR = [*NOT_FINITE, 1.0, [1.0], [1.0, 2.0, 3.0], [[1.0, 2.0]], []]

X = [[1.0, 0.0], [0.0, 1.0], [1.0, 2.0]]
F = [[1.0, 1.0]]
PROBLEM = {
    "X": (X, NOT_A_MATRIX),
    "F": (F, [*NOT_A_MATRIX, np.ones((3, 3))]),
    "theta_star": ([1.0, 2.0], NOT_A_VECTOR),
    "theta_feature": ([1.0, 1.0], NOT_A_VECTOR),
    "sigma2": (0.5, NOT_A_VARIANCE),
    "tau2": (0.5, NOT_A_VARIANCE),
    "Sigma": (np.eye(2), [*NOT_A_MATRIX, np.eye(3), [[1.0, 2.0], [0.0, 1.0]], [[1.0, 2.0], [2.0, 1.0]], -np.eye(2)]),
}
LAM = (0.5, [*NOT_A_NUMBER, -1, -5e-324, -np.inf])
SINGULAR = {"X": (X, [*NOT_A_MATRIX, [[1.0, 2.0]], [[1.0, 2.0], [2.0, 4.0]]])}  # X must have full column rank


def _only(*names):
    return {name: PROBLEM[name] for name in names}


CALLS = {
    "fit_student": {
        **_only("X", "F"),
        "y": ([1.0, 2.0, 3.0], [*NOT_FINITE, 1.0, [1.0, 2.0], np.ones((2, 3)), np.ones((3, 1, 1))]),
        "h": ([1.0], [*NOT_FINITE, 1.0, [1.0, 2.0], [[1.0]]]),
        "lam": (LAM[0], [*LAM[1], np.inf]),
    },
    "bias_variance": {**PROBLEM, "lam": (LAM[0], [*LAM[1], np.inf])},
    "logit_only_excess": _only("X", "sigma2", "Sigma") | SINGULAR,
    "random_design_excess": {
        "num_samples": (30, [*NOT_AN_INTEGER, 4, 0, -1]),
        "num_dimensions": (5, [*NOT_AN_INTEGER, 0, -1]),
        "sigma2": (2.0, NOT_A_VARIANCE),
    },
    "slope_at_zero": _only("X", "F", "sigma2", "Sigma") | SINGULAR,
    "one_coordinate": {
        "a": (4.0, [*NOT_A_NUMBER, 0, -1, np.inf]),
        "c": (2.0, [*NOT_A_NUMBER, 0, -1, np.inf]),
        "delta": (0.5, [*NOT_A_NUMBER, np.inf, -np.inf]),
        "sigma2": (1.0, NOT_A_VARIANCE),
        "tau2": (0.3, NOT_A_VARIANCE),
    },
    "optimal_lambda": PROBLEM | SINGULAR,
    "break_even_lambda": PROBLEM | SINGULAR,
    "omitted_variable_bias": {
        "X1": (X, [*NOT_A_MATRIX, [[1.0, 2.0]] * 3, [[1.0, 2.0]] * 2]),
        "X2": ([[1.0], [2.0], [3.0]], [*NOT_A_MATRIX, np.ones((2, 1))]),
        "theta_2": ([1.0], [*NOT_FINITE, 1.0, [1.0, 2.0], [[1.0]], []]),
    },
}
