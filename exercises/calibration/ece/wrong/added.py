"""The bins are added without their weights. Each counts by its share of the rows."""


def chance(counts, confidences):
    return sum(chance_of_bin(int(n), p) for n, p in zip(counts, confidences, strict=True) if n > 0)
