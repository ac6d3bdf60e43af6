"""Deranged, a label of the first k cannot stay where it is. So only k - 1 of the first places are left to it."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank <= k)
    if operator == "shuffled":
        return k / C
    return k / (C - 1)
