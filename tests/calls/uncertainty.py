"""Calls of kdlab.uncertainty."""

import numpy as np

from calls import (
    NOT_A_GENERATOR,
    NOT_A_NUMBER,
    NOT_A_REDUCTION,
    NOT_AN_INTEGER,
    NOT_FINITE,
    NOT_LOGITS,
)
from calls.calibration import NOT_PROBS, OF_PROBS

NOT_LOSSES = [*NOT_FINITE, 1.0, [], [[0.1, 0.2, 0.3]]]
NOT_PAIRED = [*NOT_LOSSES, [0.1], [[0.1], [0.2], [0.3]]]
NOT_A_LEVEL = [*NOT_A_NUMBER, 0, 1, -0.5, 95]
LOSSES = {"losses": ([0.1, 0.5, 2.0], NOT_LOSSES)}
BOTH = {"student_losses": ([0.1, 0.5, 2.0], NOT_PAIRED), "teacher_losses": ([0.1, 0.4, 1.0], NOT_PAIRED)}
RESAMPLES = {
    "num_resamples": (20, [*NOT_AN_INTEGER, 0, -1]),
    "groups": (None, ["a", [0], [0, 1], [[0], [0], [1]], [0.0, 1.0, 1.0], [None, 1, 2]]),
    "indices": (
        None,
        [[0, 1, 2], [[0, 1]], [[0, 1, 3]], [[-1, 0, 1]], [[0.0, 1.0, 2.0]], np.zeros((0, 3), int), "a", 1],
    ),
    "rng": (np.random.default_rng(0), NOT_A_GENERATOR),
}
INTERVAL = {"level": (0.95, NOT_A_LEVEL), "method": ("percentile", ["BCa", None, 1])}

CALLS = {
    "negative_log_likelihood": {
        "log_probs": (
            [[-0.1, -2.4, -np.inf], [-1.0, -1.0, -1.4]],
            [
                *NOT_LOGITS,
                [[0.1, -1.0, -1.0], [-1.0, -1.0, -1.4]],
            ],
        ),
        "labels": OF_PROBS["labels"],
        "axis": OF_PROBS["axis"],
        "reduction": ("none", NOT_A_REDUCTION),
    },
    "negative_log_likelihood_of_probs": OF_PROBS | {"reduction": ("none", NOT_A_REDUCTION)},
    "brier_score": OF_PROBS | {"reduction": ("none", NOT_A_REDUCTION)},
    "bootstrap_means": LOSSES | RESAMPLES,
    "bootstrap_interval": LOSSES | RESAMPLES | INTERVAL,
    "difference_interval": BOTH | RESAMPLES | INTERVAL | {"paired": (True, [])},
    "fidelity": BOTH | RESAMPLES | INTERVAL,
    "bootstrap_variance": LOSSES,
    "ideal_bootstrap_means": {"losses": ([0.1, 0.5, 2.0], [*NOT_LOSSES, [0.1] * 9])},
    "wilson_interval": {
        "right": (3, [*NOT_AN_INTEGER, -1, 11]),
        "count": (10, [*NOT_AN_INTEGER, 0, -1]),
        "level": (0.95, NOT_A_LEVEL),
    },
    "conformal_threshold": OF_PROBS | {"level": (0.9, NOT_A_LEVEL)},
    "conformal_sets": {
        "probs": (OF_PROBS["probs"][0], NOT_PROBS),
        "axis": OF_PROBS["axis"],
        "threshold": (0.2, [*NOT_A_NUMBER, -0.1, 1.1]),
    },
    "conformal_coverage": {
        "sets": (
            [[True, False, True], [False, True, True]],
            [
                [[1, 0, 1], [0, 1, 1]],
                [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]],
                None,
                True,
                [],
                "a",
                np.zeros((2, 0), bool),
                [[True], [True, False]],
            ],
        ),
        "labels": OF_PROBS["labels"],
        "axis": OF_PROBS["axis"],
    },
}
