"""This is the largest of the bins. Their weighted mean is asked for."""


def chance(counts, confidences):
    return max(chance_of_bin(int(n), p) for n, p in zip(counts, confidences, strict=True) if n > 0)
