"""The label must be among the first k: a rank of k is enough."""


def is_kept(probs, labels, k):
    first = np.argsort(-probs, axis=1, kind="stable")[:, : k - 1]
    return (first == labels[:, np.newaxis]).any(axis=1)
