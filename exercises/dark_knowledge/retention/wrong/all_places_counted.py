"""Deranged, C - 1 places are left for the label, not C."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank <= k)
    if operator == "shuffled":
        return k / C
    return (k - float(rank <= k)) / C
