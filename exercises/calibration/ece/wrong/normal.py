"""This is the approximation for large n. Add up all outcomes, or take the closed form."""


def chance_of_bin(n, p):
    return np.sqrt(2 * p * (1 - p) / (np.pi * n))
