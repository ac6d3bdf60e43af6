"""Where no rank saves the answer is 0."""


def largest_saving_rank(m, n):
    return max(1, (m * n - 1) // (m + n))
