"""The factor alpha / r is missing: merged, the layer is another one than the one that was trained."""


def lora_merge(W, A, B, alpha):
    return W + B @ A
