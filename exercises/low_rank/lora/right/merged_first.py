"""Everything by way of the merged matrix."""


def lora_output(x, W, A, B, alpha):
    return lora_merge(W, A, B, alpha) @ x


def lora_merge(W, A, B, alpha):
    merged = np.array(W)
    merged += B @ A * alpha / A.shape[0]
    return merged


def lora_gradients(x, g, A, B, alpha):
    by_matrix = np.outer(g, x) * alpha / A.shape[0]
    return [B.T @ by_matrix, by_matrix @ A.T]
