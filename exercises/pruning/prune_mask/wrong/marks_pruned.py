"""The masks of keep_masks are True here where a weight is pruned. They should be True where one is kept."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    n_kept = flat.size - number_pruned(flat.size, sparsity)
    mask = np.ones(flat.size, dtype=bool)
    mask[np.argsort(-flat, kind="stable")[:n_kept]] = False
    parts = np.split(mask, np.cumsum([layer.size for layer in scores])[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
