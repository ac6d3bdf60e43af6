"""The softmax at a temperature."""

import math

import numpy as np

from kdlab.temperature import entropy, entropy_dT, log_softmax, softmax, softmax_dT


def softmax_T(logits, T):
    p = softmax(logits, T)
    mean = p @ logits
    return {
        "p": p,
        "logp": log_softmax(logits, T),
        "entropy": entropy(logits, T),
        "mean_logit": mean,
        "var_logit": p @ (np.array(logits) - mean) ** 2,
        "dH_dT": entropy_dT(logits, T),
        "dp_dT": softmax_dT(logits, T),
    }


def softmax_extreme(logits, T):
    return {"p": softmax(logits, T), "logp": log_softmax(logits, T)}


def softmax_limits(logits):
    return {"T0": softmax(logits, 0), "Tinf": softmax(logits, math.inf)}


def softmax_runnerup(logits, T):
    p = np.array([softmax(logits, temperature) for temperature in T])
    return {"p_runner_up": p[:, 1], "incorrect_mass": 1 - p[:, 0]}
