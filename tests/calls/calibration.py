"""Calls of kdlab.calibration."""

import numpy as np

from calls import (
    LOGITS,
    NOT_A_NUMBER,
    NOT_A_TEMPERATURE,
    NOT_AN_AXIS,
    NOT_AN_INTEGER,
    NOT_FINITE,
    NOT_LABELS,
    NOT_LOGITS,
)

PROBS = [[0.7, 0.3, 0.0], [0.2, 0.2, 0.6]]
NOT_PROBS = [
    *NOT_FINITE,
    3.0,
    [],
    np.zeros((2, 0)),
    [[1.1, -0.1, 0.0], [0.2, 0.2, 0.6]],
    [[1.1, 0.0, 0.0], [0.2, 0.2, 0.6]],
    [[0.7, 0.3, 0.1], [0.2, 0.2, 0.6]],
]
NOT_CONFIDENCE = [*NOT_FINITE, [], [-1e-9, 0.5], [1.00001, 0.5]]
NOT_ROWS = [*NOT_CONFIDENCE, 1.0, [0.5], [[0.5], [0.5]]]  # not two
ROWS = {
    "confidence": ([0.9, 0.6], NOT_ROWS),
    "correct": ([1, 0], [*NOT_ROWS, [0.5, 1], [2, 1]]),
    "num_bins": (15, [*NOT_AN_INTEGER, 0, -1]),
    "binning": ("equal_width", ["equal", None, 1]),
}
WEIGHTS = {
    "weights": (None, [*(bad for bad in NOT_FINITE if bad is not None), 1.0, [1.0], [0, 0], [-1, 2], [[1], [1]]])
}
OF_PROBS = {
    "probs": (PROBS, NOT_PROBS),
    "labels": ([0, 1], [*NOT_LABELS, [0, 3]]),
    "axis": (-1, NOT_AN_AXIS),
}
OF_LOGITS = {
    "logits": (LOGITS, NOT_LOGITS),
    "labels": ([0, 1], [*NOT_LABELS, [0, 3]]),
    "axis": (-1, NOT_AN_AXIS),
}
BINS = {key: ROWS[key] for key in ("num_bins", "binning")}

CALLS = {
    "top_label": OF_PROBS,
    "top_label_of_logits": OF_LOGITS | {"temperature": (2.0, NOT_A_TEMPERATURE)},
    "reliability": ROWS | WEIGHTS | {"level": (0.95, [*NOT_A_NUMBER, 0, 1, -1])},
    "expected_calibration_error": ROWS | WEIGHTS,
    "maximum_calibration_error": ROWS | WEIGHTS,
    "classwise_calibration_error": OF_PROBS | BINS | WEIGHTS | {"reading": ("one_vs_rest", ["class", None, 1])},
    "debiased_calibration_error": ROWS,
    "smooth_calibration_error": {key: ROWS[key] for key in ("confidence", "correct")} | WEIGHTS,
    "null_calibration_error": BINS
    | {"confidence": ([0.9, 0.6], NOT_CONFIDENCE)}
    | {"method": ("exact", ["de Moivre", None, 1])},
    "null_calibration_error_of_bin": {
        "num_samples": (20, [*NOT_AN_INTEGER, 0, -1]),
        "confidence": (0.9, [*NOT_A_NUMBER, -0.1, 1.1]),
    },
    "fit_temperature": OF_LOGITS | {"labels": ([1, 2], [*NOT_LABELS, [0, 3], [2, 0]])},
}
