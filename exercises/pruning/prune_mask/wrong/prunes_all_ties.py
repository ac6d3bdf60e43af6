"""keep_masks prunes all scores at the threshold here. In a tie these are too many: exactly k must go."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    k = number_pruned(flat.size, sparsity)
    mask = flat > np.append(-np.inf, np.sort(flat))[k]
    parts = np.split(mask, np.cumsum([layer.size for layer in scores])[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
