"""number_pruned rounds to the nearest whole number here, with round. Never prune more than was asked for."""


def number_pruned(n, sparsity):
    return round(sparsity * n)
