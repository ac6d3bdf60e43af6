"""The k least probable classes are kept here."""


def keep_top(probs, k):
    first = np.argsort(probs, axis=1, kind="stable")[:, :k]
    kept = np.zeros(probs.shape)
    np.put_along_axis(kept, first, np.take_along_axis(probs, first, axis=1), axis=1)
    return kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-300)
