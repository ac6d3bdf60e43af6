"""A softmax is taken of what is kept. These are probabilities already: divide them by their sum."""


def keep_top(probs, k):
    first = np.argsort(-probs, axis=1, kind="stable")[:, :k]
    kept = np.zeros(probs.shape)
    np.put_along_axis(kept, first, np.exp(np.take_along_axis(probs, first, axis=1)), axis=1)
    return kept / kept.sum(axis=1, keepdims=True)
