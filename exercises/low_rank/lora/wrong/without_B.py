"""dA knows nothing of B here. What A gives goes through B, so its gradient comes back through B."""


def lora_gradients(x, g, A, B, alpha):
    scale = alpha / len(A)
    return [scale * np.outer(np.full(len(A), g.sum()), x), scale * np.outer(g, A @ x)]
