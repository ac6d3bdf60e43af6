"""The closed form has f = floor(np). Here it is one more."""


def chance_of_bin(n, p):
    f = math.floor(n * p) + 1
    return 2 * (f + 1) / n * math.comb(n, f + 1) * p ** (f + 1) * (1 - p) ** max(n - f, 0)
