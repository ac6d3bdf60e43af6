"""Both arrays are pruned to zero here. In the second, the pruned weights go back to init."""


def pruned_weights(weights, init, sparsity):
    to_zero = weights * keep_mask(weights, sparsity)
    return to_zero, to_zero.copy()
