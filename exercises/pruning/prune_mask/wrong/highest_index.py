"""Among equal magnitudes the highest index is kept here; the lowest should be."""


def keep_mask(weights, sparsity):
    k = number_pruned(weights.size, sparsity)
    mask = np.ones(weights.size, dtype=bool)
    mask[np.argsort(np.abs(weights).ravel(), kind="stable")[:k]] = False
    return mask.reshape(weights.shape)
