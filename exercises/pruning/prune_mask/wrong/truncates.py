"""0.29 * 100 is 28.999999999999996 in a computer, and becomes 28 here. Add 1e-9 before rounding down."""


def number_pruned(n, sparsity):
    return int(sparsity * n)
