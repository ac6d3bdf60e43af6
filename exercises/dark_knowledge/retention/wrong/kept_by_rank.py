"""If the order is kept there is no likelihood in it: 1 if the rank is at most k, else 0."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return 1 - (rank - 1) / C
    if operator == "shuffled":
        return k / C
    return (k - float(rank <= k)) / (C - 1)
