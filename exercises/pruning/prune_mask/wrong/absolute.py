"""keep_masks ranks the scores without their sign here. A score below 0 is lower than 0."""


def keep_masks(scores, sparsity):
    flat = np.concatenate([layer.ravel() for layer in scores])
    n_kept = flat.size - number_pruned(flat.size, sparsity)
    mask = np.zeros(flat.size, dtype=bool)
    mask[np.argsort(-np.abs(flat), kind="stable")[:n_kept]] = True
    parts = np.split(mask, np.cumsum([layer.size for layer in scores])[:-1])
    return [part.reshape(layer.shape) for part, layer in zip(parts, scores, strict=True)]
