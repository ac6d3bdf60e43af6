"""dB knows nothing of A here. B reads A x, not x."""


def lora_gradients(x, g, A, B, alpha):
    scale = alpha / len(A)
    return [scale * np.outer(B.T @ g, x), scale * np.outer(g, np.full(len(A), x.sum()))]
