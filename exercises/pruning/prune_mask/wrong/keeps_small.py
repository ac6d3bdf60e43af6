"""keep_masks keeps the lowest scores here, and the best are pruned."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    n_kept = flat.size - number_pruned(flat.size, sparsity)
    mask = np.zeros(flat.size, dtype=bool)
    mask[np.argsort(flat, kind="stable")[:n_kept]] = True
    parts = np.split(mask, np.cumsum([layer.size for layer in scores])[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
