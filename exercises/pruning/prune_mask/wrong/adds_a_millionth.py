"""The small number is larger here than in the formula: it adds a weight that was not asked for."""


def number_pruned(n, sparsity):
    return math.floor(sparsity * n + 1e-6)
