"""With the sums written out."""


def gain(ste_cold, ste_hot):
    d = [a - b for a, b in zip(ste_cold, ste_hot, strict=True)]
    n, mean = len(d), sum(d) / len(d)
    half = 2.093 * (sum((x - mean) ** 2 for x in d) / (n - 1) / n) ** 0.5
    return mean, mean - half, mean + half


def own_part(ste_cold, ste_hot, full_cold, full_hot):
    return gain(full_hot - ste_hot, full_cold - ste_cold)
