"""The list holds dB first."""


def lora_gradients(x, g, A, B, alpha):
    scale = alpha / len(A)
    return [scale * np.outer(g, A @ x), scale * np.outer(B.T @ g, x)]
