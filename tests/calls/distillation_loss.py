"""Calls of kdlab.distillation_loss."""

import numpy as np

from calls import (
    LOGITS,
    NOT_A_NUMBER,
    NOT_A_REDUCTION,
    NOT_A_TEMPERATURE,
    NOT_AN_AXIS,
    NOT_LABELS,
    NOT_LOGITS,
)

OTHER_SHAPES = [LOGITS[0], LOGITS[:1], np.transpose(LOGITS), [LOGITS], np.zeros((2, 1))]
OTHER_MASKS = [[[2.0, 1.0, 0.0], [0.0, 0.5, 3.0]], [[2.0, 1.0, -np.inf], [0.0, 0.5, -np.inf]]]
ONLY_INSIDE = (2.0, [*NOT_A_TEMPERATURE, 0, -0.0, np.inf])

HOW = {
    "reduction": ("mean", NOT_A_REDUCTION),
    "axis": (-1, NOT_AN_AXIS),
}
PAIR = {
    "student_logits": (LOGITS, [*NOT_LOGITS, *OTHER_SHAPES]),
    "teacher_logits": (LOGITS, [*NOT_LOGITS, *OTHER_SHAPES]),
}
SOFT = PAIR | {"temperature": (2.0, NOT_A_TEMPERATURE)} | HOW
HARD = {"student_logits": (LOGITS, NOT_LOGITS), "labels": ([0, 2], NOT_LABELS)} | HOW
BOTH = {
    **PAIR,
    "labels": ([0, 2], NOT_LABELS),
    "temperature": ONLY_INSIDE,
    "alpha": (0.5, [*NOT_A_NUMBER, -0.1, 1.1, np.inf]),
    "scale_by_T2": (True, []),
    **HOW,
}
LIMIT = {name: (valid, [*bad, *OTHER_MASKS]) for name, (valid, bad) in PAIR.items()} | HOW

CALLS = {
    "kl_divergence": SOFT | {"scale_by_T2": (False, [])},
    "kl_divergence_dz": SOFT | {"scale_by_T2": (False, []), "temperature": ONLY_INSIDE},
    "reverse_kl_divergence": SOFT,
    "jensen_shannon_divergence": SOFT | {"beta": (0.5, [*NOT_A_NUMBER, 0, 1, -0.1, 1.1])},
    "soft_cross_entropy": SOFT,
    "cross_entropy": HARD,
    "cross_entropy_dz": HARD,
    "distillation_loss": BOTH,
    "distillation_loss_dz": BOTH,
    "high_temperature_limit": LIMIT,
    "high_temperature_limit_dz": LIMIT,
    "high_temperature_correction": LIMIT,
}
