"""The permutation has no effect here."""


def reorder_then_keep(probs, permutations, k):
    return keep_top(probs, k)
