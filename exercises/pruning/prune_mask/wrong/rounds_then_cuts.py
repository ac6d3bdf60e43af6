"""The product is rounded before it is cut off, and takes up more than the small number of the formula does."""


def number_pruned(n, sparsity):
    return math.floor(round(sparsity * n, 6))
