"""Numbers that hardly differ are taken for equal here. However little they differ, they are not."""


def is_kept(probs, labels, k):
    first = np.argsort(-np.round(probs, 6), axis=1, kind="stable")[:, :k]
    return (first == labels[:, np.newaxis]).any(axis=1)
