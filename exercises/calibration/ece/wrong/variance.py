"""This is the variance. The mean size of the gap is asked for."""


def chance_of_bin(n, p):
    return p * (1 - p) / n
