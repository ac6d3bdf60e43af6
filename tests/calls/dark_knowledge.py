"""Calls of kdlab.dark_knowledge."""

import numpy as np

from calls import (
    LOGITS,
    NOT_A_GENERATOR,
    NOT_A_NUMBER,
    NOT_A_TEMPERATURE,
    NOT_AN_AXIS,
    NOT_AN_INTEGER,
    NOT_FINITE,
    NOT_LABELS,
    NOT_LOGITS,
)

ONE_CLASS = np.zeros((2, 1))
NO_INCORRECT_CLASS = [[2.0, -np.inf, -np.inf], [0.0, 0.5, 3.0]]
OTHER_SHAPES = [LOGITS[0], LOGITS[:1], np.transpose(LOGITS), [LOGITS]]
PROBS = [[0.7, 0.3, 0.0], [0.0, 0.2, 0.8]]
NOT_PROBS = [*NOT_FINITE, 1.0, [], np.zeros((2, 0)), np.ones((2, 3)), [[1.2, -0.2], [0.5, 0.5]], 0.9 * np.array(PROBS)]
NOT_AN_OPERATOR = ["Permutation", "", None, 1, ("permutation",)]

AXIS = {"axis": (-1, NOT_AN_AXIS)}
LABELS = {"labels": ([0, 2], NOT_LABELS)}
TEMPERATURE = {"temperature": (2.0, NOT_A_TEMPERATURE)}

BAD_LOGITS = [*NOT_LOGITS, ONE_CLASS, NO_INCORRECT_CLASS]
INCORRECT = {"logits": (LOGITS, BAD_LOGITS)} | LABELS | TEMPERATURE | AXIS
CORRELATION = {
    "student_logits": (LOGITS, [*NOT_LOGITS, ONE_CLASS, *OTHER_SHAPES]),
    "teacher_logits": (LOGITS, [*NOT_LOGITS, ONE_CLASS, *OTHER_SHAPES]),
    **LABELS,
    **AXIS,
}
CONTROL = {"teacher_probs": (PROBS, [*NOT_PROBS, np.ones((2, 1))])} | LABELS | AXIS
RNG = {"rng": (np.random.default_rng(0), NOT_A_GENERATOR)}

CALLS = {
    "incorrect_softmax": INCORRECT,
    "incorrect_entropy": INCORRECT | {"normalised": (True, [])},
    "decoupled_kl": {
        "student_logits": (LOGITS, [*BAD_LOGITS, *OTHER_SHAPES]),
        "teacher_logits": (LOGITS, [*BAD_LOGITS, *OTHER_SHAPES]),
        **LABELS,
        **TEMPERATURE,
        **AXIS,
    },
    "truncated_softmax": {
        "logits": (LOGITS, NOT_LOGITS),
        "k": (2, [*NOT_AN_INTEGER, 0, 4, -1]),
        **TEMPERATURE,
        "smoothing": (0.1, [*NOT_A_NUMBER, -0.1, 1.0, 1.1]),
        **AXIS,
    },
    "label_rank": {"logits": (LOGITS, NOT_LOGITS)} | LABELS | AXIS,
    "retention_probability": {
        "rank": ([1, 3], [["a"], None, [1.0], [True], 0, [0, 1], [-1], [4], 2.0]),
        "k": (2, [*NOT_AN_INTEGER, 0, 4, -1]),
        "num_classes": (3, [*NOT_AN_INTEGER, 0, 1, -1]),
        "operator": ("derangement", NOT_AN_OPERATOR),
    },
    "reordered": {
        "teacher_probs": (PROBS, [*NOT_PROBS, np.ones((2, 1))]),
        "operator": ("derangement", NOT_AN_OPERATOR),
        **RNG,
        **AXIS,
    },
    "incorrect_flattened": CONTROL,
    "incorrect_permuted": CONTROL | RNG,
    "kendall_tau": CORRELATION,
    "spearman_rho": CORRELATION,
}
