"""Shuffled, every place is as likely for the label, whatever its rank was."""


def chance(rank, k, C, operator):
    if operator == "kept":
        return float(rank <= k)
    if operator == "shuffled":
        return k / C if rank <= k else (C - k) / C
    return (k - float(rank <= k)) / (C - 1)
