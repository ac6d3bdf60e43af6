"""The values are right, but the argument weights was changed. Make a copy first."""


def pruned_weights(weights, init, sparsity):
    mask = keep_mask(weights, sparsity)
    to_init = np.where(mask, weights, init)
    weights[~mask] = 0.0
    return weights.copy(), to_init
