"""The factor is alpha here. It is alpha / r."""


def lora_merge(W, A, B, alpha):
    return W + alpha * (B @ A)
