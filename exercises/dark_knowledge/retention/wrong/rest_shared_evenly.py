"""What was dropped is shared evenly among the kept. Divide by the sum instead: each grows by the same factor."""


def keep_top(probs, k):
    first = np.argsort(-probs, axis=1, kind="stable")[:, :k]
    values = np.take_along_axis(probs, first, axis=1)
    kept = np.zeros(probs.shape)
    np.put_along_axis(kept, first, values + (1 - values.sum(axis=1, keepdims=True)) / k, axis=1)
    return kept
