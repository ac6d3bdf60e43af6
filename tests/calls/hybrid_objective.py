"""Calls of kdlab.hybrid_objective."""

import numpy as np

from calls import NOT_A_NUMBER, NOT_A_REDUCTION, NOT_FINITE, NOT_LABELS, NOT_REAL

FEATURES = [[2.0, 1.0, 0.5], [0.0, 0.5, 3.0]]
NOT_FEATURES = [*NOT_FINITE, 3.0, [], np.zeros((2, 0)), np.zeros((1, 3)), np.zeros((2, 4)), np.zeros((2, 1))]
NOT_A_GRADIENT = [*NOT_FINITE, np.zeros((0, 3)), np.zeros(3), np.zeros((2, 1)), 1.0]
NOT_IN_0_1 = [*NOT_A_NUMBER, -0.1, 1.1, np.inf]
NOT_LOSSES = [*NOT_REAL, [1.0, np.nan], [1.0, -np.inf], [1.0], [[1.0, 2.0]], 1.0, [[1.0], [1.0, 2.0]]]

PAIR = {
    "student_features": (FEATURES, NOT_FEATURES),
    "teacher_features": (FEATURES, NOT_FEATURES),
    "mean_over_dimensions": (False, []),
    "reduction": ("mean", NOT_A_REDUCTION),
}
GRADIENTS = {"ce_gradient": (FEATURES, NOT_A_GRADIENT), "feature_gradient": (FEATURES, NOT_A_GRADIENT)}

CALLS = {
    "feature_loss": PAIR,
    "feature_loss_df": PAIR,
    "cross_entropy_df": {
        "student_features": (FEATURES, [*NOT_FINITE, 3.0, [], np.zeros((2, 0))]),
        "weights": (np.ones((4, 3)), [*NOT_FINITE, 1.0, [1.0] * 3, np.ones((4, 2)), np.ones((3, 4)), np.ones((0, 3))]),
        "bias": (np.ones(4), [*NOT_FINITE, 1.0, np.ones(3), np.ones((4, 1))]),
        "labels": ([0, 3], [*NOT_LABELS, [0, 4]]),
        "reduction": ("mean", NOT_A_REDUCTION),
    },
    "balanced_alpha": GRADIENTS | {"alpha_min": (0.1, [*NOT_IN_0_1, 0.95]), "alpha_max": (0.9, [*NOT_IN_0_1, 0.05])},
    "smoothed_alpha": {"alpha": (0.5, NOT_IN_0_1), "previous_alpha": (0.5, NOT_IN_0_1), "decay": (0.9, NOT_IN_0_1)},
    "gradient_balance": GRADIENTS,
    "hybrid_loss": {
        "ce_losses": ([1.0, 2.0], NOT_LOSSES),
        "kd_losses": ([1.0, 2.0], NOT_LOSSES),
        "feature_losses": ([1.0, np.inf], NOT_LOSSES),
        "alpha": (0.25, [*NOT_IN_0_1, 0.5001]),
        "beta": (0.5, [*NOT_IN_0_1, 0.7501]),
    },
}
