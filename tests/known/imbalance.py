"""Class weights for imbalanced data."""

from kdlab.imbalance import (
    balanced_weights,
    class_counts,
    inside_sum_minimiser,
    inside_sum_minimum,
    inside_sum_tilt,
    inside_sum_value,
    sample_weights,
)
from kdlab.temperature import softmax


def invfreq(labels, num_classes):
    w = balanced_weights(labels, num_classes)
    return {
        "counts": class_counts(labels, num_classes),
        "w": w,
        "w_present_only": balanced_weights(labels, num_classes, present_only=True),
        "mean_sample_weight": sample_weights(labels, w).mean(),
    }


def wkd_shift(teacher_logits, class_weights, T):
    z = inside_sum_minimiser(teacher_logits, class_weights, T)
    p_tilted = softmax(teacher_logits) * inside_sum_tilt(class_weights, T)
    return {
        "q_T": softmax(z, T),
        "z_minimiser_centred": z - z.mean(),
        "p_T1_student": p_tilted / p_tilted.sum(),
        "p_T1_teacher": softmax(teacher_logits),
        "value_at_q_equals_p": inside_sum_value(teacher_logits, teacher_logits, class_weights, T),
        "minimum_value": inside_sum_minimum(teacher_logits, class_weights, T),
    }
