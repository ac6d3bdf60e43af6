"""keep_masks takes the sparsity as the fraction to keep here. It is the fraction to prune."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    mask = np.zeros(flat.size, dtype=bool)
    mask[np.argsort(-flat, kind="stable")[: number_pruned(flat.size, sparsity)]] = True
    parts = np.split(mask, np.cumsum([layer.size for layer in scores])[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
