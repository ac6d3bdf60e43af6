"""This is the probability that the label is dropped."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank > k)
    if operator == "shuffled":
        return 1 - k / C
    return 1 - (k - float(rank <= k)) / (C - 1)
