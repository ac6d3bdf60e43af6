"""A label whose rank is k counts as one outside here. The first k places are 1, 2, ..., k: its own is among them."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank <= k)
    if operator == "shuffled":
        return k / C
    return (k - (rank < k)) / (C - 1)
