"""The exact value of 0.29 in a computer is a bit less than 0.29, and so 28 of 100 go here. Add the small number."""


def number_pruned(n, sparsity):
    from fractions import Fraction

    return math.floor(Fraction(sparsity) * n)
