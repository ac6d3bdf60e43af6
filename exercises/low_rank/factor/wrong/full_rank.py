"""That is the full rank less one. Count the numbers in the two factors: r (m + n)."""


def largest_saving_rank(m, n):
    return min(m, n) - 1
