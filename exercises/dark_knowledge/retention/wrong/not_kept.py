"""The classes are permuted, and all of them are kept."""


def reorder_then_keep(probs, permutations, k):
    return np.take_along_axis(probs, permutations, axis=1)
