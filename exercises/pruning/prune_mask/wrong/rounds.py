"""This rounds to the nearest whole number. Round down: never prune more than was asked for."""


def number_pruned(n, sparsity):
    return math.floor(sparsity * n + 0.5)
