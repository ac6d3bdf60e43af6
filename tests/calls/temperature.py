"""Calls of kdlab.temperature."""

from calls import LOGITS, NOT_A_TEMPERATURE, NOT_AN_AXIS, NOT_LOGITS

ARGUMENTS = {
    "logits": (LOGITS, NOT_LOGITS),
    "temperature": (2.0, NOT_A_TEMPERATURE),
    "axis": (-1, NOT_AN_AXIS),
}

CALLS = dict.fromkeys(("entropy", "entropy_dT", "log_softmax", "softmax", "softmax_dT"), ARGUMENTS)
CALLS["log_softmax_dz"] = ARGUMENTS | {"temperature": (2.0, [*NOT_A_TEMPERATURE, 0, 0.0, -0.0])}
