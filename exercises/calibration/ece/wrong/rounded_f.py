"""The closed form has f = floor(np). Here np is rounded to the nearest whole number."""


def chance_of_bin(n, p):
    f = round(n * p)
    return 2 * (f + 1) / n * math.comb(n, f + 1) * p ** (f + 1) * (1 - p) ** (n - f)
