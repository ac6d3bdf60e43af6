"""The places that were first before the permutation are kept. First are those with the largest probability now."""


def reorder_then_keep(probs, permutations, k):
    moved = np.take_along_axis(probs, permutations, axis=1)
    kept = np.where(keep_top(probs, k) > 0, moved, 0.0)
    return kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-300)
