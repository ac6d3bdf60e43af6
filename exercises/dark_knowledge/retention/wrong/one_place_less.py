"""Shuffled, the label may also stay where it is: all C places are open to it."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank <= k)
    if operator == "shuffled":
        return k / (C - 1) if k < C else 1.0
    return (k - float(rank <= k)) / (C - 1)
