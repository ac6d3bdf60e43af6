"""The small weights are kept and the large ones pruned here. It should be the other way round."""


def keep_mask(weights, sparsity):
    n_kept = weights.size - number_pruned(weights.size, sparsity)
    mask = np.zeros(weights.size, dtype=bool)
    mask[np.argsort(np.abs(weights).ravel(), kind="stable")[:n_kept]] = True
    return mask.reshape(weights.shape)
