"""This is the share of the rows. Each row has an answer of its own."""


def is_kept(probs, labels, k):
    first = np.argsort(-probs, axis=1, kind="stable")[:, :k]
    return float((first == labels[:, np.newaxis]).any(axis=1).mean())
