"""The straight-through estimator: its bias in two models, and how it dithers."""

import numpy as np

from kdlab.quantization import one_bit, one_bit_scale
from kdlab.straight_through import dither, duty_cycle, linear_bias, logistic_bias, logistic_gradient, logistic_limits


def ste_bias(w, q, w_teacher, s, T):
    bias = np.array([logistic_bias(w, q, temperature, input_scale=s) for temperature in T])
    limits = logistic_limits(w, q, input_scale=s)
    return {
        "full_grad": [logistic_gradient(w, w_teacher, temperature, input_scale=s) for temperature in T],
        "ste_grad": [logistic_gradient(q, w_teacher, temperature, input_scale=s) for temperature in T],
        "bias": bias,
        "bias_T2": bias * np.array(T) ** 2.0,
        "limit_bias_T2": limits.high_T_constant,
        "small_T_slope": limits.small_T_slope,
    }


def ste_linear(w):
    return {"bias_sq_norm": linear_bias(w, one_bit(w)).squared_norm, "m": one_bit_scale(w)}


def ste_duty(w_star, m):
    latent = dither(w_star, m, num_steps=100_000)
    return {"duty": duty_cycle(w_star, m), "sim": (latent[:-1] >= 0).mean()}
