"""Distillation loss: divergences, cross-entropies, gradients and the limit of high temperature."""

from kdlab.distillation_loss import (
    cross_entropy,
    distillation_loss,
    high_temperature_correction,
    high_temperature_limit,
    high_temperature_limit_dz,
    kl_divergence,
    kl_divergence_dz,
    reverse_kl_divergence,
    soft_cross_entropy,
)
from kdlab.temperature import entropy


def kd(teacher_logits, student_logits, T, label, alpha):
    z, v = student_logits, teacher_logits
    return {
        "KL": kl_divergence(z, v, T),
        "CE": soft_cross_entropy(z, v, T),
        "teacher_entropy": entropy(v, T),
        "T2KL": kl_divergence(z, v, T, scale_by_T2=True),
        "grad_KL": kl_divergence_dz(z, v, T),
        "grad_T2KL": kl_divergence_dz(z, v, T, scale_by_T2=True),
        "limit_T2KL": high_temperature_limit(z, v),
        "limit_grad_T2KL": high_temperature_limit_dz(z, v),
        "first_correction_coefficient": high_temperature_correction(z, v),
        "CE_hard": cross_entropy(z, label),
        "combined_with_T2": distillation_loss(z, v, label, T, alpha=alpha),
        "combined_without_T2": distillation_loss(z, v, label, T, alpha=alpha, scale_by_T2=False),
        "reverse_KL": reverse_kl_divergence(z, v, T),
    }


def kd_shift(teacher_logits, student_logits, T):
    return {"KL": kl_divergence(student_logits, teacher_logits, T)}
