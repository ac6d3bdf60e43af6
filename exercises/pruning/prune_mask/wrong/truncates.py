"""0.29 * 100 is 28.999999999999996 in a computer, and becomes 28 here. Look at the small number in the formula."""


def number_pruned(n, sparsity):
    return int(sparsity * n)
