"""This rounds up, and prunes more than was asked for. Round down."""


def number_pruned(n, sparsity):
    return math.ceil(sparsity * n - 1e-9)
