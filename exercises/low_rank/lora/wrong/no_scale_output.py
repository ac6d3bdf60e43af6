"""The factor alpha / r is missing."""


def lora_output(x, W, A, B, alpha):
    return W @ x + B @ (A @ x)
