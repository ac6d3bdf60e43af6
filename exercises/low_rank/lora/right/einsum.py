"""Index by index."""


def lora_output(x, W, A, B, alpha):
    return np.einsum("mn,n->m", W, x) + np.einsum("mr,rn,n->m", B, A, x) * (alpha / B.shape[1])


def lora_merge(W, A, B, alpha):
    return W + np.einsum("mr,rn->mn", B, A) * (alpha / B.shape[1])


def lora_gradients(x, g, A, B, alpha):
    scale = alpha / B.shape[1]
    return [scale * np.einsum("mr,m,n->rn", B, g, x), scale * np.einsum("m,rn,n->mr", g, A, x)]
