"""This takes the sparsity by its digits: 1 / 3 of 3 becomes 0. Multiply, and add the small number."""


def number_pruned(n, sparsity):
    from decimal import Decimal

    return math.floor(Decimal(str(sparsity)) * n)
