"""One weight stays here at sparsity 1. All should go."""


def number_pruned(n, sparsity):
    return min(n - 1, math.floor(sparsity * n + 1e-9))
