"""Only dB has the factor alpha / r. Both have it."""


def lora_gradients(x, g, A, B, alpha):
    scale = alpha / len(A)
    return [np.outer(B.T @ g, x), scale * np.outer(g, A @ x)]
