"""number_pruned rounds up here (or what is kept down), and so more is pruned than was asked for."""


def number_pruned(n, sparsity):
    return math.ceil(sparsity * n - 1e-9)
