"""number_pruned counts the weights that are kept here. The sparsity is the fraction that is pruned."""


def number_pruned(n, sparsity):
    return math.floor((1 - sparsity) * n + 1e-9)
