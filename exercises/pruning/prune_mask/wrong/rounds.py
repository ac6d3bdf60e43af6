"""number_pruned rounds to the nearest whole number here. Never prune more than was asked for."""


def number_pruned(n, sparsity):
    return math.floor(sparsity * n + 0.5)
