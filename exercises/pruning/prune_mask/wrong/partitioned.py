"""argpartition puts equal scores in any order. Of equal ones, the first should stay."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    mask = np.ones(flat.size, dtype=bool)
    k = number_pruned(flat.size, sparsity)
    mask[np.argpartition(flat, max(k - 1, 0))[:k]] = False
    parts = np.split(mask, np.cumsum([layer.size for layer in scores])[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
