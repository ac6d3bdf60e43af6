"""Calls of kdlab.robustness."""

import numpy as np

from calls import NOT_A_NUMBER, NOT_AN_INTEGER, NOT_FINITE

NOT_A_VECTOR = [*NOT_FINITE, 1.0, [1.0], [[1.0, 2.0]], [1.0, 2.0, 3.0], np.zeros((2, 0))]
NOT_A_MATRIX = [*NOT_FINITE, 1.0, [1.0, 2.0], [[1.0, 2.0, 3.0]], np.zeros((2, 2, 2))]
NOT_SIGNS = [*NOT_FINITE, [0, 1], [1, 2], [True, True], [1, -1, 1], [[1, -1]], 1, [], [0.5, 1]]
NOT_CLASSES = ["ab", None, [0.0, 1.0], [True, False], [0, 3], [-1, 0], [0], [[0, 1]], 0]
NOT_AN_EPSILON = [*NOT_A_NUMBER, -1e-9, -np.inf, np.inf]
NOT_A_NORM = ["l0", "inf", np.inf, 2, None, ["l2"]]
NOT_A_BOX = [
    0.5,
    "01",
    (0, 1, 2),
    (0.0,),
    (None, 1.0),
    (0.0, np.nan),
    ([0.0], 1.0),
    (0.0, [1.0, 1.0, 1.0]),
    (0.9, 1.0),
    (1.0, 0.0),
]

CLASSIFIER = {
    "weights": ([2.0, -1.0], NOT_A_VECTOR),
    "inputs": ([[0.5, 0.0], [1.0, 0.25]], NOT_A_MATRIX),
    "labels": ([1, -1], NOT_SIGNS),
}
BIAS = {"bias": (0.5, [*NOT_A_NUMBER, np.inf, -np.inf])}
NORM = {"norm": ("linf", NOT_A_NORM)}
EPSILON = {"epsilon": (0.25, NOT_AN_EPSILON)}
BOX = {"box": ((0.0, 1.0), NOT_A_BOX)}
LAYERS = {
    "hidden_weights": ([[1.0, -2.0], [0.0, 1.0]], [*NOT_A_MATRIX, np.zeros((2, 0)), np.zeros((0, 2)), np.eye(3)]),
    "output_weights": ([2.0, -0.5], NOT_A_VECTOR),
}

CALLS = {
    "dual_norm": {"weights": ([2.0, -1.0], [*NOT_FINITE, 1.0])} | NORM,
    "margins": CLASSIFIER | BIAS,
    "critical_radius": CLASSIFIER | BIAS | NORM,
    "worst_margins": CLASSIFIER | EPSILON | BIAS | NORM | BOX,
    "worst_perturbation": CLASSIFIER | EPSILON | NORM | BOX,
    "multiclass_worst_margins": CLASSIFIER
    | {
        "weights": ([[2.0, 0.0], [0.0, 2.0], [0.0, 0.0]], [*NOT_FINITE, 1.0, [1.0, 2.0], np.zeros((0, 2)), np.eye(3)]),
        "labels": ([0, 2], NOT_CLASSES),
        "bias": ([0.0, 1.0, 2.0], [*NOT_FINITE[:1], *NOT_FINITE[2:], 1.0, [1.0, 2.0], [[1.0, 2.0, 3.0]]]),
    }
    | EPSILON
    | NORM
    | BOX,
    "robust_accuracy": {
        "worst_margins": ([0.5, -0.5, np.inf], ["2", None, [], 1.0, [[1.0]], [np.nan], [1j], np.ma.array([1.0])])
    },
    "gaussian_robust_accuracy": {
        "weights": ([1.0, -0.5], NOT_A_VECTOR),
        "mean": ([0.8, -0.3], NOT_A_VECTOR),
        "covariance": (
            [[1.0, 0.0], [0.0, 0.25]],
            [*NOT_A_MATRIX, np.eye(3), [[1.0, 0.5], [0.0, 1.0]], [[1.0, 0.0], [0.0, -1.0]], [[1.0, 3.0], [3.0, 1.0]]],
        ),
        "epsilon": ([0.0, 0.2], [*NOT_FINITE, -1e-9, [0.1, -0.1]]),
    }
    | NORM,
    "effective_weights": LAYERS,
    "compress": LAYERS
    | {
        "layer": (1, [*NOT_AN_INTEGER, 0, 3, -1]),
        "per_row": (True, []),
    },
    "diagonal_gauge": LAYERS | {"scale": ([2.0, 0.5], [*NOT_A_VECTOR, [1.0, 0.0], [1.0, -1.0]])},
    "sign_gauge": LAYERS,
    "hadamard_gauge": LAYERS,
}
