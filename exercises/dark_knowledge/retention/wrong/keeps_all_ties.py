"""A threshold keeps all that are equal to the kth, and so more than k. Of equal ones the lower index is kept."""


def keep_top(probs, k):
    kth = np.sort(probs, axis=1)[:, -k][:, np.newaxis]
    kept = np.where(probs >= kth, probs, 0.0)
    return kept / kept.sum(axis=1, keepdims=True)
