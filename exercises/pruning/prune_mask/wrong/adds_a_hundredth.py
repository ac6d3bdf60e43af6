"""The small number is too large here: of 2.995 weights it makes 3. Take the one of the formula."""


def number_pruned(n, sparsity):
    return math.floor(sparsity * n + 0.01)
