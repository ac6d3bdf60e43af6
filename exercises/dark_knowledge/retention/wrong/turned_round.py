"""A sort from the smallest up, turned round, turns equal ones round too. The one with the lower index comes first."""


def keep_top(probs, k):
    first = np.argsort(probs, axis=1)[:, ::-1][:, :k]
    kept = np.zeros(probs.shape)
    np.put_along_axis(kept, first, np.take_along_axis(probs, first, axis=1), axis=1)
    return kept / kept.sum(axis=1, keepdims=True)


def is_kept(probs, labels, k):
    first = np.argsort(probs, axis=1)[:, ::-1][:, :k]
    return (first == labels[:, np.newaxis]).any(axis=1)
