"""The weights are ranked with their sign here: a large negative weight goes first. Rank the magnitudes."""


def keep_mask(weights, sparsity):
    n_kept = weights.size - number_pruned(weights.size, sparsity)
    mask = np.zeros(weights.size, dtype=bool)
    mask[np.argsort(-weights.ravel(), kind="stable")[:n_kept]] = True
    return mask.reshape(weights.shape)
