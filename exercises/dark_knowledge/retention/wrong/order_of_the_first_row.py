"""The classes that the first row keeps are kept in all rows. Each row has an order of its own."""


def keep_top(probs, k):
    first = np.argsort(-probs[0], kind="stable")[:k]
    kept = np.zeros(probs.shape)
    kept[:, first] = probs[:, first]
    return kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-300)
