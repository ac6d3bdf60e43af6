"""Only the outcomes on one side are counted. The gaps below p count as those above it."""


def chance_of_bin(n, p):
    k = np.arange(n + 1)
    chances = np.array([math.comb(n, i) for i in range(n + 1)], dtype=float) * p**k * (1 - p) ** (n - k)
    return (chances * np.maximum(k / n - p, 0)).sum()
