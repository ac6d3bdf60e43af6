"""The noise of the distillation gradient."""

import warnings

from kdlab.gradient_noise import (
    batch_covariance,
    batch_variance,
    high_temperature_gradients,
    logit_gradients,
    scaled_temperature,
    signal_to_noise,
)


def gradvar(student_logits, teacher_logits, T, B):
    g = logit_gradients(student_logits, teacher_logits, T)
    g_high = high_temperature_gradients(student_logits, teacher_logits, T)
    g_T2 = logit_gradients(student_logits, teacher_logits, T, scale_by_T2=True)
    return {
        "per_sample_cov_ddof0": batch_covariance(g),
        "trace_B_with_replacement": batch_variance(g, B),
        "trace_B_without_replacement": batch_variance(g, B, replacement=False),
        "trace_B_highT_approx": batch_variance(g_high, B),
        "ratio_exact_to_approx": batch_variance(g, B) / batch_variance(g_high, B),
        "trace_with_T2_factor": batch_variance(g_T2, B),
        "snr": signal_to_noise(g, B),
    }


def trule(T0, B0, B):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a T below 1 is where the rule is void, but its value is known
        return {"T": [scaled_temperature(T0, B0, batch_size) for batch_size in B]}
