"""This is the gap in answers. Divide it by n."""


def chance_of_bin(n, p):
    k = np.arange(n + 1)
    chances = np.array([math.comb(n, i) for i in range(n + 1)], dtype=float) * p**k * (1 - p) ** (n - k)
    return (chances * np.abs(k - n * p)).sum()
