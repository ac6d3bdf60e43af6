"""The count is rounded here. Never prune more than was asked for: use number_pruned."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    best_first = np.argsort(-flat, kind="stable")
    mask = np.zeros(flat.size, dtype=bool)
    mask[best_first[: flat.size - round(sparsity * flat.size)]] = True
    ends = np.cumsum([layer.size for layer in scores])
    parts = np.split(mask, ends[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
