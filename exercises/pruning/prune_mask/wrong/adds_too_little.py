"""The small number is smaller here than in the formula. What a computer loses grows with the product."""


def number_pruned(n, sparsity):
    return math.floor(sparsity * n + 1e-12)
