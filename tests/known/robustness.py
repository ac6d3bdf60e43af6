"""Robustness of linear classifiers, and of two linear layers of which one is compressed."""

import numpy as np

from kdlab.robustness import (
    compress,
    critical_radius,
    diagonal_gauge,
    dual_norm,
    effective_weights,
    gaussian_robust_accuracy,
    margins,
    robust_accuracy,
    worst_margins,
)


def robust(W1, w2, X, y, eps):
    return {
        "teacher": _report(effective_weights(W1, w2), X, y, eps),
        "layer1_tensor": _report(effective_weights(*compress(W1, w2, layer=1)), X, y, eps),
        "layer1_row": _report(effective_weights(*compress(W1, w2, layer=1, per_row=True)), X, y, eps),
        "layer2": _report(effective_weights(*compress(W1, w2, layer=2)), X, y, eps),
    }


def _report(w, X, y, eps):
    return {
        "w": w,
        "l1": dual_norm(w),
        "margins": margins(w, X, y),
        "critical_eps": critical_radius(w, X, y),
        "robust_acc": robust_accuracy(worst_margins(w, X, y, eps)),
    }


def robust_gauss(w, mu, sd, eps):
    clean, at_eps = gaussian_robust_accuracy(w, mu, np.diag(np.square(sd)), [0, eps])
    return {"clean": clean, "robust": at_eps}


def gauge_diag(W1, w2, D):
    W1_new, w2_new = diagonal_gauge(W1, w2, D)
    return {
        "W1_new": W1_new,
        "w2_new": w2_new,
        "layer2_w": effective_weights(*compress(W1_new, w2_new, layer=2)),
        "teacher_w": effective_weights(W1, w2),
    }
