"""The shares of the rows are squared. A bin's share stands once."""


def chance(counts, confidences):
    N = counts.sum()
    return sum((n / N) ** 2 * chance_of_bin(int(n), p) for n, p in zip(counts, confidences, strict=True) if n > 0)
