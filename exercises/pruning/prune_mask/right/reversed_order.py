"""The smallest first, in the reversed array, so that the highest index goes first in a tie."""


def number_pruned(n, sparsity):
    return int(np.floor(n * sparsity + 1e-9))


def keep_mask(weights, sparsity):
    magnitudes = np.abs(weights).ravel()
    smallest = np.argsort(magnitudes[::-1], kind="stable")[: number_pruned(weights.size, sparsity)]
    return ~np.isin(np.arange(weights.size), weights.size - 1 - smallest).reshape(weights.shape)


def pruned_weights(weights, init, sparsity):
    mask = keep_mask(weights, sparsity)
    return weights * mask, weights * mask + init * ~mask
