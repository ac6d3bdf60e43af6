"""Shuffled, the label lands on a given place with 1/C. There are k places."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank <= k)
    if operator == "shuffled":
        return 1 / C
    return 1 / (C - 1)
