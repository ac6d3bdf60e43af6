"""The first k columns are kept here. The first k are the most probable classes."""


def keep_top(probs, k):
    kept = probs.copy()
    kept[:, k:] = 0
    return kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-300)
