"""If the order is kept there is no chance in it: the label is among the first k, or it is not."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return k / C
    if operator == "shuffled":
        return k / C
    return (k - float(rank <= k)) / (C - 1)
