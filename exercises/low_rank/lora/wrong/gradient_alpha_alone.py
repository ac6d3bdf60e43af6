"""The factor is alpha here. It is alpha / r."""


def lora_gradients(x, g, A, B, alpha):
    return [alpha * np.outer(B.T @ g, x), alpha * np.outer(g, A @ x)]
