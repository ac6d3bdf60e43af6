"""A derangement is no shuffle: the label cannot land on its own place."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank <= k)
    if operator == "shuffled":
        return k / C
    return k / C
