"""Of equal scores a later layer is kept here. An earlier layer comes before a later one."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores[::-1]])
    best_first = np.argsort(-flat, kind="stable")
    mask = np.zeros(flat.size, dtype=bool)
    mask[best_first[: flat.size - number_pruned(flat.size, sparsity)]] = True
    ends = np.cumsum([layer.size for layer in scores[::-1]])
    parts = np.split(mask, ends[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts[::-1], scores, strict=True)]
