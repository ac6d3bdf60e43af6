"""A label of the first k loses a good place by a derangement, and one of a lower rank does not."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank <= k)
    if operator == "shuffled":
        return k / C
    return (k - float(rank > k)) / (C - 1)
