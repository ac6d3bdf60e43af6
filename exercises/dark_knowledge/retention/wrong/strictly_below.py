"""A label of rank k is among the first k."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank < k)
    if operator == "shuffled":
        return k / C
    return (k - float(rank < k)) / (C - 1)
