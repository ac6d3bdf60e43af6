"""Calls of kdlab.straight_through."""

import numpy as np

from calls import NOT_A_NUMBER, NOT_A_TEMPERATURE, NOT_AN_INTEGER, NOT_FINITE

WEIGHTS = [0.5, -1.5, 0.25]
NOT_LIKE_WEIGHTS = [*NOT_FINITE, 1.0, [1.0], [[1.0, 2.0, 3.0]], [[1.0], [2.0], [3.0]]]
NOT_POSITIVE = [*NOT_A_NUMBER, 0, -1.0, -np.inf]
NOT_A_FUNCTION = [None, 1.0, "gradient", WEIGHTS]
BAD_GRADIENTS = [*NOT_A_FUNCTION, lambda u: u[:2], np.sum, lambda u: u * np.nan, lambda u: None]
BAD_LOSSES = [*NOT_A_FUNCTION, np.copy, lambda u: np.nan, lambda u: None]

weights = {"weights": (WEIGHTS, NOT_FINITE)}
quantized = {"quantized_weights": ([1.0, -1.0, 1.0], NOT_LIKE_WEIGHTS)}
teachers = {"teacher_weights": ([1.0, 2.0, 3.0], NOT_LIKE_WEIGHTS)}
gradient = {"gradient": (np.copy, BAD_GRADIENTS)}
clip = {"clip": (1.0, NOT_POSITIVE)}
temperature = {"temperature": (2.0, [*NOT_A_TEMPERATURE, 0, 1e-301])}
input_scale = {"input_scale": (1.0, [*NOT_POSITIVE, np.inf])}
scale = {"scale": (1.0, [*NOT_POSITIVE, np.inf])}
teacher_weight = {"teacher_weight": (0.3, [*NOT_A_NUMBER, np.inf, -np.inf])}
fixed_scale = [-1.0, np.inf, "2", 1j, True, np.nan, [2.0]]  # 0 is one

CALLS = {
    "ste_gradient": {"gradient": (WEIGHTS, NOT_LIKE_WEIGHTS)} | weights | clip,
    "clamp_latent": weights | clip,
    "bias_to_full_precision": gradient | weights | quantized,
    "relative_bias": {"gradient": (np.copy, [*BAD_GRADIENTS, np.zeros_like])} | weights | quantized,
    "bias_to_true_derivative": gradient
    | {"weights": (WEIGHTS, [*NOT_FINITE, [], np.zeros((0, 2))]), "scale": (None, fixed_scale)},
    "bias_to_smoothed_loss": {"loss": (np.sum, BAD_LOSSES)}
    | gradient
    | {"weights": (WEIGHTS, [*NOT_FINITE, np.ones(13)])}
    | {"scale": (1.0, [None, *fixed_scale]), "noise": (1.0, [*NOT_POSITIVE, np.inf])},
    "linear_bias": {"weights": (WEIGHTS, [*NOT_FINITE, 1.0, [WEIGHTS]])}
    | quantized
    | {"covariance": (np.eye(3), [bad for bad in NOT_FINITE if bad is not None] + [1.0, np.eye(2), np.ones((3, 1))])},
    "logistic_gradient": weights | teachers | temperature | input_scale,
    "logistic_bias": weights | quantized | temperature | input_scale,
    "logistic_relative_bias": weights
    | quantized
    | {"teacher_weights": ([1.0, 2.0, 3.0], [*NOT_LIKE_WEIGHTS, [1.0, -1.5, 3.0]])}
    | temperature
    | input_scale,
    "logistic_limits": weights | quantized | input_scale,
    "duty_cycle": teacher_weight | scale,
    "dither": teacher_weight
    | scale
    | {
        "learning_rate": (0.01, [*NOT_POSITIVE, np.inf]),
        "num_steps": (10, [*NOT_AN_INTEGER, 0, -1]),
        "initial_weight": (0.0, [*NOT_A_NUMBER, np.inf]),
    }
    | clip,
}
