"""Calls of kdlab.gradient_noise."""

import numpy as np

from calls import (
    LOGITS,
    NOT_A_NUMBER,
    NOT_A_TEMPERATURE,
    NOT_AN_AXIS,
    NOT_AN_INTEGER,
    NOT_FINITE,
    NOT_LOGITS,
)

NOT_A_FINITE_TEMPERATURE = [*NOT_A_TEMPERATURE, 0, -0.0, np.inf]
NOT_A_BATCH_SIZE = [*NOT_AN_INTEGER, 0, -1]
ANOTHER_SHAPE = [[[2.0, 1.0]], [2.0, 1.0, 0.0], [[2.0], [1.0]]]
GRADIENTS = [[-1.0, 1.0], [3.0, -3.0]]
NOT_GRADIENTS = [*NOT_FINITE, 1.0, [1.0, 2.0], [[[1.0]]]]

BOTH = {
    "student_logits": (LOGITS, [*NOT_LOGITS, *ANOTHER_SHAPE]),
    "teacher_logits": (LOGITS[::-1], [*NOT_LOGITS, *ANOTHER_SHAPE]),
    "temperature": (2.0, NOT_A_FINITE_TEMPERATURE),
    "scale_by_T2": (False, []),
    "axis": (-1, NOT_AN_AXIS),
}
BATCH = {
    "gradients": (GRADIENTS, [*NOT_GRADIENTS, np.zeros((0, 2))]),
    "batch_size": (2, [*NOT_A_BATCH_SIZE, 3]),
    "replacement": (False, []),
}
SAMPLED = {name: BOTH[name] for name in ("teacher_logits", "temperature")}
SAMPLED["batch_size"] = (2, NOT_A_BATCH_SIZE)
SAMPLED |= {name: BOTH[name] for name in ("scale_by_T2", "axis")}
SAMPLED["teacher_logits"] = (LOGITS, [*NOT_LOGITS, np.zeros((0, 3))])

FINITE = {
    "student_logits": ([[2.0, 1.0], [0.0, 0.5]], [*NOT_LOGITS, *ANOTHER_SHAPE, LOGITS]),
    "teacher_logits": ([[0.0, 1.0], [3.0, 0.5]], [*NOT_LOGITS, *ANOTHER_SHAPE, LOGITS]),
    "temperature": (2.0, NOT_A_FINITE_TEMPERATURE),
    "order": (1, [*NOT_AN_INTEGER, -1, 2]),
    "scale_by_T2": (False, []),
    "axis": (-1, NOT_AN_AXIS),
}

BATCH_SIZES = {"base_batch_size": (256, NOT_A_BATCH_SIZE), "batch_size": (64, NOT_A_BATCH_SIZE)}

CALLS = {
    "logit_gradients": BOTH,
    "low_temperature_gradients": BOTH,
    "high_temperature_gradients": FINITE,
    "variance_exponent": BOTH | {"student_logits": (LOGITS, [*BOTH["student_logits"][1], np.zeros((0, 3))])},
    "parameter_gradients": {
        "gradients": (GRADIENTS, NOT_GRADIENTS),
        "jacobian": (np.ones((2, 2, 3)), [*NOT_FINITE, 1.0, [1.0, 2.0], np.ones((3, 2)), np.ones((2, 3, 2))]),
    },
    "head_gradients": {
        "gradients": (GRADIENTS, NOT_GRADIENTS),
        "features": ([[1.0], [2.0]], [*NOT_FINITE, 1.0, [1.0, 2.0], [[1.0]]]),
    },
    "batch_covariance": BATCH,
    "batch_variance": BATCH,
    "signal_to_noise": BATCH | {"gradients": (GRADIENTS, [*BATCH["gradients"][1], np.zeros((2, 2))])},
    "sampled_label_covariance": SAMPLED,
    "sampled_label_variance": SAMPLED,
    "scaled_temperature": {
        "temperature": (100.0, NOT_A_FINITE_TEMPERATURE),
        **BATCH_SIZES,
        "logits": (LOGITS, [bad for bad in NOT_LOGITS if bad is not None]),
        "axis": (-1, NOT_AN_AXIS),
        "scale_by_T2": (False, [True]),
    },
    "scaled_learning_rate": {"learning_rate": (0.1, [*NOT_A_NUMBER, 0.0, -1.0, np.inf]), **BATCH_SIZES},
}
