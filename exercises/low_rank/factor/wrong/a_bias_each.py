"""The first factor gets a bias here, of r numbers. Biases are not counted."""


def largest_saving_rank(m, n):
    return (m * n - 1) // (m + n + 1)
