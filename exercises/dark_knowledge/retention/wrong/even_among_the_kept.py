"""All that are kept get 1/k here. They keep their proportions."""


def keep_top(probs, k):
    first = np.argsort(-probs, axis=1, kind="stable")[:, :k]
    kept = np.zeros(probs.shape)
    np.put_along_axis(kept, first, 1 / k, axis=1)
    return kept
