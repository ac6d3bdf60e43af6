"""The factor alpha / r goes in twice."""


def lora_output(x, W, A, B, alpha):
    return W @ x + (alpha / len(A)) ** 2 * (B @ (A @ x))
