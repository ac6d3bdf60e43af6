"""Of equal scores the first column goes before the first row here. The order is that of ravel(), row by row."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel(order="F") for layer in scores])
    best_first = np.argsort(-flat, kind="stable")
    mask = np.zeros(flat.size, dtype=bool)
    mask[best_first[: flat.size - number_pruned(flat.size, sparsity)]] = True
    ends = np.cumsum([layer.size for layer in scores])
    parts = np.split(mask, ends[:-1])
    return [part.reshape(layer.shape, order="F") for part, layer in zip(parts, scores, strict=True)]
