"""The factor alpha / r goes in twice."""


def lora_merge(W, A, B, alpha):
    return W + (alpha / len(A)) ** 2 * (B @ A)
