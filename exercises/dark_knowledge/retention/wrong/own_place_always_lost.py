"""The label's own place is lost to it. That is one of the first k only if its rank is."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank <= k)
    if operator == "shuffled":
        return k / C
    return (k - 1) / (C - 1)
