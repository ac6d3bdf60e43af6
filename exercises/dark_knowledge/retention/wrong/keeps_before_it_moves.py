"""The first k are kept before the classes are permuted here. With ties that keeps other ones: permute first."""


def reorder_then_keep(probs, permutations, k):
    return np.take_along_axis(keep_top(probs, k), permutations, axis=1)
