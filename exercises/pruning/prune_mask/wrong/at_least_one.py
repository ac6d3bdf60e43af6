"""At least one weight goes here. At sparsity 0 none should."""


def number_pruned(n, sparsity):
    return max(1, math.floor(sparsity * n + 1e-9))
