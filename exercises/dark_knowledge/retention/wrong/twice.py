"""The permutation is applied twice here."""


def reorder_then_keep(probs, permutations, k):
    once = np.take_along_axis(probs, permutations, axis=1)
    return keep_top(np.take_along_axis(once, permutations, axis=1), k)
