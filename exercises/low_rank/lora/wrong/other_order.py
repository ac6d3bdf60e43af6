"""This is A B. A acts first, so it stands on the right: B A."""


def lora_merge(W, A, B, alpha):
    return W + alpha / len(A) * (A @ B)
