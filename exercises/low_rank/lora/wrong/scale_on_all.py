"""The factor multiplies W x too. Only the change has it."""


def lora_output(x, W, A, B, alpha):
    return alpha / len(A) * (W @ x + B @ (A @ x))
