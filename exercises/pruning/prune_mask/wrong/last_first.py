"""Of equal scores keep_masks keeps the one that comes last here. The one that comes first should stay."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    mask = np.ones(flat.size, dtype=bool)
    mask[np.argsort(flat, kind="stable")[: number_pruned(flat.size, sparsity)]] = False
    parts = np.split(mask, np.cumsum([layer.size for layer in scores])[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
