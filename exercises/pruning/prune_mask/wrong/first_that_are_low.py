"""Whatever is at the threshold or below goes here, until k are gone: a lower score that comes later may stay."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    k = number_pruned(flat.size, sparsity)
    low = flat <= np.append(-np.inf, np.sort(flat))[k]
    mask = ~(low & (np.cumsum(low) <= k))
    parts = np.split(mask, np.cumsum([layer.size for layer in scores])[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
