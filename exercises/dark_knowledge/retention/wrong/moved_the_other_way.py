"""You moved the probabilities the other way: class i gets that OF class permutations[n, i]."""


def reorder_then_keep(probs, permutations, k):
    moved = np.empty(probs.shape)
    np.put_along_axis(moved, permutations, probs, axis=1)
    return keep_top(moved, k)
