"""There is a ReLU between A and B. Nothing stands between them, else they could not be merged."""


def lora_output(x, W, A, B, alpha):
    return W @ x + alpha / len(A) * (B @ np.maximum(A @ x, 0))
