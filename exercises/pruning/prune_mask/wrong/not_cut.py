"""The product is not rounded down here: the brackets of the formula are missing."""


def number_pruned(n, sparsity):
    return sparsity * n + 1e-9
