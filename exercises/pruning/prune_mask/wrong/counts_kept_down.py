"""The number to keep is rounded down here. The number to prune is: number_pruned tells it."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    best_first = np.argsort(-flat, kind="stable")
    mask = np.zeros(flat.size, dtype=bool)
    mask[best_first[: int((1 - sparsity) * flat.size + 1e-9)]] = True
    ends = np.cumsum([layer.size for layer in scores])
    parts = np.split(mask, ends[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
