"""Equal scores are told apart by a small number here, which moves others too. kind="stable" keeps the order."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    best_first = np.argsort(-(flat - 1e-9 * np.arange(flat.size)), kind="stable")
    mask = np.zeros(flat.size, dtype=bool)
    mask[best_first[: flat.size - number_pruned(flat.size, sparsity)]] = True
    ends = np.cumsum([layer.size for layer in scores])
    parts = np.split(mask, ends[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
