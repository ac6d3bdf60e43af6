"""The change is taken away here. This is how one would unmerge it."""


def lora_merge(W, A, B, alpha):
    return W - alpha / len(A) * (B @ A)
