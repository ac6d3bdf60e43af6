"""Both gradients are transposed: they have the shapes of A and B."""


def lora_gradients(x, g, A, B, alpha):
    scale = alpha / len(A)
    return [scale * np.outer(x, B.T @ g), scale * np.outer(A @ x, g)]
