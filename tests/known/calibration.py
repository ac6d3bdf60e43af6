"""Calibration: the error, its bias, and what it is not."""

import warnings

import numpy as np

from kdlab.calibration import (
    classwise_calibration_error,
    expected_calibration_error,
    maximum_calibration_error,
    null_calibration_error,
    null_calibration_error_of_bin,
    reliability,
    top_label,
)


def ece(confidence, correct, bins):
    return {
        "ece": expected_calibration_error(confidence, correct, num_bins=bins),
        "bin_counts": reliability(confidence, correct, num_bins=bins).count,
        "mce": maximum_calibration_error(confidence, correct, num_bins=bins),
    }


def ece_null(n, p):
    return {
        "expected_ece": null_calibration_error_of_bin(n, p),
        "normal_approx": null_calibration_error([p] * n, method="normal"),
    }


def ece_conditional(pa, ya, yb):
    probs = np.array([[1 - ya, ya], [1 - ya, ya], [1 - yb, yb], [1 - yb, yb]])
    labels = np.array([0, 1, 0, 1])
    population = {
        "weights": np.array([pa, pa, 1 - pa, 1 - pa]) * probs[range(4), labels],
        "num_bins": 10**6,  # the two atoms do not share one
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        of_label = classwise_calibration_error(probs, labels, reading="true_label", **population)
    return {
        "ece": expected_calibration_error(*top_label(probs, labels), **population),
        "ece_true_label_1": of_label[1],
    }
