"""The initial value is added to the kept weights too. It takes the place of the pruned ones only."""


def pruned_weights(weights, init, sparsity):
    to_zero = weights * keep_mask(weights, sparsity)
    return to_zero, to_zero + init
