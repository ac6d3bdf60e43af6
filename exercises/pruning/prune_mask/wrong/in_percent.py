"""The sparsity is taken in percent here. It is a fraction, from 0 to 1."""


def number_pruned(n, sparsity):
    return math.floor(sparsity / 100 * n + 1e-9)
