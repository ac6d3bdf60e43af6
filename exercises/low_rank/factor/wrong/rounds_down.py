"""This takes the rank at which both hold just as many numbers for one that saves."""


def largest_saving_rank(m, n):
    return m * n // (m + n)
