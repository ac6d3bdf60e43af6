"""This is the change alone. W is missing."""


def lora_merge(W, A, B, alpha):
    return alpha / len(A) * (B @ A)
