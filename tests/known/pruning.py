"""Scores, and which weights are kept."""

import numpy as np

from kdlab.pruning import absolute_movement, magnitude, magnitude_increase, movement, prune_mask


def prune(theta_init, theta_final, keep):
    scores = {
        "magnitude": magnitude(theta_final),
        "movement_abs_diff": absolute_movement(theta_final, theta_init),
        "magnitude_increase": magnitude_increase(theta_final, theta_init),
    }

    def kept(name):
        return np.flatnonzero(prune_mask(scores[name], 1 - keep / len(theta_final)))

    return scores | {"kept_magnitude": kept("magnitude"), "kept_movement": kept("movement_abs_diff")}


def sanh(weights, grads):
    return {"score": movement(weights, grads)}
