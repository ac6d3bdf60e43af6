"""The label's column is taken out, and put back as zeros."""


def wrong_classes(logits, labels):
    N, C = logits.shape
    is_wrong = np.arange(C) != labels[:, np.newaxis]
    z = logits[is_wrong].reshape(N, C - 1).astype(np.float64)
    e = np.exp(z - z.max(axis=1)[:, np.newaxis])
    result = np.zeros((N, C))
    result[is_wrong] = (e / e.sum(axis=1)[:, np.newaxis]).ravel()
    return result


def reorder_then_keep(probs, permutations, k):
    rows = np.arange(len(probs))[:, np.newaxis]
    return keep_top(probs[rows, permutations], k)


def keep_top(probs, k):
    order = (-probs).argsort(axis=1, kind="mergesort")
    rank = order.argsort(axis=1)
    kept = probs * (rank < k)
    return kept / kept.sum(axis=1, keepdims=True)
