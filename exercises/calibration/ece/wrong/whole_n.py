"""Every bin is given all rows. Each has its own n."""


def chance(counts, confidences):
    N = int(counts.sum())
    return sum(n * chance_of_bin(N, p) for n, p in zip(counts, confidences, strict=True)) / N
