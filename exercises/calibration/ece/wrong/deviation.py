"""This is the standard deviation, the root of the mean square. The mean size is smaller."""


def chance_of_bin(n, p):
    return np.sqrt(p * (1 - p) / n)
