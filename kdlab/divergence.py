"""The divergence of two distributions given by their logarithms, with the classes on any axis."""

from __future__ import annotations

from kdlab.conventions import FloatArray, classes_last, quiet
from kdlab.core import distillation_loss as core


def kl_of_logs(log_p: FloatArray, log_q: FloatArray, axis: int) -> FloatArray:
    """Return KL(p || q): logarithms of probabilities are logits of them."""
    with quiet():
        return core.kl_divergence(classes_last(log_q, axis), classes_last(log_p, axis), 1)
