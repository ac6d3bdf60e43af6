"""The number of ways to be right k times of n is left out. Multiply by math.comb(n, k)."""


def chance_of_bin(n, p):
    k = np.arange(n + 1)
    return (p**k * (1 - p) ** (n - k) * np.abs(k / n - p)).sum()
