"""One weight fewer than asked for goes here."""


def number_pruned(n, sparsity):
    return max(0, math.floor(sparsity * n + 1e-9) - 1)
