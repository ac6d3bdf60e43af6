"""The two arrays have changed places: first pruned to zero, then pruned to init."""


def pruned_weights(weights, init, sparsity):
    mask = keep_mask(weights, sparsity)
    return np.where(mask, weights, init), np.where(mask, weights, 0.0)
