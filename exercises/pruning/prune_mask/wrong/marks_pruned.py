"""The mask is True where a weight is pruned here. It should be True where one is kept."""


def keep_mask(weights, sparsity):
    n_kept = weights.size - number_pruned(weights.size, sparsity)
    mask = np.ones(weights.size, dtype=bool)
    mask[np.argsort(-np.abs(weights).ravel(), kind="stable")[:n_kept]] = False
    return mask.reshape(weights.shape)
