"""These are steps downhill. The gradient points uphill."""


def lora_gradients(x, g, A, B, alpha):
    scale = -alpha / len(A)
    return [scale * np.outer(B.T @ g, x), scale * np.outer(g, A @ x)]
