"""One weight more than asked for goes here."""


def number_pruned(n, sparsity):
    return math.floor(sparsity * n + 1e-9) + 1
