"""All rows are put into one bin, at their mean confidence. Each bin has its own gap."""


def chance(counts, confidences):
    N = int(counts.sum())
    return chance_of_bin(N, min((counts * confidences).sum() / N, 1.0))
