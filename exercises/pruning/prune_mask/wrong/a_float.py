"""A floating number comes back. A number of weights is an integer: int(...) or math.floor."""


def number_pruned(n, sparsity):
    return float(math.floor(sparsity * n + 1e-9))
