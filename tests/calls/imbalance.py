"""Calls of kdlab.imbalance."""

import numpy as np

from calls import (
    LOGITS,
    NOT_A_NUMBER,
    NOT_A_REDUCTION,
    NOT_A_TEMPERATURE,
    NOT_AN_AXIS,
    NOT_AN_INTEGER,
    NOT_FINITE,
    NOT_LABELS,
    NOT_LOGITS,
)

LABELS = [0, 2]
ANY_SHAPE = [[[0], [1]], 0, [0]]  # is refused only where there are logits
WEIGHTS = [0.5, 1.0, 3.0]
NOT_WEIGHTS = [*NOT_FINITE, 1.0, [[1.0, 2.0, 3.0]], [1.0, -1.0, 2.0]]
ANOTHER_SHAPE = [[[2.0, 1.0, 0.0]], [2.0, 1.0, 0.0], [LOGITS]]
NOT_A_FINITE_TEMPERATURE = [*NOT_A_TEMPERATURE, 0, -0.0, np.inf]

COUNTED = {
    "labels": (LABELS, [labels for labels in NOT_LABELS if labels not in ANY_SHAPE]),
    "num_classes": (3, [*NOT_AN_INTEGER, 0, -1]),
}
LOGITS_OF_BOTH = {
    "student_logits": (LOGITS, [*NOT_LOGITS, *ANOTHER_SHAPE]),
    "teacher_logits": (LOGITS[::-1], [*NOT_LOGITS, *ANOTHER_SHAPE]),
}
CLASSES = {"axis": (-1, NOT_AN_AXIS)}
WEIGHTED = {
    **LOGITS_OF_BOTH,
    "labels": (LABELS, NOT_LABELS),
    "temperature": (2.0, NOT_A_TEMPERATURE),
    "class_weights": (WEIGHTS, [*NOT_WEIGHTS, [1.0, 2.0], [0.0, 1.0, 0.0]]),
    "divide_by": ("weights", ["weight", None, 2]),
    "scale_by_T2": (False, []),
    "reduction": ("mean", NOT_A_REDUCTION),
    **CLASSES,
}
INSIDE = {
    "class_weights": (WEIGHTS, [*NOT_WEIGHTS, [1.0, 2.0], [0.0, 0.0, 0.0]]),
    "temperature": (2.0, NOT_A_FINITE_TEMPERATURE),
    **CLASSES,
}
INSIDE_TEACHER = {"teacher_logits": (LOGITS, NOT_LOGITS), **INSIDE}

CALLS = {
    "class_counts": COUNTED,
    "balanced_weights": COUNTED | {"present_only": (True, [])},
    "inverse_count_weights": COUNTED,
    "effective_number_weights": COUNTED | {"beta": (0.9, [*NOT_A_NUMBER, -0.1, 1.1])},
    "sample_weights": {
        "labels": COUNTED["labels"],
        "class_weights": (WEIGHTS, [*NOT_WEIGHTS, [0.0, 1.0, 0.0]]),
        "normalize": (True, []),
    },
    "weighted_kl_divergence": WEIGHTED,
    "weighted_kl_divergence_dz": WEIGHTED | {"temperature": (2.0, NOT_A_FINITE_TEMPERATURE)},
    "inside_sum_value": LOGITS_OF_BOTH | INSIDE,
    "inside_sum_minimum": INSIDE_TEACHER,
    "inside_sum_minimiser": INSIDE_TEACHER,
    "inside_sum_tilt": {"class_weights": (WEIGHTS, NOT_WEIGHTS), "temperature": INSIDE["temperature"]},
}
