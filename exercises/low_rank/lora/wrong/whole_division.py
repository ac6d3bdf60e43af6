"""alpha // r drops what is after the point."""


def lora_output(x, W, A, B, alpha):
    return W @ x + alpha // len(A) * (B @ (A @ x))
