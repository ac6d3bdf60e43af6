"""A threshold, and the ties filled up in their order."""


def keep_mask(weights, sparsity):
    magnitudes = np.abs(weights).ravel()
    n_kept = magnitudes.size - number_pruned(magnitudes.size, sparsity)
    threshold = np.append(np.sort(magnitudes)[::-1], np.inf)[n_kept - 1]
    above, level = magnitudes > threshold, magnitudes == threshold
    filled = level & (np.cumsum(level) <= n_kept - above.sum())
    return (above | filled).reshape(weights.shape)


def pruned_weights(weights, init, sparsity):
    pruned = ~keep_mask(weights, sparsity)
    to_zero, to_init = weights.copy(), weights.copy()
    to_zero[pruned] = 0
    to_init[pruned] = init[pruned]
    return to_zero, to_init
